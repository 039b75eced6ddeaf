#include "redact/cover_picture.h"
#include "redact/cover_label.h"

#include "base/err.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>

#define LABEL_PART 0.86f /* of an area that a code may fill */
#define BINARY_DPI_MOST 300.0f
#define BINARY_DPI_LEAST 200.0f /* below, letters break up when they are made 1-bit: doubled first */
#define GREY_DPI_MOST 200.0f
#define GREY_BYTES_AIM (150u << 10)
#define COLOUR_PART_LEAST 0.01f /* of the page that is coloured: less is yellowed paper or a stamp's edge */

#define PAPER_LEVEL 240 /* what the background is brought to */
#define INK_LEVEL_LEAST                                                                                      \
    175 /* darker than this is ink whatever the rest: pencil and faint carbon copies stay */
#define INK_LEVEL_MOST 205
#define CONTRAST_LEAST 60      /* between ink and paper */
#define MIDDLE_PART_MOST 0.05f /* of the page, neither ink nor paper; the edges of letters are 2 to 4 % */
#define INK_PART_MOST 0.30f
#define BLANK_PART_MOST 0.00001f /* so little that is darker than paper: nothing is on the page */
#define TILE_PX 24               /* 2 mm at 300 dpi: paper shows in each tile of a page of text */
#define DARK_TILES_MOST                                                                                      \
    0.04f               /* of the tiles, darker than paper by a quarter: more is a photograph or a shadow */
#define SPECK_PX_MOST 3 /* in either direction; a full stop at 300 dpi has 4 */

/* White paper without shadows and yellowing. A new picture. */
static PIX *picture_even_out(PIX *grey) {
    PIX *even = pixBackgroundNorm(grey, NULL, NULL, 16, 16, 100, 40, PAPER_LEVEL, 2, 2);
    return even ? even : pixClone(grey); /* tiny pictures have no background to find */
}

/* The part of the pixels that lie from..to, of a histogram that sums to 1. */
static float histogram_part(NUMA *histogram, int from, int to) {
    l_float32 sum = 0, value;
    for (int i = from; i < to; i++) {
        numaGetFValue(histogram, i, &value);
        sum += value;
    }
    return sum;
}

/* Evening out would whiten a photograph away, so the page as it came is asked first: how much of it shows no
 * paper? */
static bool picture_is_paper(PIX *grey) {
    PIX *lightest = pixScaleGrayMinMax(grey, TILE_PX, TILE_PX, L_CHOOSE_MAX);
    l_float32 paper = 0;
    NUMA *counts = lightest ? pixGetGrayHistogram(lightest, 1) : NULL;
    NUMA *parts = counts ? numaNormalizeHistogram(counts, 1.0f) : NULL;
    bool is = parts && !numaHistogramGetValFromRank(counts, 0.9f, &paper) &&
              histogram_part(parts, 0, (int)(paper * 0.75f)) <= DARK_TILES_MOST;
    pixDestroy(&lightest);
    numaDestroy(&counts);
    numaDestroy(&parts);
    return is;
}

/* Black on white with little between: what is neither is only the edges of letters. ret_ink: below it a pixel
 * is ink. */
static bool picture_is_black_on_white(PIX *even, int *ret_ink) {
    NUMA *counts = pixGetGrayHistogram(even, 2);
    NUMA *parts = counts ? numaNormalizeHistogram(counts, 1.0f) : NULL;
    l_float32 ink, paper;
    bool is = parts && histogram_part(parts, 0, INK_LEVEL_MOST) < BLANK_PART_MOST;
    *ret_ink = INK_LEVEL_LEAST;
    if (parts && !is && !numaSplitDistribution(counts, 0.1f, NULL, &ink, &paper, NULL, NULL, NULL)) {
        float gap = paper - ink;
        int from = (int)(ink + 0.35f * gap), to = (int)(ink + 0.7f * gap);
        is = gap >= CONTRAST_LEAST && histogram_part(parts, from, to) <= MIDDLE_PART_MOST &&
             histogram_part(parts, 0, from) <= INK_PART_MOST;
        *ret_ink = (int)fminf(fmaxf(ink + 0.6f * gap, INK_LEVEL_LEAST), INK_LEVEL_MOST);
    }
    numaDestroy(&counts);
    numaDestroy(&parts);
    return is;
}

static PIX *picture_scale(PIX *pix, float scale) {
    if (fabsf(scale - 1) < 0.05f)
        return pixClone(pix);
    return pixScaleGeneral(pix, scale, scale, 0, 0);
}

static PIX *picture_without_specks(PIX *binary) {
    PIX *clean =
        pixSelectBySize(binary, SPECK_PX_MOST, SPECK_PX_MOST, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GTE, NULL);
    return clean ? clean : pixClone(binary);
}

static PIX *picture_binary(PIX *even, int ink_level, float dpi) {
    float scale = dpi < BINARY_DPI_LEAST ? 2.0f : dpi > BINARY_DPI_MOST ? BINARY_DPI_MOST / dpi : 1.0f;
    PIX *sized = picture_scale(even, scale);
    PIX *binary = sized ? pixThresholdToBinary(sized, ink_level) : NULL;
    pixDestroy(&sized);
    if (!binary)
        return NULL;
    PIX *clean = picture_without_specks(binary);
    pixDestroy(&binary);
    return clean;
}

static PIX *picture_grey_or_colour(PIX *pix, float dpi, enum covered_format *ret_format) {
    l_float32 not_grey = 0, coloured = 0;
    if (pixGetDepth(pix) == 32)
        pixColorFraction(pix, 30, 245, 30, 4, &not_grey, &coloured);
    bool colour = not_grey * coloured > COLOUR_PART_LEAST;
    PIX *plain = colour ? pixClone(pix) : pix_grey(pix);
    PIX *sized = plain ? picture_scale(plain, dpi > GREY_DPI_MOST ? GREY_DPI_MOST / dpi : 1.0f) : NULL;
    pixDestroy(&plain);
    *ret_format = colour ? COVERED_JPEG_COLOUR : COVERED_JPEG_GREY;
    return sized;
}

static PIX *picture_binary_from_binary(PIX *pix, float dpi) {
    if (dpi <= BINARY_DPI_MOST * 1.05f)
        return pixCopy(NULL, pix);
    PIX *grey = pix_grey(pix);
    PIX *binary = grey ? picture_binary(grey, 128, dpi) : NULL;
    pixDestroy(&grey);
    return binary;
}

/* NULL when the page is not black on white. */
static PIX *picture_try_binary(PIX *grey, float dpi) {
    int ink_level;
    if (!picture_is_paper(grey))
        return NULL;
    PIX *even = picture_even_out(grey);
    PIX *binary =
        even && picture_is_black_on_white(even, &ink_level) ? picture_binary(even, ink_level, dpi) : NULL;
    pixDestroy(&even);
    return binary;
}

struct Pix *cover_picture_reduce(struct Pix *pix, float dpi, enum covered_format *ret_format) {
    *ret_format = COVERED_G4;
    if (pixGetDepth(pix) == 1)
        return picture_binary_from_binary(pix, dpi);
    PIX *grey = pix_grey(pix);
    PIX *reduced = grey ? picture_try_binary(grey, dpi) : NULL;
    pixDestroy(&grey);
    return reduced ? reduced : picture_grey_or_colour(pix, dpi, ret_format);
}

void cover_picture_paint(struct Pix *pix, const struct covered_page *page, int black) {
    float sx = (float)pixGetWidth(pix) / page->width_pt, sy = (float)pixGetHeight(pix) / page->height_pt;
    for (size_t i = 0; i < page->covered_count; i++) {
        struct box b = page->covered[i];
        int x = (int)floorf(b.x0 * sx), y = (int)floorf(b.y0 * sy);
        int w = (int)ceilf(b.x1 * sx) - x, h = (int)ceilf(b.y1 * sy) - y;
        pixRasterop(pix, x, y, w, h, (pixGetDepth(pix) == 1) == (black != 0) ? PIX_SET : PIX_CLR, NULL, 0, 0);
    }
}

/* Two areas that run into each other are one black: a code in the middle of the one may stand in the other. */
static bool area_meets_another(const struct covered_page *page, size_t own) {
    struct box a = page->covered[own];
    for (size_t i = 0; i < page->covered_count; i++) {
        struct box b = page->covered[i];
        if (i != own && a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1)
            return true;
    }
    return false;
}

/* The code, white on the black of its area, in the middle, where it fits. */
static void label_paint(PIX *pix, const struct covered_page *page, size_t i) {
    struct covered_label *label = &page->labels[i];
    float sx = (float)pixGetWidth(pix) / page->width_pt, sy = (float)pixGetHeight(pix) / page->height_pt;
    struct box b = page->covered[i];
    int w = (int)((b.x1 - b.x0) * sx), h = (int)((b.y1 - b.y0) * sy);
    PIX *drawn = label->code[0] && !area_meets_another(page, i) ? cover_label_draw(label->code, (int)((float)w * LABEL_PART), (int)((float)h * LABEL_PART), &label->size) : NULL;
    if (!drawn) {
        label->text[0] = 0;
        return;
    }
    memcpy(label->text, label->code, sizeof label->text);
    int x = (int)(b.x0 * sx) + (w - pixGetWidth(drawn)) / 2, y = (int)(b.y0 * sy) + (h - pixGetHeight(drawn)) / 2;
    PIX *mask = drawn; /* 1: ink of the letters */
    if (pixGetDepth(pix) == 1)
        pixRasterop(pix, x, y, pixGetWidth(mask), pixGetHeight(mask), PIX_DST & PIX_NOT(PIX_SRC), mask, 0, 0);
    else
        pixPaintThroughMask(pix, mask, x, y, 0xFFFFFFFF);
    label->box = (struct box){(float)x / sx, (float)y / sy, (float)(x + pixGetWidth(drawn)) / sx, (float)(y + pixGetHeight(drawn)) / sy};
    pixDestroy(&drawn);
}

static void labels_paint(PIX *pix, const struct covered_page *page) {
    for (size_t i = 0; page->labels && i < page->covered_count; i++)
        label_paint(pix, page, i);
}

static void tiff_entry(struct buf *out, uint16_t tag, uint32_t value) {
    uint8_t entry[12] = {(uint8_t)tag, (uint8_t)(tag >> 8), 4, 0, 1, 0, 0, 0};
    for (int i = 0; i < 4; i++)
        entry[8 + i] = (uint8_t)(value >> (8 * i));
    buf_add(out, entry, sizeof entry);
}

/* The bare data as a TIFF file, so that it can be decoded as any reader would. */
static void tiff_round_strip(const struct covered_page *page, struct buf *out) {
    enum { ENTRIES = 9, DATA_AT = 8 + 2 + 12 * ENTRIES + 4 };
    buf_add(out, "II*\0\10\0\0\0", 8);
    buf_add(out, (uint8_t[]){ENTRIES, 0}, 2);
    tiff_entry(out, 256, page->width_px);
    tiff_entry(out, 257, page->height_px);
    tiff_entry(out, 258, 1); /* bits per sample */
    tiff_entry(out, 259, 4); /* Group 4 */
    tiff_entry(out, 262, 0); /* white is zero */
    tiff_entry(out, 273, DATA_AT);
    tiff_entry(out, 277, 1); /* samples per pixel */
    tiff_entry(out, 278, page->height_px);
    tiff_entry(out, 279, (uint32_t)page->bytes.len);
    buf_add(out, "\0\0\0", 4);
    buf_add(out, page->bytes.data, page->bytes.len);
}

static int picture_encode_binary(PIX *pix, struct covered_page *ret, PIX **ret_seen) {
    struct buf tiff = {0};
    cover_picture_paint(pix, ret, 1);
    labels_paint(pix, ret);
    int err = pix_encode_g4_strip(pix, &ret->bytes);
    if (!err) {
        tiff_round_strip(ret, &tiff);
        err = pix_decode(buf_view(&tiff), 0, ret_seen);
    }
    buf_drop(&tiff);
    return err;
}

static int picture_encode_jpeg(PIX *pix, float scale, int quality, struct covered_page *ret) {
    PIX *sized = scale < 1 ? pixScaleGeneral(pix, scale, scale, 0, 0) : pixCopy(NULL, pix);
    if (!sized)
        return ERR_MEMORY;
    pixSetText(sized, NULL);
    cover_picture_paint(sized, ret, 1);
    labels_paint(sized, ret);
    ret->width_px = (uint32_t)pixGetWidth(sized);
    ret->height_px = (uint32_t)pixGetHeight(sized);
    buf_reset(&ret->bytes);
    int err = pix_encode_jpeg(sized, quality, &ret->bytes);
    pixDestroy(&sized);
    return err;
}

static int picture_encode_grey(PIX *pix, struct covered_page *ret, PIX **ret_seen) {
    static const struct {
        int quality;
        float scale;
    } tries[] = {{60, 1}, {45, 1}, {50, 0.75f}, {40, 0.75f}, {35, 0.6f}};
    int err = 0;
    for (size_t i = 0; !err && i < sizeof tries / sizeof *tries; i++) {
        err = picture_encode_jpeg(pix, tries[i].scale, tries[i].quality, ret);
        if (ret->bytes.len <= GREY_BYTES_AIM)
            break;
    }
    return err ? err : pix_decode(buf_view(&ret->bytes), 0, ret_seen);
}

int cover_picture_encode(struct Pix *pix, enum covered_format format, struct covered_page *ret,
                         struct Pix **ret_seen) {
    ret->format = format;
    ret->width_px = (uint32_t)pixGetWidth(pix);
    ret->height_px = (uint32_t)pixGetHeight(pix);
    return format == COVERED_G4 ? picture_encode_binary(pix, ret, ret_seen)
                                : picture_encode_grey(pix, ret, ret_seen);
}
