#include "disclose/bind.h"

#include "base/err.h"
#include "base/mem.h"
#include "disclose/bind_matter.h"
#include "disclose/bind_pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_MOST 4 /* measured: the second writing is the last that changes anything */

struct binder {
    const struct bind_order *order;
    qpdf_data pack, matter_file;
    struct matter matter;
    struct bind_pages pages;
    qpdf_oh outline, last_item; /* of the bookmarks */
    int items;
};

void bound_drop(struct bound *bound) {
    buf_drop(&bound->pdf);
    *bound = (struct bound){0};
}

/* An error that nobody asked for is printed by qpdf on standard error. */
static void bind_close(qpdf_data *pdf) {
    if (!*pdf)
        return;
    if (qpdf_has_error(*pdf))
        qpdf_get_error(*pdf);
    qpdf_cleanup(pdf);
}

static uint32_t bind_page_total(const struct binder *binder) {
    return binder->matter.front_pages + binder->order->page_count + binder->matter.back_pages;
}

static int bind_open_files(struct binder *binder) {
    struct view pdf = buf_view(&binder->matter.pdf);
    binder->pack = qpdf_init();
    binder->matter_file = qpdf_init();
    qpdf_silence_errors(binder->pack);
    qpdf_silence_errors(binder->matter_file);
    qpdf_set_suppress_warnings(binder->pack, 1);
    if (qpdf_empty_pdf(binder->pack) ||
        qpdf_read_memory(binder->matter_file, "matter", (const char *)pdf.data, pdf.len, NULL) & QPDF_ERRORS)
        return ERR_STATE;
    return qpdf_get_num_pages(binder->matter_file) == (int)bind_page_total(binder) ? 0 : ERR_STATE;
}

/* The matter's pages become the pack's; of the covered ones the picture and the words are put in. */
static int bind_one_page(struct binder *binder, uint32_t i) {
    uint32_t front = binder->matter.front_pages;
    qpdf_oh page = qpdf_get_page_n(binder->matter_file, i);
    if (qpdf_add_page(binder->pack, binder->matter_file, page, 0) & QPDF_ERRORS)
        return ERR_STATE;
    if (i < front || i >= front + binder->order->page_count) {
        bind_pages_plain(&binder->pages, qpdf_get_page_n(binder->pack, i));
        return 0;
    }
    struct covered_page covered = {0};
    int err = binder->order->load_page(binder->order->state, i - front, &covered);
    if (err)
        return err;
    bind_pages_put(&binder->pages, qpdf_get_page_n(binder->pack, i), &covered);
    covered_page_drop(&covered);
    return 0;
}

static void bind_outline_add(struct binder *binder, const char *title, uint32_t page) {
    qpdf_data pack = binder->pack;
    qpdf_oh item = qpdf_make_indirect_object(pack, qpdf_oh_new_dictionary(pack));
    qpdf_oh place = qpdf_oh_new_array(pack);
    qpdf_oh_append_item(pack, place, qpdf_get_page_n(pack, page));
    qpdf_oh_append_item(pack, place, qpdf_oh_new_name(pack, "/Fit"));
    qpdf_oh_replace_key(pack, item, "/Title", qpdf_oh_new_unicode_string(pack, title));
    qpdf_oh_replace_key(pack, item, "/Dest", place);
    qpdf_oh_replace_key(pack, item, "/Parent", binder->outline);
    if (binder->items++) {
        qpdf_oh_replace_key(pack, item, "/Prev", binder->last_item);
        qpdf_oh_replace_key(pack, binder->last_item, "/Next", item);
    } else {
        qpdf_oh_replace_key(pack, binder->outline, "/First", item);
    }
    qpdf_oh_replace_key(pack, binder->outline, "/Last", item);
    binder->last_item = item;
}

static void bind_outline(struct binder *binder) {
    const struct bind_order *order = binder->order;
    uint32_t front = binder->matter.front_pages;
    qpdf_data pack = binder->pack;
    binder->outline = qpdf_make_indirect_object(pack, qpdf_oh_parse(pack, "<< /Type /Outlines >>"));
    for (size_t i = 0; i < binder->matter.part_count; i++)
        if (!binder->matter.parts[i].back)
            bind_outline_add(binder, binder->matter.parts[i].title, binder->matter.parts[i].page);
    for (size_t i = 0; i < order->document_count; i++) {
        char *title = mem_print("%zu. %s", i + 1, order->documents[i].title);
        bind_outline_add(binder, title, front + order->documents[i].first_page);
        free(title);
    }
    for (size_t i = 0; i < binder->matter.part_count; i++)
        if (binder->matter.parts[i].back)
            bind_outline_add(binder, binder->matter.parts[i].title, front + order->page_count + binder->matter.parts[i].page);
    qpdf_oh_replace_key(pack, binder->outline, "/Count", qpdf_oh_new_integer(pack, binder->items));
    qpdf_oh_replace_key(pack, qpdf_get_root(pack), "/Outlines", binder->outline);
    qpdf_oh_replace_key(pack, qpdf_get_root(pack), "/PageMode", qpdf_oh_new_name(pack, "/UseOutlines"));
}

static void bind_label(struct binder *binder, qpdf_oh numbers, uint32_t page, const char *style,
                       const char *prefix) {
    qpdf_data pack = binder->pack;
    qpdf_oh label = qpdf_oh_new_dictionary(pack);
    if (style)
        qpdf_oh_replace_key(pack, label, "/S", qpdf_oh_new_name(pack, style));
    if (prefix)
        qpdf_oh_replace_key(pack, label, "/P", qpdf_oh_new_unicode_string(pack, prefix));
    qpdf_oh_append_item(pack, numbers, qpdf_oh_new_integer(pack, page));
    qpdf_oh_append_item(pack, numbers, label);
}

static void bind_labels(struct binder *binder) {
    qpdf_data pack = binder->pack;
    uint32_t front = binder->matter.front_pages;
    qpdf_oh numbers = qpdf_oh_new_array(pack), tree = qpdf_oh_new_dictionary(pack);
    bind_label(binder, numbers, 0, "/r", NULL);
    for (uint32_t i = 0; i < binder->order->page_count; i++) {
        char *bates = bind_bates(binder->order, i);
        bind_label(binder, numbers, front + i, NULL, bates);
        free(bates);
    }
    bind_label(binder, numbers, front + binder->order->page_count, "/D", "Schedule ");
    qpdf_oh_replace_key(pack, tree, "/Nums", numbers);
    qpdf_oh_replace_key(pack, qpdf_get_root(pack), "/PageLabels", tree);
}

static void bind_catalogue(struct binder *binder) {
    qpdf_data pack = binder->pack;
    qpdf_oh root = qpdf_get_root(pack), info = qpdf_oh_new_dictionary(pack);
    char *title = mem_print("%s (%s)", binder->order->title, binder->order->request_name);
    qpdf_oh_replace_key(pack, root, "/Lang", qpdf_oh_new_string(pack, "en-GB"));
    qpdf_oh_replace_key(pack, root, "/ViewerPreferences", qpdf_oh_parse(pack, "<< /DisplayDocTitle true >>"));
    qpdf_oh_replace_key(pack, info, "/Title", qpdf_oh_new_unicode_string(pack, title));
    qpdf_oh_replace_key(pack, qpdf_get_trailer(pack), "/Info", qpdf_make_indirect_object(pack, info));
    free(title);
}

static int bind_write(qpdf_data pdf, struct buf *out) {
    if (qpdf_has_error(pdf) || qpdf_init_write_memory(pdf))
        return ERR_STATE;
    qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
    qpdf_set_deterministic_ID(pdf, 1);
    qpdf_set_linearization(pdf, 1);
    if (qpdf_write(pdf) & QPDF_ERRORS)
        return ERR_STATE;
    buf_reset(out);
    buf_add(out, qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
    return 0;
}

/* A proof writes the objects once more and wants the same bytes; the first writing numbers them in another
 * order. */
static int bind_settle(struct buf *pdf) {
    struct buf again = {0};
    int err = 0, same = 0;
    for (int i = 0; !err && !same && i < SETTLE_MOST; i++) {
        qpdf_data file = qpdf_init();
        qpdf_silence_errors(file);
        err = qpdf_read_memory(file, "pack", (const char *)pdf->data, pdf->len, NULL) & QPDF_ERRORS
                  ? ERR_STATE
                  : bind_write(file, &again);
        bind_close(&file);
        same = !err && view_equal(buf_view(pdf), buf_view(&again));
        struct buf swap = *pdf;
        *pdf = again;
        again = swap;
    }
    buf_drop(&again);
    return err ? err : same ? 0 : ERR_STATE;
}

static int bind_all(struct binder *binder, struct buf *out) {
    int err = bind_matter(binder->order, &binder->matter);
    if (!err)
        err = bind_open_files(binder);
    if (err)
        return err;
    bind_pages_start(&binder->pages, binder->pack);
    uint32_t total = bind_page_total(binder);
    for (uint32_t i = 0; !err && i < total; i++)
        err = bind_one_page(binder, i);
    if (err)
        return err;
    bind_pages_end(&binder->pages);
    bind_outline(binder);
    bind_labels(binder);
    bind_catalogue(binder);
    err = bind_write(binder->pack, out);
    return err ? err : bind_settle(out);
}

/* The order comes from our own rows: what does not fit together is the caller's fault. */
static void bind_check(const struct bind_order *order) {
    assert(order->load_page || !order->page_count);
    for (size_t i = 0; i < order->document_count; i++)
        assert(order->documents[i].page_count && order->documents[i].first_page < order->page_count &&
               order->documents[i].page_count <= order->page_count - order->documents[i].first_page);
    for (size_t i = 0; i < order->withheld_count; i++)
        assert(order->withheld[i].page < order->page_count);
}

int bind_pack(const struct bind_order *order, struct bound *ret) {
    struct binder *binder = mem_new(sizeof *binder);
    struct bound bound = {0};
    bind_check(order);
    binder->order = order;
    int err = bind_all(binder, &bound.pdf);
    bound.front_pages = binder->matter.front_pages;
    bound.total_pages = bind_page_total(binder);
    bind_close(&binder->pack);
    bind_close(&binder->matter_file);
    buf_drop(&binder->matter.pdf);
    free(binder);
    if (err)
        bound_drop(&bound);
    else
        *ret = bound;
    return err;
}
