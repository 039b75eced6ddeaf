/* join_lines.h: lines that Tesseract cut in two. Dirt or a fold down the page looks like the gap between columns; but between columns there is
 * more room than between words. */
#ifndef OCR_JOIN_LINES_H
#define OCR_JOIN_LINES_H

#include "store/page.h"

/* Puts words into the order of whole lines where blocks that stand side by side go on from line to line with no more than a word's room between
 * them; numbers lines and blocks anew. Boxes in any unit, of a straight page. */
void lines_join(struct words *words);

#endif
