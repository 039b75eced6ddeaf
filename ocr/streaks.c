#include "ocr/streaks.h"

#include "base/mem.h"

#include <leptonica/allheaders.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    SIDE_PX = 4,      /* how far beside a streak the paper is looked at */
    FAR_PX = 10,      /* and where it must be no lighter: between the lines of a letter it is */
    LIGHTER_MOST = 12,
    DEEP_LEAST = 8,   /* grey levels by which it is darker than the paper */
    DEEP_MOST = 130,  /* darker ones are rules that somebody printed */
    WIDE_MOST = 5,    /* pixels */
    STEP = 4,         /* every fourth row tells */
    STREAKS_MOST = 40 /* more are no dust */
};
#define UNEVEN_MOST 0.4 /* standard deviation of the depth along a streak, of its mean */
#define LONG_LEAST 0.3f /* of the page's length; a column of letters is never so even */
#define UNBROKEN_LEAST 0.1f /* likewise, as a score that GAP_COST takes down: rows of letters have gaps at each word */
#define GAP_COST 3

/* Lines down the page, or across it: along goes with the streak, over crosses it. */
struct grid {
    l_uint32 *data;
    int wpl, along, over, across;
};

static int grid_value(const struct grid *g, int along, int over) {
    return g->across ? GET_DATA_BYTE(g->data + (size_t)over * (size_t)g->wpl, along)
                     : GET_DATA_BYTE(g->data + (size_t)along * (size_t)g->wpl, over);
}

static void grid_set(const struct grid *g, int along, int over, l_uint8 value) {
    if (g->across)
        SET_DATA_BYTE(g->data + (size_t)over * (size_t)g->wpl, along, value);
    else
        SET_DATA_BYTE(g->data + (size_t)along * (size_t)g->wpl, over, value);
}

struct tally {
    int rows;      /* where it is darker than the paper on both sides */
    long deep;     /* sum of by how much, where it is not as dark as a letter */
    long squares;  /* and of its squares */
    int score, most; /* how long it goes on here; the highest so far */
};

static void tally_count(struct tally *t, int deep) {
    t->rows++;
    t->deep += deep;
    t->squares += (long)deep * deep;
    t->score++;
    if (t->score > t->most)
        t->most = t->score;
}

/* Whether the paper beside a streak is paper: not the grey between blurred letters. */
static bool grid_is_beside_paper(const struct grid *g, int a, int o, int left, int right) {
    return grid_value(g, a, o - FAR_PX) - left <= LIGHTER_MOST && grid_value(g, a, o + FAR_PX) - right <= LIGHTER_MOST;
}

static void grid_tally_at(const struct grid *g, int a, int o, struct tally *tally) {
    int left = grid_value(g, a, o - SIDE_PX), right = grid_value(g, a, o + SIDE_PX);
    int deep = (left < right ? left : right) - grid_value(g, a, o);
    if (deep >= DEEP_LEAST && deep <= DEEP_MOST && grid_is_beside_paper(g, a, o, left, right))
        tally_count(tally, deep);
    else if (tally->score)
        tally->score -= tally->score < GAP_COST ? tally->score : GAP_COST;
}

/* Both ways round along the rows of the picture, as they lie in memory. */
static void grid_tally(const struct grid *g, struct tally *tallies) {
    if (g->across)
        for (int o = FAR_PX; o < g->over - FAR_PX; o++)
            for (int a = 0; a < g->along; a += STEP)
                grid_tally_at(g, a, o, &tallies[o]);
    else
        for (int a = 0; a < g->along; a += STEP)
            for (int o = FAR_PX; o < g->over - FAR_PX; o++)
                grid_tally_at(g, a, o, &tallies[o]);
}

static void streak_fill(const struct grid *g, int from, int to, int deep) {
    for (int a = 0; a < g->along; a++) {
        int left = grid_value(g, a, from - SIDE_PX + 1), right = grid_value(g, a, to + SIDE_PX - 1);
        int paper = left > right ? left : right;
        for (int o = from; o <= to; o++)
            if (grid_value(g, a, o) >= paper - deep)
                grid_set(g, a, o, (l_uint8)paper);
    }
}

/* Dust darkens evenly and without gaps; a line of blurred letters is now dark, now light. */
static bool tally_is_dust(const struct tally *t, float rows) {
    if ((float)t->rows < LONG_LEAST * rows || (float)t->most < UNBROKEN_LEAST * rows)
        return false;
    double mean = (double)t->deep / t->rows, variance = (double)t->squares / t->rows - mean * mean;
    double most = UNEVEN_MOST * mean + 3;
    return variance <= most * most;
}

static int grid_clean(const struct grid *g) {
    struct tally *tallies = mem_new((size_t)(g->over + 1) * sizeof *tallies);
    int from[STREAKS_MOST], to[STREAKS_MOST], deep[STREAKS_MOST], count = 0;
    float rows = (float)(g->along / STEP);
    grid_tally(g, tallies);
    for (int o = SIDE_PX; o < g->over - SIDE_PX && count < STREAKS_MOST; o++) {
        if (!tally_is_dust(&tallies[o], rows))
            continue;
        from[count] = o;
        long sum = 0, n = 0;
        for (; o < g->over - SIDE_PX && (float)tallies[o].rows >= LONG_LEAST / 2 * rows; o++) {
            sum += tallies[o].deep;
            n += tallies[o].rows;
        }
        to[count] = o - 1;
        deep[count] = (int)(sum / (n ? n : 1)) * 2;
        count += o - from[count] <= WIDE_MOST;
    }
    for (int i = 0; i < count && count < STREAKS_MOST; i++)
        streak_fill(g, from[i] - (from[i] > SIDE_PX), to[i] + (to[i] < g->over - SIDE_PX - 1), deep[i] < DEEP_MOST ? deep[i] : DEEP_MOST);
    free(tallies);
    return count < STREAKS_MOST ? count : 0;
}

int streaks_remove(struct Pix *grey) {
    int w = pixGetWidth(grey), h = pixGetHeight(grey);
    if (pixGetDepth(grey) != 8 || w < 100 || h < 100)
        return 0;
    struct grid down = {pixGetData(grey), pixGetWpl(grey), h, w, 0}, across = {pixGetData(grey), pixGetWpl(grey), w, h, 1};
    return grid_clean(&down) + grid_clean(&across);
}
