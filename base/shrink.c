#include "base/shrink.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <assert.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE = 256 /* the weight of a pixel that lies in the area as a whole */ };

/* Which pixels lie in an area along one direction: the first, the ones after it up to the last, each with its weight. */
struct span {
    int first, last;
    uint32_t first_weight, last_weight, sum;
    float part; /* 1 / sum */
};

/* How many pixels become one. */
static double side_of(float k) {
    double side = 1 / (double)k, whole = round(side);
    return fabs(side - whole) < 1e-4 ? whole : side;
}

static struct span span_of(int at, double side, int most) {
    double from = at * side, to = from + side;
    struct span s = {.first = (int)from, .last = (int)ceil(to) - 1};
    s.first = s.first > most - 1 ? most - 1 : s.first;
    s.last = s.last > most - 1 ? most - 1 : s.last < s.first ? s.first : s.last;
    s.first_weight = s.first == s.last ? WHOLE : (uint32_t)lround((s.first + 1 - from) * WHOLE);
    s.last_weight = s.first == s.last ? 0 : (uint32_t)lround(fmin(1, to - s.last) * WHOLE);
    s.sum = s.first_weight + s.last_weight + (s.last > s.first + 1 ? (uint32_t)(s.last - s.first - 1) * WHOLE : 0);
    s.part = 1 / (float)s.sum;
    return s;
}

/* Room for a row of the picture. Loops over it are plain, so that the compiler makes vectors of them. */
struct rows {
    int count;       /* pixels of a row, with those that fill its last word */
    uint8_t *bytes;  /* as they stand from left to right */
    uint32_t *sums;  /* of rows, in 1/WHOLE grey levels */
    float *means;
};

static void row_take(const l_uint32 *row, struct rows *rows) {
    uint32_t *fours = (uint32_t *)(void *)rows->bytes;
    for (int i = 0; i < rows->count / 4; i++)
        fours[i] = ntohl(row[i]); /* Leptonica keeps the first of four in the highest byte */
}

static void row_add(struct rows *rows, uint16_t weight) {
    for (int x = 0; x < rows->count; x++)
        rows->sums[x] += (uint16_t)(rows->bytes[x] * weight); /* 255 * WHOLE fits */
}

/* Means of the rows of an area. */
static void rows_mean(PIX *grey, const struct span *down, struct rows *rows) {
    int wpl = pixGetWpl(grey);
    float part = 1 / (float)down->sum;
    memset(rows->sums, 0, (size_t)rows->count * sizeof *rows->sums);
    for (int y = down->first; y <= down->last; y++) {
        uint32_t weight = y == down->first ? down->first_weight : y == down->last ? down->last_weight : WHOLE;
        row_take(pixGetData(grey) + (size_t)y * (size_t)wpl, rows);
        row_add(rows, (uint16_t)weight);
    }
    for (int x = 0; x < rows->count; x++)
        rows->means[x] = (float)(int32_t)rows->sums[x] * part;
}

static l_uint8 mean_across(const float *means, const struct span *s) {
    float sum = means[s->first] * (float)s->first_weight + means[s->last] * (float)s->last_weight;
    for (int x = s->first + 1; x < s->last; x++)
        sum += means[x] * WHOLE;
    return (l_uint8)(sum * s->part + 0.5f);
}

struct Pix *shrink_grey(struct Pix *grey, float kx, float ky) {
    assert(pixGetDepth(grey) == 8 && kx > 0 && kx <= 1 && ky > 0 && ky <= 1);
    int fromw = pixGetWidth(grey), fromh = pixGetHeight(grey), w = (int)((float)fromw * kx + 0.001f), h = (int)((float)fromh * ky + 0.001f);
    PIX *small = w > 0 && h > 0 ? pixCreate(w, h, 8) : NULL;
    if (!small)
        return NULL;
    size_t count = (size_t)pixGetWpl(grey) * 4;
    struct rows rows = {(int)count, mem_new(count), mem_new(count * sizeof(uint32_t)), mem_new(count * sizeof(float))};
    struct span *across = mem_new((size_t)w * sizeof *across);
    for (int x = 0; x < w; x++)
        across[x] = span_of(x, side_of(kx), fromw);
    for (int y = 0; y < h; y++) {
        struct span down = span_of(y, side_of(ky), fromh);
        l_uint32 *line = pixGetData(small) + (size_t)y * (size_t)pixGetWpl(small);
        rows_mean(grey, &down, &rows);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, mean_across(rows.means, &across[x]));
    }
    free(rows.bytes);
    free(rows.sums);
    free(rows.means);
    free(across);
    return small;
}
