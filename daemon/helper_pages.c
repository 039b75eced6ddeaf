/* helper_pages.c: reads a page, covers a page, proves a pack, judges foreign files. Rooms meet here, not in each other. */
#include "daemon/helper_work.h"

#include "base/err.h"
#include "ocr/read_record.h"
#include "ocr/recognise.h"
#include "redact/redact_record.h"

#include <leptonica/allheaders.h>

int helper_read_page(struct ocr *ocr, struct view bytes) {
    struct read_order order;
    struct page_reading reading;
    int err = read_order_decode(bytes, &order);
    if (!err)
        err = ocr_read_page(ocr, &order.picture, order.width_pt, order.height_pt, &reading);
    if (err)
        return err;
    struct buf out = {0};
    page_reading_encode(&reading, &out);
    page_reading_drop(&reading);
    err = helper_give(&out);
    buf_drop(&out);
    return err;
}

/* The new text layer of a page with anything covered comes from the covered pixels, as they will be seen, and from nothing else. */
static int cover_and_read(struct ocr *ocr, struct cover_order *order, struct covered_page *page) {
    PIX *pix = NULL;
    int err = cover_page(order, page, &pix);
    if (err)
        return err;
    if (order->has_words) { /* nothing is covered: they are the page's own */
        page->words = order->words;
        order->words = (struct words){0};
        pixDestroy(&pix);
        return 0;
    }
    helper_sign("reading the covered page", 0);
    if (!order->whole_page)
        err = ocr_read_upright(ocr, pix, page->width_pt, page->height_pt, &page->words);
    pixDestroy(&pix);
    return err;
}

int helper_cover_page(struct ocr *ocr, struct view bytes) {
    struct cover_order order;
    struct covered_page page = {0};
    int err = cover_order_decode(bytes, &order);
    if (err)
        return err;
    err = cover_and_read(ocr, &order, &page);
    cover_order_drop(&order);
    if (!err) {
        struct buf out = {0};
        covered_page_encode(&page, &out);
        err = helper_give(&out);
        buf_drop(&out);
    }
    covered_page_drop(&page);
    return err;
}

static int prove_recognise(void *state, struct Pix *pix, float width_pt, float height_pt, struct words *ret) {
    helper_sign("reading the pack", 0);
    return ocr_read_upright(state, pix, width_pt, height_pt, ret);
}

int helper_prove_pack(struct ocr *ocr, struct view bytes) {
    struct prove_order order;
    struct findings findings;
    int err = prove_order_decode(bytes, &order);
    if (err)
        return err;
    order.recognise = prove_recognise;
    order.state = ocr;
    err = prove_pack(&order, &findings);
    prove_order_drop(&order);
    if (err)
        return err;
    struct buf out = {0};
    findings_encode(&findings, &out);
    findings_drop(&findings);
    err = helper_give(&out);
    buf_drop(&out);
    return err;
}

int helper_judge_pdfs(struct ocr *ocr, struct view bytes) {
    struct judge_order order;
    struct findings findings;
    uint32_t pages;
    int err = judge_order_decode(bytes, &order);
    if (err)
        return err;
    order.recognise = prove_recognise;
    order.state = ocr;
    err = judge_pdfs(&order, &findings, &pages);
    judge_order_drop(&order);
    if (err)
        return err;
    struct buf out = {0};
    findings_encode(&findings, &out);
    findings_drop(&findings);
    err = helper_give(&out);
    buf_drop(&out);
    return err;
}
