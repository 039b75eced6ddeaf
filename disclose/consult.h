/* consult.h: who was asked about what may be disclosed: the originator of a document (recording policy, section 9) or another person for consent (DPA 2018
 * Sch 2 para 16). One that is open blocks the approval and the release until it is answered, given up as unanswered, or overridden with a reason. */
#ifndef DISCLOSE_CONSULT_H
#define DISCLOSE_CONSULT_H

#include "disclose/request.h"

#define CONSULTATION_KINDS "originator, consent"
#define CONSULTATION_ANSWERS "no objection, objects, consents, refuses, no reply, overridden"

struct consultation {
    int64_t id;
    const char *kind, *whom, *person_id; /* person_id: whose consent, as 'request people' shows it, or "" */
    int32_t asked, closed;
    const char *asked_by, *closed_by, *state, *views;
};
/* ERR_INPUT: no such kind. Own transaction. */
int consultation_ask(struct store *store, const struct request *request, const struct consultation *asked, int64_t *ret_id);
/* state: one of CONSULTATION_ANSWERS; views: what was said; for "overridden" and "no reply" the reason, which has to be there (ERR_INPUT). ERR_NOT_FOUND,
 * ERR_STATE: closed already. Own transaction. */
int consultation_close(struct store *store, const struct request *request, const struct consultation *answer);
int consultations_each(struct store *store, const struct request *request, int (*each)(void *state, const struct consultation *one), void *state);
/* The first open one as an obstacle in plain words, that you free; NULL: none. */
int consultations_obstacle(struct store *store, const struct request *request, char **ret_why);

#endif
