/* ink_bits.h: counting the ink of a 1-bit picture (1 = ink), words of 32 pixels at a time. */
#ifndef OCR_INK_BITS_H
#define OCR_INK_BITS_H

#include <stdint.h>

struct Pix;

struct pixel_box {
    int x0, y0, x1, y1; /* pixels; the last ones outside */
};

/* The pixels that a box (left, top, right, bottom; points) touches. What no page is as large as is cut there. */
struct pixel_box pixel_box_of(const double box_pt[4], float dpi);
/* Cuts the box at the picture's edges; 0 when nothing is left of it. */
int pixel_box_cut(const struct Pix *pix, struct pixel_box *box);
/* Ink pixels in a box that lies in the picture. */
int64_t ink_bits_count(struct Pix *pix, const struct pixel_box *box);

struct ink_sizes {
    int least_px, most_px; /* parts of which a side has at least, and no side more than, so many pixels */
};
struct ink_sums {
    int64_t all;  /* ink of the parts of that size */
    int64_t left; /* what is there of it in another picture, too */
};
/* Parts: what touches, also over corners (as pixSelectBySize with 8 neighbours, at a tenth of its time). left: of the same
 * size as ink, and nothing but what is in it. ERR_TOO_LARGE: more parts than any text has. */
int ink_bits_by_size(struct Pix *ink, struct Pix *left, const struct ink_sizes *sizes, struct ink_sums *ret);

#endif
