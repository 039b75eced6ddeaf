/* ink_rows.h: which way the lines of text run, from the ink alone.
 *
 * Lines that are parallel on the paper meet in one point of the picture; so their slope changes evenly from
 * the top of the picture to its bottom. The right slope and change are those that heap the ink into the
 * sharpest rows (the sum of the squared differences between neighbouring rows, as for a plain lean: Postl
 * 1986; Bloomberg, Kopec and Dasari 1995). */
#ifndef OCR_INK_ROWS_H
#define OCR_INK_ROWS_H

#include "ocr/thumb.h"

#include <stdbool.h>

struct ink_dot {
    float x, y; /* pixels of the thumb from its middle */
};

struct ink {
    struct ink_dot *dots;
    int count;
    int width, height; /* of the thumb */
};

struct ink_slant {
    float slope;  /* of the line through the middle: pixels down for each to the right */
    float change; /* of the slope, for each pixel down */
};

/* thumb: its longer side about 1000 pixels; grey: its grey, smoothed; paper: the same with letters closed
 * away. You drop it. */
void ink_find(const uint8_t *grey, const uint8_t *paper, const struct thumb *thumb, struct ink *ret);
/* By what part of the paper's brightness a pixel must be darker to be ink and no noise. */
float ink_least(const uint8_t *grey, const uint8_t *paper, const struct thumb *thumb);
void ink_drop(struct ink *ink);
/* The same with across and down changed over. You drop it. */
void ink_turned(const struct ink *ink, struct ink *ret);

/* How sharp the rows are under a slant; comparable between slants of one ink only. */
float ink_sharpness(const struct ink *ink, struct ink_slant slant);
/* The sharpest slant without change up to most (pixels down for each to the right), and its sharpness. */
struct ink_slant ink_lean(const struct ink *ink, float most, float *sharpness);
/* The sharpest slant near one. */
struct ink_slant ink_slant_refined(const struct ink *ink, struct ink_slant from, float *sharpness);
/* The sharpest slant of all that a camera held by hand may give. */
struct ink_slant ink_slant_find(const struct ink *ink, float *sharpness);

#endif
