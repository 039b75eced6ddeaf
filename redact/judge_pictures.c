/* judge_pictures.c: what the pictures of a page hold and the page does not show: under boxes, behind masks and clips, beyond the edge, beneath other pictures;
 * thumbnails. */
#include "base/mem.h"
#include "base/pix.h"
#include "redact/judge_private.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#define PICTURES_MOST 40  /* of one page that are compared */
#define SIDE_LEAST_PX 24  /* on the page; a smaller one holds no words */
#define SMALL_SIDE 48     /* for finding how it stands */
#define THUMB_SHARE 0.12  /* of what is dark on the page: more that is not in its thumbnail is another picture */

static PIX *surface_grey(cairo_surface_t *surface) {
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    cairo_format_t format = cairo_image_surface_get_format(surface);
    if (w <= 0 || h <= 0 || (double)w * h > PIX_PIXELS_MOST || (format != CAIRO_FORMAT_RGB24 && format != CAIRO_FORMAT_ARGB32))
        return NULL;
    PIX *pix = pixCreateNoInit(w, h, 8);
    cairo_surface_flush(surface);
    for (int y = 0; pix && y < h; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) + (size_t)y * (size_t)cairo_image_surface_get_stride(surface));
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, (l_uint8)(((row[x] >> 16 & 255) * 77 + (row[x] >> 8 & 255) * 150 + (row[x] & 255) * 29) >> 8));
    }
    return pix;
}

/* Turned by quarters and mirrored: eight ways in which a picture may stand. */
static PIX *pix_stand(PIX *pix, int way) {
    PIX *turned = way % 4 ? pixRotateOrth(pix, way % 4) : pixClone(pix);
    if (way < 4 || !turned)
        return turned;
    PIX *flipped = pixFlipLR(NULL, turned);
    pixDestroy(&turned);
    return flipped;
}

static double pix_likeness(PIX *a, PIX *b) {
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0, n = (double)pixGetWidth(a) * pixGetHeight(a);
    for (int y = 0; y < pixGetHeight(a); y++)
        for (int x = 0; x < pixGetWidth(a); x++) {
            double u = GET_DATA_BYTE(pixGetData(a) + (size_t)y * (size_t)pixGetWpl(a), x), v = GET_DATA_BYTE(pixGetData(b) + (size_t)y * (size_t)pixGetWpl(b), x);
            sa += u;
            sb += v;
            saa += u * u;
            sbb += v * v;
            sab += u * v;
        }
    double d = (saa - sa * sa / n) * (sbb - sb * sb / n);
    return d > 0 ? (sab - sa * sb / n) / sqrt(d) : 0;
}

/* The picture as it stands on the page: of the eight ways the one that is most like what is seen there. NULL: out of memory. */
static PIX *picture_stands(PIX *picture, PIX *seen) {
    int best = 0;
    double most = -2;
    PIX *small_seen = pixScaleToSize(seen, SMALL_SIDE, SMALL_SIDE);
    for (int way = 0; small_seen && way < 8; way++) {
        PIX *turned = pix_stand(picture, way), *small = turned ? pixScaleToSize(turned, SMALL_SIDE, SMALL_SIDE) : NULL;
        double likeness = small ? pix_likeness(small, small_seen) - (way ? 0.02 : 0) : -2;
        if (likeness > most) {
            most = likeness;
            best = way;
        }
        pixDestroy(&turned);
        pixDestroy(&small);
    }
    pixDestroy(&small_seen);
    PIX *turned = pix_stand(picture, best);
    PIX *sized = turned ? pixScaleToSize(turned, pixGetWidth(seen), pixGetHeight(seen)) : NULL;
    pixDestroy(&turned);
    return sized;
}

/* Part of what the picture fills lies beyond the page's edge: the page's part is white there. */
static PIX *seen_part(PIX *seen, int x, int y, int w, int h) {
    PIX *part = pixCreate(w, h, 8);
    if (part) {
        pixSetAll(part);
        pixRasterop(part, 0, 0, w, h, PIX_SRC, seen, x, y);
        /* beyond the edge nothing was copied, and it stays white */
    }
    return part;
}

static void picture_judge(struct judge_file *file, PopplerPage *leaf, uint32_t page, PIX *seen, const PopplerImageMapping *mapping) {
    double s = JUDGE_DPI / 72;
    int x0 = (int)floor(fmin(mapping->area.x1, mapping->area.x2) * s), x1 = (int)ceil(fmax(mapping->area.x1, mapping->area.x2) * s);
    int y0 = (int)floor(fmin(mapping->area.y1, mapping->area.y2) * s), y1 = (int)ceil(fmax(mapping->area.y1, mapping->area.y2) * s);
    if (x1 - x0 < SIDE_LEAST_PX || y1 - y0 < SIDE_LEAST_PX || x1 - x0 > 20000 || y1 - y0 > 20000 || (double)(x1 - x0) * (y1 - y0) > PIX_PIXELS_MOST)
        return;
    file->recognise[page] = true;
    cairo_surface_t *surface = poppler_page_get_image(leaf, mapping->image_id);
    PIX *picture = surface ? surface_grey(surface) : NULL, *part = picture ? seen_part(seen, x0, y0, x1 - x0, y1 - y0) : NULL;
    PIX *stands = part ? picture_stands(picture, part) : NULL;
    if (stands) {
        struct judge_cells cells = {part, stands, x0, y0, 3, false, true};
        judge_cells(file, page, &cells, "pictures (3)", "a picture holds what the page does not show: under a box, behind a mask, beyond an edge or beneath another picture");
    }
    if (surface)
        cairo_surface_destroy(surface);
    pixDestroy(&picture);
    pixDestroy(&part);
    pixDestroy(&stands);
}

/* ---- thumbnails */

static PIX *thumb_raw(qpdf_data pdf, qpdf_oh keys, struct view bytes) {
    long long w = qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, keys, "/Width")), h = qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, keys, "/Height"));
    if (w <= 0 || h <= 0 || w > 5000 || h > 5000)
        return NULL;
    size_t bytes_of_pixel = bytes.len >= (size_t)(w * h * 3) ? 3 : 1;
    if (bytes.len < (size_t)(w * h))
        return NULL;
    PIX *pix = pixCreate((l_int32)w, (l_int32)h, 8);
    for (int y = 0; pix && y < h; y++)
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix), x, bytes.data[((size_t)y * (size_t)w + (size_t)x) * bytes_of_pixel]);
    return pix;
}

static PIX *thumb_load(qpdf_data pdf, qpdf_oh thumb) {
    unsigned char *bytes = NULL;
    size_t len = 0;
    PIX *pix = NULL;
    qpdf_oh keys = qpdf_oh_get_dict(pdf, thumb);
    if (qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, keys, "/Filter"), "/DCTDecode")) {
        if (!(qpdf_oh_get_stream_data(pdf, thumb, qpdf_dl_none, NULL, &bytes, &len) & QPDF_ERRORS))
            pix_decode(view_of(bytes, len), 0, &pix);
        PIX *grey = pix ? pix_grey(pix) : NULL;
        pixDestroy(&pix);
        pix = grey;
    } else if (!(qpdf_oh_get_stream_data(pdf, thumb, qpdf_dl_all, NULL, &bytes, &len) & QPDF_ERRORS)) {
        pix = thumb_raw(pdf, keys, view_of(bytes, len));
    }
    free(bytes);
    return pix;
}

/* Where the page has boxes, its thumbnail is dark too. One whose colours are a table is compared by nobody: it is told. */
static bool in_boxes(const struct judge_page *page, int x, int y) {
    float px = (float)x * 72 / (float)JUDGE_DPI, py = (float)y * 72 / (float)JUDGE_DPI;
    for (size_t i = 0; i < page->box_count; i++) {
        struct box b = page->boxes[i];
        if (px > b.x0 + 4 && px < b.x1 - 4 && py > b.y0 + 2 && py < b.y1 - 2)
            return true;
    }
    return false;
}

static void thumb_judge(struct judge_file *file, uint32_t page, PIX *seen) {
    qpdf_data pdf = file->prover.pdf;
    qpdf_oh thumb = qpdf_oh_get_key(pdf, qpdf_get_page_n(pdf, page - 1), "/Thumb");
    if (!qpdf_oh_is_stream(pdf, thumb))
        return;
    PIX *small = thumb_load(pdf, thumb), *sized = small ? pixScaleToSize(small, pixGetWidth(seen), pixGetHeight(seen)) : NULL;
    long dark = 0, light = 0;
    bool indexed = qpdf_oh_is_array(pdf, qpdf_oh_get_key(pdf, qpdf_oh_get_dict(pdf, thumb), "/ColorSpace"));
    for (int y = 0; sized && y < pixGetHeight(seen); y++)
        for (int x = 0; x < pixGetWidth(seen); x++)
            if (in_boxes(&file->pages[page], x, y)) {
                dark++;
                light += GET_DATA_BYTE(pixGetData(sized) + (size_t)y * (size_t)pixGetWpl(sized), x) > 140;
            }
    if (!sized || indexed || (double)light > THUMB_SHARE * (double)dark)
        judge_add(file, page, PROVE_AREA_NONE, "thumbnails (12)", "the page has a small picture of itself that shows something else than the page");
    pixDestroy(&small);
    pixDestroy(&sized);
}

void judge_pictures(struct judge_file *file, struct _PopplerPage *leaf, uint32_t page, struct Pix *seen) {
    PopplerDocument *unmasked = file->copies[COPY_NO_MASKS].document;
    PopplerPage *bare = unmasked ? poppler_document_get_page(unmasked, (int)page - 1) : NULL;
    GList *list = poppler_page_get_image_mapping(bare ? bare : leaf);
    int count = 0;
    for (GList *l = list; l && count < PICTURES_MOST; l = l->next, count++)
        picture_judge(file, bare ? bare : leaf, page, seen, l->data);
    poppler_page_free_image_mapping(list);
    if (bare)
        g_object_unref(bare);
    thumb_judge(file, page, seen);
}
