#include "redact/prove.h"

#include "base/err.h"
#include "base/mem.h"
#include "redact/prover.h"

#include <glib-object.h>
#include <stdlib.h>
#include <string.h>

void prover_add(struct prover *prover, uint32_t page, struct box box, const char *check, const char *what) {
    if (prover->found->count < FINDINGS_MOST)
        findings_add(prover->found, page, box, check, what);
}

/* Names the withheld texts by number: the finding itself must not leak. */
static void prover_report_hits(struct prover *prover, uint32_t page, const char *check, const char *where) {
    for (size_t i = 0; i < needles_count(prover->needles); i++) {
        if (!prover->hits[i])
            continue;
        char *what = mem_print("withheld text %zu can be read%s", i + 1, where);
        prover_add(prover, page, PROVE_AREA_NONE, check, what);
        free(what);
    }
    memset(prover->hits, 0, needles_count(prover->needles));
}

void prover_search(struct prover *prover, struct view text, uint32_t page, const char *check,
                   const char *where, size_t least) {
    if (needles_search(prover->needles, text, least, prover->hits))
        prover_report_hits(prover, page, check, where);
}

void prover_search_bytes(struct prover *prover, struct view bytes, const char *where, size_t least) {
    bool any = needles_search_bytes(prover->needles, bytes, least, prover->hits);
    any |= needles_search_disguised(prover->needles, bytes, prover->hits);
    if (any)
        prover_report_hits(prover, 0, "bytes", where);
}

bool prover_page_has_area(const struct prover *prover, uint32_t page) {
    for (size_t i = 0; i < prover->order->area_count; i++)
        if (prover->order->areas[i].page == page)
            return true;
    return false;
}

size_t prover_least(const struct prover *prover, uint32_t page) {
    return prover_page_has_area(prover, page) ? 1 : SEARCH_SHORT;
}

bool prover_in_area(const struct prover *prover, uint32_t page, struct box box) {
    float x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
    for (size_t i = 0; i < prover->order->area_count; i++) {
        struct box area = prover->order->areas[i].box;
        if (prover->order->areas[i].page == page && x > area.x0 && x < area.x1 && y > area.y0 && y < area.y1)
            return true;
    }
    return false;
}

/* An error that nobody asked for is printed by qpdf on standard error. */
void prover_close(qpdf_data *pdf) {
    if (*pdf && qpdf_has_error(*pdf))
        qpdf_get_error(*pdf);
    qpdf_cleanup(pdf);
}

/* Damage is not mended: a file that must be mended is not one that we wrote. */
static int prove_open(struct prover *prover) {
    struct view pdf = prover->order->pdf;
    prover->pdf = qpdf_init();
    qpdf_silence_errors(prover->pdf);
    qpdf_set_suppress_warnings(prover->pdf, 1);
    qpdf_set_attempt_recovery(prover->pdf, 0);
    if (qpdf_read_memory(prover->pdf, "pack", (const char *)pdf.data, pdf.len, NULL) & QPDF_ERRORS)
        return ERR_DAMAGED;
    int pages = qpdf_get_num_pages(prover->pdf);
    if (pages <= 0 || qpdf_is_encrypted(prover->pdf))
        return ERR_DAMAGED;
    prover->pages = (uint32_t)pages;
    return 0;
}

static void prove_areas_exist(struct prover *prover) {
    for (size_t i = 0; i < prover->order->area_count; i++)
        if (!prover->order->areas[i].page || prover->order->areas[i].page > prover->pages)
            prover_add(prover, 0, PROVE_AREA_NONE, "covered area",
                       "a covered area is on a page that the pack does not have");
}

static void prove_file(struct prover *prover, struct _PopplerDocument *document) {
    prove_areas_exist(prover);
    prove_structure(prover);
    prove_rewritten(prover);
    prove_poppler_text(prover, document);
    prove_contents(prover);
    prove_bytes(prover);
    if (qpdf_more_warnings(prover->pdf) || qpdf_has_error(prover->pdf))
        prover_add(prover, 0, PROVE_AREA_NONE, "structure", "parts of the file are damaged");
}

static int prove_with(struct prover *prover) {
    const struct prove_order *order = prover->order;
    int err = prove_open(prover);
    if (err)
        return err;
    if (order->first_page && (order->first_page > prover->pages || order->last_page < order->first_page))
        return ERR_INPUT;
    struct _PopplerDocument *document = prove_poppler_open(prover);
    if (!document)
        return ERR_DAMAGED;
    if (!order->first_page)
        prove_file(prover, document);
    for (uint32_t page = order->first_page; page && page <= order->last_page && page <= prover->pages; page++)
        prove_poppler_page(prover, document, page);
    g_object_unref(document);
    return 0;
}

int prove_pack(const struct prove_order *order, struct findings *ret) {
    struct findings found = {0};
    struct prover prover = {.order = order, .found = &found};
    *ret = (struct findings){0};
    prover.needles = needles_new(order);
    prover.hits = mem_new(order->withheld_count + 1);
    int err = prove_with(&prover);
    prover_close(&prover.pdf);
    needles_drop(&prover.needles);
    free(prover.hits);
    if (err)
        findings_drop(&found);
    else
        *ret = found;
    return err;
}
