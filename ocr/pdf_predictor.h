/* pdf_predictor.h: rows that were stored as differences (Predictor of FlateDecode and LZWDecode; ISO 32000-1, 7.4.4.4; PNG
 * filters, RFC 2083, section 6; TIFF 6.0, section 14). */
#ifndef OCR_PDF_PREDICTOR_H
#define OCR_PDF_PREDICTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pdf_predictor {
    int predictor;              /* 1: none; 2: TIFF; 10 to 15: PNG, each row says which */
    int colours, bits, columns; /* samples of a pixel, bits of a sample, pixels of a row */
};

/* Bytes of a row when it is undone; 0 when the numbers are none that a picture can have. */
size_t pdf_predictor_row(const struct pdf_predictor *p);
/* How many bytes have to be unpacked so that need bytes of rows come out. */
size_t pdf_predictor_packed(const struct pdf_predictor *p, size_t need);
/* Undoes whole rows in place; *len becomes what they have. What is left of a row that is cut is undone too. False for
 * a way that is not known. */
bool pdf_predictor_undo(const struct pdf_predictor *p, uint8_t *data, size_t *len);

#endif
