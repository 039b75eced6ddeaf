#include "ocr/flatten.h"

#include "base/mem.h"
#include "base/order.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>

#define NOISE_SOME 0.05f /* of the paper's brightness: below it is left, it would cost small letters more */
#define NOISE_MUCH 0.09f

/* A point of the flat picture in 1/256 pixels of the shown one. */
struct spot {
    int x, y;
};

static struct spot spot_of(const float *m, float x, float y) {
    float z = m[6] * x + m[7] * y + m[8];
    float k = z > 1e-6f ? 256 / z : 0;
    float sx = (m[0] * x + m[1] * y + m[2]) * k, sy = (m[3] * x + m[4] * y + m[5]) * k;
    return (struct spot){(int)fmaxf(-1e6f, fminf(1e8f, sx)), (int)fmaxf(-1e6f, fminf(1e8f, sy))};
}

/* Weights, in 1/64, of the pixels before, at, after and two after a place between two pixels (in 1/32 of a
 * pixel): cubic convolution with a = -1/2 (Keys 1981). Small letters lose their shape in bilinear
 * interpolation. */
struct cubic {
    int16_t weight[32][4];
};

static void cubic_make(struct cubic *cubic) {
    for (int i = 0; i < 32; i++) {
        float t = (float)i / 32, u = 1 - t;
        float outer[2] = {-0.5f * t * u * u, -0.5f * t * t * u};
        int16_t *w = cubic->weight[i];
        w[0] = (int16_t)lroundf(64 * outer[0]);
        w[3] = (int16_t)lroundf(64 * outer[1]);
        w[2] = (int16_t)lroundf(64 * t * (0.5f + 2 * t - 1.5f * t * t));
        w[1] = (int16_t)(64 - w[0] - w[2] - w[3]);
    }
}

static uint8_t grey_at(const struct cubic *cubic, const l_uint32 *data, int wpl, struct spot at) {
    const l_uint32 *row = data + (size_t)((at.y >> 8) - 1) * (size_t)wpl;
    const int16_t *wx = cubic->weight[(at.x & 255) >> 3], *wy = cubic->weight[(at.y & 255) >> 3];
    int x = (at.x >> 8) - 1, sum = 0;
    for (int j = 0; j < 4; j++, row += wpl)
        sum += wy[j] * (wx[0] * GET_DATA_BYTE(row, x) + wx[1] * GET_DATA_BYTE(row, x + 1) +
                        wx[2] * GET_DATA_BYTE(row, x + 2) + wx[3] * GET_DATA_BYTE(row, x + 3));
    sum = (sum + 2048) >> 12;
    return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

static void flatten_row(PIX *grey, const struct cubic *cubic, const struct photo_page *page, int y,
                        l_uint32 *to) {
    const l_uint32 *data = pixGetData(grey);
    int wpl = pixGetWpl(grey), right = (pixGetWidth(grey) - 2) << 8, bottom = (pixGetHeight(grey) - 2) << 8;
    for (int x = 0; x < page->width_px; x++) {
        struct spot at = spot_of(page->to_shown, (float)x, (float)y);
        bool inside = at.x >= 256 && at.y >= 256 && at.x < right && at.y < bottom;
        SET_DATA_BYTE(to, x, inside ? grey_at(cubic, data, wpl, at) : page->paper);
    }
}

/* ---- poor light
 * ------------------------------------------------------------------------------------------------- */

/* The standard deviation of a picture's noise in grey levels, by the median second difference along rows:
 * letters are the smaller part of a page (as Immerkaer 1996, with a median for the mean). */
static float noise_of(PIX *grey) {
    enum { SAMPLES = 20000 };
    int w = pixGetWidth(grey), h = pixGetHeight(grey), count = 0;
    int *bends = mem_new(SAMPLES * sizeof *bends);
    const l_uint32 *data = pixGetData(grey);
    for (unsigned at = 1; count < SAMPLES; count++) {
        at = at * 1664525 + 1013904223;
        int x = 1 + (int)((at >> 8) % (unsigned)(w - 2)), y = (int)((at >> 8) / 4099 % (unsigned)h);
        const l_uint32 *row = data + (size_t)y * (size_t)pixGetWpl(grey);
        bends[count] = abs((int)GET_DATA_BYTE(row, x - 1) - 2 * (int)GET_DATA_BYTE(row, x) +
                           (int)GET_DATA_BYTE(row, x + 1));
    }
    qsort(bends, (size_t)count, sizeof *bends, order_int);
    float median = (float)bends[count / 2];
    mem_free(&bends);
    return median / (0.6745f * 2.4495f);
}

/* The grains of a picture taken in poor light are smaller than letters but as dark. Takes grey. */
static PIX *without_grains(PIX *grey, uint8_t paper) {
    float noise = noise_of(grey) / fmaxf(1, (float)paper);
    int times = noise > NOISE_MUCH ? 4 : noise > NOISE_SOME ? 2 : 0;
    for (int i = 0; i < times; i++) {
        PIX *smooth = pixBlockconvGray(grey, NULL, 1, 1);
        if (!smooth)
            break;
        pixDestroy(&grey);
        grey = smooth;
    }
    return grey;
}

struct Pix *flatten_make(struct Pix *pix, const struct photo_page *page) {
    PIX *grey = pix_grey(pix);
    PIX *flat = grey ? pixCreate(page->width_px, page->height_px, 8) : NULL;
    struct cubic cubic;
    cubic_make(&cubic);
    for (int y = 0; flat && y < page->height_px; y++)
        flatten_row(grey, &cubic, page, y, pixGetData(flat) + (size_t)y * (size_t)pixGetWpl(flat));
    pixDestroy(&grey);
    return flat ? without_grains(flat, page->paper) : NULL;
}

struct box flatten_back(const struct photo_page *page, struct box flat) {
    const float *m = page->to_shown;
    struct box box = {(float)page->shown_w_px, (float)page->shown_h_px, 0, 0};
    for (int i = 0; i < 4; i++) {
        float x = i & 1 ? flat.x1 : flat.x0, y = i & 2 ? flat.y1 : flat.y0;
        float z = fmaxf(1e-6f, m[6] * x + m[7] * y + m[8]);
        float sx = (m[0] * x + m[1] * y + m[2]) / z, sy = (m[3] * x + m[4] * y + m[5]) / z;
        box.x0 = fminf(box.x0, sx);
        box.y0 = fminf(box.y0, sy);
        box.x1 = fmaxf(box.x1, sx);
        box.y1 = fmaxf(box.y1, sy);
    }
    box.x0 = fmaxf(box.x0, 0);
    box.y0 = fmaxf(box.y0, 0);
    box.x1 = fmaxf(box.x0, fminf(box.x1, (float)page->shown_w_px));
    box.y1 = fmaxf(box.y0, fminf(box.y1, (float)page->shown_h_px));
    return box;
}
