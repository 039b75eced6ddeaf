/* same_paper.h: two texts that are nearly alike: the same paper read twice, or the same form filled in about another child? */
#ifndef INGEST_SAME_PAPER_H
#define INGEST_SAME_PAPER_H

#include "store/filing_result.h"

/* What one has and the other has not, both ways; of what was read with some confidence, and without what only a received stamp says. */
struct same_paper {
    int names;      /* capitalised words that each has instead of the other's */
    int repeated;   /* of these names, the ones that each has more than once: nothing is misread twice in the same way */
    int numbers;    /* likewise numbers and dates; those beside each other count once */
    int words;      /* likewise other words: what recognition spoilt */
    int told;       /* names and numbers that were compared */
    int all_words;  /* other words that were compared */
};

/* A misread word is not a difference: each is looked for in the other text in a spoilt form too. */
void same_paper_compare(const struct document_words *a, const struct document_words *b, struct same_paper *ret);
/* 1 when no more names and numbers differ than recognition would spoil. */
int same_paper_is(const struct same_paper *differences);

#endif
