/* picture_pages.h: the pages of a TIFF (many), JPEG or PNG (one). */
#ifndef OCR_PICTURE_PAGES_H
#define OCR_PICTURE_PAGES_H

#include "store/page_sink.h"

/* A JPEG or PNG comes as its own bytes; a TIFF page is written anew as Group 4 (1-bit) or PNG/JPEG, upright by its own
 * orientation tag; a JPEG's EXIF orientation becomes the picture's turn (where it is a pure turn). Pixels per inch from the file
 * when they lie between 50 and 1200, else such that the longer side is 11.69 inch (A4). Page size = pixels x 72 / dpi. ERR_DAMAGED, ERR_TOO_LARGE, or what the sink returned. */
int picture_pages_open(struct view bytes, const struct page_sink *sink);

#endif
