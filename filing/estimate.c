#include "filing/estimate.h"

#include "base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MOST = 100, SEEN_LEAST = 10 };
#define MATCHES_LEAST 30.0
#define CALM 1e-4    /* change of any m in a round that ends it */
#define SMALLEST 1e-6
#define PRIOR_MATCHES 20.0 /* the old value counts as so many documents */

static double bits_of(const struct linkage *linkage, const struct comparison *c) {
    double bits = (double)c->more_bits;
    for (int level = 0; level < LINKAGE_LEVELS; level++)
        if (c->levels >> level & 1)
            bits += (double)linkage_bits(linkage, (enum linkage_level)level);
    return bits;
}

/* Who of a document's candidates it is about: one of them, or none. */
static void shares_find(const struct linkage *linkage, const struct comparison *list, size_t count, double *shares) {
    double sum = 1; /* none of them: even odds against a candidate of 0 bits */
    bool said = false;
    for (size_t i = 0; i < count; i++)
        said |= list[i].label == COMPARISON_MATCH;
    for (size_t i = 0; i < count; i++) {
        shares[i] = said ? list[i].label == COMPARISON_MATCH : list[i].label == COMPARISON_OTHER ? 0 : exp2(fmin(500, bits_of(linkage, &list[i])));
        sum += said ? 0 : shares[i];
    }
    for (size_t i = 0; i < count && !said; i++)
        shares[i] /= sum;
}

/* One round: returns the largest change of an m. */
static double round_run(const struct linkage *from, const struct comparison *list, size_t count, double *shares, struct estimate *e) {
    double change = 0;
    e->matches = 0;
    memset(e->seen_m, 0, sizeof e->seen_m);
    for (size_t i = 0, to; i < count; i = to) {
        for (to = i; to < count && list[to].document == list[i].document; to++)
            ;
        shares_find(&e->linkage, list + i, to - i, shares + i);
    }
    for (size_t i = 0; i < count; i++) {
        e->matches += shares[i];
        for (int level = 0; level < LINKAGE_LEVELS; level++)
            e->seen_m[level] += list[i].levels >> level & 1 ? shares[i] : 0;
    }
    for (int level = 0; level < LINKAGE_LEVELS && e->matches >= MATCHES_LEAST; level++) {
        double was = (double)from->m[level], m = (e->seen_m[level] + was * PRIOR_MATCHES) / (e->matches + PRIOR_MATCHES);
        m = e->seen_m[level] >= SEEN_LEAST ? fmax(SMALLEST, fmin(1, m)) : was;
        change = fmax(change, fabs(m - (double)e->linkage.m[level]));
        e->linkage.m[level] = (float)m;
    }
    return change;
}

void estimate_make(const struct linkage *from, const struct comparison *list, size_t count, const uint32_t *random, size_t random_count,
                   struct estimate *ret) {
    *ret = (struct estimate){.linkage = *from};
    for (size_t i = 0; i < random_count; i++)
        for (int level = 0; level < LINKAGE_LEVELS; level++)
            ret->seen_u[level] += random[i] >> level & 1;
    for (int level = 0; level < LINKAGE_LEVELS; level++)
        if (from->u[level] < 1 && ret->seen_u[level] >= SEEN_LEAST)
            ret->linkage.u[level] = (float)ret->seen_u[level] / (float)random_count;
    double *shares = mem_new((count + 1) * sizeof *shares);
    while (ret->rounds++ < ROUNDS_MOST && round_run(from, list, count, shares, ret) > CALM)
        ;
    free(shares);
}
