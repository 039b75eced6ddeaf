#include "ocr/ink_rows.h"

#include "base/mem.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define INK_LEAST 0.2f /* by so much of the paper's brightness ink is darker */
#define INK_OF_NOISE 3 /* and by so much more than the picture's noise */
enum {
    PAPER_LEAST = 40, /* grey level: what is darker is no paper */
    DOTS_MOST = 16000,
    DOTS_COARSE = 1500,
    COARSE_PX = 3,
    BINS_MOST = 8192,
};

void ink_drop(struct ink *ink) {
    mem_free(&ink->dots);
    ink->count = 0;
}

/* By what part of the paper's brightness the median pixel of the paper is darker: the noise of a picture
 * taken in poor light. */
static float noise_of(const uint8_t *grey, const uint8_t *paper, size_t all) {
    enum { EVERY = 7, LEVELS = 100 };
    long count[LEVELS + 1] = {0}, sum = 0, half = 0;
    for (size_t i = 0; i < all; i += EVERY)
        if (paper[i] >= PAPER_LEAST && grey[i] <= paper[i])
            count[(paper[i] - grey[i]) * LEVELS / paper[i]]++;
    for (int i = 0; i <= LEVELS; i++)
        sum += count[i];
    int level = 0;
    while (level < LEVELS && (half += count[level]) * 2 < sum)
        level++;
    return (float)level / LEVELS;
}

float ink_least(const uint8_t *grey, const uint8_t *paper, const struct thumb *thumb) {
    float noise = noise_of(grey, paper, (size_t)thumb->width * (size_t)thumb->height);
    return fmaxf(INK_LEAST, INK_OF_NOISE * noise);
}

void ink_find(const uint8_t *grey, const uint8_t *paper, const struct thumb *thumb, struct ink *ret) {
    int w = thumb->width, h = thumb->height;
    size_t all = (size_t)w * (size_t)h, count = 0;
    float ink = 1 - ink_least(grey, paper, thumb);
    *ret = (struct ink){.width = w, .height = h};
    for (size_t i = 0; i < all; i++)
        count += paper[i] >= PAPER_LEAST && (float)grey[i] < ink * (float)paper[i];
    ret->dots = mem_new((DOTS_MOST + 1) * sizeof *ret->dots);
    size_t every = count / DOTS_MOST + 1, seen = 0;
    for (size_t i = 0; i < all; i++)
        if (paper[i] >= PAPER_LEAST && (float)grey[i] < ink * (float)paper[i] && seen++ % every == 0)
            ret->dots[ret->count++] = (struct ink_dot){(float)(i % (size_t)w) - (float)w / 2,
                                                       (float)(i / (size_t)w) - (float)h / 2};
}

void ink_turned(const struct ink *ink, struct ink *ret) {
    *ret = (struct ink){.count = ink->count, .width = ink->height, .height = ink->width};
    ret->dots = mem_new(((size_t)ink->count + 1) * sizeof *ret->dots);
    for (int i = 0; i < ink->count; i++)
        ret->dots[i] = (struct ink_dot){ink->dots[i].y, ink->dots[i].x};
}

static float sharpness_of(const struct ink *ink, struct ink_slant slant, int every, int bin_px) {
    static _Thread_local int rows[BINS_MOST];
    float reach = (float)ink->height / 2 + (float)ink->width / 4;
    int bins = (int)(2 * reach) / bin_px + 1;
    if (bins > BINS_MOST)
        return 0;
    memset(rows, 0, (size_t)bins * sizeof *rows);
    float per_px = 1 / (float)bin_px;
    for (int i = 0; i < ink->count; i += every) {
        struct ink_dot dot = ink->dots[i];
        float row = (dot.y - dot.x * slant.slope) / (1 + dot.x * slant.change) + reach;
        if (row >= 0 && row < 2 * reach)
            rows[(int)(row * per_px)]++;
    }
    double sum = 0;
    for (int i = 1; i < bins; i++) {
        double step = rows[i] - rows[i - 1];
        sum += step * step;
    }
    return (float)sum;
}

float ink_sharpness(const struct ink *ink, struct ink_slant slant) {
    return sharpness_of(ink, slant, 1, 1);
}

/* Steps of which one moves the ink at the picture's edge by one pixel. */
static float slope_step(const struct ink *ink) {
    return 2.0f / (float)ink->width;
}

static float change_step(const struct ink *ink) {
    return 4.0f / ((float)ink->width * (float)ink->height);
}

/* Tries steps of the given size round the best, smaller and smaller. */
static void refine(const struct ink *ink, float step_px, bool change_too, struct ink_slant *best,
                   float *most) {
    for (; step_px >= 0.45f; step_px /= 2)
        for (int round = 0; round < 3; round++) {
            struct ink_slant from = *best;
            for (int i = -1; i <= 1; i++)
                for (int j = change_too ? -1 : 0; j <= (change_too ? 1 : 0); j++) {
                    struct ink_slant slant = {from.slope + (float)i * step_px * slope_step(ink),
                                              from.change + (float)j * step_px * change_step(ink)};
                    float sharpness = i || j ? ink_sharpness(ink, slant) : 0;
                    if (sharpness > *most) {
                        *most = sharpness;
                        *best = slant;
                    }
                }
            if (from.slope == best->slope && from.change == best->change)
                break;
        }
}

struct ink_slant ink_slant_refined(const struct ink *ink, struct ink_slant from, float *sharpness) {
    *sharpness = ink_sharpness(ink, from);
    refine(ink, 4, true, &from, sharpness);
    return from;
}

static struct ink_slant coarse(const struct ink *ink, float slope_most, float change_most) {
    int every = ink->count / DOTS_COARSE + 1;
    float by_slope = 4 * slope_step(ink), by_change = 6 * change_step(ink), most = -1;
    struct ink_slant best = {0};
    for (float slope = 0; slope <= slope_most; slope += by_slope)
        for (float change = 0; change <= change_most; change += by_change)
            for (int sign = 0; sign < 4; sign++) {
                struct ink_slant slant = {sign & 1 ? -slope : slope, sign & 2 ? -change : change};
                if ((sign & 1 && slope == 0) || (sign & 2 && change == 0))
                    continue;
                float sharpness = sharpness_of(ink, slant, every, COARSE_PX);
                if (sharpness > most) {
                    most = sharpness;
                    best = slant;
                }
            }
    return best;
}

struct ink_slant ink_lean(const struct ink *ink, float most, float *sharpness) {
    struct ink_slant best = coarse(ink, most, 0);
    *sharpness = ink_sharpness(ink, best);
    refine(ink, 4, false, &best, sharpness);
    return best;
}

struct ink_slant ink_slant_find(const struct ink *ink, float *sharpness) {
    struct ink_slant best = coarse(ink, 0.45f, 0.5f / (float)ink->height);
    *sharpness = ink_sharpness(ink, best);
    refine(ink, 4, true, &best, sharpness);
    return best;
}
