/* pdf_jbig2.h: JBIG2 data inside a PDF (jbig2dec). */
#ifndef OCR_PDF_JBIG2_H
#define OCR_PDF_JBIG2_H

#include "base/buf.h"

struct Pix;

/* data: the stream's segments without a file header; globals: those that pictures share, or empty. 1-bit, 1 where it is
 * black. NULL when it is damaged, has another size, needs more memory than a page of its size may, or when jbig2dec is not
 * built in: then the page is rendered. You pixDestroy it. */
struct Pix *pdf_jbig2_decode(struct view data, struct view globals, const int size_px[2]);

#endif
