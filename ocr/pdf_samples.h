/* pdf_samples.h: rows of samples, as they lie in a PDF, made into pixels. */
#ifndef OCR_PDF_SAMPLES_H
#define OCR_PDF_SAMPLES_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct Pix;

enum pdf_colour_kind { PDF_COLOUR_GREY, PDF_COLOUR_RGB, PDF_COLOUR_CMYK };

/* A colour space, as far as it matters here. Calibrated ones are taken for the device's (as Poppler does where it has no
 * profile); table: one sample is looked up (a palette, or the steps of one ink). */
struct pdf_colour {
    enum pdf_colour_kind kind;
    int samples;             /* of a pixel: 1, 3 or 4 */
    bool table, is_palette;  /* is_palette: the sample is the entry's number, else 0 to 1 is spread over the entries */
    int entries;             /* 1 to 256 */
    uint8_t rgb[256][3];
};

struct pdf_samples {
    int width_px, height_px;
    int bits;                /* of a sample: 1, 2, 4, 8 or 16 */
    int count;               /* samples of a pixel: 1, 3 or 4 */
    int depth;               /* bits of the pixels that they become: 1, 8 or 32 */
    bool cmyk;
    uint8_t rgb[256][3];     /* of one sample: what its values show */
    uint8_t level[4][256];   /* of several: 0 to 255 after Decode */
    uint8_t under[256][8][3]; /* of four inks: what each black makes of the others' eight full mixtures */
};

/* decode: two numbers for each sample (ISO 32000-1, 8.9.5.2), or NULL. Width, height and bits are there already. */
void pdf_samples_prepare(struct pdf_samples *samples, const struct pdf_colour *colour, const double *decode);
size_t pdf_samples_row(const struct pdf_samples *samples); /* bytes: rows begin at whole ones */

/* 1-bit (1 is black), 8-bit grey or 32-bit colour; NULL when bytes are missing. You pixDestroy it. */
struct Pix *pdf_samples_pix(const struct pdf_samples *samples, struct view rows);
/* The same of a picture that is 1-bit already, a set bit being a sample of 0: takes it, gives another or the same. */
struct Pix *pdf_samples_pix_of_bits(const struct pdf_samples *samples, struct Pix *zeros);
/* Whether 1-bit samples are black and white; then which of them is black. */
bool pdf_samples_are_ink(const struct pdf_samples *samples, bool *ret_zero_is_black);

/* What four inks, 0 to 255 each, look like. */
void pdf_samples_cmyk(const uint8_t inks[4], uint8_t rgb[3]);

#endif
