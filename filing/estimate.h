/* estimate.h: the m- and u-probabilities of linkage.conf, measured on what has been filed.
 *
 * m by expectation-maximisation (Dempster, Laird and Rubin 1977; for linkage Winkler 1988): how likely each candidate of a document is the child
 * that it is about follows from the weights, and the weights from that; what a person has said is sure. u by comparing documents with children
 * taken at random (as Splink does), where there is more than chance to see. */
#ifndef FILING_ESTIMATE_H
#define FILING_ESTIMATE_H

#include "config/linkage.h"

#include <stddef.h>
#include <stdint.h>

enum comparison_label { COMPARISON_OPEN, COMPARISON_MATCH, COMPARISON_OTHER };

/* A document and one of its candidates. */
struct comparison {
    uint32_t document; /* candidates of one document stand together */
    uint32_t levels;   /* 1 << enum linkage_level of each that was found */
    float more_bits;   /* of evidence that no level speaks of: how common a name is, the prior */
    enum comparison_label label;
};

struct estimate {
    struct linkage linkage;
    double matches;                /* documents that are about one of their candidates, as expected */
    double seen_m[LINKAGE_LEVELS]; /* how often a level was found in those, as expected */
    size_t seen_u[LINKAGE_LEVELS]; /* and how often in pairs at random */
    int rounds;                    /* until nothing changed any more */
};

/* random: levels of pairs at random. Numbers that rest on too little stay as they are in from: m with less than 30 matches, m and u of levels
 * that were found less than 10 times (what the machine filed is the clear part: spoilt names are seldom in it), and u of 1 (names: the register
 * says how common they are). */
void estimate_make(const struct linkage *from, const struct comparison *list, size_t count, const uint32_t *random, size_t random_count,
                   struct estimate *ret);

#endif
