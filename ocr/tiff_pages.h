/* tiff_pages.h: the pictures of a TIFF file in memory, one by one (libtiff, Leptonica). */
#ifndef OCR_TIFF_PAGES_H
#define OCR_TIFF_PAGES_H

#include "base/buf.h"

struct Pix;
struct tiff_pages;

/* ERR_DAMAGED or ERR_TOO_LARGE when it cannot be opened. The bytes are borrowed until it is dropped. */
int tiff_pages_open(struct view bytes, struct tiff_pages **ret);
void tiff_pages_drop(struct tiff_pages **tiff);
uint32_t tiff_pages_count(struct tiff_pages *tiff);

/* Goes over the next picture without decoding it. */
void tiff_pages_skip(struct tiff_pages *tiff);

/* The next picture, upright by its own orientation tag, with its pixels per inch (0: not said). ERR_NOT_FOUND
 * at the end, ERR_DAMAGED (also when only a part of it is there), ERR_TOO_LARGE for one that cannot be
 * decoded: the one after it may be asked for. */
int tiff_pages_next(struct tiff_pages *tiff, struct Pix **ret_pix, float ret_dpi[2]);

#endif
