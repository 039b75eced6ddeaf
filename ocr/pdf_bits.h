/* pdf_bits.h: a PDF page of black letters on white as ink and paper. */
#ifndef OCR_PDF_BITS_H
#define OCR_PDF_BITS_H

#include <stdint.h>

struct Pix;
typedef struct _PopplerPage PopplerPage;

#define PDF_BITS_PIXELS_MOST 18000000u /* A3 at 300 dpi; it takes four bytes for each while it is painted */

struct pdf_bits; /* what pages are painted on, kept from page to page */
struct pdf_bits *pdf_bits_new(void);
void pdf_bits_drop(struct pdf_bits **bits);

/* The page at dpi, 1-bit (1 = ink), or NULL where it shows anything but black on white: a colour, a grey, a tint, a line that
 * is too thin to be black at this resolution; or is too large, or cannot be painted. The grey of a letter's smoothed edge does
 * not count: it lies beside black. You pixDestroy it. */
struct Pix *pdf_bits_render(struct pdf_bits *bits, PopplerPage *page, float dpi);

#endif
