#include "ocr/photo_page.h"

#include "base/mem.h"
#include "ocr/ink_rows.h"
#include "ocr/plane.h"
#include "ocr/sheet_edges.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FOCAL 0.76           /* of the longer side: what telephones' main cameras have */
#define LEAN_PLAIN 0.10f     /* slope that straightening takes out by itself (6 degrees) */
#define CONVERGE_LEAST 0.012 /* difference of slopes across the picture worth flattening for */
#define UPSCALE_MOST 1.5     /* of the far end, unless the near end would lose more than that: */
#define DOWNSCALE_MOST 0.85
#define FORESHORTENED_MOST 3.0 /* near against far: more is no picture that somebody took to be read */
#define MARGIN                                                                                               \
    0.003 /* of the sheet: edges are not quite straight, but the table beside them is read as letters */
#define EXTEND_MOST 1.0       /* of the sheet, for ink that lies beside it */
#define SHARPER_BY_EDGES 0.9f /* the rows must not become less sharp than that */
#define SHARPER_BY_TEXT                                                                                      \
    1.5f                      /* text alone must give a clear gain: perspective 2 and more, handwriting 1.1  \
                               */
#define MARGINS_GAIN 1.4f     /* by which a tilt must make the margins of text sharper */
#define SHARPER_BY_BOTH 1.12f /* enough where two sides of a sheet are seen as well */
enum {
    THUMB_PX = 1000,
    PAPER_WINDOW_PX = 15, /* closes letters away, in the thumb */
    TILT_MOST_DEG = 24,   /* told by the margins of text alone */
    DOTS_LEAST = 1500,    /* ink dots that tell something about lines */
    CELL_PX = 16,         /* a patch of the thumb ... */
    CELL_DOTS = 10,       /* ... with so much ink may be text */
    FLAT_SIDE_MOST = 12000,
};

/* What is known about a picture, and what is found out. */
struct look {
    struct thumb thumb;
    uint8_t *grey, *paper;    /* thumb's grey; the same with letters closed away */
    struct sheet_edges edges; /* in pixels of the thumb */
    bool edges_found;
    double focal_px; /* pixels of the thumb */
    struct ray across, down;
    struct plane plane, back; /* flat units to view points, and back */
};

/* ---- view points
 * ----------------------------------------------------------------------------------------------- */

static struct plane_point view_of(const struct look *look, double x, double y) {
    return (struct plane_point){(x - look->thumb.width / 2.0) / look->focal_px,
                                (y - look->thumb.height / 2.0) / look->focal_px};
}

/* The plane through the eye and a line of the thumb, by its normal. */
static struct ray side_ray(const struct look *look, enum sheet_side side) {
    const struct sheet_line *l = &look->edges.side[side];
    double a = (double)l->a, b = (double)l->b;
    double c = a * look->thumb.width / 2 + b * look->thumb.height / 2 - (double)l->c;
    return ray_unit((struct ray){a, b, c / look->focal_px});
}

static struct ink_slant slant_of(const struct look *look, struct ray d, bool down) {
    double along = down ? d.y : d.x, aside = down ? d.x : d.y;
    return (struct ink_slant){(float)(aside / along), (float)(-d.z / (along * look->focal_px))};
}

static struct ray ray_of_slant(const struct look *look, struct ink_slant slant, bool down) {
    double slope = (double)slant.slope, z = -(double)slant.change * look->focal_px;
    return ray_unit(down ? (struct ray){slope, 1, z} : (struct ray){1, slope, z});
}

static struct ray pointing_right(struct ray d) {
    return d.x < 0 ? (struct ray){-d.x, -d.y, -d.z} : d;
}

static struct ray pointing_down(struct ray d) {
    return d.y < 0 ? (struct ray){-d.x, -d.y, -d.z} : d;
}

/* ---- looking
 * --------------------------------------------------------------------------------------------------- */

static void edges_to_thumb(struct sheet_edges *edges) {
    for (int i = 0; i < 4; i++) {
        edges->side[i].c = 2 * edges->side[i].c + 0.5f * (edges->side[i].a + edges->side[i].b);
        edges->x[i] = 2 * edges->x[i] + 0.5f;
        edges->y[i] = 2 * edges->y[i] + 0.5f;
    }
}

static void look_at(struct Pix *shown, struct look *look) {
    *look = (struct look){0};
    thumb_make(shown, THUMB_PX, &look->thumb);
    int w = look->thumb.width, h = look->thumb.height;
    look->focal_px = FOCAL * (w > h ? w : h);
    look->grey = thumb_grey(&look->thumb);
    thumb_smooth(look->grey, w, h);
    look->paper = mem_new((size_t)w * (size_t)h + 1);
    memcpy(look->paper, look->grey, (size_t)w * (size_t)h);
    thumb_spread_bright(look->paper, w, h, PAPER_WINDOW_PX);
    thumb_spread_dark(look->paper, w, h, PAPER_WINDOW_PX);
    struct thumb half = {0};
    thumb_halve(&look->thumb, &half);
    look->edges_found = sheet_edges_find(&half, &look->edges);
    if (!look->edges_found) {
        look->edges =
            (struct sheet_edges){.side = {{1, 0, 0}, {1, 0, (float)w / 2}, {0, 1, 0}, {0, 1, (float)h / 2}},
                                 .x = {0, (float)w / 2, (float)w / 2, 0},
                                 .y = {0, 0, (float)h / 2, (float)h / 2}};
    }
    edges_to_thumb(&look->edges);
    thumb_drop(&half);
}

static void look_drop(struct look *look) {
    thumb_drop(&look->thumb);
    mem_free(&look->grey);
    mem_free(&look->paper);
}

/* How far inside the four sides a point of the thumb lies, in pixels. */
static float inside_by(const struct look *look, float x, float y) {
    float least = 1e9f;
    for (int i = 0; i < 4; i++) {
        const struct sheet_line *l = &look->edges.side[i];
        float d = l->a * x + l->b * y - l->c;
        least = fminf(least, i == SHEET_RIGHT || i == SHEET_BOTTOM ? -d : d);
    }
    return least;
}

/* Ink on the sheet; its edges are none. */
static void ink_of_sheet(const struct look *look, struct ink *ink) {
    enum { EDGE_PX = 10 };
    ink_find(look->grey, look->paper, &look->thumb, ink);
    int count = 0;
    for (int i = 0; i < ink->count; i++) {
        float x = ink->dots[i].x + (float)ink->width / 2, y = ink->dots[i].y + (float)ink->height / 2;
        if (inside_by(look, x, y) >= EDGE_PX)
            ink->dots[count++] = ink->dots[i];
    }
    ink->count = count;
}

/* ---- the two directions
 * ----------------------------------------------------------------------------------------- */

/* From what is seen of the sides. False: not enough. */
static bool directions_by_edges(struct look *look) {
    const bool *seen = look->edges.seen;
    struct ray side[4];
    for (int i = 0; i < 4; i++)
        side[i] = side_ray(look, i);
    bool down = seen[SHEET_LEFT] && seen[SHEET_RIGHT], across = seen[SHEET_TOP] && seen[SHEET_BOTTOM];
    bool some_across = seen[SHEET_TOP] || seen[SHEET_BOTTOM],
         some_down = seen[SHEET_LEFT] || seen[SHEET_RIGHT];
    if (!(down && some_across) && !(across && some_down))
        return false;
    if (down)
        look->down = ray_unit(ray_cross(side[SHEET_LEFT], side[SHEET_RIGHT]));
    if (across)
        look->across = ray_unit(ray_cross(side[SHEET_TOP], side[SHEET_BOTTOM]));
    if (!across) /* at right angles to the other, in the plane of the side that is seen */
        look->across = ray_unit(ray_cross(look->down, side[seen[SHEET_TOP] ? SHEET_TOP : SHEET_BOTTOM]));
    if (!down)
        look->down = ray_unit(ray_cross(look->across, side[seen[SHEET_LEFT] ? SHEET_LEFT : SHEET_RIGHT]));
    look->across = pointing_right(look->across);
    look->down = pointing_down(look->down);
    return true;
}

/* The direction at right angles to the lines that a side (or, failing that, the ink's margins) tells. */
static struct ray other_direction(const struct look *look, const struct ink *other_ink, struct ray lines,
                                  bool lines_down) {
    enum sheet_side first = lines_down ? SHEET_TOP : SHEET_LEFT,
                    second = lines_down ? SHEET_BOTTOM : SHEET_RIGHT;
    if (look->edges.seen[first] && look->edges.seen[second])
        return ray_unit(ray_cross(side_ray(look, first), side_ray(look, second)));
    if (look->edges.seen[first] || look->edges.seen[second])
        return ray_unit(ray_cross(lines, side_ray(look, look->edges.seen[first] ? first : second)));
    struct ray plain = lines_down ? (struct ray){1, 0, 0} : (struct ray){0, 1, 0};
    double k = ray_dot(plain, lines);
    struct ray square =
        ray_unit((struct ray){plain.x - k * lines.x, plain.y - k * lines.y, plain.z - k * lines.z});
    struct ray tilt = ray_cross(lines, square), best = square;
    float most = MARGINS_GAIN * ink_sharpness(other_ink, slant_of(look, square, !lines_down));
    for (int deg = -TILT_MOST_DEG; deg <= TILT_MOST_DEG; deg += 2) {
        double c = cos(deg * 0.017453293), s = sin(deg * 0.017453293);
        struct ray d = {c * square.x + s * tilt.x, c * square.y + s * tilt.y, c * square.z + s * tilt.z};
        float sharpness = ink_sharpness(other_ink, slant_of(look, d, !lines_down));
        if (sharpness > most) {
            most = sharpness;
            best = d;
        }
    }
    return best;
}

/* From the lines of text. False: there are none, or they are as straight without. */
static bool directions_by_text(struct look *look, const struct ink ink[2]) {
    float lean[2], slant[2] = {0, 0};
    struct ink_slant found[2];
    for (int down = 0; down < 2; down++)
        ink_lean(&ink[down], LEAN_PLAIN, &lean[down]);
    for (int down = 0; down < 2; down++)
        if (2 * lean[down] >= lean[!down])
            found[down] = ink_slant_find(&ink[down], &slant[down]);
    int down = slant[1] > 1.3f * slant[0];
    int seen = 0;
    for (int i = 0; i < 4; i++)
        seen += look->edges.seen[i];
    if (slant[down] < (seen >= 2 ? SHARPER_BY_BOTH : SHARPER_BY_TEXT) * lean[down])
        return false;
    struct ray lines = ray_of_slant(look, found[down], down);
    struct ray other = other_direction(look, &ink[!down], lines, down);
    look->across = pointing_right(down ? other : lines);
    look->down = pointing_down(down ? lines : other);
    return true;
}

/* Whether the rows of text (across or down, whichever are the sharper) do not suffer. */
static bool text_agrees(const struct look *look, const struct ink ink[2]) {
    if (ink[0].count < DOTS_LEAST)
        return true;
    float before[2], after[2];
    for (int down = 0; down < 2; down++) {
        ink_lean(&ink[down], LEAN_PLAIN, &before[down]);
        ink_slant_refined(&ink[down], slant_of(look, down ? look->down : look->across, down), &after[down]);
        after[down] = ink_sharpness(&ink[down], slant_of(look, down ? look->down : look->across, down));
    }
    int down = after[1] + before[1] > 1.3f * (after[0] + before[0]);
    return after[down] >= SHARPER_BY_EDGES * before[down];
}

/* Whether there is anything that straightening alone would not do. */
static bool worth_flattening(const struct look *look) {
    struct ink_slant across = slant_of(look, look->across, false), down = slant_of(look, look->down, true);
    return fabs((double)across.change) * look->thumb.height > CONVERGE_LEAST ||
           fabs((double)down.change) * look->thumb.width > CONVERGE_LEAST ||
           fabsf(across.slope) > LEAN_PLAIN || fabs((double)(across.slope + down.slope)) > CONVERGE_LEAST;
}

static bool directions_find(struct look *look) {
    struct ink ink[2];
    ink_of_sheet(look, &ink[0]);
    ink_turned(&ink[0], &ink[1]);
    bool found = directions_by_edges(look) && text_agrees(look, ink);
    if (!found && ink[0].count >= DOTS_LEAST)
        found = directions_by_text(look, ink);
    ink_drop(&ink[0]);
    ink_drop(&ink[1]);
    return found && worth_flattening(look);
}

/* ---- the flat picture's frame
 * ------------------------------------------------------------------------------------- */

struct frame {
    double x0, y0, x1, y1; /* flat units */
};

static void frame_add(struct frame *frame, struct plane_point p) {
    frame->x0 = fmin(frame->x0, p.x);
    frame->y0 = fmin(frame->y0, p.y);
    frame->x1 = fmax(frame->x1, p.x);
    frame->y1 = fmax(frame->y1, p.y);
}

static bool thumb_to_flat(const struct look *look, double x, double y, struct plane_point *ret) {
    return plane_map(&look->back, view_of(look, x, y), ret);
}

/* Round what of the sheet lies in the picture. */
static bool frame_of_sheet(const struct look *look, struct frame *ret) {
    enum { STEP = 4 };
    *ret = (struct frame){1e9, 1e9, -1e9, -1e9};
    for (int y = 0; y <= look->thumb.height; y += STEP)
        for (int x = 0; x <= look->thumb.width; x += STEP) {
            struct plane_point p;
            if (inside_by(look, (float)x, (float)y) < 0)
                continue;
            if (!thumb_to_flat(look, x, y, &p))
                return false; /* the horizon runs through it: no sheet */
            frame_add(ret, p);
        }
    double mx = MARGIN * (ret->x1 - ret->x0), my = MARGIN * (ret->y1 - ret->y0);
    ret->x0 -= mx;
    ret->y0 -= my;
    ret->x1 += mx;
    ret->y1 += my;
    return ret->x1 > ret->x0 && ret->y1 > ret->y0;
}

static uint8_t paper_level(const struct look *look) {
    long long count[256] = {0}, all = 0, sum = 0;
    for (int y = 0; y < look->thumb.height; y += 4)
        for (int x = 0; x < look->thumb.width; x += 4)
            if (inside_by(look, (float)x, (float)y) >= 0) {
                count[look->paper[(size_t)y * (size_t)look->thumb.width + (size_t)x]]++;
                all++;
            }
    int level = 0;
    while (level < 255 && (sum += count[level]) * 2 < all)
        level++;
    return (uint8_t)level;
}

/* The sheet's brightness where it is nearest to a point outside: light falls unevenly. */
static int paper_near(const struct look *look, float x, float y) {
    enum { INSIDE_PX = 24 };
    float mx = 0, my = 0;
    for (int i = 0; i < 4; i++) {
        mx += look->edges.x[i] / 4;
        my += look->edges.y[i] / 4;
    }
    float far = hypotf(mx - x, my - y), step_x = (mx - x) / far * 4, step_y = (my - y) / far * 4;
    while (inside_by(look, x, y) < INSIDE_PX && hypotf(mx - x, my - y) > 8) {
        x += step_x;
        y += step_y;
    }
    int at_x = (int)fmaxf(0, fminf(x, (float)look->thumb.width - 1));
    int at_y = (int)fmaxf(0, fminf(y, (float)look->thumb.height - 1));
    return look->paper[(size_t)at_y * (size_t)look->thumb.width + (size_t)at_x];
}

/* Ink on something as bright as the sheet. */
static bool cell_has_text(const struct look *look, int x0, int y0, float ink) {
    int dots = 0, bright = 0, least = paper_near(look, (float)x0, (float)y0) * 8 / 10;
    for (int y = y0; y < y0 + CELL_PX; y++)
        for (int x = x0; x < x0 + CELL_PX; x++) {
            size_t i = (size_t)y * (size_t)look->thumb.width + (size_t)x;
            bright += look->paper[i] >= least;
            dots += (float)look->grey[i] < ink * (float)look->paper[i];
        }
    return dots >= CELL_DOTS && bright == CELL_PX * CELL_PX;
}

static void frame_add_cell(const struct look *look, int x, int y, const struct frame *sheet,
                           struct frame *wide) {
    double w = EXTEND_MOST * (sheet->x1 - sheet->x0), h = EXTEND_MOST * (sheet->y1 - sheet->y0);
    for (int i = 0; i < 4; i++) {
        struct plane_point p;
        if (thumb_to_flat(look, x + (i & 1 ? 2 : -1) * CELL_PX, y + (i & 2 ? 2 : -1) * CELL_PX, &p) &&
            p.x > sheet->x0 - w && p.x < sheet->x1 + w && p.y > sheet->y0 - h && p.y < sheet->y1 + h)
            frame_add(wide, p);
    }
}

/* Nothing that may be text is cut off: the frame is made larger for it. */
static void frame_keep_ink(const struct look *look, struct frame *frame) {
    struct frame wide = *frame;
    float ink = 1 - ink_least(look->grey, look->paper, &look->thumb) - 0.05f;
    for (int y = 0; y + CELL_PX <= look->thumb.height; y += CELL_PX)
        for (int x = 0; x + CELL_PX <= look->thumb.width; x += CELL_PX)
            if (inside_by(look, (float)(x + CELL_PX / 2), (float)(y + CELL_PX / 2)) <= -CELL_PX / 2 &&
                cell_has_text(look, x, y, ink))
                frame_add_cell(look, x, y, frame, &wide);
    *frame = wide;
}

/* Shown pixels for each flat unit: the most and the least in the frame. */
static void frame_density(const struct look *look, const struct frame *frame, double *most, double *least) {
    double px = look->focal_px * (double)look->thumb.step, unit = (frame->x1 - frame->x0) / 1000;
    *most = 0;
    *least = 1e9;
    for (int i = 0; i < 9; i++) {
        struct plane_point at = {frame->x0 + (frame->x1 - frame->x0) * (i % 3 + 0.5) / 3,
                                 frame->y0 + (frame->y1 - frame->y0) * (i / 3 + 0.5) / 3};
        struct plane_point right = {at.x + unit, at.y}, below = {at.x, at.y + unit}, a, b, c;
        if (!plane_map(&look->plane, at, &a) || !plane_map(&look->plane, right, &b) ||
            !plane_map(&look->plane, below, &c))
            continue;
        double across = hypot(b.x - a.x, b.y - a.y) * px / unit,
               down = hypot(c.x - a.x, c.y - a.y) * px / unit;
        *most = fmax(*most, fmax(across, down));
        *least = fmin(*least, fmin(across, down));
    }
}

static bool page_of(const struct look *look, const struct frame *frame, struct Pix *shown,
                    struct photo_page *ret) {
    double most, least;
    frame_density(look, frame, &most, &least);
    if (!(most <= FORESHORTENED_MOST * least))
        return false;
    double scale = fmax(fmin(most, UPSCALE_MOST * least), DOWNSCALE_MOST * most);
    double w = ceil((frame->x1 - frame->x0) * scale), h = ceil((frame->y1 - frame->y0) * scale);
    double pixels = 2.0 * pixGetWidth(shown) * pixGetHeight(shown);
    double fit = fmin(1, fmin(FLAT_SIDE_MOST / fmax(w, h), sqrt(pixels / (w * h))));
    if (!(w * fit >= 64 && h * fit >= 64))
        return false;
    scale *= fit;
    double px = look->focal_px * (double)look->thumb.step;
    struct plane to_units = {{1 / scale, 0, frame->x0, 0, 1 / scale, frame->y0, 0, 0, 1}};
    struct plane to_pixels = {{px, 0, look->thumb.width * (double)look->thumb.step / 2, 0, px,
                               look->thumb.height * (double)look->thumb.step / 2, 0, 0, 1}};
    struct plane half = plane_times(&look->plane, &to_units), all = plane_times(&to_pixels, &half);
    for (int i = 0; i < 9; i++)
        ret->to_shown[i] = (float)(all.m[i] / all.m[8]);
    ret->width_px = (int)(w * fit);
    ret->height_px = (int)(h * fit);
    ret->shown_w_px = pixGetWidth(shown);
    ret->shown_h_px = pixGetHeight(shown);
    return true;
}

static bool plane_find(struct look *look) {
    double x = 0, y = 0;
    for (int i = 0; i < 4; i++) {
        x += (double)look->edges.x[i] / 4;
        y += (double)look->edges.y[i] / 4;
    }
    struct plane_point middle = view_of(look, x, y);
    look->plane = plane_of(look->across, look->down, (struct ray){middle.x, middle.y, 1});
    return plane_inverse(&look->plane, &look->back);
}

bool photo_page_find(struct Pix *shown, struct photo_page *ret) {
    *ret = (struct photo_page){0};
    int depth = pixGetDepth(shown), w = pixGetWidth(shown), h = pixGetHeight(shown);
    if ((depth != 8 && depth != 32) || w < 300 || h < 300 || w > 8 * h || h > 8 * w)
        return false;
    struct look look;
    look_at(shown, &look);
    struct frame frame;
    bool found = directions_find(&look) && plane_find(&look) && frame_of_sheet(&look, &frame);
    if (found) {
        ret->paper = paper_level(&look);
        frame_keep_ink(&look, &frame);
        found = page_of(&look, &frame, shown, ret);
    }
    look_drop(&look);
    return found;
}
