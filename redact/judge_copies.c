/* judge_copies.c: the file once more with something taken out of its content streams. */
#include "base/err.h"
#include "base/mem.h"
#include "redact/judge_private.h"
#include "redact/pdf_lex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS_MOST 2000000
#define SIMPLE_SEGMENTS 12 /* a path with fewer lines is a box; letters that were made paths have more, or curves */
#define WIDE_PT 3000.0     /* what the wide copy adds round each page */

struct filter {
    enum judge_copy copy;
    struct view content;
    size_t from; /* where the operands of the next operator begin */
    size_t segments;
    bool curves;
    struct buf *out;
};

static bool is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* What stands in the operator's place, or NULL: it stays. */
static const char *filter_instead(struct filter *filter, const char *word) {
    static const char *const shows[] = {"Tj", "TJ", "'", "\"", NULL};
    static const char *const fills[] = {"f", "F", "f*", "B", "B*", "b", "b*", NULL};
    static const char *const paints[] = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "n", NULL};
    static const char *const lines[] = {"m", "l", "h", NULL};
    static const char *const bends[] = {"c", "v", "y", NULL};
    const char *instead = NULL;
    if (filter->copy == COPY_NO_TEXT && is_one_of(word, shows))
        return "";
    if (is_one_of(word, lines))
        filter->segments++;
    filter->curves = filter->curves || is_one_of(word, bends);
    if (is_one_of(word, paints)) {
        if (filter->copy == COPY_NO_BOXES && is_one_of(word, fills) && !filter->curves && filter->segments <= SIMPLE_SEGMENTS)
            instead = " n\n";
        filter->segments = 0;
        filter->curves = false;
    }
    return instead;
}

/* The bytes of a picture within the content: to the "EI" that stands alone. */
static void filter_inline(struct pdf_lex *lex) {
    const uint8_t *data = lex->left.data;
    for (size_t i = 1; i + 2 < lex->left.len; i++)
        if (data[i] == 'E' && data[i + 1] == 'I' && data[i - 1] <= ' ' && data[i + 2] <= ' ') {
            lex->left = view_of(data + i + 2, lex->left.len - i - 2);
            return;
        }
    lex->left.len = 0;
}

static void filter_run(struct filter *filter) {
    struct pdf_lex lex = {.left = filter->content};
    enum pdf_token token;
    while ((token = pdf_lex_next(&lex)) != PDF_END) {
        if (token != PDF_OPERATOR)
            continue;
        const char *word = buf_text(&lex.text), *instead = filter_instead(filter, word);
        if (strcmp(word, "ID") == 0)
            filter_inline(&lex);
        size_t to = filter->content.len - lex.left.len;
        if (instead)
            buf_add_text(filter->out, instead);
        else
            buf_add(filter->out, filter->content.data + filter->from, to - filter->from);
        buf_add_byte(filter->out, '\n');
        filter->from = to;
    }
    pdf_lex_drop(&lex);
}

static void content_filter(enum judge_copy copy, struct view content, struct buf *out) {
    struct filter filter = {.copy = copy, .content = content, .out = out};
    filter_run(&filter);
}

static void put_stream(qpdf_data pdf, qpdf_oh stream, const struct buf *bytes) {
    qpdf_oh_replace_stream_data(pdf, stream, bytes->data ? bytes->data : (const unsigned char *)"", bytes->len, qpdf_oh_new_null(pdf), qpdf_oh_new_null(pdf));
}

static void copy_page(qpdf_data pdf, qpdf_oh page, enum judge_copy copy) {
    unsigned char *bytes = NULL;
    size_t len = 0;
    struct buf out = {0};
    if (!(qpdf_oh_get_page_content_data(pdf, page, &bytes, &len) & QPDF_ERRORS)) {
        content_filter(copy, view_of(bytes, len), &out);
        qpdf_oh stream = qpdf_oh_new_stream(pdf);
        put_stream(pdf, stream, &out);
        qpdf_oh_replace_key(pdf, page, "/Contents", stream);
    }
    free(bytes);
    buf_drop(&out);
}

static void copy_forms(qpdf_data pdf, enum judge_copy copy) {
    long long size = qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
    for (long long i = 1; i < size && i < OBJECTS_MOST; i++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, (int)i, 0);
        unsigned char *bytes = NULL;
        size_t len = 0;
        struct buf out = {0};
        if (!qpdf_oh_is_stream(pdf, object))
            continue;
        qpdf_oh keys = qpdf_oh_get_dict(pdf, object);
        if (!qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, keys, "/Subtype"), "/Form") && !qpdf_oh_has_key(pdf, keys, "/PatternType"))
            continue;
        if (!(qpdf_oh_get_stream_data(pdf, object, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS)) {
            content_filter(copy, view_of(bytes, len), &out);
            put_stream(pdf, object, &out);
        }
        free(bytes);
        buf_drop(&out);
    }
}

/* Pictures as they are kept, whatever hides parts of them. */
static void copy_unmask(qpdf_data pdf) {
    long long size = qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
    for (long long i = 1; i < size && i < OBJECTS_MOST; i++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, (int)i, 0);
        if (!qpdf_oh_is_stream(pdf, object))
            continue;
        qpdf_oh keys = qpdf_oh_get_dict(pdf, object);
        qpdf_oh_remove_key(pdf, keys, "/SMask");
        qpdf_oh_remove_key(pdf, keys, "/Mask");
    }
}

/* So that a reader tells what stands outside of the page too. */
static void copy_widen(qpdf_data pdf, qpdf_oh page) {
    char box[128];
    snprintf(box, sizeof box, "[%.0f %.0f %.0f %.0f]", -WIDE_PT, -WIDE_PT, WIDE_PT * 2, WIDE_PT * 2);
    static const char *const boxes[] = {"/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"};
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++)
        qpdf_oh_remove_key(pdf, page, boxes[i]);
    qpdf_oh_replace_key(pdf, page, "/MediaBox", qpdf_oh_parse(pdf, box));
    qpdf_oh_replace_key(pdf, page, "/CropBox", qpdf_oh_parse(pdf, box));
}

int judge_copy_make(struct view bytes, enum judge_copy copy, struct buf *out) {
    qpdf_data pdf = qpdf_init();
    qpdf_silence_errors(pdf);
    qpdf_set_suppress_warnings(pdf, 1);
    int err = qpdf_read_memory(pdf, "file", (const char *)bytes.data, bytes.len, NULL) & QPDF_ERRORS ? ERR_DAMAGED : 0;
    int pages = err ? 0 : qpdf_get_num_pages(pdf);
    for (int i = 0; i < pages; i++) {
        if (copy == COPY_WIDE)
            copy_widen(pdf, qpdf_get_page_n(pdf, (size_t)i));
        else if (copy != COPY_ALL_LAYERS && copy != COPY_NO_MASKS)
            copy_page(pdf, qpdf_get_page_n(pdf, (size_t)i), copy);
    }
    if (!err && copy == COPY_ALL_LAYERS)
        qpdf_oh_remove_key(pdf, qpdf_get_root(pdf), "/OCProperties");
    else if (!err && copy == COPY_NO_MASKS)
        copy_unmask(pdf);
    else if (!err && copy != COPY_WIDE)
        copy_forms(pdf, copy);
    if (!err && !qpdf_init_write_memory(pdf)) {
        qpdf_set_object_stream_mode(pdf, qpdf_o_disable);
        qpdf_set_compress_streams(pdf, 0);
        qpdf_set_preserve_encryption(pdf, 0);
        err = qpdf_write(pdf) & QPDF_ERRORS ? ERR_DAMAGED : 0;
        if (!err)
            buf_add(out, qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
    }
    prover_close(&pdf);
    return err;
}
