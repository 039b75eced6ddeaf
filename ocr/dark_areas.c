#include "ocr/dark_areas.h"

#include "base/order.h"

#include <leptonica/allheaders.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    SHRINK = 4,
    LETTERS_LEAST = 3,   /* light letters that make a dark area a heading */
    LETTERS_MOST = 5000, /* looked at in one area */
    TURNED_INK = 75,     /* of 100 pixels: letters that ran into each other are never so dark */
    AREAS_MOST = 500,    /* more are the raster of a picture */
};
/* Inches. */
#define AREA_HIGH_LEAST 0.09f
#define AREA_WIDE_LEAST 0.3f
#define HOLE_LEAST 0.15f /* 4 mm */
#define HOLE_MOST 0.40f  /* 10 mm */
#define HOLE_FROM_EDGE 1.1f
#define BORDER_LEAST 0.6f /* of the edge's length, or as large as a hand */

struct page {
    PIX *bits, *dark; /* as it is; its dark areas, SHRINK times smaller */
    float dpi;
};

/* Only what is dark over some millimetres is left: letters of usual size go, also the light ones in a dark area. */
static PIX *dark_find(PIX *bits, float dpi) {
    PIX *small = pixReduceRankBinaryCascade(bits, 2, 3, 0, 0);
    int close = (int)(0.05f * dpi / SHRINK) | 1, open = (int)(AREA_HIGH_LEAST * dpi / SHRINK);
    PIX *whole = small ? pixCloseSafeBrick(NULL, small, close, close) : NULL;
    PIX *dark = whole ? pixOpenBrick(NULL, whole, open > 3 ? open : 3, open > 3 ? open : 3) : NULL;
    pixDestroy(&small);
    pixDestroy(&whole);
    return dark;
}

static float box_fill(PIX *part) {
    l_int32 pixels = 0;
    pixCountPixels(part, &pixels, NULL);
    return (float)pixels / ((float)pixGetWidth(part) * (float)pixGetHeight(part));
}

static bool box_is_hole(const struct page *page, PIX *part, int x, int y) {
    float w = (float)pixGetWidth(part) * SHRINK / page->dpi, h = (float)pixGetHeight(part) * SHRINK / page->dpi;
    float across = (float)pixGetWidth(page->dark) * SHRINK / page->dpi, down = (float)pixGetHeight(page->dark) * SHRINK / page->dpi;
    float left = (float)x * SHRINK / page->dpi, top = (float)y * SHRINK / page->dpi;
    bool near_edge = left < HOLE_FROM_EDGE || left + w > across - HOLE_FROM_EDGE || top < HOLE_FROM_EDGE || top + h > down - HOLE_FROM_EDGE;
    float fill = box_fill(part); /* a disc fills 0.785 of its square */
    return near_edge && w >= HOLE_LEAST && h >= HOLE_LEAST && w <= HOLE_MOST && h <= HOLE_MOST && w < 1.3f * h && h < 1.3f * w &&
           fill > 0.68f && fill < 0.90f;
}

static bool box_is_border(const struct page *page, PIX *part, int x, int y) {
    int w = pixGetWidth(part), h = pixGetHeight(part), across = pixGetWidth(page->dark), down = pixGetHeight(page->dark);
    bool upright = x <= 1 || x + w >= across - 1, lying = y <= 1 || y + h >= down - 1;
    return (upright && (float)h > BORDER_LEAST * (float)down) || (lying && (float)w > BORDER_LEAST * (float)across);
}

/* How many light parts in it have the height of most: letters stand in lines, what is in a photograph has any size. */
static int light_letters(PIX *light, float dpi) {
    BOXA *boxes = pixConnCompBB(light, 8);
    int n = boxes ? boxaGetCount(boxes) : 0, count = 0, alike = 0;
    int *heights = n && n <= LETTERS_MOST ? calloc((size_t)n, sizeof *heights) : NULL;
    for (int i = 0; i < n && heights; i++) {
        int w = 0, h = 0;
        boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h);
        if ((float)h > 0.03f * dpi && (float)h < 0.35f * dpi && (float)w < 0.5f * dpi && w > 1)
            heights[count++] = h;
    }
    if (count)
        qsort(heights, (size_t)count, sizeof *heights, order_int);
    for (int i = 0; i < count; i++)
        alike += 3 * heights[i] > 2 * heights[count / 2] && 2 * heights[i] < 3 * heights[count / 2];
    free(heights);
    boxaDestroy(&boxes);
    return alike * 10 >= count * 6 ? alike : 0;
}

/* An area: its shape at full size, and where it lies. */
struct area {
    PIX *mask;
    BOX *at;
};

static bool area_has_letters(const struct page *page, const struct area *area) {
    PIX *inside = pixClipRectangle(page->bits, area->at, NULL);
    PIX *light = inside ? pixInvert(NULL, inside) : NULL;
    l_int32 ink = 0, all = 1;
    bool letters = false;
    if (light) {
        pixAnd(light, light, area->mask);
        pixAnd(inside, inside, area->mask);
        pixCountPixels(inside, &ink, NULL);
        pixCountPixels(area->mask, &all, NULL);
        letters = ink * 100.0 > all * (double)TURNED_INK && ink * 1000.0 < all * 995.0 && light_letters(light, page->dpi) >= LETTERS_LEAST;
    }
    pixDestroy(&inside);
    pixDestroy(&light);
    return letters;
}

/* What is light in it becomes ink, what is ink light; ink that hangs on it from outside stays. */
static void area_turn(const struct page *page, const struct area *area) {
    l_int32 x, y, w, h;
    boxGetGeometry(area->at, &x, &y, &w, &h);
    pixRasterop(page->bits, x, y, w, h, PIX_SRC ^ PIX_DST, area->mask, 0, 0);
}

static void area_clear(const struct page *page, const struct area *area) {
    l_int32 x, y, w, h;
    boxGetGeometry(area->at, &x, &y, &w, &h);
    PIX *wide = pixDilateBrick(NULL, area->mask, 2 * SHRINK + 1, 2 * SHRINK + 1);
    if (wide)
        pixRasterop(page->bits, x, y, w, h, PIX_NOT(PIX_SRC) & PIX_DST, wide, 0, 0);
    pixDestroy(&wide);
}

/* part: its shape in the small picture, at x, y there. */
static struct area area_make(const struct page *page, PIX *part, int x, int y) {
    PIX *holes = pixHolesByFilling(part, 4), *whole = holes ? pixOr(NULL, part, holes) : NULL;
    struct area area = {.mask = whole ? pixExpandReplicate(whole, SHRINK) : NULL};
    int w = (int)pixGetWidth(part) * SHRINK, h = (int)pixGetHeight(part) * SHRINK;
    int across = pixGetWidth(page->bits) - x * SHRINK, down = pixGetHeight(page->bits) - y * SHRINK;
    area.at = boxCreate(x * SHRINK, y * SHRINK, w < across ? w : across, h < down ? h : down);
    if (area.mask && (w > across || h > down)) {
        BOX *inside = boxCreate(0, 0, w < across ? w : across, h < down ? h : down);
        PIX *cut = pixClipRectangle(area.mask, inside, NULL);
        pixDestroy(&area.mask);
        area.mask = cut;
        boxDestroy(&inside);
    }
    pixDestroy(&holes);
    pixDestroy(&whole);
    return area;
}

static void part_settle(const struct page *page, PIX *part, BOX *box, struct dark_areas *found) {
    l_int32 x, y;
    boxGetGeometry(box, &x, &y, NULL, NULL);
    struct area area = area_make(page, part, x, y);
    bool wide = (float)pixGetWidth(part) * SHRINK > AREA_WIDE_LEAST * page->dpi;
    if (!area.mask || !area.at) {
        /* short of memory: it stays as it is */
    } else if (box_is_hole(page, part, x, y)) {
        area_clear(page, &area);
        found->holes++;
    } else if (wide && area_has_letters(page, &area)) {
        area_turn(page, &area);
        found->turned++;
    } else if (box_is_border(page, part, x, y)) {
        area_clear(page, &area);
        found->borders++;
    }
    pixDestroy(&area.mask);
    boxDestroy(&area.at);
}

struct dark_areas dark_areas_settle(struct Pix *bits, float dpi) {
    struct dark_areas found = {0};
    struct page page = {.bits = bits, .dpi = dpi, .dark = dark_find(bits, dpi)};
    PIXA *parts = NULL;
    BOXA *boxes = page.dark ? pixConnComp(page.dark, &parts, 8) : NULL;
    int n = boxes ? boxaGetCount(boxes) : 0;
    for (int i = 0; i < n && n <= AREAS_MOST; i++) {
        PIX *part = pixaGetPix(parts, i, L_CLONE);
        BOX *box = boxaGetBox(boxes, i, L_CLONE);
        if (part && box)
            part_settle(&page, part, box, &found);
        pixDestroy(&part);
        boxDestroy(&box);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&parts);
    pixDestroy(&page.dark);
    return found;
}
