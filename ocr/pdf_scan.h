/* pdf_scan.h: the picture of a page that is nothing but one scanned picture, taken out of the PDF as it is
 * (qpdf). */
#ifndef OCR_PDF_SCAN_H
#define OCR_PDF_SCAN_H

#include "ocr/pdf_file.h"

/* Whether page (from 0), shown at width_pt x height_pt, is one picture that fills it and that decodes to its
 * end. Then ret is the picture, and its bytes lie in out (which is reset first). Never of a file that had to
 * be repaired: then nobody can be sure that qpdf sees the pages that Poppler sees, and every page is
 * rendered. */
bool pdf_scan_take(struct pdf_file *file, uint32_t page, const float size_pt[2], struct buf *out,
                   struct picture *ret);

#endif
