#include "ocr/pdf_scan.h"

#include "base/mem.h"
#include "base/pix.h"
#include "ocr/pdf_image.h"
#include "ocr/pdf_painted.h"
#include "ocr/pdf_size.h"
#include "ocr/raw_picture.h"

#include <leptonica/allheaders.h>
#include <math.h>

enum { JPEG_QUALITY = 92, PICTURE_SIDE_LEAST = 16, CANVAS_PIXELS_MOST = 100000000 };
#define EDGE_PT 1.5         /* how far a picture's edge may lie from the page's and be the same */
#define EVEN_PX 0.75        /* how far a picture's size may be from what its place says */
#define COVERED_LEAST 0.5   /* of the page: else one small picture would decide how large the page's picture is */

/* One picture of the page and where it comes to lie. */
struct tile {
    const struct pdf_placed *placed;
    struct pdf_image image;
    struct pdf_rect rect; /* points of the page, not turned, from its lower left corner */
    int turn;             /* degrees clockwise */
    int w, h;             /* pixels, when it is turned */
};

struct scan {
    qpdf_data q;
    struct pdf_rect box;
    int rotate;
    struct pdf_painted painted;
    struct tile *tiles; /* as many as painted has */
    struct buf *out;
};

/* ---- where a picture lies ---- */

/* The degrees clockwise that the matrix turns the picture, or -1 where it leans or is mirrored. */
static int matrix_turn(const struct pdf_matrix *m) {
    static const struct {
        int a, b, c, d, turn;
    } ways[] = {{1, 0, 0, 1, 0}, {0, -1, 1, 0, 90}, {-1, 0, 0, -1, 180}, {0, 1, -1, 0, 270}};
    double across = fmax(fabs(m->a), fabs(m->b)), lean = EDGE_PT / 3;
    if (fmin(fabs(m->a), fabs(m->b)) > lean || fmin(fabs(m->c), fabs(m->d)) > lean || across <= 0)
        return -1;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i].a * m->a >= 0 && ways[i].b * m->b >= 0 && ways[i].c * m->c >= 0 && ways[i].d * m->d >= 0 &&
            ways[i].a * m->a + ways[i].b * m->b > lean && ways[i].c * m->c + ways[i].d * m->d > lean)
            return ways[i].turn;
    return -1;
}

static bool near(double a, double b) {
    return fabs(a - b) <= EDGE_PT;
}

static bool rect_fills(const struct pdf_rect *r, const struct pdf_rect *box) {
    return near(r->x0, box->x0) && near(r->y0, box->y0) && near(r->x1, box->x1) && near(r->y1, box->y1);
}

static bool rect_covers(const struct pdf_rect *r, const struct pdf_rect *box) {
    return r->x0 <= box->x0 + EDGE_PT && r->y0 <= box->y0 + EDGE_PT && r->x1 >= box->x1 - EDGE_PT && r->y1 >= box->y1 - EDGE_PT;
}

static bool page_fits_shown(const struct scan *scan, double unit, const float size_pt[2]) {
    double w = scan->box.x1 - scan->box.x0, h = scan->box.y1 - scan->box.y0;
    bool sideways = scan->rotate % 180 != 0;
    double across = sideways ? h : w, down = sideways ? w : h;
    return (near(across, size_pt[0]) && near(down, size_pt[1])) ||
           (near(across * unit, size_pt[0]) && near(down * unit, size_pt[1]));
}

static bool tile_open(struct scan *scan, const struct pdf_placed *placed, struct tile *tile) {
    const struct pdf_rect unit = {0, 0, 1, 1};
    *tile = (struct tile){.placed = placed, .turn = matrix_turn(&placed->matrix)};
    tile->rect = pdf_matrix_box(&placed->matrix, &unit);
    if (tile->turn < 0 || placed->clip_is_odd || (placed->stencil && placed->ink != PDF_INK_BLACK) ||
        !pdf_image_open(scan->q, placed->picture, &placed->resources, &tile->image))
        return false;
    const struct pdf_samples *s = &tile->image.samples;
    tile->w = tile->turn % 180 ? s->height_px : s->width_px;
    tile->h = tile->turn % 180 ? s->width_px : s->height_px;
    return true;
}

/* ---- one picture that is the page ---- */

/* Takes pix, which may be NULL. */
static bool pix_write(struct scan *scan, PIX *pix, struct picture *ret) {
    if (pix)
        pix = raw_picture_without_colour(pix);
    bool fine = pix && raw_picture_encode_at(pix, JPEG_QUALITY, scan->out, &ret->format) == 0;
    pixDestroy(&pix);
    return fine;
}

/* Its own turn is kept as a turn: nothing is cut. */
static bool take_one(struct scan *scan, struct picture *ret, int *ret_width_px) {
    struct tile *tile = &scan->tiles[0];
    const struct pdf_samples *s = &tile->image.samples;
    if (scan->painted.count != 1 || !rect_fills(&tile->rect, &scan->box) || !rect_covers(&tile->placed->clip, &scan->box) ||
        (scan->painted.under && tile->placed->stencil) || s->width_px < PICTURE_SIDE_LEAST || s->height_px < PICTURE_SIDE_LEAST)
        return false;
    if (!pdf_image_keep(&tile->image, scan->out, &ret->format) &&
        !pix_write(scan, pdf_image_decode(&tile->image), ret))
        return false;
    ret->turn = (uint16_t)((tile->turn + scan->rotate) % 360);
    *ret_width_px = ret->turn % 180 ? s->height_px : s->width_px;
    return true;
}

/* ---- pictures put together ---- */

struct canvas {
    PIX *pix, *covered; /* covered: 1-bit, where something opaque lies; NULL: not asked */
    double x, y;        /* pixels to a point */
    double left, top;   /* of the box, as points of the page, moved so that the largest picture begins at a whole pixel */
    int w, h;
};

static const struct tile *tile_largest(const struct scan *scan) {
    const struct tile *largest = &scan->tiles[0];
    for (size_t i = 1; i < scan->painted.count; i++)
        if ((double)scan->tiles[i].w * scan->tiles[i].h > (double)largest->w * largest->h)
            largest = &scan->tiles[i];
    return largest;
}

/* Where every picture keeps its own pixels; false when they are of several resolutions, or show little of the page. */
static bool canvas_plan(const struct scan *scan, struct canvas *c) {
    const struct tile *largest = tile_largest(scan);
    const struct pdf_rect *box = &scan->box, *r = &largest->rect;
    double shown = 0, area = (box->x1 - box->x0) * (box->y1 - box->y0);
    c->x = largest->w / (r->x1 - r->x0);
    c->y = largest->h / (r->y1 - r->y0);
    for (size_t i = 0; i < scan->painted.count; i++) {
        const struct tile *t = &scan->tiles[i];
        struct pdf_rect seen = pdf_rect_common(&t->placed->clip, box);
        shown += (seen.x1 - seen.x0) * (seen.y1 - seen.y0);
        if (fabs((t->rect.x1 - t->rect.x0) * c->x - t->w) > EVEN_PX || fabs((t->rect.y1 - t->rect.y0) * c->y - t->h) > EVEN_PX)
            return false;
    }
    double w = (box->x1 - box->x0) * c->x, h = (box->y1 - box->y0) * c->y;
    if (shown < COVERED_LEAST * area || !(w >= PICTURE_SIDE_LEAST && h >= PICTURE_SIDE_LEAST && w < 65000 && h < 65000))
        return false;
    c->w = (int)lround(w);
    c->h = (int)lround(h);
    c->left = r->x0 - round((r->x0 - box->x0) * c->x) / c->x;
    c->top = r->y1 + round((box->y1 - r->y1) * c->y) / c->y;
    return (uint64_t)c->w * (uint64_t)c->h <= CANVAS_PIXELS_MOST;
}

static bool canvas_new(const struct scan *scan, struct canvas *c) {
    int depth = 1;
    for (size_t i = 0; i < scan->painted.count; i++)
        depth = scan->tiles[i].image.samples.depth > depth ? scan->tiles[i].image.samples.depth : depth;
    c->pix = pixCreate(c->w, c->h, depth);
    c->covered = scan->painted.under ? pixCreate(c->w, c->h, 1) : NULL;
    if (c->pix && depth > 1)
        pixSetAllArbitrary(c->pix, depth == 8 ? 0xFF : 0xFFFFFF00);
    return c->pix && (c->covered || !scan->painted.under);
}

static PIX *pix_of_depth(PIX *pix, int depth) {
    PIX *other = pixGetDepth(pix) == depth ? pixClone(pix)
                 : depth == 8              ? pixConvert1To8(NULL, pix, 255, 0)
                                           : pixConvertTo32(pix);
    pixDestroy(&pix);
    return other;
}

/* The part of it that is seen, in the canvas' pixels: x0, y0, x1, y1. */
static void tile_place(const struct canvas *c, const struct tile *t, const struct pdf_rect *box, int place[2], int seen[4]) {
    struct pdf_rect clip = pdf_rect_common(&t->placed->clip, box);
    const struct pdf_rect *r = &t->rect;
    place[0] = (int)lround((r->x0 - c->left) * c->x);
    place[1] = (int)lround((c->top - r->y1) * c->y);
    seen[0] = clip.x0 <= r->x0 + 0.01 ? place[0] : (int)lround((clip.x0 - c->left) * c->x);
    seen[1] = clip.y1 >= r->y1 - 0.01 ? place[1] : (int)lround((c->top - clip.y1) * c->y);
    seen[2] = clip.x1 >= r->x1 - 0.01 ? place[0] + t->w : (int)lround((clip.x1 - c->left) * c->x);
    seen[3] = clip.y0 <= r->y0 + 0.01 ? place[1] + t->h : (int)lround((c->top - clip.y0) * c->y);
}

static void tile_lay(struct canvas *c, const struct tile *t, const struct pdf_rect *box, PIX *pix) {
    int place[2], seen[4];
    tile_place(c, t, box, place, seen);
    int w = seen[2] - seen[0], h = seen[3] - seen[1], depth = pixGetDepth(c->pix);
    if (w < 1 || h < 1)
        return;
    int how = !t->placed->stencil ? PIX_SRC : depth == 1 ? PIX_PAINT : PIX_MASK; /* black ink adds itself to what is there */
    pixRasterop(c->pix, seen[0], seen[1], w, h, how, pix, seen[0] - place[0], seen[1] - place[1]);
    if (c->covered && !t->placed->stencil)
        pixRasterop(c->covered, seen[0], seen[1], w, h, PIX_SET, NULL, 0, 0);
}

static bool tile_draw(struct canvas *c, struct tile *t, const struct pdf_rect *box) {
    PIX *pix = pdf_image_decode(&t->image);
    if (pix && t->turn) {
        PIX *turned = pixRotateOrth(pix, t->turn / 90);
        pixDestroy(&pix);
        pix = turned;
    }
    if (pix)
        pix = pix_of_depth(pix, pixGetDepth(c->pix));
    if (pix)
        tile_lay(c, t, box, pix);
    bool fine = pix != NULL;
    pixDestroy(&pix);
    return fine;
}

/* Whether nothing of what was painted before can be seen. */
static bool canvas_hides(struct canvas *c) {
    l_int32 empty = 0;
    if (!c->covered)
        return true;
    pixInvert(c->covered, c->covered);
    return pixZero(c->covered, &empty) == 0 && empty;
}

static bool take_together(struct scan *scan, struct picture *ret, int *ret_width_px) {
    struct canvas c = {0};
    bool fine = canvas_plan(scan, &c) && canvas_new(scan, &c);
    for (size_t i = 0; fine && i < scan->painted.count; i++)
        fine = tile_draw(&c, &scan->tiles[i], &scan->box);
    fine = fine && canvas_hides(&c);
    if (fine && pixGetDepth(c.pix) == 1)
        pixSetPadBits(c.pix, 0);
    if (!fine)
        pixDestroy(&c.pix);
    fine = pix_write(scan, c.pix, ret);
    pixDestroy(&c.covered);
    ret->turn = (uint16_t)scan->rotate;
    *ret_width_px = scan->rotate % 180 ? c.h : c.w;
    return fine;
}

/* ---- a page ---- */

static bool tiles_open(struct scan *scan) {
    const struct pdf_painted *p = &scan->painted;
    bool fine = p->only_pictures && p->count > 0;
    scan->tiles = mem_new((p->count + 1) * sizeof *scan->tiles);
    for (size_t i = 0; fine && i < p->count; i++)
        fine = tile_open(scan, &p->list[i], &scan->tiles[i]);
    return fine;
}

static bool scan_take_page(struct scan *scan, qpdf_oh page, const float size_pt[2], struct picture *ret) {
    struct picture picture = {0};
    int width_px = 0;
    scan->rotate = (int)((pdf_key_number(scan->q, page, "/Rotate", 0) % 360 + 360) % 360);
    if (scan->rotate % 90 || !pdf_painted_box(scan->q, page, &scan->box) ||
        !page_fits_shown(scan, pdf_size_unit(scan->q, page), size_pt))
        return false;
    pdf_painted_look(scan->q, page, &scan->painted);
    if (!tiles_open(scan) || (!take_one(scan, &picture, &width_px) && !take_together(scan, &picture, &width_px)))
        return false;
    picture.dpi = (float)width_px * 72 / size_pt[0];
    picture.bytes = buf_view(scan->out);
    *ret = picture;
    return true;
}

bool pdf_scan_take(struct pdf_file *file, uint32_t page, const float size_pt[2], struct buf *out,
                   struct picture *ret) {
    buf_reset(out);
    if (!file->usable || file->repaired)
        return false;
    struct scan scan = {.q = file->q, .out = out};
    bool taken = scan_take_page(&scan, qpdf_get_page_n(file->q, page), size_pt, ret);
    pdf_painted_drop(&scan.painted);
    mem_free(&scan.tiles);
    qpdf_oh_release_all(file->q);
    if (pdf_file_forget_complaints(file->q))
        return false;
    return taken && ret->bytes.len <= PAGE_PICTURE_BYTES;
}
