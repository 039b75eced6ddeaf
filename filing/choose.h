/* choose.h: the outcome, from weighed children. */
#ifndef FILING_CHOOSE_H
#define FILING_CHOOSE_H

#include "filing/matcher.h"
#include "filing/weigh.h"

struct choice {
    enum filing_outcome outcome;
    bool *chosen;        /* per weighed child: filed to it */
    uint32_t *strangers; /* per weighed child: the page that identifies it, though it is of another family than those it is filed to; 0: no */
    const char **vetoes; /* per weighed child: a literal, or "" */
};

/* list: best first. You drop it. */
void choice_make(const struct scene *scene, const struct weighed *list, size_t count,
                 const struct filing_limits *limits, struct choice *ret);
void choice_drop(struct choice *choice);
float probability_of(float bits);

#endif
