#include "ocr/picture_pages.h"

#include "base/err.h"
#include "base/pix.h"
#include "ocr/heic_picture.h"
#include "ocr/jpeg_check.h"
#include "ocr/picture_facts.h"
#include "ocr/picture_frames.h"
#include "ocr/raw_picture.h"
#include "ocr/tiff_pages.h"

#include <leptonica/allheaders.h>
#include <string.h>

enum { JPEG_QUALITY = 92 };

static bool starts_with(struct view bytes, const char *start, size_t len) {
    return bytes.len > len && memcmp(bytes.data, start, len) == 0;
}

/* ---- JPEG and PNG
 * ---------------------------------------------------------------------------------------------- */

static int png_look(struct view bytes, int *ret_width_px, int *ret_height_px) {
    PIX *pix = NULL;
    int err = pix_decode(bytes, 0, &pix);
    if (err)
        return err;
    *ret_width_px = pixGetWidth(pix);
    *ret_height_px = pixGetHeight(pix);
    pixDestroy(&pix);
    return 0;
}

static struct opened_page page_of(uint32_t number) {
    return (struct opened_page){.number = number, .role = PAGE_TEXT, .payload = "", .trouble = ""};
}

static int single_give(const struct picture_order *order, const struct page_sink *sink,
                       struct picture picture, const int size_px[2]) {
    bool sideways = picture.turn % 180 != 0;
    struct opened_page page = page_of(1);
    picture.dpi = picture_facts_sane_dpi(picture.dpi, order->dpi, size_px[0], size_px[1]);
    page.width_pt = (float)size_px[sideways] * 72 / picture.dpi;
    page.height_pt = (float)size_px[!sideways] * 72 / picture.dpi;
    page.picture = picture;
    return sink->page(sink->state, &page);
}

/* A picture that is to be mirrored cannot be a page picture: there is only a turn. */
static int mirrored_give(const struct picture_order *order, const struct page_sink *sink,
                         const struct picture_facts *facts) {
    PIX *pix = NULL;
    struct buf bytes = {0};
    int err = pix_decode(order->bytes, 0, &pix);
    if (err)
        return err;
    if (pixGetDepth(pix) == 1) {
        PIX *grey = pix_grey(pix);
        pixDestroy(&pix);
        pix = grey;
    }
    pixFlipLR(pix, pix);
    err = pix_encode_jpeg(pix, JPEG_QUALITY, &bytes);
    const int size_px[2] = {pixGetWidth(pix), pixGetHeight(pix)};
    struct picture picture = {
        .format = PICTURE_JPEG, .bytes = buf_view(&bytes), .dpi = facts->dpi, .turn = facts->turn};
    if (!err)
        err = single_give(order, sink, picture, size_px);
    pixDestroy(&pix);
    buf_drop(&bytes);
    return err;
}

static int single_open(const struct picture_order *order, enum picture_format format,
                       const struct page_sink *sink) {
    struct view bytes = order->bytes;
    int size_px[2] = {0, 0};
    struct picture_facts facts =
        format == PICTURE_JPEG ? picture_facts_jpeg(bytes) : picture_facts_png(bytes);
    if (bytes.len > PAGE_PICTURE_BYTES || (uint64_t)facts.width_px * facts.height_px > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    int err = sink->count(sink->state, 1);
    if (err || !page_sink_wants(sink, 1))
        return err;
    err = (format == PICTURE_JPEG ? jpeg_check : png_look)(bytes, &size_px[0], &size_px[1]);
    if (err)
        return err;
    if (facts.mirrored)
        return mirrored_give(order, sink, &facts);
    struct picture picture = {.format = format, .bytes = bytes, .dpi = facts.dpi, .turn = facts.turn};
    return single_give(order, sink, picture, size_px);
}

/* ---- pictures in other formats, written anew
 * ------------------------------------------------------------------- */

struct frames {
    const struct picture_order *order;
    const struct page_sink *sink;
    uint32_t count, number;
    struct buf bytes;
};

static int frames_counted(void *state, uint32_t count) {
    struct frames *in = state;
    in->count = count;
    return in->sink->count(in->sink->state, count);
}

/* Whether every pixel is grey, and every grey one black or white; looked at once. */
static int colours_of(PIX *pix) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix), least = 1;
    for (int y = 0; y < h; y++) {
        const l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++) {
            l_int32 r, g, b;
            extractRGBValues(line[x], &r, &g, &b);
            if (r != g || g != b)
                return 32;
            if (r != 0 && r != 255)
                least = 8;
        }
    }
    return least;
}

struct Pix *picture_frame_least(struct Pix *pix) {
    int depth = pixGetDepth(pix) == 32 ? colours_of(pix) : 32;
    if (depth == 32)
        return pix;
    PIX *less = pixConvertRGBToGrayGeneral(pix, L_SELECT_MAX, 0, 0, 0);
    pixDestroy(&pix);
    if (less && depth == 1) {
        PIX *ink = pixThresholdToBinary(less, 128);
        pixDestroy(&less);
        less = ink;
    }
    return less;
}

static int frame_encode(PIX *pix, int keep, struct buf *out, enum picture_format *ret_format) {
    if (pixGetDepth(pix) == 1 || !keep)
        return raw_picture_encode_at(pix, JPEG_QUALITY, out, ret_format);
    *ret_format = PICTURE_PNG;
    return pix_encode_png(pix, out);
}

static void frame_page(struct frames *in, PIX *pix, int keep, float said_dpi, struct opened_page *ret) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    float dpi = picture_facts_sane_dpi(said_dpi, in->order->dpi, w, h);
    pixSetResolution(pix, (int)dpi, (int)dpi);
    if (frame_encode(pix, keep, &in->bytes, &ret->picture.format) || in->bytes.len > PAGE_PICTURE_BYTES) {
        ret->picture = (struct picture){0};
        ret->trouble = "this picture is too large to be kept";
        return;
    }
    ret->width_pt = (float)w * 72 / dpi;
    ret->height_pt = (float)h * 72 / dpi;
    ret->picture.bytes = buf_view(&in->bytes);
    ret->picture.dpi = dpi;
}

static int frame_give(void *state, PIX *pix, int keep, float dpi) {
    struct frames *in = state;
    struct opened_page page = page_of(++in->number);
    int err = !pix && in->count == 1 ? ERR_DAMAGED : 0; /* one damaged page of several has trouble */
    if (err || !page_sink_wants(in->sink, in->number)) {
        pixDestroy(&pix);
        return err;
    }
    buf_reset(&in->bytes);
    if (pix)
        pix = picture_frame_least(pix);
    if (pix)
        frame_page(in, pix, keep, dpi, &page);
    else
        page.trouble = "this picture is damaged and cannot be shown";
    pixDestroy(&pix);
    return in->sink->page(in->sink->state, &page);
}

static int frames_open(int (*open)(struct view, const struct picture_frames_sink *),
                       const struct picture_order *order, const struct page_sink *sink) {
    struct frames in = {.order = order, .sink = sink};
    struct picture_frames_sink frames = {frames_counted, frame_give, &in};
    int err = open(order->bytes, &frames);
    buf_drop(&in.bytes);
    return err;
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

static void page_from_tiff(PIX *pix, const float file_dpi[2], struct frames *in, struct opened_page *ret) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    struct buf *bytes = &in->bytes;
    float dpi = picture_facts_sane_dpi(file_dpi[0], in->order->dpi, w, h);
    /* Fax pages have fewer rows than columns to the inch. */
    float down = dpi == file_dpi[0] ? picture_facts_sane_dpi(file_dpi[1], dpi, w, h) : dpi;
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

static int tiff_page_give(struct tiff_pages *tiff, struct frames *in) {
    struct opened_page page = page_of(in->number);
    PIX *pix = NULL;
    float dpi[2] = {0, 0};
    buf_reset(&in->bytes);
    int failed = tiff_pages_next(tiff, &pix, dpi);
    if (failed && in->count == 1)
        return failed == ERR_TOO_LARGE ? ERR_TOO_LARGE : ERR_DAMAGED;
    if (!failed)
        pix = plain_pix(pix);
    if (pix)
        page_from_tiff(pix, dpi, in, &page);
    else
        page.trouble = failed == ERR_TOO_LARGE ? "this page of the TIFF file is larger than the limit"
                                               : "this page of the TIFF file is damaged and cannot be shown";
    int err = in->sink->page(in->sink->state, &page);
    pixDestroy(&pix);
    return err;
}

static int tiff_open(const struct picture_order *order, const struct page_sink *sink) {
    struct tiff_pages *tiff;
    struct frames in = {.order = order, .sink = sink};
    int err = tiff_pages_open(order->bytes, &tiff);
    if (err)
        return err;
    in.count = tiff_pages_count(tiff);
    err = in.count < 1 ? ERR_DAMAGED : in.count > PICTURE_PAGES_MOST ? ERR_TOO_MANY : 0;
    if (!err)
        err = sink->count(sink->state, in.count);
    for (in.number = 1; !err && in.number <= in.count; in.number++) {
        if (page_sink_wants(sink, in.number))
            err = tiff_page_give(tiff, &in);
        else
            tiff_pages_skip(tiff);
    }
    buf_drop(&in.bytes);
    tiff_pages_drop(&tiff);
    return err;
}

int picture_pages_open(const struct picture_order *order, const struct page_sink *sink) {
    struct view bytes = order->bytes;
    pix_silence();
    if (starts_with(bytes, "\xFF\xD8\xFF", 3))
        return single_open(order, PICTURE_JPEG, sink);
    if (starts_with(bytes, "\x89PNG\r\n\x1A\n", 8))
        return single_open(order, PICTURE_PNG, sink);
    if (starts_with(bytes, "II*", 4) || starts_with(bytes, "MM\0*", 4) || starts_with(bytes, "II+", 4) ||
        starts_with(bytes, "MM\0+", 4))
        return tiff_open(order, sink);
    if (starts_with(bytes, "GIF8", 4))
        return frames_open(gif_picture_open, order, sink);
    if (starts_with(bytes, "BM", 2))
        return frames_open(bmp_picture_open, order, sink);
    if (starts_with(bytes, "RIFF", 4) && bytes.len > 12 && memcmp(bytes.data + 8, "WEBP", 4) == 0)
        return frames_open(webp_picture_open, order, sink);
    if (bytes.len > 12 && memcmp(bytes.data + 4, "ftyp", 4) == 0)
        return frames_open(heic_picture_open, order, sink);
    return ERR_DAMAGED;
}
