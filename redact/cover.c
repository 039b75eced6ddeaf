#include "redact/cover.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "redact/cover_boxes.h"
#include "redact/cover_picture.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SKEW_DEG_LEAST 0.05f /* 0.5 pt over a page's height: not worth softening it */
#define INK_LEVEL 150        /* roughly: only to see where neighbours stand */
#define UNEVEN_MOST 0.02f    /* fax: 204 by 98 dots per inch; turning by a small angle needs square pixels */

static void pix_take_place(PIX **old, PIX *new) {
    pixDestroy(old);
    *old = new;
}

/* Square pixels, at the finer of both resolutions. */
static int cover_square(PIX **pix, float width_pt, float height_pt) {
    float x = (float)pixGetWidth(*pix) / width_pt, y = (float)pixGetHeight(*pix) / height_pt;
    if (fabsf(x / y - 1) <= UNEVEN_MOST)
        return 0;
    float scale_x = fmaxf(y / x, 1), scale_y = fmaxf(x / y, 1);
    double pixels = (double)pixGetWidth(*pix) * scale_x * pixGetHeight(*pix) * scale_y;
    if (pixels > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    pix_take_place(pix, pixScale(*pix, scale_x, scale_y));
    return *pix ? 0 : ERR_MEMORY;
}

static int cover_straighten(PIX **pix, float skew_deg) {
    if (fabsf(skew_deg) < SKEW_DEG_LEAST)
        return 0;
    int how = pixGetDepth(*pix) == 1 ? L_ROTATE_SAMPLING : L_ROTATE_AREA_MAP;
    pix_take_place(pix, pixRotate(*pix, -skew_deg * (float)M_PI / 180, how, L_BRING_IN_WHITE, 0, 0));
    return *pix ? 0 : ERR_MEMORY;
}

static void cover_find_boxes(PIX *straight, const struct cover_order *order, struct covered_page *ret) {
    PIX *grey = pixGetDepth(straight) == 1 ? NULL : pix_grey(straight);
    PIX *ink = grey                         ? pixThresholdToBinary(grey, INK_LEVEL)
               : pixGetDepth(straight) == 1 ? pixClone(straight)
                                            : NULL;
    struct boxes boxes = cover_boxes(order, ink, ret->width_pt, ret->height_pt);
    ret->covered = boxes.list;
    ret->covered_count = boxes.count;
    ret->labels = boxes.codes ? mem_new((boxes.count + 1) * sizeof *ret->labels) : NULL;
    for (size_t i = 0; boxes.codes && i < boxes.count; i++)
        memcpy(ret->labels[i].code, boxes.codes[i].text, sizeof ret->labels[i].code);
    free(boxes.codes);
    pixDestroy(&grey);
    pixDestroy(&ink);
}

static int cover_picture(PIX **upright, const struct cover_order *order, struct covered_page *ret,
                         PIX **ret_pix) {
    int err = cover_square(upright, ret->width_pt, ret->height_pt);
    if (!err)
        err = cover_straighten(upright, order->skew_deg);
    if (err)
        return err;
    cover_find_boxes(*upright, order, ret);
    /* White first: nothing of what is covered reaches its surroundings through scaling or evening out. */
    cover_picture_paint(*upright, ret, 0);
    enum covered_format format;
    float dpi = (float)pixGetWidth(*upright) * 72 / ret->width_pt;
    PIX *reduced = cover_picture_reduce(*upright, dpi, &format);
    if (!reduced)
        return ERR_MEMORY;
    err = cover_picture_encode(reduced, format, ret, ret_pix);
    pixDestroy(&reduced);
    return err;
}

int cover_page(const struct cover_order *order, struct covered_page *ret, struct Pix **ret_pix) {
    assert(order->turn % 90 == 0 && order->turn < 360 && order->picture.turn % 90 == 0);
    if (!(order->width_pt > 1 && order->height_pt > 1 && isfinite(order->skew_deg)))
        return ERR_DAMAGED;
    bool lying = order->turn % 180 == 90;
    struct covered_page page = {.width_pt = lying ? order->height_pt : order->width_pt,
                                .height_pt = lying ? order->width_pt : order->height_pt};
    PIX *upright = NULL, *seen = NULL;
    int err =
        pix_decode(order->picture.bytes, (uint16_t)((order->picture.turn + order->turn) % 360), &upright);
    if (!err)
        err = cover_picture(&upright, order, &page, &seen);
    pixDestroy(&upright);
    if (err) {
        covered_page_drop(&page);
        return err;
    }
    *ret = page;
    *ret_pix = seen;
    return 0;
}
