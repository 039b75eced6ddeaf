/* What is measured here (invented sets, two scans of each sheet, one of them bilevel): plain pHash of the whole page puts pages of one
 * form nearer together than two scans of one page. So the ink is straightened and its box cut out (which takes shift, skew and
 * resolution away), and more is kept of how ink lies down the page (where paragraphs, headings and gaps are) than across it. Even so
 * full pages of text look alike: the hash alone proves nothing of them, only of photographs and drawings. */
#include "ocr/picture_hash.h"

#include "base/mem.h"
#include "base/order.h"
#include "ocr/page_look.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRID = 64,           /* cells each way, over the box of the ink */
    ACROSS = 3,          /* cosine waves that are kept: so many across, so many down, without the mean */
    DOWN = 22,
    BITS = 64,
    PAPER = 200,         /* what the background is made */
    INK_FROM = 180,      /* darker is ink */
    INK_MOST = 90,       /* a black stamp weighs no more than a letter */
    EDGE_X_PERCENT = 3,  /* of the page: shadows of the lid */
    EDGE_Y_PERCENT = 2,
    PARTS_A_SIDE = 100,  /* one part in so many of the ink may lie outside of each side of its box */
};
#define LOOK_DPI 50.0f
#define LEAN_LEAST_DEG 0.15f
#define LEAN_MOST_DEG 4.0f
#define LEAN_TRUST 2.0f
#define INK_LEAST 0.00002 /* of all there could be: less is nothing */

/* Ink as 0 (paper) to INK_MOST, without the page's edges. */
static PIX *ink_of(PIX *look) {
    PIX *even = pixBackgroundNorm(look, NULL, NULL, 10, 10, 60, 20, PAPER, 2, 2);
    if (!even)
        even = pixCopy(NULL, look);
    if (!even)
        return NULL;
    int w = pixGetWidth(even), h = pixGetHeight(even), mx = w * EDGE_X_PERCENT / 100, my = h * EDGE_Y_PERCENT / 100;
    for (int y = 0; y < h; y++) {
        l_uint32 *line = pixGetData(even) + (size_t)y * (size_t)pixGetWpl(even);
        for (int x = 0; x < w; x++) {
            int ink = INK_FROM - (int)GET_DATA_BYTE(line, x);
            if (x < mx || x >= w - mx || y < my || y >= h - my || ink < 0)
                ink = 0;
            SET_DATA_BYTE(line, x, (l_uint8)(ink > INK_MOST ? INK_MOST : ink));
        }
    }
    return even;
}

/* Takes the ink and gives it back straight. */
static PIX *ink_straight(PIX *ink) {
    l_float32 lean = 0, trust = 0;
    PIX *bits = pixThresholdToBinary(ink, INK_MOST / 3);
    if (bits)
        pixInvert(bits, bits); /* ink is the brighter one here */
    int found = bits && pixFindSkewSweepAndSearch(bits, &lean, &trust, 1, 1, LEAN_MOST_DEG, 0.5f, 0.1f) == 0;
    pixDestroy(&bits);
    if (!found || trust < LEAN_TRUST || fabsf(lean) < LEAN_LEAST_DEG)
        return ink;
    PIX *straight = pixRotateAMGray(ink, lean * (float)M_PI / 180, 0);
    if (!straight)
        return ink;
    pixDestroy(&ink);
    return straight;
}

struct ink_box {
    int x0, y0, x1, y1; /* the last ones outside */
};

/* Where a row of sums begins and ends when so much of it is left out on both sides. */
static void sums_ends(const uint64_t *sums, int count, uint64_t all, int *ret_from, int *ret_to) {
    uint64_t out = all / PARTS_A_SIDE, sum = 0;
    int from = 0, to = count;
    while (from < count && (sum += sums[from]) < out)
        from++;
    for (sum = 0; to > from + 1 && (sum += sums[to - 1]) < out;)
        to--;
    *ret_from = from;
    *ret_to = to;
}

static int ink_find_box(PIX *ink, struct ink_box *ret) {
    int w = pixGetWidth(ink), h = pixGetHeight(ink);
    uint64_t *columns = mem_new((size_t)w * sizeof *columns), *rows = mem_new((size_t)h * sizeof *rows), all = 0;
    for (int y = 0; y < h; y++) {
        l_uint32 *line = pixGetData(ink) + (size_t)y * (size_t)pixGetWpl(ink);
        for (int x = 0; x < w; x++) {
            uint64_t value = GET_DATA_BYTE(line, x);
            columns[x] += value;
            rows[y] += value;
            all += value;
        }
    }
    int found = (double)all > INK_LEAST * INK_MOST * w * h;
    sums_ends(columns, w, all, &ret->x0, &ret->x1);
    sums_ends(rows, h, all, &ret->y0, &ret->y1);
    free(columns);
    free(rows);
    return found && ret->x1 > ret->x0 && ret->y1 > ret->y0;
}

/* Mean ink of each cell. A box smaller than the grid leaves cells empty, the same ones each time. */
static void ink_to_grid(PIX *ink, const struct ink_box *box, float grid[GRID][GRID]) {
    int counts[GRID][GRID] = {0};
    memset(grid, 0, sizeof(float) * GRID * GRID);
    for (int y = box->y0; y < box->y1; y++) {
        l_uint32 *line = pixGetData(ink) + (size_t)y * (size_t)pixGetWpl(ink);
        int gy = (y - box->y0) * GRID / (box->y1 - box->y0);
        for (int x = box->x0; x < box->x1; x++) {
            int gx = (x - box->x0) * GRID / (box->x1 - box->x0);
            grid[gy][gx] += (float)GET_DATA_BYTE(line, x);
            counts[gy][gx]++;
        }
    }
    for (int i = 0; i < GRID * GRID; i++)
        if (counts[i / GRID][i % GRID])
            grid[i / GRID][i % GRID] /= (float)counts[i / GRID][i % GRID];
}

static void grid_waves(float grid[GRID][GRID], float waves[BITS]) {
    float wave[DOWN][GRID], across[GRID][ACROSS];
    int n = 0;
    for (int k = 0; k < DOWN; k++)
        for (int i = 0; i < GRID; i++)
            wave[k][i] = cosf((float)M_PI * ((float)i + 0.5f) * (float)k / GRID);
    for (int y = 0; y < GRID; y++)
        for (int k = 0; k < ACROSS; k++) {
            across[y][k] = 0;
            for (int x = 0; x < GRID; x++)
                across[y][k] += grid[y][x] * wave[k][x];
        }
    for (int down = 0; down < DOWN; down++)
        for (int k = 0; k < ACROSS; k++) {
            if (n == BITS || (!down && !k))
                continue;
            waves[n] = 0;
            for (int y = 0; y < GRID; y++)
                waves[n] += across[y][k] * wave[down][y];
            n++;
        }
}

uint64_t picture_hash(struct Pix *pix, float dpi) {
    float look_dpi, grid[GRID][GRID], waves[BITS], sorted[BITS];
    struct ink_box box;
    uint64_t hash = 0;
    PIX *look = page_look(pix, dpi, LOOK_DPI, &look_dpi), *ink = look ? ink_of(look) : NULL;
    pixDestroy(&look);
    if (ink)
        ink = ink_straight(ink);
    if (ink && ink_find_box(ink, &box)) {
        ink_to_grid(ink, &box, grid);
        grid_waves(grid, waves);
        memcpy(sorted, waves, sizeof sorted);
        qsort(sorted, BITS, sizeof *sorted, order_float);
        for (int i = 0; i < BITS; i++)
            hash |= (uint64_t)(waves[i] > sorted[BITS / 2]) << i;
    }
    pixDestroy(&ink);
    return hash;
}

int picture_hash_distance(uint64_t a, uint64_t b) {
    return __builtin_popcountll(a ^ b);
}
