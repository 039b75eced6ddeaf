/* thumb.h: a small copy of a picture, to find out where the paper lies. */
#ifndef OCR_THUMB_H
#define OCR_THUMB_H

#include <stdint.h>

struct Pix;

struct thumb {
    int width, height; /* pixels of the thumb */
    float step;        /* pixels of the picture for each pixel of the thumb */
    int planes;        /* 3: red, green, blue; 1: grey */
    uint8_t *plane[3]; /* width x height bytes each */
};

/* pix: 8-bit grey or 32-bit. Its longer side becomes at most side_px; single pixels are sampled, so that the
 * time does not grow with the picture. You drop it. */
void thumb_make(struct Pix *pix, int side_px, struct thumb *ret);
void thumb_drop(struct thumb *thumb);
/* Half the size. You drop it. */
void thumb_halve(const struct thumb *thumb, struct thumb *ret);
/* Grey of three planes or of one. width x height bytes; you free it. */
uint8_t *thumb_grey(const struct thumb *thumb);

/* The mean of 3 x 3 pixels, in place. */
void thumb_smooth(uint8_t *plane, int width, int height);
/* The brightest (or the darkest) of the window_px x window_px pixels round each pixel, in place. */
void thumb_spread_bright(uint8_t *plane, int width, int height, int window_px);
void thumb_spread_dark(uint8_t *plane, int width, int height, int window_px);

#endif
