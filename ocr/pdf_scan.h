/* pdf_scan.h: the picture of a page that is nothing but scanned pictures, taken out of the PDF without rendering it
 * (qpdf). */
#ifndef OCR_PDF_SCAN_H
#define OCR_PDF_SCAN_H

#include "ocr/pdf_file.h"

/* Whether page (from 0), shown at width_pt x height_pt, shows nothing but one picture, or several of one resolution beside
 * each other (strips, tiles, a picture with white round it), that decode to their ends. Then ret is the page's picture, and
 * its bytes lie in out (which is reset first): one picture that fills the page and that every reader shows alike (JPEG,
 * Group 4) is the file's own bytes; the others are put together upright, cut at the page's edge, and written anew: 1-bit as
 * Group 4, flat ones as PNG, noisy ones as JPEG. Text that cannot be seen (drawn invisibly, or under a picture that covers
 * it) does not count. Never of a file that had to be repaired: then nobody can be sure that qpdf sees the pages that
 * Poppler sees, and every page is rendered. size_pt may be as Poppler says it or times /UserUnit; the picture's dpi is of
 * the same inches. */
bool pdf_scan_take(struct pdf_file *file, uint32_t page, const float size_pt[2], struct buf *out,
                   struct picture *ret);

#endif
