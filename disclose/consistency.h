/* consistency.h: the same passage must not be covered here and open there (rules.md, failure 20): this request against what went out before, to this
 * requester or to a sibling, for documents that both have, or that a person has called the same paper. */
#ifndef DISCLOSE_CONSISTENCY_H
#define DISCLOSE_CONSISTENCY_H

#include "disclose/request.h"

struct difference {
    int64_t flag_id, document_id; /* flag_id: the covering one, of this request or of the other */
    uint32_t page;
    bool covered_here;            /* and open in the other; else the other way round */
    const char *other;            /* the other request's name; borrowed */
    int64_t other_id;
    bool stands;                  /* an officer has looked at it and lets it stand */
};
/* A sibling's own name is theirs in their pack and another child's in this one: that is no difference. */
int consistency_each(struct store *store, const struct request *request, int (*each)(void *state, const struct difference *one), void *state);
/* Lets a difference stand, with the reason. ERR_INPUT: no reason; ERR_NOT_FOUND: no such difference. Own transaction. */
int consistency_let_stand(struct store *store, const struct request *request, int64_t flag_id, const char *other, const char *who, const char *why);
/* The first that does not stand as an obstacle in plain words, that you free; NULL: none. */
int consistency_obstacle(struct store *store, const struct request *request, char **ret_why);

#endif
