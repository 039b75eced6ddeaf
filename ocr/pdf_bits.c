#include "ocr/pdf_bits.h"

#include "base/mem.h"

#include <cairo.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    INK_BELOW = 140,    /* of 255: a line that covers less than half of a pixel is still a line */
    BLACK_BELOW = 50,   /* the black of four printing inks comes out as 35 */
    WHITE_FROM = 252,
    TINT_MOST = 24,     /* between the colours of one pixel */
    TILE = 32,          /* pixels each way; a letter */
    STRAY_MOST = 24,    /* pixels of a tile that are light and beside no ink: hairlines of letters have a few */
    INNER_MOST = 24,    /* ... that are grey all round: strokes of small letters meet so */
};

struct pdf_bits {
    cairo_surface_t *surface;
    bool white; /* all of it: what was painted has been wiped while it was looked at */
};

struct pdf_bits *pdf_bits_new(void) {
    return mem_new(sizeof(struct pdf_bits));
}

void pdf_bits_drop(struct pdf_bits **bits) {
    if (*bits && (*bits)->surface)
        cairo_surface_destroy((*bits)->surface);
    mem_free(bits);
}

/* ---- painting */

/* White, of that size; the last page's where it fits: new memory costs more than painting. */
static cairo_surface_t *surface_for(struct pdf_bits *bits, int w, int h) {
    cairo_surface_t *surface = bits->surface;
    if (!surface || cairo_image_surface_get_width(surface) != w || cairo_image_surface_get_height(surface) != h) {
        if (surface)
            cairo_surface_destroy(surface);
        bits->surface = surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
        bits->white = false;
    }
    uint8_t *data = cairo_image_surface_get_data(surface);
    if (!data || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        return NULL;
    if (!bits->white)
        memset(data, 255, (size_t)cairo_image_surface_get_stride(surface) * (size_t)h);
    bits->white = false;
    cairo_surface_mark_dirty(surface);
    return surface;
}

static bool surface_paint(cairo_surface_t *surface, PopplerPage *page, float dpi) {
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, dpi / 72, dpi / 72);
    poppler_page_render(page, cairo);
    bool fine = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return fine;
}

/* ---- looking at the pixels */

/* Rows of the page: bit by bit, which pixels are ink, and which are neither black nor white. */
struct look {
    PIX *ink, *grey;
};

/* Eight pixels: bits from the leftmost on, shifted in at the end. Differences between colours are gathered, not judged. */
static uint32_t pixels_look(const uint32_t *pixels, int count, l_uint32 *ink, l_uint32 *grey) {
    uint32_t uneven = 0;
    for (int i = 0; i < count; i++) {
        uint32_t g = pixels[i] >> 8 & 255;
        uneven |= (pixels[i] >> 8 ^ pixels[i]) & 0xFFFF;
        *ink = *ink << 1 | (g < INK_BELOW);
        *grey = *grey << 1 | (g - BLACK_BELOW < WHITE_FROM - BLACK_BELOW);
    }
    return uneven;
}

static bool pixels_have_colour(const uint32_t *pixels, int count) {
    for (int i = 0; i < count; i++) {
        int r = (int)(pixels[i] >> 16 & 255), g = (int)(pixels[i] >> 8 & 255), b = (int)(pixels[i] & 255);
        int most = r > g ? r : g, least = r < g ? r : g;
        if ((most > b ? most : b) - (least < b ? least : b) > TINT_MOST)
            return true;
    }
    return false;
}

/* Four pixels at a time. */
typedef uint32_t four_pixels __attribute__((vector_size(16), aligned(4), may_alias));

/* Eight pixels that are white but for their unused byte. */
static bool eight_are_white(const uint32_t *pixels) {
    const four_pixels *four = (const four_pixels *)pixels;
    four_pixels all = four[0] & four[1];
    return ((all[0] & all[1] & all[2] & all[3]) | 0xFF000000) == UINT32_MAX;
}

/* So many pixels, 32 at most, that become one word of each picture, and are white afterwards; false: one has a colour. */
static bool word_look(uint32_t *pixels, int count, l_uint32 *ret_ink, l_uint32 *ret_grey) {
    l_uint32 ink = 0, grey = 0;
    uint32_t uneven = 0;
    int at = 0;
    bool painted = count % 8;
    for (; at + 8 <= count; at += 8) {
        if (eight_are_white(pixels + at)) {
            ink <<= 8;
            grey <<= 8;
        } else {
            uneven |= pixels_look(pixels + at, 8, &ink, &grey);
            painted = true;
        }
    }
    uneven |= pixels_look(pixels + at, count - at, &ink, &grey);
    *ret_ink = count < 32 ? ink << (32 - count) : ink;
    *ret_grey = count < 32 ? grey << (32 - count) : grey;
    if (uneven && pixels_have_colour(pixels, count))
        return false;
    if (painted)
        memset(pixels, 255, (size_t)count * sizeof *pixels);
    return true;
}

static bool row_look(uint32_t *pixels, int w, l_uint32 *ink, l_uint32 *grey) {
    for (int x = 0; x < w; x += 32)
        if (!word_look(pixels + x, w - x < 32 ? w - x : 32, &ink[x / 32], &grey[x / 32]))
            return false;
    return true;
}

static bool look_make(cairo_surface_t *surface, struct look *ret) {
    uint8_t *data = cairo_image_surface_get_data(surface);
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    ret->ink = pixCreate(w, h, 1);
    ret->grey = pixCreate(w, h, 1);
    bool plain = ret->ink && ret->grey;
    for (int y = 0; plain && y < h; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);
        size_t to = (size_t)y * (size_t)pixGetWpl(ret->ink);
        plain = row_look(row, w, pixGetData(ret->ink) + to, pixGetData(ret->grey) + to);
    }
    return plain;
}

/* ---- whether it is black on white */

/* A word of a row as spread to both sides: what has a bit at it, or beside it. */
static l_uint32 word_spread(const l_uint32 *row, int at, int words) {
    l_uint32 here = row[at], before = at ? row[at - 1] : 0, after = at + 1 < words ? row[at + 1] : 0;
    return here | here >> 1 | here << 1 | before << 31 | after >> 31;
}

/* ... and as drawn in: what has a bit at it and on both sides. */
static l_uint32 word_core(const l_uint32 *row, int at, int words) {
    l_uint32 here = row[at], before = at ? row[at - 1] : 0, after = at + 1 < words ? row[at + 1] : 0;
    return here & (here >> 1 | before << 31) & (here << 1 | after >> 31);
}

/* Of one word in each of a tile's rows. */
struct tile {
    int stray, inner;
};

/* A row of words and those above and below it; at the page's edges the row itself. */
struct rows {
    const l_uint32 *here, *above, *below;
};

static struct rows rows_of(PIX *pix, int y) {
    const l_uint32 *here = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
    return (struct rows){here, y ? here - pixGetWpl(pix) : here, y + 1 < pixGetHeight(pix) ? here + pixGetWpl(pix) : here};
}

/* False: there is something in a tile that would be lost. */
static bool row_judge(const struct look *look, int y, struct tile *tiles) {
    int words = pixGetWpl(look->ink);
    struct rows ink = rows_of(look->ink, y), grey = rows_of(look->grey, y);
    for (int at = 0; at < words; at++) {
        if (!grey.here[at])
            continue;
        l_uint32 near = word_spread(ink.here, at, words) | word_spread(ink.above, at, words) | word_spread(ink.below, at, words);
        l_uint32 core = word_core(grey.here, at, words) & word_core(grey.above, at, words) & word_core(grey.below, at, words);
        if (grey.here[at] & ~near)
            tiles[at].stray += __builtin_popcount(grey.here[at] & ~near);
        if (core)
            tiles[at].inner += __builtin_popcount(core);
        if (tiles[at].stray > STRAY_MOST || tiles[at].inner > INNER_MOST)
            return false;
    }
    return true;
}

/* Judged tile by tile: one grey word on a page full of black ones is still grey. */
static bool look_is_black_on_white(const struct look *look) {
    size_t tiles_bytes = (size_t)pixGetWpl(look->ink) * sizeof(struct tile);
    struct tile *tiles = mem_new(tiles_bytes);
    bool plain = true;
    for (int y = 0; plain && y < pixGetHeight(look->ink); y++) {
        if (y % TILE == 0)
            memset(tiles, 0, tiles_bytes);
        plain = row_judge(look, y, tiles);
    }
    mem_free(&tiles);
    return plain;
}

struct Pix *pdf_bits_render(struct pdf_bits *bits, PopplerPage *page, float dpi) {
    double width, height;
    poppler_page_get_size(page, &width, &height);
    double w = round(width * dpi / 72), h = round(height * dpi / 72);
    if (!(w >= 1 && h >= 1 && w * h <= PDF_BITS_PIXELS_MOST && fmax(w, h) < 32000))
        return NULL;
    cairo_surface_t *surface = surface_for(bits, (int)w, (int)h);
    struct look look = {0};
    if (surface && surface_paint(surface, page, dpi))
        bits->white = look_make(surface, &look);
    if (bits->white && look_is_black_on_white(&look))
        pixSetResolution(look.ink, (int)lroundf(dpi), (int)lroundf(dpi));
    else
        pixDestroy(&look.ink);
    pixDestroy(&look.grey);
    return look.ink;
}
