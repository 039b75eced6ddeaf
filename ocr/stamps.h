/* stamps.h: what is fainter than the letters and lies over them: stamps, water marks, coloured rules. */
#ifndef OCR_STAMPS_H
#define OCR_STAMPS_H

#include <stdbool.h>

struct Pix;

/* grey: 8-bit, paper at 200; bits: the same thresholded for ink of every strength (1-bit, changed in place); letter_px: height of the letters.
 * Where something much larger than a letter is fainter than the page's letters, only what is as dark as letters stays of it. False: there was
 * no such thing, or the letters are faint themselves. */
bool stamps_fade(struct Pix *grey, struct Pix *bits, float letter_px);

#endif
