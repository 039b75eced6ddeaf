/* pdf_render.h: a PDF page as pixels, by Poppler and Cairo. */
#ifndef OCR_PDF_RENDER_H
#define OCR_PDF_RENDER_H

#include <stdint.h>

struct Pix;
typedef struct _PopplerPage PopplerPage;

/* On white, grey (8-bit) unless it has colour (32-bit). *dpi is made less where the page would have more than
 * PDF_RENDER_PIXELS_MOST pixels. NULL when it cannot be rendered. You pixDestroy it. */
struct Pix *pdf_render(PopplerPage *page, float *dpi);
/* The same where the page's unit is so many points (/UserUnit, which Poppler does not know): *dpi is of the inches that are
 * meant. */
struct Pix *pdf_render_unit(PopplerPage *page, float unit, float *dpi);

/* What a person is told of a page that is too large for the resolution it should have, or NULL when it has it; you free
 * it. number: from 1. */
char *pdf_render_note(uint32_t number, float wanted_dpi, float dpi);

#endif
