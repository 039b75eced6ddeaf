/* approve.h: whether a request may go on to a pack, and the second person who says so. */
#ifndef DISCLOSE_APPROVE_H
#define DISCLOSE_APPROVE_H

#include "disclose/decide.h"

/* What stands in the way, in the order in which it is put right; *ret_why: plain words, the first obstacle (you free it), NULL when there is none.
 * ERR_STATE with *ret_why: undecided flags, documents that nobody has said in or out, documents being worked on, codes that block, codes of the council
 * alone, fields that codes demand, open consultations, the same passage covered here and open there (consistency.h). who: who would approve; ERR_REFUSED
 * when that person decided anything that stands. NULL: nobody in particular. Reads only. */
int request_obstacle(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why);

/* A second person approves all decisions. Documents that were filed to others since are left out first (ERR_STATE, *ret_why says so), and the places
 * where a covered text stands open are proposed (likewise). Own transaction. */
int request_approve(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why);

#endif
