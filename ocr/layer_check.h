/* layer_check.h: a hidden text layer held against what is seen on the page. */
#ifndef OCR_LAYER_CHECK_H
#define OCR_LAYER_CHECK_H

#include "store/page.h"

struct layer_difference {
    size_t words;  /* of the layer, with at least three letters or digits; no more than the first 3,000 */
    size_t unseen; /* of these: not among what was recognised, nor nearly (one slip in four characters) */
    size_t run;    /* the longest row of unseen words, one after the other */
};

struct layer_difference layer_compare(const struct words *layer, const struct words *seen);
/* More than slips of two recognitions explain: a fifth of the words, or six together. */
bool layer_differs(const struct layer_difference *difference);

#endif
