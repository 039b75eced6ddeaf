#include "redact/cover_boxes.h"

#include "base/mem.h"

#include <leptonica/allheaders.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#define LINE_OVERLAP 0.5f /* of the lower height: two boxes stand on one line */
#define GAP_HEIGHTS 0.8f  /* a space between words is a quarter to a half of the height of a line */
#define GROW_STEPS 10     /* ways to share what the grid asks for between left and right */
#define GROW_LEFT_FIRST 3 /* of 10: rather to the right, where text is ragged */
#define STRAIGHT_DEG_MOST 40.0f

struct frame {
    uint16_t turn;
    float shown_width, shown_height; /* points, as shown */
    float width, height;             /* points, upright */
    float sine, cosine;              /* of the lean that is turned back */
    PIX *ink;                        /* 1-bit, upright and straight; NULL: not known */
};

/* The upright rectangle round a leaning word (w' = w cos + h sin, h' = h cos + w sin) gives the word's own
 * size back. It is never taken for less than half of what it was, whatever rounding made of a thin one. */
static struct box box_straighten(struct box b, const struct frame *frame) {
    float c = frame->cosine, s = fabsf(frame->sine), divisor = c * c - s * s;
    float outer_w = b.x1 - b.x0, outer_h = b.y1 - b.y0;
    float w = fmaxf((outer_w * c - outer_h * s) / divisor, outer_w / 2);
    float h = fmaxf((outer_h * c - outer_w * s) / divisor, outer_h / 2);
    float x = (b.x0 + b.x1) / 2 - frame->width / 2, y = (b.y0 + b.y1) / 2 - frame->height / 2;
    float mid_x = frame->width / 2 + x * c + y * frame->sine;
    float mid_y = frame->height / 2 - x * frame->sine + y * c;
    return (struct box){mid_x - w / 2, mid_y - h / 2, mid_x + w / 2, mid_y + h / 2};
}

static bool boxes_touch(struct box a, struct box b) {
    float low = fminf(a.y1 - a.y0, b.y1 - b.y0);
    float overlap = fminf(a.y1, b.y1) - fmaxf(a.y0, b.y0);
    float gap = fmaxf(a.x0, b.x0) - fminf(a.x1, b.x1);
    return overlap > LINE_OVERLAP * low && gap < GAP_HEIGHTS * fmaxf(low, 5.0f);
}

/* Joins until nothing touches any more; true when something was joined. */
static bool boxes_join(struct boxes *boxes) {
    size_t before = boxes->count;
    for (size_t i = 0; i < boxes->count; i++)
        for (size_t j = i + 1; j < boxes->count;) {
            if (!boxes_touch(boxes->list[i], boxes->list[j])) {
                j++;
                continue;
            }
            boxes->list[i] = box_join(boxes->list[i], boxes->list[j]);
            boxes->list[j] = boxes->list[--boxes->count];
            j = i + 1; /* the larger box may touch one that was passed */
        }
    return boxes->count != before;
}

/* Shifts the span into 0..limit without changing its length where that is possible. */
static void span_fit(float *from, float *to, float limit) {
    float shift = *from < 0 ? -*from : *to > limit ? limit - *to : 0;
    *from = fmaxf(*from + shift, 0);
    *to = fminf(*to + shift, limit);
}

static long frame_ink(const struct frame *frame, float x0, float y0, float x1, float y1) {
    float sx = (float)pixGetWidth(frame->ink) / frame->width,
          sy = (float)pixGetHeight(frame->ink) / frame->height;
    BOX *box = boxCreateValid((l_int32)(x0 * sx), (l_int32)(y0 * sy), (l_int32)((x1 - x0) * sx),
                              (l_int32)((y1 - y0) * sy));
    l_int32 count = 0;
    if (box)
        pixCountPixelsInRect(frame->ink, box, &count, NULL);
    boxDestroy(&box);
    return count;
}

/* How much of what the grid asks for goes to the left: so that least of the neighbours is covered. */
static float grow_left(const struct box *b, float extra, const struct frame *frame) {
    int best = GROW_LEFT_FIRST;
    long least = LONG_MAX;
    for (int i = 0; frame->ink && extra > 0.5f && i <= GROW_STEPS; i++) {
        int step =
            (GROW_LEFT_FIRST + i) % (GROW_STEPS + 1); /* the usual share first: it wins when all are equal */
        float left = extra * (float)step / GROW_STEPS, right = extra - left;
        if (b->x0 - left < 0 || b->x1 + right > frame->width)
            continue;
        long ink = frame_ink(frame, b->x0 - left, b->y0, b->x0, b->y1) +
                   frame_ink(frame, b->x1, b->y0, b->x1 + right, b->y1);
        if (ink < least) {
            least = ink;
            best = step;
        }
    }
    return extra * (float)best / GROW_STEPS;
}

static void box_to_grid(struct box *b, const struct frame *frame) {
    float width = b->x1 - b->x0, height = b->y1 - b->y0;
    float extra = ceilf(width / COVER_GRID_PT - 0.001f) * COVER_GRID_PT - width;
    float left = grow_left(b, extra, frame);
    b->x0 -= left;
    b->x1 += extra - left;
    float lack = fmaxf(COVER_HEIGHT_PT - height, 0);
    b->y0 -= lack / 2;
    b->y1 += lack / 2;
    span_fit(&b->x0, &b->x1, frame->width);
    span_fit(&b->y0, &b->y1, frame->height);
}

static void boxes_grow(struct boxes *boxes, const struct frame *frame) {
    for (size_t i = 0; i < boxes->count; i++) {
        struct box *b = &boxes->list[i];
        *b = (struct box){b->x0 - COVER_MARGIN_PT, b->y0 - COVER_MARGIN_PT, b->x1 + COVER_MARGIN_PT,
                          b->y1 + COVER_MARGIN_PT};
        box_to_grid(b, frame);
    }
    while (boxes_join(boxes))
        for (size_t i = 0; i < boxes->count; i++)
            box_to_grid(&boxes->list[i], frame);
}

static int box_compare(const void *a, const void *b) {
    const struct box *x = a, *y = b;
    if (x->y0 != y->y0)
        return x->y0 < y->y0 ? -1 : 1;
    return (x->x0 > y->x0) - (x->x0 < y->x0);
}

static bool box_on_page(struct box b, const struct frame *frame) {
    return b.x1 > 0 && b.y1 > 0 && b.x0 < frame->width && b.y0 < frame->height;
}

static struct box order_box(const struct cover_order *order, size_t i, const struct frame *frame) {
    return box_straighten(box_turn(order->boxes[i], frame->turn, frame->shown_width, frame->shown_height), frame);
}

/* Boxes that were joined show the code of their first. */
static void boxes_code(struct boxes *boxes, const struct cover_order *order, const struct frame *frame) {
    if (!order->codes || !boxes->count)
        return;
    boxes->codes = mem_new(boxes->count * sizeof *boxes->codes);
    for (size_t i = 0; i < order->box_count; i++) {
        struct box b = order_box(order, i, frame);
        float x = (b.x0 + b.x1) / 2, y = (b.y0 + b.y1) / 2;
        for (size_t k = 0; k < boxes->count; k++) {
            struct box area = boxes->list[k];
            if (!boxes->codes[k].text[0] && x >= area.x0 && x <= area.x1 && y >= area.y0 && y <= area.y1)
                boxes->codes[k] = order->codes[i];
        }
    }
}

struct boxes cover_boxes(const struct cover_order *order, struct Pix *ink, float upright_width,
                         float upright_height) {
    float lean = fabsf(order->skew_deg) < STRAIGHT_DEG_MOST ? order->skew_deg * (float)M_PI / 180 : 0;
    struct frame frame = {order->turn,    order->width_pt, order->height_pt, upright_width,
                          upright_height, sinf(lean),      cosf(lean),       ink};
    struct boxes boxes = {mem_grow(NULL, order->box_count + 1, sizeof(struct box)), 0, NULL};
    if (order->whole_page) {
        boxes.list[boxes.count++] = (struct box){0, 0, upright_width, upright_height};
        boxes_code(&boxes, order, &frame);
        return boxes;
    }
    for (size_t i = 0; i < order->box_count; i++) {
        struct box b = order_box(order, i, &frame);
        if (box_on_page(b, &frame))
            boxes.list[boxes.count++] = b;
    }
    boxes_join(&boxes);
    boxes_grow(&boxes, &frame);
    qsort(boxes.list, boxes.count, sizeof *boxes.list, box_compare);
    boxes_code(&boxes, order, &frame);
    return boxes;
}
