#include "store/box.h"

#include "base/err.h"

#include <math.h>

bool box_is_sane(struct box box) {
    return box.x0 <= box.x1 && box.y0 <= box.y1;
}

struct box box_join(struct box a, struct box b) {
    return (struct box){fminf(a.x0, b.x0), fminf(a.y0, b.y0), fmaxf(a.x1, b.x1), fmaxf(a.y1, b.y1)};
}

struct box box_turn(struct box b, uint16_t turn, float width, float height) {
    switch (turn) {
    case 90:
        return (struct box){height - b.y1, b.x0, height - b.y0, b.x1};
    case 180:
        return (struct box){width - b.x1, height - b.y1, width - b.x0, height - b.y0};
    case 270:
        return (struct box){b.y0, width - b.x1, b.y1, width - b.x0};
    default:
        return b;
    }
}

void box_put(struct buf *out, struct box box) {
    wire_put_f32(out, box.x0);
    wire_put_f32(out, box.y0);
    wire_put_f32(out, box.x1);
    wire_put_f32(out, box.y1);
}

struct box box_take(struct wire_reader *in) {
    struct box box;
    box.x0 = wire_f32(in);
    box.y0 = wire_f32(in);
    box.x1 = wire_f32(in);
    box.y1 = wire_f32(in);
    return box;
}

struct box box_take_sane(struct wire_reader *in) {
    struct box box = box_take(in);
    if (!box_is_sane(box))
        in->err = ERR_PROTOCOL;
    return box;
}
