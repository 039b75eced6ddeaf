/* shrink.h: grey pictures made smaller by the means of areas, in a small part of the time that Leptonica's area map takes. */
#ifndef BASE_SHRINK_H
#define BASE_SHRINK_H

struct Pix;

/* grey: 8 bits without a palette. kx, ky: from above 0 to 1, of its width and height; a side comes to its length times k, rounded down.
 * Each pixel is the mean of the area that it covers, parts of pixels counting by their part (to 1/256). NULL: a side would be 0, or no
 * memory. A new picture, you destroy it. */
struct Pix *shrink_grey(struct Pix *grey, float kx, float ky);

#endif
