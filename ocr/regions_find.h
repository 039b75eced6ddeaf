/* regions_find.h: what is on a page that no words tell of, or whose words nobody should rely on. Private to ocr/. */
#ifndef OCR_REGIONS_FIND_H
#define OCR_REGIONS_FIND_H

#include "store/page.h"

struct Pix;

/* pix: what was recognised (1-bit or grey, straight); words: read from it, boxes in its pixels; dpi its pixels per inch. Appends boxes in its
 * pixels. Specks, rules and frames are nothing; what is smaller than a short written word is nothing. */
void regions_find(struct Pix *pix, const struct words *words, float dpi, struct regions *ret);

#endif
