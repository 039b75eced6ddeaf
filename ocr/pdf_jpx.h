/* pdf_jpx.h: the samples of a JPEG 2000 picture inside a PDF (OpenJPEG). */
#ifndef OCR_PDF_JPX_H
#define OCR_PDF_JPX_H

#include "base/buf.h"
#include "ocr/pdf_samples.h"

#include <stdbool.h>

/* Appends rows of 8-bit samples. False when it is damaged, when it is not what samples says (size, samples of a pixel, 8
 * bits, no sub-sampling, no other colours than grey and red, green, blue), when decoding it takes more memory than a page
 * may, or when OpenJPEG is not built in: then the page is rendered. */
bool pdf_jpx_rows(struct view bytes, const struct pdf_samples *samples, struct buf *rows);

#endif
