/* pdf_colour.h: colour spaces of the pictures that scanners write. */
#ifndef OCR_PDF_COLOUR_H
#define OCR_PDF_COLOUR_H

#include "ocr/pdf_file.h"
#include "ocr/pdf_samples.h"

/* resources: of the page or form, for a space that is named there (NULL: none). False for a space that is left to
 * rendering: Lab, several inks, inks whose mixture is a program. ISO 32000-1, 8.6. */
bool pdf_colour_open(qpdf_data q, qpdf_oh space, const qpdf_oh *resources, struct pdf_colour *ret);

#endif
