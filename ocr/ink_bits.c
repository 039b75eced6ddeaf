#include "ocr/ink_bits.h"

#include "base/err.h"
#include "base/mem.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MOST 1000000u /* noise */
#define PLACE_MOST 1e6       /* pixels; also of what is no number */

static int pixel_of(double at) {
    return (int)fmax(-PLACE_MOST, fmin(PLACE_MOST, at));
}

struct pixel_box pixel_box_of(const double box_pt[4], float dpi) {
    double k = dpi / 72;
    return (struct pixel_box){pixel_of(floor(box_pt[0] * k)), pixel_of(floor(box_pt[1] * k)), pixel_of(ceil(box_pt[2] * k)),
                              pixel_of(ceil(box_pt[3] * k))};
}

int pixel_box_cut(const struct Pix *pix, struct pixel_box *box) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    box->x0 = box->x0 < 0 ? 0 : box->x0;
    box->y0 = box->y0 < 0 ? 0 : box->y0;
    box->x1 = box->x1 > w ? w : box->x1;
    box->y1 = box->y1 > h ? h : box->y1;
    return box->x1 > box->x0 && box->y1 > box->y0;
}

static const l_uint32 *row_of(struct Pix *pix, int y) {
    return pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
}

/* The pixels from x0 (to x1, outside) that lie in the word at; the leftmost pixel is the highest bit. */
static l_uint32 word_mask(int at, int x0, int x1) {
    int from = x0 - at * 32, to = x1 - at * 32;
    l_uint32 mask = from > 0 ? ~0u >> from : ~0u;
    return to < 32 ? mask & ~(~0u >> to) : mask;
}

static int row_count(const l_uint32 *row, int x0, int x1) {
    int count = 0;
    for (int at = x0 / 32; at * 32 < x1; at++)
        if (row[at])
            count += __builtin_popcount(row[at] & word_mask(at, x0, x1));
    return count;
}

int64_t ink_bits_count(struct Pix *pix, const struct pixel_box *box) {
    int64_t count = 0;
    for (int y = box->y0; y < box->y1; y++)
        count += row_count(row_of(pix, y), box->x0, box->x1);
    return count;
}

/* ---- parts: runs of each row, joined with those of the row above (Rosenfeld and Pfaltz 1966) */

struct run {
    int x0, x1; /* the last outside */
    uint32_t part;
};

struct part {
    uint32_t root; /* itself, or the part that it was joined to */
    struct pixel_box box;
    struct ink_sums sums;
};

struct parts {
    struct part *list;
    size_t count, room;
};

static uint32_t part_root(struct parts *parts, uint32_t at) {
    while (parts->list[at].root != at) {
        parts->list[at].root = parts->list[parts->list[at].root].root;
        at = parts->list[at].root;
    }
    return at;
}

static uint32_t part_new(struct parts *parts) {
    if (parts->count == parts->room) {
        parts->room = parts->room ? parts->room * 2 : 4096;
        parts->list = mem_grow(parts->list, parts->room, sizeof *parts->list);
    }
    uint32_t at = (uint32_t)parts->count++;
    parts->list[at] = (struct part){.root = at, .box = {INT32_MAX, INT32_MAX, 0, 0}};
    return at;
}

static void box_join(struct pixel_box *box, const struct pixel_box *more) {
    box->x0 = more->x0 < box->x0 ? more->x0 : box->x0;
    box->y0 = more->y0 < box->y0 ? more->y0 : box->y0;
    box->x1 = more->x1 > box->x1 ? more->x1 : box->x1;
    box->y1 = more->y1 > box->y1 ? more->y1 : box->y1;
}

/* Joins two roots; returns the one that is left. */
static uint32_t part_join(struct parts *parts, uint32_t a, uint32_t b) {
    if (a == b)
        return a;
    struct part *to = &parts->list[a < b ? a : b], *from = &parts->list[a < b ? b : a];
    from->root = a < b ? a : b;
    box_join(&to->box, &from->box);
    to->sums.all += from->sums.all;
    to->sums.left += from->sums.left;
    return from->root;
}

/* The first pixel from x on that is ink (or paper), or end. */
static int row_next(const l_uint32 *row, int x, int end, l_uint32 paper) {
    for (int at = x / 32; at * 32 < end; at++) {
        l_uint32 word = (row[at] ^ paper) & (at == x / 32 ? ~0u >> x % 32 : ~0u);
        if (word) {
            int found = at * 32 + __builtin_clz(word);
            return found < end ? found : end;
        }
    }
    return end;
}

static int row_runs(const l_uint32 *row, int width, struct run *runs) {
    int count = 0;
    for (int x = row_next(row, 0, width, 0); x < width; count++) {
        int end = row_next(row, x, width, ~0u);
        runs[count] = (struct run){.x0 = x, .x1 = end};
        x = row_next(row, end, width, 0);
    }
    return count;
}

/* Gives each run of a row its part: that of the runs above that it touches, or a new one. */
static void runs_take(struct parts *parts, const struct run *above, int above_count, struct run *runs, int count) {
    for (int i = 0, first = 0; i < count; i++) {
        uint32_t part = UINT32_MAX;
        while (first < above_count && above[first].x1 < runs[i].x0)
            first++;
        for (int j = first; j < above_count && above[j].x0 <= runs[i].x1; j++) {
            uint32_t root = part_root(parts, above[j].part);
            part = part == UINT32_MAX ? root : part_join(parts, part, root);
        }
        runs[i].part = part == UINT32_MAX ? part_new(parts) : part;
    }
}

static void runs_count(struct parts *parts, const struct run *runs, int count, const l_uint32 *left, int y) {
    for (int i = 0; i < count; i++) {
        struct part *part = &parts->list[part_root(parts, runs[i].part)];
        struct pixel_box box = {runs[i].x0, y, runs[i].x1, y + 1};
        box_join(&part->box, &box);
        part->sums.all += runs[i].x1 - runs[i].x0;
        part->sums.left += row_count(left, runs[i].x0, runs[i].x1);
    }
}

static void parts_sum(const struct parts *parts, const struct ink_sizes *sizes, struct ink_sums *ret) {
    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->list[i];
        int w = part->box.x1 - part->box.x0, h = part->box.y1 - part->box.y0;
        if (part->root != i || w > sizes->most_px || h > sizes->most_px || (w < sizes->least_px && h < sizes->least_px))
            continue;
        ret->all += part->sums.all;
        ret->left += part->sums.left;
    }
}

int ink_bits_by_size(struct Pix *ink, struct Pix *left, const struct ink_sizes *sizes, struct ink_sums *ret) {
    int w = pixGetWidth(ink), h = pixGetHeight(ink), above_count = 0;
    struct run *above = mem_new(((size_t)w / 2 + 1) * sizeof *above), *runs = mem_new(((size_t)w / 2 + 1) * sizeof *runs);
    struct parts parts = {0};
    *ret = (struct ink_sums){0};
    for (int y = 0; y < h && parts.count <= PARTS_MOST; y++) {
        int count = row_runs(row_of(ink, y), w, runs);
        runs_take(&parts, above, above_count, runs, count);
        runs_count(&parts, runs, count, row_of(left, y), y);
        struct run *now = runs;
        runs = above;
        above = now;
        above_count = count;
    }
    int err = parts.count > PARTS_MOST ? ERR_TOO_LARGE : 0;
    if (!err)
        parts_sum(&parts, sizes, ret);
    free(parts.list);
    free(above);
    free(runs);
    return err;
}
