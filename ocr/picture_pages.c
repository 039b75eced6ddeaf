#include "ocr/picture_pages.h"

#include "base/err.h"
#include "base/pix.h"
#include "ocr/picture_facts.h"
#include "ocr/raw_picture.h"
#include "ocr/tiff_pages.h"

#include <leptonica/allheaders.h>
#include <string.h>

enum { TIFF_PAGES_MOST = 20000 };

static bool starts_with(struct view bytes, const char *start, size_t len) {
    return bytes.len > len && memcmp(bytes.data, start, len) == 0;
}

/* ---- JPEG and PNG
 * ---------------------------------------------------------------------------------------------- */

static int single_open(struct view bytes, enum picture_format format, const struct page_sink *sink) {
    struct picture_facts facts =
        format == PICTURE_JPEG ? picture_facts_jpeg(bytes) : picture_facts_png(bytes);
    PIX *pix = NULL;
    int err = bytes.len > PAGE_PICTURE_BYTES ? ERR_TOO_LARGE : pix_decode(bytes, facts.turn, &pix);
    if (err)
        return err;
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    float dpi = picture_facts_sane_dpi(facts.dpi, w, h);
    pixDestroy(&pix);
    struct opened_page page = {
        .number = 1,
        .width_pt = (float)w * 72 / dpi,
        .height_pt = (float)h * 72 / dpi,
        .role = PAGE_TEXT,
        .payload = "",
        .picture = {.format = format, .bytes = bytes, .dpi = dpi, .turn = facts.turn},
        .trouble = "",
    };
    err = sink->count(sink->state, 1);
    return err ? err : sink->page(sink->state, &page);
}

/* ---- TIFF
 * ------------------------------------------------------------------------------------------------------ */

/* Palettes and odd depths made plain, so that every later step knows what it gets. */
static PIX *plain_pix(PIX *pix) {
    PIX *plain = pix;
    if (pixGetColormap(pix))
        plain =
            pixRemoveColormap(pix, pixGetDepth(pix) == 1 ? REMOVE_CMAP_TO_BINARY : REMOVE_CMAP_BASED_ON_SRC);
    else if (pixGetDepth(pix) == 32 && pixGetSpp(pix) == 4)
        plain = pixRemoveAlpha(pix);
    else if (pixGetDepth(pix) != 1 && pixGetDepth(pix) != 8 && pixGetDepth(pix) != 32)
        plain = pixConvertTo8(pix, 0);
    if (plain != pix)
        pixDestroy(&pix);
    return plain;
}

static void page_from_tiff(PIX *pix, const float file_dpi[2], struct buf *bytes, struct opened_page *ret) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    float dpi = picture_facts_sane_dpi(file_dpi[0], w, h);
    /* Fax pages have fewer rows than columns to the inch. */
    float down = dpi == file_dpi[0] ? picture_facts_sane_dpi(file_dpi[1], w, h) : dpi;
    pixSetResolution(pix, (int)dpi, (int)down);
    if (raw_picture_encode_best(pix, bytes, &ret->picture.format) || bytes->len > PAGE_PICTURE_BYTES) {
        ret->picture = (struct picture){0};
        ret->trouble = "this page of the TIFF file is too large to be kept";
        return;
    }
    ret->width_pt = (float)w * 72 / dpi;
    ret->height_pt = (float)h * 72 / down;
    ret->picture.bytes = buf_view(bytes);
    ret->picture.dpi = dpi;
}

static int tiff_open(struct view bytes, const struct page_sink *sink) {
    struct tiff_pages *tiff;
    int err = tiff_pages_open(bytes, &tiff);
    if (err)
        return err;
    uint32_t pages = tiff_pages_count(tiff);
    err = pages < 1 ? ERR_DAMAGED : pages > TIFF_PAGES_MOST ? ERR_TOO_LARGE : sink->count(sink->state, pages);
    struct buf file = {0};
    for (uint32_t n = 1; !err && n <= pages; n++) {
        struct opened_page page = {.number = n, .role = PAGE_TEXT, .payload = "", .trouble = ""};
        PIX *pix = NULL;
        float dpi[2] = {0, 0};
        buf_reset(&file);
        int failed = tiff_pages_next(tiff, &pix, dpi);
        if (!failed)
            pix = plain_pix(pix);
        if (pix)
            page_from_tiff(pix, dpi, &file, &page);
        else
            page.trouble = failed == ERR_TOO_LARGE
                               ? "this page of the TIFF file is larger than the limit"
                               : "this page of the TIFF file is damaged and cannot be shown";
        err = sink->page(sink->state, &page);
        pixDestroy(&pix);
    }
    buf_drop(&file);
    tiff_pages_drop(&tiff);
    return err;
}

int picture_pages_open(struct view bytes, const struct page_sink *sink) {
    pix_silence();
    if (starts_with(bytes, "\xFF\xD8\xFF", 3))
        return single_open(bytes, PICTURE_JPEG, sink);
    if (starts_with(bytes, "\x89PNG\r\n\x1A\n", 8))
        return single_open(bytes, PICTURE_PNG, sink);
    if (starts_with(bytes, "II*", 4) || starts_with(bytes, "MM\0*", 4) || starts_with(bytes, "II+", 4) ||
        starts_with(bytes, "MM\0+", 4))
        return tiff_open(bytes, sink);
    return ERR_DAMAGED;
}
