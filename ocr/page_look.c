#include "ocr/page_look.h"

#include "base/mem.h"
#include "base/pix.h"
#include "base/shrink.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PX = 32, SIDE_MOST = 60 };

static PIX *reduce_grey(PIX *grey, int n) {
    return pixGetWidth(grey) / n >= LEAST_PX && pixGetHeight(grey) / n >= LEAST_PX ? shrink_grey(grey, 1 / (float)n, 1 / (float)n) : NULL;
}

/* 1-bit: counts of ink. */
static PIX *reduce_bits(PIX *bits, int n) {
    int w = pixGetWidth(bits) / n, h = pixGetHeight(bits) / n, wpl = pixGetWpl(bits);
    PIX *small = w >= LEAST_PX && h >= LEAST_PX ? pixCreate(w, h, 8) : NULL;
    if (!small)
        return NULL;
    uint32_t *sums = mem_new((size_t)w * sizeof *sums), cells = (uint32_t)(n * n);
    for (int y = 0; y < h; y++) {
        memset(sums, 0, (size_t)w * sizeof *sums);
        for (int row = y * n; row < (y + 1) * n; row++)
            pix_row_sums(pixGetData(bits) + (size_t)row * (size_t)wpl, n, w, sums);
        l_uint32 *line = pixGetData(small) + (size_t)y * (size_t)pixGetWpl(small);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, (l_uint8)(255 - sums[x] * 255 / cells));
    }
    free(sums);
    return small;
}

struct Pix *page_look(struct Pix *pix, float dpi, float wanted_dpi, float *ret_dpi) {
    int n = dpi > wanted_dpi ? (int)(dpi / wanted_dpi + 0.25f) : 1;
    n = n < 1 ? 1 : n > SIDE_MOST ? SIDE_MOST : n;
    *ret_dpi = dpi / (float)n;
    if (pixGetDepth(pix) == 1)
        return reduce_bits(pix, n);
    PIX *grey = pixGetDepth(pix) == 8 && !pixGetColormap(pix) ? pixClone(pix) : pix_grey(pix);
    PIX *small = grey ? reduce_grey(grey, n) : NULL;
    pixDestroy(&grey);
    return small;
}
