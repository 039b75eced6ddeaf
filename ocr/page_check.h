/* page_check.h: whether a sheet should be scanned again while the paper is still on the desk. */
#ifndef OCR_PAGE_CHECK_H
#define OCR_PAGE_CHECK_H

struct Pix;

/* pix: the page as shown, not blank, no separator. Looks at the picture only (tens of milliseconds): "cut" (text runs into an edge),
 * "faint" (ink hardly darker than paper), "folded" (a corner turned over, or a fold's shadow across text), "dark" (black all over or a
 * large black area: lid open, fed twice), "blurred". "" when it is fine. A static text. */
const char *page_defect(struct Pix *pix, float dpi);

#endif
