#include "ocr/clean.h"

#include "base/mem.h"
#include "base/order.h"
#include "base/pix.h"
#include "base/shrink.h"
#include "ocr/dark_areas.h"
#include "ocr/stamps.h"
#include "ocr/streaks.h"

#include <leptonica/allheaders.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RADIANS(deg) ((deg)*0.017453293f)
enum {
    PAPER_LEVEL = 200,    /* what paper becomes */
    INK_THRESHOLD = 170,  /* of normalised greys, where letters are of good size */
    INK_FULL = 100,       /* of normalised greys: darker is black */
    PAPER_FULL = 180,     /* lighter is white */
    TILE_PX = 32,         /* a tile of the map of the paper's brightness */
    LETTER_GOOD_PX = 21,  /* 10 point letters at 300 dpi are about 26 */
    LETTER_LEAST_PX = 16, /* below: a median letter too small to be thresholded at its own size */
    SPECK_PX = 3,
};
#define LETTER_WANTED_PX 17.5f /* of the picture that is recognised */
#define SCALE_WORTH 0.85f      /* less of a gain is not worth the scaling */
#define SCALE_LEAST 0.5f

/* ---- looking
 * --------------------------------------------------------------------------------------------------- */

struct part {
    int x, y, w, h;
};

/* Parts that can be letters: neither specks nor lines nor pictures. */
static bool part_is_letter(const struct part *p) {
    return p->h >= 4 && p->h <= 80 && p->w >= 2 && p->w <= 80 && p->w <= 6 * p->h && p->h <= 8 * p->w;
}

/* Whether the nearest part lies above or below rather than beside: letters of a word are nearer than lines.
 */
static int nearest_is_below(const struct part *parts, int count, int at) {
    int best = INT_MAX, below = 0;
    int from = at > 600 ? at - 600 : 0, to = at + 600 < count ? at + 600 : count;
    for (int i = from; i < to; i++) {
        int dx = abs(2 * parts[i].x + parts[i].w - 2 * parts[at].x - parts[at].w);
        int dy = abs(2 * parts[i].y + parts[i].h - 2 * parts[at].y - parts[at].h);
        if (i != at && dx + dy < best) {
            best = dx + dy;
            below = dy > dx;
        }
    }
    return below;
}

/* Leptonica gives the parts in raster order, so that neighbours in both directions are near in the list. */
static void tell_direction(struct clean_view *view, const struct part *parts, int count) {
    enum { VOTES_MOST = 800, VOTES_LEAST = 40 };
    int step_by = count / VOTES_MOST + 1, votes = 0, below = 0;
    for (int i = 0; i < count; i += step_by, votes++)
        below += nearest_is_below(parts, count, i);
    view->lines_go_down = below * 2 > votes;
    view->lines_known = votes >= VOTES_LEAST && abs(2 * below - votes) * 5 > votes;
}

static PIX *letters_only(PIX *small) {
    PIX *low = pixSelectBySize(small, 80, 80, 8, L_SELECT_IF_BOTH, L_SELECT_IF_LTE, NULL);
    PIX *letters = low ? pixSelectBySize(low, 2, 4, 8, L_SELECT_IF_BOTH, L_SELECT_IF_GTE, NULL) : NULL;
    pixDestroy(&low);
    return letters;
}

static void measure_letters(struct clean_view *view) {
    BOXA *boxes = pixConnCompBB(view->small, 8);
    int n = boxes ? boxaGetCount(boxes) : 0, count = 0;
    int *heights = mem_new(((size_t)n + 1) * sizeof *heights);
    struct part *parts = mem_new(((size_t)n + 1) * sizeof *parts);
    for (int i = 0; i < n; i++) {
        struct part p = {0};
        boxaGetBoxGeometry(boxes, i, &p.x, &p.y, &p.w, &p.h);
        if (part_is_letter(&p)) {
            heights[count] = p.w > 3 * p.h ? p.w : p.h;
            parts[count++] = p;
        }
    }
    tell_direction(view, parts, count);
    if (count) {
        qsort(heights, (size_t)count, sizeof *heights, order_int);
        view->letter_px = (float)(heights[count / 2] * view->shrink);
    }
    view->ink_parts = count;
    mem_free(&heights);
    mem_free(&parts);
    boxaDestroy(&boxes);
}

/* Tenth and ninetieth percentile of the paper's brightness: the light on a scanner is even, in a kitchen it
 * is not. */
static bool light_is_even(PIX *light) {
    NUMA *histogram = pixGetGrayHistogram(light, 1);
    l_float32 dark = 0, bright = 0;
    if (histogram) {
        numaHistogramGetValFromRank(histogram, 0.05f, &dark);
        numaHistogramGetValFromRank(histogram, 0.95f, &bright);
    }
    numaDestroy(&histogram);
    return dark >= 0.75f * bright;
}

static bool look_at_bits(struct clean_view *view) {
    view->way = CLEAN_BITS;
    view->small = view->shrink == 2 ? pixReduceRankBinary2(view->shown, 2, NULL) : pixClone(view->shown);
    return view->small != NULL;
}

static bool look_at_greys(struct clean_view *view) {
    PIX *grey = view->shrink == 2 ? pixScaleAreaMap2(view->shown) : pixClone(view->shown);
    int tile = view->shrink == 2 ? TILE_PX / 2 : TILE_PX;
    PIX *map = NULL, *even = NULL;
    if (grey && pixGetBackgroundGrayMap(grey, NULL, tile, tile, 60, tile * tile / 4, &map) == 0)
        even = pixGetInvBackgroundMap(map, PAPER_LEVEL, 2, 2);
    if (even) {
        PIX *flat = pixApplyInvBackgroundGrayMap(grey, even, tile, tile);
        view->small = flat ? pixThresholdToBinary(flat, INK_THRESHOLD) : NULL;
        view->way = light_is_even(map) ? CLEAN_SCAN : CLEAN_PHOTO;
        view->light = even;
        pixDestroy(&flat);
    } else if (grey) { /* too dark or too small for a map of its paper: Otsu's threshold */
        pixOtsuAdaptiveThreshold(grey, pixGetWidth(grey), pixGetHeight(grey), 0, 0, 0, NULL, &view->small);
        view->way = CLEAN_PHOTO;
    }
    pixDestroy(&map);
    pixDestroy(&grey);
    return view->small != NULL;
}

static bool look_at(struct clean_view *view, int shrink) {
    view->shrink = shrink;
    pixDestroy(&view->small);
    pixDestroy(&view->light);
    bool fine = pixGetDepth(view->shown) == 1 ? look_at_bits(view) : look_at_greys(view);
    PIX *letters = fine ? letters_only(view->small) : NULL;
    if (!letters)
        return false;
    pixDestroy(&view->small);
    view->small = letters;
    measure_letters(view);
    return true;
}

/* ---- making
 * ---------------------------------------------------------------------------------------------------- */

/* Specks of a dirty glass or a bad copy. Full stops are larger where letters are of good size. */
static PIX *without_specks(PIX *pix, float letter_px) {
    if (!pix || letter_px < LETTER_GOOD_PX)
        return pix;
    PIX *clean = pixSelectBySize(pix, SPECK_PX, SPECK_PX, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GT, NULL);
    return clean ? pix_step(pix, clean) : pix;
}

/* The greys between ink and paper stretched over the whole range, as the engine's letters like them, but black or white where bits say
 * something else than a plain threshold would. */
static void greys_follow(PIX *grey, PIX *bits) {
    l_uint8 stretched[256];
    for (int i = 0; i < 256; i++) {
        int v = (i - INK_FULL) * 255 / (PAPER_FULL - INK_FULL);
        stretched[i] = (l_uint8)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
    int w = pixGetWidth(grey), h = pixGetHeight(grey);
    for (int y = 0; y < h; y++) {
        l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey), *bit = pixGetData(bits) + (size_t)y * (size_t)pixGetWpl(bits);
        for (int x = 0; x < w; x++) {
            int v = GET_DATA_BYTE(line, x), ink = GET_DATA_BIT(bit, x);
            SET_DATA_BYTE(line, x, ink == (v < INK_THRESHOLD) ? stretched[v] : ink ? 0 : 255);
        }
    }
}

/* Stamps become paper, at full size, where letters are darkest. */
static PIX *without_stamps(PIX *even, float letter_px) {
    PIX *bits = even ? pixThresholdToBinary(even, INK_THRESHOLD) : NULL;
    if (bits && stamps_fade(even, bits, letter_px)) {
        PIX *plain = pixThresholdToBinary(even, INK_THRESHOLD), *gone = plain ? pixSubtract(NULL, plain, bits) : NULL;
        if (gone)
            pixSetMasked(even, gone, PAPER_LEVEL);
        pixDestroy(&plain);
        pixDestroy(&gone);
    }
    pixDestroy(&bits);
    return even;
}

/* A scan: without dark areas and specks, its letters' soft edges kept. */
static PIX *scan_cleaned(PIX *even, float letter_px, float dpi) {
    PIX *bits = even ? pixThresholdToBinary(even, INK_THRESHOLD) : NULL;
    if (bits) {
        dark_areas_settle(bits, dpi);
        bits = without_specks(bits, letter_px);
        greys_follow(even, bits);
    }
    pixDestroy(&bits);
    return even;
}

/* What came in black and white, before it is straightened, while borders lie along edges. */
static PIX *bits_cleaned(const struct clean_view *view) {
    PIX *own = pixCopy(NULL, view->shown);
    if (!own)
        return NULL;
    dark_areas_settle(own, view->dpi);
    own = without_specks(own, view->letter_px);
    return own && view->scale < 1 ? pix_step(own, pixScaleToGray(own, view->scale)) : own;
}

/* A telephone's picture is a little out of focus. */
static PIX *sharpened(PIX *pix) {
    PIX *sharp = pix ? pixUnsharpMasking(pix, 2, 0.5f) : NULL;
    return sharp ? pix_step(pix, sharp) : pix;
}

static PIX *scaled(PIX *pix, float scale) {
    return pix && scale < 1 ? pix_step(pix, pixGetDepth(pix) == 1 ? pixScaleToGray(pix, scale) : shrink_grey(pix, scale, scale)) : pix;
}

/* Once for each picture, however often it is read. */
static PIX *view_cleaned(const struct clean_view *view) {
    if (view->way == CLEAN_BITS)
        return bits_cleaned(view);
    PIX *even = view->light ? pixApplyInvBackgroundGrayMap(view->shown, view->light, TILE_PX, TILE_PX) : pixClone(view->shown);
    if (view->way == CLEAN_PHOTO)
        return sharpened(even);
    even = without_stamps(even, view->letter_px);
    return scan_cleaned(scaled(even, view->scale), view->letter_px * view->scale, view->dpi * view->scale);
}

/* Letters larger than the engine needs cost time, in its search for lines above all. */
static float view_scale(const struct clean_view *view) {
    float scale = view->way == CLEAN_PHOTO || view->letter_px <= 0 ? 1 : LETTER_WANTED_PX / view->letter_px;
    return scale <= SCALE_WORTH ? fmaxf(scale, SCALE_LEAST) : 1;
}

bool clean_look(struct Pix *shown, enum clean_from from, float dpi, struct clean_view *ret) {
    *ret = (struct clean_view){.shown = shown, .dpi = dpi};
    if (from != CLEAN_FROM_PHOTO)
        streaks_remove(shown);
    if (!look_at(ret, 2))
        return false;
    /* Of small letters half a size does not show which way they stand. */
    if (ret->letter_px < LETTER_GOOD_PX && ret->ink_parts && !look_at(ret, 1))
        return false;
    if (ret->way == CLEAN_SCAN && (ret->letter_px < LETTER_LEAST_PX || from == CLEAN_FROM_PHOTO))
        ret->way = CLEAN_PHOTO;
    ret->scale = view_scale(ret);
    ret->clean = view_cleaned(ret);
    return ret->clean != NULL;
}

void clean_drop(struct clean_view *view) {
    pixDestroy(&view->shown);
    pixDestroy(&view->small);
    pixDestroy(&view->light);
    pixDestroy(&view->clean);
}

/* ---- for one reading
 * -------------------------------------------------------------------------------------------- */

static PIX *without_lean(PIX *pix, const struct clean_order *order, int paper) {
    if (!pix || fabsf(order->lean_deg) < CLEAN_LEAN_LEAST_DEG)
        return pix;
    int b = order->border_px;
    bool bits = pixGetDepth(pix) == 1;
    pix = pix_step(pix, pixAddBorderGeneral(pix, b, b, b, b, bits ? 0 : paper));
    int how = bits ? L_ROTATE_SHEAR : L_ROTATE_AREA_MAP;
    return pix ? pix_step(pix, pixRotate(pix, RADIANS(-order->lean_deg), how, L_BRING_IN_WHITE, 0, 0)) : NULL;
}

struct Pix *clean_make(const struct clean_view *view, const struct clean_order *order) {
    PIX *pix = order->as_it_came ? scaled(pixClone(view->shown), view->scale) : pixClone(view->clean);
    if (pix && order->turn)
        pix = pix_step(pix, pixRotateOrth(pix, order->turn / 90));
    return without_lean(pix, order, view->way == CLEAN_PHOTO || order->as_it_came ? PAPER_LEVEL : 255);
}
