/* flatten.h: the picture of a sheet as if it had lain flat on a scanner, and the way back. */
#ifndef OCR_FLATTEN_H
#define OCR_FLATTEN_H

#include "ocr/photo_page.h"
#include "store/page.h"

/* pix: what photo_page_find saw. The flat picture, 8-bit grey; what lies outside the photograph becomes
 * paper. NULL when memory is short. You pixDestroy it. */
struct Pix *flatten_make(struct Pix *pix, const struct photo_page *page);

/* The upright rectangle, in pixels of the picture as shown, round a rectangle of the flat picture's pixels.
 */
struct box flatten_back(const struct photo_page *page, struct box flat);

#endif
