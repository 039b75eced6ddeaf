/* pdf_painted.h: what a page paints: its pictures, where they lie, and whether anything else is seen. Forms are
 * followed. */
#ifndef OCR_PDF_PAINTED_H
#define OCR_PDF_PAINTED_H

#include "ocr/pdf_content.h"
#include "ocr/pdf_file.h"

#define PDF_PAINTED_MOST 4096u /* pictures on one page */

/* Handles of qpdf: they live until qpdf_oh_release_all. */
struct pdf_placed {
    qpdf_oh picture;      /* a stream; an inline picture is made one */
    qpdf_oh resources;    /* of the page or form that draws it */
    struct pdf_matrix matrix;
    struct pdf_rect clip; /* what is seen of it */
    bool clip_is_odd;
    bool stencil;         /* it paints ink through holes, nothing elsewhere */
    enum pdf_ink ink;
    bool is_mask;            /* a stencil, or it has a mask of its own: letters are cut out of it */
    int width_px, height_px; /* as the file says, of its mask where that has more; 0 where it does not */
};

struct pdf_painted {
    struct pdf_placed *list;
    size_t count, room;
    bool only_pictures; /* nothing else is seen, but for what lies under the first picture */
    bool under;         /* something was painted before the first picture that is no white area */
    bool understood;    /* the content was read to its end: what follows counts all of it */
    int texts, marks;   /* strings that show; these, areas and lines */
};

/* The page's shown rectangle, in points, not turned: /CropBox within /MediaBox. False when it has none. */
bool pdf_painted_box(qpdf_data q, qpdf_oh page, struct pdf_rect *ret);
/* ret is filled in; you drop it. */
void pdf_painted_look(qpdf_data q, qpdf_oh page, struct pdf_painted *ret);
void pdf_painted_drop(struct pdf_painted *painted);

#endif
