#include "ocr/pdf_size.h"

#include "ocr/pdf_painted.h"

#include <math.h>

enum { DPI_LEAST = 200, DPI_MASK_MOST = 400, ADDED_TEXTS_MOST = 12, ADDED_MARKS_MOST = 60 };
#define LARGE_LEAST 0.5  /* of the page: this picture is the page */
#define COUNTS_LEAST 0.01 /* of the page: letters in it may be meant to be read */

float pdf_size_unit(qpdf_data q, qpdf_oh page) {
    double unit = 1;
    if (!pdf_key_is_there(q, page, "/UserUnit") ||
        !qpdf_oh_get_value_as_number(q, qpdf_oh_get_key(q, page, "/UserUnit"), &unit) || !(unit > 0.001 && unit < 100000))
        return 1;
    return (float)unit;
}

float pdf_size_unit_of(struct pdf_file *file, uint32_t page) {
    float unit = file->usable ? pdf_size_unit(file->q, qpdf_get_page_n(file->q, page)) : 1;
    qpdf_oh_release_all(file->q);
    return unit;
}

/* Pixels to an inch, along the side where there are more. */
static double placed_dpi(const struct pdf_placed *p) {
    double across = hypot(p->matrix.a, p->matrix.b), down = hypot(p->matrix.c, p->matrix.d);
    return across > 0 && down > 0 ? 72 * fmax(p->width_px / across, p->height_px / down) : 0;
}

struct sharpness {
    double large, mask, small; /* dpi: of pictures that are the page, of masks among them, of the others */
};

static struct sharpness pictures_look(const struct pdf_painted *painted, const struct pdf_rect *box, double unit) {
    struct sharpness s = {0};
    double area = (box->x1 - box->x0) * (box->y1 - box->y0), strips = 0, strips_dpi = 0;
    for (size_t i = 0; i < painted->count; i++) {
        const struct pdf_placed *p = &painted->list[i];
        struct pdf_rect seen = pdf_rect_common(&p->clip, box);
        double part = (seen.x1 - seen.x0) * (seen.y1 - seen.y0) / area, dpi = placed_dpi(p) / unit;
        strips += part;
        strips_dpi = fmax(strips_dpi, part >= COUNTS_LEAST ? dpi : 0);
        if (part >= LARGE_LEAST && p->is_mask)
            s.mask = fmax(s.mask, dpi);
        if (part >= LARGE_LEAST)
            s.large = fmax(s.large, dpi);
        else if (part >= COUNTS_LEAST)
            s.small = fmax(s.small, dpi);
    }
    if (s.large <= 0 && strips >= LARGE_LEAST) /* strips beside each other are the page together */
        s.large = strips_dpi;
    return s;
}

float pdf_size_dpi(struct pdf_file *file, uint32_t number, float usual) {
    struct pdf_painted painted = {0};
    struct pdf_rect box;
    float dpi = usual;
    qpdf_oh page = file->usable ? qpdf_get_page_n(file->q, number) : qpdf_oh_new_null(file->q);
    if (file->usable && pdf_painted_box(file->q, page, &box)) {
        pdf_painted_look(file->q, page, &painted);
        struct sharpness s = pictures_look(&painted, &box, pdf_size_unit(file->q, page));
        bool little_else = painted.understood && painted.texts <= ADDED_TEXTS_MOST && painted.marks <= ADDED_MARKS_MOST;
        if (little_else && s.mask > usual && s.mask <= DPI_MASK_MOST)
            dpi = (float)s.mask;
        else if (little_else && s.large > 0)
            dpi = (float)fmin(usual, fmax(DPI_LEAST, fmax(s.large, s.small)));
    }
    pdf_painted_drop(&painted);
    qpdf_oh_release_all(file->q);
    pdf_file_forget_complaints(file->q);
    return dpi;
}
