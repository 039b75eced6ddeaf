#include "ocr/page_look.h"

#include "base/mem.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>

enum { LEAST_PX = 32 };

/* Means of squares of n pixels: a fifth of the time that pixScaleAreaMap takes. */
static PIX *reduce_grey(PIX *grey, int n) {
    int w = pixGetWidth(grey) / n, h = pixGetHeight(grey) / n, from_wpl = pixGetWpl(grey);
    PIX *small = w >= LEAST_PX && h >= LEAST_PX ? pixCreate(w, h, 8) : NULL;
    if (!small)
        return NULL;
    l_uint32 *from = pixGetData(grey), *to = pixGetData(small);
    uint32_t *sums = mem_new((size_t)w * sizeof *sums), cells = (uint32_t)(n * n);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++)
            sums[x] = cells / 2;
        for (int row = y * n; row < (y + 1) * n; row++) {
            l_uint32 *line = from + (size_t)row * (size_t)from_wpl;
            for (int x = 0, at = 0; x < w; x++)
                for (int i = 0; i < n; i++, at++)
                    sums[x] += GET_DATA_BYTE(line, at);
        }
        l_uint32 *line = to + (size_t)y * (size_t)pixGetWpl(small);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, (l_uint8)(sums[x] / cells));
    }
    free(sums);
    return small;
}

/* 1-bit: counts of ink. */
static PIX *reduce_bits(PIX *bits, int n) {
    int w = pixGetWidth(bits) / n, h = pixGetHeight(bits) / n, from_wpl = pixGetWpl(bits);
    PIX *small = w >= LEAST_PX && h >= LEAST_PX ? pixCreate(w, h, 8) : NULL;
    if (!small)
        return NULL;
    uint32_t *sums = mem_new((size_t)w * sizeof *sums), cells = (uint32_t)(n * n);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++)
            sums[x] = 0;
        for (int row = y * n; row < (y + 1) * n; row++) {
            l_uint32 *line = pixGetData(bits) + (size_t)row * (size_t)from_wpl;
            for (int x = 0, at = 0; x < w; x++)
                for (int i = 0; i < n; i++, at++)
                    sums[x] += GET_DATA_BIT(line, at);
        }
        l_uint32 *line = pixGetData(small) + (size_t)y * (size_t)pixGetWpl(small);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, (l_uint8)(255 - sums[x] * 255 / cells));
    }
    free(sums);
    return small;
}

struct Pix *page_look(struct Pix *pix, float dpi, float wanted_dpi, float *ret_dpi) {
    int n = dpi > wanted_dpi ? (int)(dpi / wanted_dpi + 0.25f) : 1;
    n = n < 1 ? 1 : n > 60 ? 60 : n;
    *ret_dpi = dpi / (float)n;
    if (pixGetDepth(pix) == 1)
        return reduce_bits(pix, n);
    PIX *grey = pixGetDepth(pix) == 8 && !pixGetColormap(pix) ? pixClone(pix) : pix_grey(pix);
    PIX *small = grey ? reduce_grey(grey, n) : NULL;
    pixDestroy(&grey);
    return small;
}
