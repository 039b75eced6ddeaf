/* raw_picture.h: bare rows of pixels made into a picture file. */
#ifndef OCR_RAW_PICTURE_H
#define OCR_RAW_PICTURE_H

#include "store/page.h"

struct Pix;

struct raw_picture {
    int width_px, height_px;
    int bits;        /* of a channel: 1 or 8 */
    int channels;    /* 1 grey, 3 red green blue */
    bool one_is_ink; /* of 1 bit: what a set bit means */
};

/* Rows begin at whole bytes, as in PDF. 1 bit becomes a Group 4 TIFF, else PNG. ERR_DAMAGED when bytes are
 * missing. */
int raw_picture_encode(struct view rows, const struct raw_picture *raw, struct buf *out,
                       enum picture_format *ret_format);

/* A TIFF file round bare Group 4 data. black_is_ink: as usual; else the picture is inverted. */
void raw_picture_wrap_g4(struct view data, int width_px, int height_px, bool black_is_ink, struct buf *out);

/* PNG for flat pictures, JPEG for noisy ones, which PNG makes large and slow; 1-bit as Group 4. */
int raw_picture_encode_best(struct Pix *pix, struct buf *out, enum picture_format *ret_format);
/* The same with another quality of JPEG (0 to 100; the usual one is 85). */
int raw_picture_encode_at(struct Pix *pix, int quality, struct buf *out, enum picture_format *ret_format);

#endif
