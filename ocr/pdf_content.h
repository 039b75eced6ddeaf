/* pdf_content.h: a content stream run operator by operator, as far as a scanned page needs it: where pictures come to
 * lie, what cuts them, and whether anything else is seen. No objects of the file are looked at here. */
#ifndef OCR_PDF_CONTENT_H
#define OCR_PDF_CONTENT_H

#include "base/buf.h"

#include <stdbool.h>

#define PDF_NAME_MOST 128

/* Maps the unit square to the page: x' = a x + c y + e, y' = b x + d y + f (ISO 32000-1, 8.3.4). */
struct pdf_matrix {
    double a, b, c, d, e, f;
};

/* Points of the page, not turned; x0 <= x1 and y0 <= y1. */
struct pdf_rect {
    double x0, y0, x1, y1;
};

enum pdf_ink { PDF_INK_BLACK, PDF_INK_WHITE, PDF_INK_OTHER };

struct pdf_state {
    struct pdf_matrix matrix;
    struct pdf_rect clip; /* nothing outside it is seen */
    bool clip_is_odd;     /* the clip is no upright rectangle: clip is the rectangle round it */
    enum pdf_ink ink;     /* the colour that fills, and that a stencil is painted in */
    int text_mode;        /* 3: text is not seen */
};

/* Each returns false to stop. */
struct pdf_content_sink {
    bool (*drawn)(void *state, const char *name, const struct pdf_state *at); /* "Do"; the name with its slash */
    /* "BI": what stands between BI and ID, and the bytes up to EI */
    bool (*inline_picture)(void *state, struct view entries, struct view data, const struct pdf_state *at);
    bool (*extended)(void *state, const char *name); /* "gs": a graphics state of the resources */
    bool (*painted)(void *state, const struct pdf_state *at, bool text); /* a letter, an area, a line that is seen */
    bool (*layered)(void *state); /* what follows belongs to a layer that can be switched off */
    void *state;
};

struct pdf_state pdf_state_begin(void); /* no matrix, no clip, black */
struct pdf_matrix pdf_matrix_times(const struct pdf_matrix *first, const struct pdf_matrix *then);
struct pdf_rect pdf_matrix_box(const struct pdf_matrix *m, const struct pdf_rect *rect); /* the rectangle round it */
struct pdf_rect pdf_rect_common(const struct pdf_rect *a, const struct pdf_rect *b); /* empty: no width or height */
bool pdf_matrix_is_upright(const struct pdf_matrix *m); /* turns by quarters only: rectangles stay rectangles */

/* True when every operator was understood and no function said stop. Strings are passed over; text that shows calls
 * painted unless its mode is 3; text that cuts (modes 4 to 7) is not understood. */
bool pdf_content_run(struct view content, const struct pdf_state *begin, const struct pdf_content_sink *sink);

#endif
