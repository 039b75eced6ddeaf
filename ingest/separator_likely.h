/* separator_likely.h: whether a page whose words are known is worth looking at for the code of a separator sheet. */
#ifndef INGEST_SEPARATOR_LIKELY_H
#define INGEST_SEPARATOR_LIKELY_H

#include "store/page.h"

/* pix: the page as shown, at dpi; words: all that it says, and where. True when a word reads like such a code (a typeface of bars), or when
 * outside of all words there is a place as full of ink as a code is: a square of 4 mm, 30 of 100 of it ink. Rules, frames and underlines have
 * less; logos and pictures have as much, and are looked at. Less than a hundredth of the time that separator_find takes. */
bool separator_likely(struct Pix *pix, float dpi, const struct words *words);

#endif
