/* pdf_fax.h: fax data (CCITTFaxDecode) of every kind: Group 3 in one dimension or two, Group 4, with and without ends of
 * lines and filled bytes (ITU-T T.4 and T.6; ISO 32000-1, 7.4.6). */
#ifndef OCR_PDF_FAX_H
#define OCR_PDF_FAX_H

#include "base/buf.h"

#include <stdbool.h>

struct Pix;

struct pdf_fax {
    int k;             /* below 0: Group 4; 0: Group 3, one dimension; above: two */
    int width_px, height_px;
    bool byte_align;   /* each row begins at a whole byte */
    bool line_ends;    /* the file says that each row has an end-of-line code; found out where rows do not begin at bytes */
};

/* 1-bit, 1 where the fax is black; NULL when a row makes no sense or rows are missing. You pixDestroy it. */
struct Pix *pdf_fax_decode(struct view data, const struct pdf_fax *fax);

#endif
