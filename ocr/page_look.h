/* page_look.h: a page made small and grey, to look at it as a whole. */
#ifndef OCR_PAGE_LOOK_H
#define OCR_PAGE_LOOK_H

struct Pix;

/* An 8-bit grey copy at about the wanted resolution, never finer than the page is itself; *ret_dpi: what it came to. Borders, paper and
 * shadows are left as they are. NULL when the page cannot be looked at (too small, no memory). You pixDestroy it. */
struct Pix *page_look(struct Pix *pix, float dpi, float wanted_dpi, float *ret_dpi);

#endif
