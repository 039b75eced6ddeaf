/* pdf_pictures.h: whether a picture inside a PDF can be decoded, whole, within the limits. */
#ifndef OCR_PDF_PICTURES_H
#define OCR_PDF_PICTURES_H

#include "ocr/pdf_stream.h"

#define PDF_PICTURE_DAMAGED "a picture on this page of the PDF is missing or damaged"
#define PDF_PICTURE_LARGE "a picture on this page of the PDF is larger than the limit"
#define PDF_PICTURE_UNKNOWN "a picture on this page of the PDF is in a coding that is not known"

/* "" or one of these. JBIG2 data are not tried. */
const char *pdf_picture_trouble(qpdf_data q, qpdf_oh stream);

/* Whether bare Group 4 data decode to all their rows. */
bool pdf_picture_g4_is_whole(struct view data, int width_px, int height_px);

#endif
