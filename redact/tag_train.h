/* tag_train.h: makes the tagger's model from texts with marked spans. The same texts in the same order give the same bytes. */
#ifndef REDACT_TAG_TRAIN_H
#define REDACT_TAG_TRAIN_H

#include "redact/tag_model.h"

#include <stddef.h>

struct tag_gold {
    uint32_t begin, end; /* bytes of the text */
    enum tag_kind kind;
};

/* A text and what stands in it; owned by who gives it. */
struct tag_example {
    char *text;
    size_t bytes;
    struct tag_gold *gold; /* of two that overlap the first in the list counts */
    size_t gold_count;
};

struct tag_train_order {
    const struct tag_example *examples;
    size_t example_count;
    const char *gazetteer; /* lines "word TAB traits", the traits as a decimal number of enum tag_word; folded words; UTF-8, ended */
    uint32_t row_count, word_slots; /* powers of two; word_slots more than the gazetteer's words */
    int epochs;
    float rate;          /* AdaGrad's learning rate (Duchi, Hazan, Singer 2011) */
    float word_dropout;  /* share of tokens whose own word is hidden, so that context counts */
    float gazetteer_dropout; /* share of tokens of which the gazetteer's names are hidden, so that unknown names are found */
    void (*told)(void *state, int epoch, double loss); /* after each epoch: negative log-likelihood a token; or NULL */
    void *state;
};

/* The model's file in out. ERR_INPUT: the gazetteer does not fit. */
int tag_train(const struct tag_train_order *order, struct buf *out);

#endif
