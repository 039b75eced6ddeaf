/* pdf_size.h: how large a page of a PDF is meant to be, and the resolution at which a page that has to be rendered shows all
 * that is to be read. */
#ifndef OCR_PDF_SIZE_H
#define OCR_PDF_SIZE_H

#include "ocr/pdf_file.h"

/* /UserUnit: how many points the page's unit is; 1 where the file does not say, or says what cannot be. Poppler does not
 * know it. */
float pdf_size_unit(qpdf_data q, qpdf_oh page);
/* The same of a page of the file (from 0). */
float pdf_size_unit_of(struct pdf_file *file, uint32_t page);

/* Dots per inch of the page as it is meant (times /UserUnit). usual (300): what text that is drawn needs. Less, but never less
 * than 200, where the page is pictures of a lower resolution and little else; the mask's own, up to 400, where one bit a pixel
 * holds the letters. How sharp small pictures are (a logo) never raises it. */
float pdf_size_dpi(struct pdf_file *file, uint32_t page, float usual);

#endif
