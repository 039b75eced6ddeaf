/* choose.h: the outcome, from weighed children. */
#ifndef FILING_CHOOSE_H
#define FILING_CHOOSE_H

#include "filing/matcher.h"
#include "filing/weigh.h"

struct choice {
    enum filing_outcome outcome;
    bool *chosen;        /* per weighed child: filed to it */
    const char **vetoes; /* per weighed child: a literal, or "" */
};

/* list: best first. You free chosen and vetoes (choice_drop). */
void choice_make(const struct scene *scene, const struct weighed *list, size_t count,
                 const struct filing_limits *limits, struct choice *ret);
void choice_drop(struct choice *choice);
float probability_of(float bits);

#endif
