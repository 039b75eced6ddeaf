/* pdf_drawn.h: which pictures and forms a content stream draws. */
#ifndef OCR_PDF_DRAWN_H
#define OCR_PDF_DRAWN_H

#include "base/buf.h"

#define PDF_DRAWN_NAME_MOST 128

/* Calls drawn with the name (with its slash, as it stands) before each "Do", in order; not 0: stop and return
 * that. A cursory reader: strings, comments and inline pictures are passed over, nothing is checked. */
int pdf_drawn_names(struct view content, int (*drawn)(void *state, const char *name), void *state);

#endif
