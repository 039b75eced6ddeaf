#include "ocr/thumb.h"

#include "base/mem.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <stdbool.h>
#include <string.h>

static void thumb_room(struct thumb *thumb) {
    for (int i = 0; i < thumb->planes; i++)
        thumb->plane[i] = mem_new((size_t)thumb->width * (size_t)thumb->height);
}

void thumb_drop(struct thumb *thumb) {
    for (int i = 0; i < 3; i++)
        mem_free(&thumb->plane[i]);
}

/* ---- making
 * ---------------------------------------------------------------------------------------------------- */

enum { SAMPLES = 2 }; /* in each direction, of the pixels that become one */

static void sample_colour(const l_uint32 *const rows[SAMPLES], const int at[SAMPLES], struct thumb *ret,
                          size_t to) {
    unsigned sum[3] = {0};
    for (int j = 0; j < SAMPLES; j++)
        for (int i = 0; i < SAMPLES; i++) {
            l_uint32 pixel = rows[j][at[i]];
            sum[0] += pixel >> L_RED_SHIFT & 255;
            sum[1] += pixel >> L_GREEN_SHIFT & 255;
            sum[2] += pixel >> L_BLUE_SHIFT & 255;
        }
    for (int p = 0; p < 3; p++)
        ret->plane[p][to] = (uint8_t)(sum[p] / (SAMPLES * SAMPLES));
}

static void sample_grey(const l_uint32 *const rows[SAMPLES], const int at[SAMPLES], struct thumb *ret,
                        size_t to) {
    unsigned sum = 0;
    for (int j = 0; j < SAMPLES; j++)
        for (int i = 0; i < SAMPLES; i++)
            sum += GET_DATA_BYTE(rows[j], at[i]);
    ret->plane[0][to] = (uint8_t)(sum / (SAMPLES * SAMPLES));
}

void thumb_make(struct Pix *pix, int side_px, struct thumb *ret) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix), depth = pixGetDepth(pix), wpl = pixGetWpl(pix);
    assert(depth == 8 || depth == 32);
    int longer = w > h ? w : h, step = (longer + side_px - 1) / side_px;
    *ret = (struct thumb){
        .width = w / step, .height = h / step, .step = (float)step, .planes = depth == 32 ? 3 : 1};
    thumb_room(ret);
    const l_uint32 *data = pixGetData(pix);
    int first = step / 4, second = step > 1 ? step - 1 - step / 4 : 0;
    size_t to = 0;
    for (int y = 0; y < ret->height; y++) {
        const l_uint32 *rows[SAMPLES] = {data + (size_t)(y * step + first) * (size_t)wpl,
                                         data + (size_t)(y * step + second) * (size_t)wpl};
        for (int x = 0; x < ret->width; x++, to++) {
            int at[SAMPLES] = {x * step + first, x * step + second};
            if (depth == 32)
                sample_colour(rows, at, ret, to);
            else
                sample_grey(rows, at, ret, to);
        }
    }
}

void thumb_halve(const struct thumb *thumb, struct thumb *ret) {
    *ret = (struct thumb){.width = thumb->width / 2,
                          .height = thumb->height / 2,
                          .step = thumb->step * 2,
                          .planes = thumb->planes};
    thumb_room(ret);
    for (int p = 0; p < thumb->planes; p++)
        for (int y = 0; y < ret->height; y++) {
            const uint8_t *a = thumb->plane[p] + (size_t)(2 * y) * (size_t)thumb->width,
                          *b = a + thumb->width;
            uint8_t *to = ret->plane[p] + (size_t)y * (size_t)ret->width;
            for (int x = 0; x < ret->width; x++)
                to[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
        }
}

uint8_t *thumb_grey(const struct thumb *thumb) {
    size_t count = (size_t)thumb->width * (size_t)thumb->height;
    uint8_t *grey = mem_new(count + 1);
    if (thumb->planes == 1)
        memcpy(grey, thumb->plane[0], count);
    else
        for (size_t i = 0; i < count; i++)
            grey[i] =
                (uint8_t)((thumb->plane[0][i] * 3 + thumb->plane[1][i] * 5 + thumb->plane[2][i] * 2) / 10);
    return grey;
}

/* Each pixel becomes the mean of itself and its neighbours in one direction, stride apart. */
static void smooth_line(uint8_t *at, int count, size_t stride) {
    unsigned before = at[0];
    for (int i = 0; i < count; i++) {
        unsigned here = at[(size_t)i * stride], after = i + 1 < count ? at[(size_t)(i + 1) * stride] : here;
        at[(size_t)i * stride] = (uint8_t)((before + here + after + 1) / 3);
        before = here;
    }
}

void thumb_smooth(uint8_t *plane, int width, int height) {
    for (int y = 0; y < height; y++)
        smooth_line(plane + (size_t)y * (size_t)width, width, 1);
    for (int x = 0; x < width; x++)
        smooth_line(plane + x, height, (size_t)width);
}

/* ---- brightest and darkest
 * ------------------------------------------------------------------------------------- */

/* One line of pixels, stride apart: windows of 1, 2, 4, ... pixels, the last two overlapping. line has room
 * for twice count bytes. The ends count as going on for ever. */
static void spread_line(uint8_t *at, int count, size_t stride, int window, bool bright, uint8_t *line) {
    int before = window / 2, all = count + window - 1;
    for (int i = 0; i < all; i++) {
        int from = i - before < 0 ? 0 : i - before >= count ? count - 1 : i - before;
        line[i] = at[(size_t)from * stride];
    }
    for (int size = 1; size < window;) {
        int by = 2 * size <= window ? size : window - size;
        all -= by;
        for (int i = 0; i < all; i++)
            line[i] = (line[i] > line[i + by]) == bright ? line[i] : line[i + by];
        size += by;
    }
    for (int i = 0; i < count; i++)
        at[(size_t)i * stride] = line[i];
}

static void spread(uint8_t *plane, int width, int height, int window, bool bright) {
    uint8_t *line = mem_new((size_t)(width > height ? width : height) + (size_t)window);
    for (int y = 0; y < height; y++)
        spread_line(plane + (size_t)y * (size_t)width, width, 1, window, bright, line);
    for (int x = 0; x < width; x++)
        spread_line(plane + x, height, (size_t)width, window, bright, line);
    mem_free(&line);
}

void thumb_spread_bright(uint8_t *plane, int width, int height, int window_px) {
    spread(plane, width, height, window_px, true);
}

void thumb_spread_dark(uint8_t *plane, int width, int height, int window_px) {
    spread(plane, width, height, window_px, false);
}
