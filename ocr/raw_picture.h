/* raw_picture.h: pixels, and bare Group 4 data, made into a picture file. */
#ifndef OCR_RAW_PICTURE_H
#define OCR_RAW_PICTURE_H

#include "store/page.h"

struct Pix;

/* A TIFF file round bare Group 4 data. black_is_ink: as usual; else the picture is inverted. */
void raw_picture_wrap_g4(struct view data, int width_px, int height_px, bool black_is_ink, struct buf *out);

/* 32-bit made 8-bit grey where it has no colour but the fringes of a scan: takes pix, gives another or the same. */
struct Pix *raw_picture_without_colour(struct Pix *pix);

/* PNG for flat pictures, JPEG for noisy ones, which PNG makes large and slow; 1-bit as Group 4. */
int raw_picture_encode_best(struct Pix *pix, struct buf *out, enum picture_format *ret_format);
/* The same with another quality of JPEG (0 to 100; the usual one is 85). */
int raw_picture_encode_at(struct Pix *pix, int quality, struct buf *out, enum picture_format *ret_format);

#endif
