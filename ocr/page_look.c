#include "ocr/page_look.h"

#include "base/mem.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PX = 32, SIDE_MOST = 60 /* 60 * 255 fits into 16 bits */ };

/* Two pixels in each of these, as sums of up to SIDE_MOST rows: the first and third of a word of four, and the second and fourth. */
struct lanes {
    uint32_t odd, even;
};

static void lanes_add(struct lanes *lanes, const l_uint32 *line, int words) {
    for (int i = 0; i < words; i++) {
        lanes[i].odd += line[i] >> 8 & 0x00FF00FF;
        lanes[i].even += line[i] & 0x00FF00FF;
    }
}

static uint32_t lanes_sum(const struct lanes *lanes, int from, int to) {
    uint32_t sum = 0;
    for (int x = from; x < to; x++) {
        const struct lanes *l = &lanes[x / 4];
        sum += (x & 1 ? l->even : l->odd) >> (x & 2 ? 0 : 16) & 0xFFFF;
    }
    return sum;
}

/* Means of squares of n pixels: a tenth of the time that pixScaleAreaMap takes. */
static PIX *reduce_grey(PIX *grey, int n) {
    int w = pixGetWidth(grey) / n, h = pixGetHeight(grey) / n, wpl = pixGetWpl(grey);
    PIX *small = w >= LEAST_PX && h >= LEAST_PX ? pixCreate(w, h, 8) : NULL;
    if (!small)
        return NULL;
    struct lanes *lanes = mem_new((size_t)wpl * sizeof *lanes);
    uint32_t cells = (uint32_t)(n * n);
    for (int y = 0; y < h; y++) {
        memset(lanes, 0, (size_t)wpl * sizeof *lanes);
        for (int row = y * n; row < (y + 1) * n; row++)
            lanes_add(lanes, pixGetData(grey) + (size_t)row * (size_t)wpl, wpl);
        l_uint32 *line = pixGetData(small) + (size_t)y * (size_t)pixGetWpl(small);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, (l_uint8)((lanes_sum(lanes, x * n, (x + 1) * n) + cells / 2) / cells));
    }
    free(lanes);
    return small;
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
