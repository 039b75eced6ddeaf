/* pdf_scan.h: the picture of a page that is nothing but one scanned picture, taken out of the PDF as it is
 * (qpdf). */
#ifndef OCR_PDF_SCAN_H
#define OCR_PDF_SCAN_H

#include "store/page.h"

struct pdf_scan;

/* NULL when qpdf has anything to complain of: then nobody can be sure that it sees the pages that Poppler
 * sees, and every page is rendered. The bytes are borrowed until it is dropped. */
struct pdf_scan *pdf_scan_open(struct view bytes, uint32_t pages);
void pdf_scan_drop(struct pdf_scan **scan);

/* Whether page (from 0), shown at width_pt x height_pt, is one picture that fills it. Then ret is the
 * picture, and its bytes lie in out (which is reset first). */
bool pdf_scan_take(struct pdf_scan *scan, uint32_t page, const float size_pt[2], struct buf *out,
                   struct picture *ret);

#endif
