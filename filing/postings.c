#include "filing/postings.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void postings_add(struct postings *p, uint64_t key, uint32_t value) {
    if (p->count == p->room)
        p->list = mem_grow(p->list, p->room = p->room ? p->room * 2 : 1024, sizeof *p->list);
    p->list[p->count++] = (struct posting){key, value};
}

static int posting_order(const void *a, const void *b) {
    const struct posting *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static size_t slot_of(const struct postings *p, uint64_t key) {
    return (size_t)(key >> (64 - p->bits));
}

/* Keys are well mixed, so a counting sort by their top bits leaves runs of a few entries: as good as linear.
 */
void postings_seal(struct postings *p) {
    for (p->bits = 4; p->bits < 28 && (size_t)1 << p->bits < p->count; p->bits++)
        ;
    size_t slots = (size_t)1 << p->bits, kept = 0;
    p->starts = mem_new((slots + 2) * sizeof *p->starts);
    struct posting *sorted = mem_new((p->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < p->count; i++)
        p->starts[slot_of(p, p->list[i].key) + 2]++;
    for (size_t i = 2; i < slots + 2; i++)
        p->starts[i] += p->starts[i - 1];
    for (size_t i = 0; i < p->count; i++)
        sorted[p->starts[slot_of(p, p->list[i].key) + 1]++] = p->list[i];
    free(p->list);
    p->list = sorted;
    uint32_t from = 0;
    for (size_t s = 0; s < slots; s++) {
        uint32_t to = p->starts[s + 1];
        qsort(sorted + from, to - from, sizeof *sorted, posting_order);
        p->starts[s] = (uint32_t)kept;
        for (uint32_t i = from; i < to; i++)
            if (i == from || posting_order(&sorted[i], &sorted[kept - 1]) != 0)
                sorted[kept++] = sorted[i];
        from = to;
    }
    p->starts[slots] = (uint32_t)kept;
    p->count = kept;
}

const struct posting *postings_find(const struct postings *p, uint64_t key, size_t *ret_count) {
    *ret_count = 0;
    if (!p->starts)
        return NULL;
    size_t slot = slot_of(p, key), at = p->starts[slot], end = p->starts[slot + 1];
    while (at < end && p->list[at].key < key)
        at++;
    size_t from = at;
    while (at < end && p->list[at].key == key)
        at++;
    *ret_count = at - from;
    return at > from ? &p->list[from] : NULL;
}

void postings_drop(struct postings *p) {
    free(p->list);
    free(p->starts);
    memset(p, 0, sizeof *p);
}

/* The finaliser of splitmix64 (Steele, Lea and Flood 2014). */
uint64_t key_of_number(uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* FNV-1a, then mixed. */
uint64_t key_of_text(const char *text) {
    uint64_t h = 0xCBF29CE484222325u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001B3u;
    return key_of_number(h);
}

uint64_t key_of_pair(uint64_t a, uint64_t b) {
    return key_of_number(key_of_number(a) ^ (b << 1 | b >> 63));
}
