/* mention.h: full names of children of the register on the pages, and of their relatives. */
#ifndef FILING_MENTION_H
#define FILING_MENTION_H

#include "filing/tokens.h"

struct mention {
    uint32_t child;
    uint32_t from, to; /* tokens, both included */
    uint32_t alike;    /* children that have this name */
    uint32_t forename, surname;
    uint8_t kind;  /* enum variant_kind */
    uint8_t wrong; /* how many of forename and surname are not written as in the register */
    float title;   /* bits that its place speaks for the child being what the document is about */
};

/* A relative of the child is named in full. */
struct relative {
    uint32_t child;
    uint32_t from, to;
    uint64_t pair;
};

struct mentions {
    struct mention *list; /* in the order of the page */
    size_t count, room;
    struct relative *relatives;
    size_t relative_count, relative_room;
    struct postings by_child;           /* child -> place in list */
    struct postings relatives_by_child; /* child -> place in relatives */
};

/* Names as the register has them, or with one letter wrong in each half. Marks the tokens that they take (TOKEN_NAME_PART,
 * TOKEN_NAME_ENDS). Not sealed: more may be added. */
void mentions_find(const struct register_index *index, struct tokens *tokens, struct mentions *ret);
/* Of these children, whom something else on the pages speaks for, also names that recognition has spoilt worse: up to two letters of a
 * long half. children: places in the register, in any order. (mention_seek.c) */
void mentions_seek(const struct register_index *index, struct tokens *tokens, const uint32_t *children, size_t count, struct mentions *mentions);
/* Puts the mentions in the order of the page, weighs their places, and makes them findable by child. Once, after the last was added. */
void mentions_seal(struct tokens *tokens, struct mentions *mentions);
/* The child's mentions, or mentions of its relatives: places in the lists. Borrowed. */
const struct posting *mentions_of(const struct mentions *mentions, uint32_t child, size_t *ret_count);
const struct posting *relatives_of(const struct mentions *mentions, uint32_t child, size_t *ret_count);
void mentions_drop(struct mentions *mentions);

/* For those who add mentions: title and order come with the sealing. False when the place is known already. */
bool mention_add(struct mentions *mentions, const struct mention *mention);
/* "Mrs Kenyon", "Theo Kenyon (father)", "Theo Kenyon, social worker": an adult of that name. from, to: tokens, both included. */
bool mention_is_adult(const struct tokens *tokens, size_t from, size_t to);

/* Whether the word stands in the list, which ends with NULL. */
bool word_is_in(const char *key, const char *const *list);

#endif
