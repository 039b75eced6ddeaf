/* postings.h: an inverted index: which values (numbers of children, mostly) a key leads to. Filled, sealed,
 * then read. */
#ifndef FILING_POSTINGS_H
#define FILING_POSTINGS_H

#include <stddef.h>
#include <stdint.h>

struct posting {
    uint64_t key;
    uint32_t value;
};

struct postings {
    struct posting *list; /* after sealing: by key, values of a key in rising order, each once */
    size_t count, room;
    uint32_t *starts; /* where the keys with the same top bits begin */
    unsigned bits;    /* how many top bits */
};

void postings_add(struct postings *postings, uint64_t key, uint32_t value);
void postings_seal(struct postings *postings); /* once, after the last add */
/* The run of a key; borrowed; NULL and 0 when there is none. */
const struct posting *postings_find(const struct postings *postings, uint64_t key, size_t *ret_count);
void postings_drop(struct postings *postings);

/* Keys: well mixed 64-bit hashes. Two keys falling together is so rare (2^-64 each) that it is not handled:
 * an entry is only a reason to look at a child, never evidence by itself. */
uint64_t key_of_text(const char *text);
uint64_t key_of_number(uint64_t number);
uint64_t key_of_pair(uint64_t a, uint64_t b);

#endif
