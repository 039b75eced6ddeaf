/* pdf_content.h: whether a page's content stream does nothing but place one picture. */
#ifndef OCR_PDF_CONTENT_H
#define OCR_PDF_CONTENT_H

#include "base/buf.h"

#include <stdbool.h>

#define PDF_NAME_MOST 128

/* Maps the unit square to the page: x' = a x + c y + e, y' = b x + d y + f (ISO 32000-1, 8.3.4). */
struct pdf_matrix {
    double a, b, c, d, e, f;
};

/* True when the stream uses only q, Q, cm, one Do and text that paints nothing (rendering mode 3): name is
 * the picture's resource name without the slash, placed where it lies. Anything else is false: the page is
 * rendered. */
bool pdf_content_is_one_picture(struct view content, char name[PDF_NAME_MOST], struct pdf_matrix *ret_placed);

#endif
