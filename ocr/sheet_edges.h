/* sheet_edges.h: the four sides of a sheet of paper in a picture.
 *
 * Method: text is closed away (the brightest, then the darkest of a small window); the steepest pixels vote
 * for the lines they can lie on, in the direction of their gradient only (Hough transform; Duda and Hart
 * 1972, O'Gorman and Clowes 1976); every choice of two lines across and two lines down is weighed by how much
 * of its sides is really there. */
#ifndef OCR_SHEET_EDGES_H
#define OCR_SHEET_EDGES_H

#include "ocr/thumb.h"

#include <stdbool.h>

enum sheet_side { SHEET_LEFT, SHEET_RIGHT, SHEET_TOP, SHEET_BOTTOM };

/* A line a x + b y = c in pixels of the thumb; a and b are its normal of length 1, towards right or down. */
struct sheet_line {
    float a, b, c;
};

struct sheet_edges {
    struct sheet_line side[4];
    float
        support[4]; /* 0 to 1: how much of the side can be seen; 0 where the picture's border stands for it */
    bool seen[4];
    float x[4], y[4]; /* corners in pixels of the thumb: top left, top right, bottom right, bottom left */
};

/* thumb: its longer side about 500 pixels. False where no sheet can be told from what it lies on. */
bool sheet_edges_find(const struct thumb *thumb, struct sheet_edges *ret);

#endif
