#include "ingest/separator_likely.h"

#include "base/mem.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SQUARE_MM 4.0f
enum {
    INK_BELOW = 190,     /* lighter than any ink that separator_find sees */
    FULL_PERCENT = 30,
    SQUARE_LEAST_PX = 8, /* of a page of few dpi: it is always looked at */
    PLACE_MOST = 1000000,
};

static bool word_is_code(const char *text) {
    return strstr(text, "CF1-") || strstr(text, "SEP*") || strcasestr(text, "PATCHT") || strcasestr(text, "PATCH-T") ||
           strcasestr(text, "PATCH_T") || strstr(text, "SEPARATOR");
}

static int pixel_of(float pt, float k) {
    return (int)fmaxf(-PLACE_MOST, fminf(PLACE_MOST, pt * k));
}

/* The page's ink without that of its words; NULL: no memory. */
static PIX *ink_without(PIX *pix, float dpi, const struct words *words) {
    PIX *ink = pixGetDepth(pix) == 1 ? pixCopy(NULL, pix) : pixConvertTo1(pix, INK_BELOW);
    float k = dpi / 72;
    for (size_t i = 0; ink && i < words->count; i++) {
        const struct box *b = &words->list[i].box;
        int x = pixel_of(b->x0, k), y = pixel_of(b->y0, k);
        pixRasterop(ink, x, y, pixel_of(b->x1, k) + 1 - x, pixel_of(b->y1, k) + 1 - y, PIX_CLR, NULL, 0, 0);
    }
    return ink;
}

static bool ink_has_full_square(PIX *ink, int side) {
    int squares = pixGetWidth(ink) / side, rows = pixGetHeight(ink) / side;
    uint32_t *counts = mem_new(((size_t)squares + 1) * sizeof *counts);
    bool full = false;
    for (int y = 0; !full && y < rows * side; y++) {
        pix_row_sums(pixGetData(ink) + (size_t)y * (size_t)pixGetWpl(ink), side, squares, counts);
        if (y % side != side - 1)
            continue;
        for (int i = 0; i < squares; i++)
            full |= counts[i] * 100 >= (uint32_t)(side * side) * FULL_PERCENT;
        memset(counts, 0, (size_t)squares * sizeof *counts);
    }
    free(counts);
    return full;
}

bool separator_likely(struct Pix *pix, float dpi, const struct words *words) {
    int side = (int)(SQUARE_MM * dpi / 25.4f);
    for (size_t i = 0; i < words->count; i++)
        if (word_is_code(words->list[i].text))
            return true;
    if (side < SQUARE_LEAST_PX)
        return true;
    PIX *ink = ink_without(pix, dpi, words);
    bool full = !ink || ink_has_full_square(ink, side);
    pixDestroy(&ink);
    return full;
}
