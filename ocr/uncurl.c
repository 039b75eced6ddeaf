#include "ocr/uncurl.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>

enum {
    INK_LEVEL = 160,   /* of normalised greys, paper at 200 */
    SAMPLING_PX = 15,  /* between points of the model */
    LINES_LEAST = 6,
    BEND_LEAST_PX = 4, /* lines that lie less far from straight are straight enough */
};
#define MARGIN 0.02f /* of the picture's height, kept above and below the text */

/* The rows from the first to the last line of text: Leptonica wants lines in all of the picture. */
static BOX *text_rows(PIX *bits) {
    PIX *low = pixSelectBySize(bits, 3, 8, 8, L_SELECT_IF_BOTH, L_SELECT_IF_GTE, NULL);
    NUMA *rows = low ? pixCountPixelsByRow(low, NULL) : NULL;
    int h = pixGetHeight(bits), first = h, last = 0, least = pixGetWidth(bits) / 50, margin = (int)(MARGIN * (float)h);
    for (int y = 0; rows && y < h; y++) {
        l_int32 ink = 0;
        numaGetIValue(rows, y, &ink);
        if (ink > least) {
            first = y < first ? y : first;
            last = y;
        }
    }
    numaDestroy(&rows);
    pixDestroy(&low);
    first = first > margin ? first - margin : 0;
    last = last + margin < h ? last + margin : h - 1;
    return last > first ? boxCreate(0, first, pixGetWidth(bits), last - first + 1) : NULL;
}

static L_DEWARPA *model_make(PIX *bits) {
    L_DEWARPA *model = dewarpaCreate(1, SAMPLING_PX, 1, LINES_LEAST, 50);
    L_DEWARP *page = model ? dewarpCreate(bits, 0) : NULL;
    l_int32 valid = 0, across = 0;
    if (page) {
        dewarpaUseBothArrays(model, 1);
        dewarpaInsertDewarp(model, page);
        dewarpBuildPageModel(page, NULL);
        dewarpaModelStatus(model, 0, &valid, &across);
    }
    if (!valid)
        dewarpaDestroy(&model);
    return model;
}

/* How far the model bends a level line, at three heights. */
static bool model_bends(L_DEWARPA *model, PIX *part) {
    int w = pixGetWidth(part), h = pixGetHeight(part);
    float most = 0;
    for (int row = 1; row <= 3; row++) {
        BOXA *boxes = boxaCreate(3), *moved = NULL;
        for (int i = 1; i <= 3; i++)
            boxaAddBox(boxes, boxCreate(w * i / 4, h * row / 4, 4, 4), L_INSERT);
        l_int32 y[3] = {0};
        if (dewarpaApplyDisparityBoxa(model, 0, part, boxes, 1, 0, 0, &moved, NULL) == 0 && moved)
            for (int i = 0; i < 3; i++)
                boxaGetBoxGeometry(moved, i, NULL, &y[i], NULL, NULL);
        most = fmaxf(most, fabsf((float)y[1] - (float)(y[0] + y[2]) / 2));
        boxaDestroy(&boxes);
        boxaDestroy(&moved);
    }
    return most >= BEND_LEAST_PX;
}

struct Pix *curl_straighten(struct Pix *grey, struct curl *ret) {
    *ret = (struct curl){0};
    PIX *even = pixGetDepth(grey) == 8 ? pixBackgroundNormSimple(grey, NULL, NULL) : NULL;
    PIX *bits = even ? pixThresholdToBinary(even, INK_LEVEL) : NULL, *straight = NULL;
    BOX *rows = bits ? text_rows(bits) : NULL;
    PIX *part = rows ? pixClipRectangle(bits, rows, NULL) : NULL;
    if (part)
        ret->model = model_make(part);
    if (ret->model && model_bends(ret->model, part)) {
        l_int32 top = 0;
        boxGetGeometry(rows, NULL, &top, NULL, NULL);
        ret->top_px = (float)top;
        ret->part = pixClipRectangle(even, rows, NULL);
        if (ret->part && dewarpaApplyDisparity(ret->model, 0, ret->part, 255, 0, 0, &straight, NULL))
            pixDestroy(&straight);
    }
    pixDestroy(&part);
    boxDestroy(&rows);
    pixDestroy(&bits);
    pixDestroy(&even);
    return straight;
}

/* Leptonica looks into the model without asking how large it is. */
static BOX *box_inside(PIX *part, const struct box *b) {
    float right = (float)pixGetWidth(part) - 2, bottom = (float)pixGetHeight(part) - 2;
    int x0 = (int)fmaxf(0, fminf(b->x0, right - 1)), y0 = (int)fmaxf(0, fminf(b->y0, bottom - 1));
    int x1 = (int)fmaxf((float)x0 + 1, fminf(b->x1, right)), y1 = (int)fmaxf((float)y0 + 1, fminf(b->y1, bottom));
    return boxCreate(x0, y0, x1 - x0, y1 - y0);
}

/* All at once: for each call the model is made as large as the picture. */
void curl_back(const struct curl *curl, struct box *boxes, size_t count) {
    BOXA *straight = boxaCreate((int)count + 1), *bent = NULL;
    for (size_t i = 0; i < count; i++)
        boxaAddBox(straight, box_inside(curl->part, &boxes[i]), L_INSERT);
    if (count && dewarpaApplyDisparityBoxa(curl->model, 0, curl->part, straight, 0, 0, 0, &bent, NULL))
        boxaDestroy(&bent);
    for (size_t i = 0; i < count; i++) {
        l_int32 x, y, w, h;
        if (bent && boxaGetBoxGeometry(bent, (int)i, &x, &y, &w, &h) == 0)
            boxes[i] = (struct box){(float)x, (float)y, (float)(x + w), (float)(y + h)};
        boxes[i].y0 += curl->top_px;
        boxes[i].y1 += curl->top_px;
    }
    boxaDestroy(&straight);
    boxaDestroy(&bent);
}

void curl_drop(struct curl *curl) {
    dewarpaDestroy(&curl->model);
    pixDestroy(&curl->part);
}
