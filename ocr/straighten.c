#include "ocr/straighten.h"

#include <leptonica/allheaders.h>
#include <math.h>

#define RADIANS(deg) ((deg)*0.017453293f)
#define LEAN_MOST_DEG 7.0f   /* what is looked for */
#define LEAN_CONFIDENCE 2.0f /* Leptonica's ratio of the best to the worst sum of differences of rows */
#define STANDS_CONFIDENCE 3.0f

struct lines {
    float lean_deg, confidence;
};

/* The lean of horizontal lines. Leptonica gives the clockwise turn that takes it out. */
static struct lines lines_find(PIX *pix) {
    struct lines lines = {0};
    l_float32 angle = 0, confidence = 0;
    if (pixFindSkewSweepAndSearch(pix, &angle, &confidence, 2, 1, LEAN_MOST_DEG, 1.0f, 0.01f) == 0) {
        lines.lean_deg = -angle;
        lines.confidence = confidence;
    }
    return lines;
}

float stance_lean(struct Pix *small, uint16_t turn) {
    PIX *turned = pixRotateOrth(small, turn / 90);
    struct lines lines = turned ? lines_find(turned) : (struct lines){0};
    pixDestroy(&turned);
    return lines.confidence >= LEAN_CONFIDENCE ? lines.lean_deg : 0;
}

struct stance stance_find(struct Pix *small, bool sideways) {
    struct stance stance = {0};
    PIX *lying = pixRotateOrth(small, sideways ? 1 : 0);
    struct lines best = lying ? lines_find(lying) : (struct lines){0};
    PIX *straight =
        lying ? pixRotate(lying, RADIANS(-best.lean_deg), L_ROTATE_SHEAR, L_BRING_IN_WHITE, 0, 0) : NULL;
    l_float32 up = 0;
    if (straight)
        pixUpDownDetect(straight, &up, 0, 0, 0);
    stance.turn = (uint16_t)((sideways ? 90 : 0) + (up <= -STANDS_CONFIDENCE ? 180 : 0));
    stance.sure = fabsf(up) >= STANDS_CONFIDENCE && best.confidence >= LEAN_CONFIDENCE;
    stance.lean_deg = best.confidence >= LEAN_CONFIDENCE ? best.lean_deg : 0;
    pixDestroy(&straight);
    pixDestroy(&lying);
    return stance;
}

int stance_border(float lean_deg, int width_px, int height_px) {
    int side = width_px > height_px ? width_px : height_px;
    return (int)ceilf((float)side / 2 * fabsf(sinf(RADIANS(lean_deg))));
}

struct point {
    float x, y;
};

/* A point of the straight picture, seen from its middle, as fractions of the page as shown. */
static struct point point_back(const struct way_back *way, struct point p) {
    float c = cosf(RADIANS(way->stance.lean_deg)), s = sinf(RADIANS(way->stance.lean_deg));
    struct point leaning = {p.x * c - p.y * s, p.x * s + p.y * c};
    struct point shown = leaning;
    if (way->stance.turn == 90) /* clockwise: the shown top is the upright right */
        shown = (struct point){leaning.y, -leaning.x};
    else if (way->stance.turn == 180)
        shown = (struct point){-leaning.x, -leaning.y};
    else if (way->stance.turn == 270)
        shown = (struct point){-leaning.y, leaning.x};
    return (struct point){shown.x / way->width_px + 0.5f, shown.y / way->height_px + 0.5f};
}

struct box way_back_box(const struct way_back *way, struct box pixels) {
    bool sideways = way->stance.turn % 180 != 0;
    float middle_x = (sideways ? way->height_px : way->width_px) / 2 + way->border_px;
    float middle_y = (sideways ? way->width_px : way->height_px) / 2 + way->border_px;
    struct box box = {way->width_pt, way->height_pt, 0, 0};
    for (int i = 0; i < 4; i++) {
        struct point corner = {(i & 1 ? pixels.x1 : pixels.x0) - middle_x,
                               (i & 2 ? pixels.y1 : pixels.y0) - middle_y};
        struct point p = point_back(way, corner);
        box.x0 = fminf(box.x0, p.x * way->width_pt);
        box.y0 = fminf(box.y0, p.y * way->height_pt);
        box.x1 = fmaxf(box.x1, p.x * way->width_pt);
        box.y1 = fmaxf(box.y1, p.y * way->height_pt);
    }
    box.x0 = fmaxf(box.x0, 0);
    box.y0 = fmaxf(box.y0, 0);
    box.x1 = fmaxf(box.x0, fminf(box.x1, way->width_pt));
    box.y1 = fmaxf(box.y0, fminf(box.y1, way->height_pt));
    return box;
}
