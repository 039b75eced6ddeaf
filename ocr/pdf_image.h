/* pdf_image.h: one picture of a PDF: kept as its own bytes where every reader shows them alike, else made into pixels. */
#ifndef OCR_PDF_IMAGE_H
#define OCR_PDF_IMAGE_H

#include "ocr/pdf_samples.h"
#include "ocr/pdf_stream.h"

struct pdf_image {
    qpdf_data q;
    qpdf_oh stream, dict, parameters; /* parameters: of the last filter */
    enum pdf_coding coding;
    int filters;
    bool stencil;             /* paints ink where its samples say so, nothing elsewhere */
    struct pdf_samples samples;
};

/* resources: where named colour spaces are (NULL: nowhere). False where it is left to rendering: masks, layers, colours
 * that are not simple, more than PIX_PIXELS_MOST. A stencil is taken as black ink on white. */
bool pdf_image_open(qpdf_data q, qpdf_oh stream, const qpdf_oh *resources, struct pdf_image *ret);

/* As it lies in the file: JPEG, or Group 4 in a TIFF's wrapper. False when it has to be decoded. Appends to out. */
bool pdf_image_keep(struct pdf_image *image, struct buf *out, enum picture_format *ret_format);
/* 1-bit, 8-bit grey or 32-bit colour; NULL when it is damaged or not decoded here. You pixDestroy it. */
struct Pix *pdf_image_decode(struct pdf_image *image);

#endif
