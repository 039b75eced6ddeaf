/* pdf_render.h: a PDF page as pixels, by Poppler and Cairo. */
#ifndef OCR_PDF_RENDER_H
#define OCR_PDF_RENDER_H

struct Pix;
typedef struct _PopplerPage PopplerPage;

/* On white, grey (8-bit) unless it has colour (32-bit). *dpi is made less where the page would have more than
 * PDF_RENDER_PIXELS_MOST pixels. NULL when it cannot be rendered. You pixDestroy it. */
struct Pix *pdf_render(PopplerPage *page, float *dpi);

#endif
