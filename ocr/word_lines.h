/* word_lines.h: the lines of a list of words. Private to ocr/. */
#ifndef OCR_WORD_LINES_H
#define OCR_WORD_LINES_H

#include "store/page.h"

/* Words that follow each other in the list and have one line's number. */
struct word_line {
    size_t first, count; /* words */
    struct box box;
};

/* How many; you free *ret. */
size_t word_lines_make(const struct words *words, struct word_line **ret);

#endif
