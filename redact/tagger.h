/* tagger.h: people, places, organisations, dates and codes in a text, found by the statistical model: also those that no list knows. */
#ifndef REDACT_TAGGER_H
#define REDACT_TAGGER_H

#include "redact/tag_text.h"

struct tag_span {
    uint32_t begin, end;      /* bytes of the text */
    enum tag_kind kind;
    uint8_t confidence;       /* 0 to 100: probability that its surest token is part of something */
    bool sure;                /* found at the threshold for flags; else only at the one for "a person looks" */
};

struct tagger_order {
    const struct tag_model *model; /* borrowed */
    float flag_bias, look_bias;    /* what is taken off the score of "none of them": more finds more, and more that is nothing; 0 or more */
};

struct tagger;
struct tagger *tagger_new(const struct tagger_order *order); /* you drop it */
void tagger_drop(struct tagger **tagger);
/* Spans in the order of the text, not overlapping; borrowed until the next call. text is UTF-8. */
size_t tagger_find(struct tagger *tagger, const char *text, size_t bytes, const struct tag_span **ret);

#endif
