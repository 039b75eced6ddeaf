/* same_text.h: the same words must not be covered here and open there (rules.md, failure 20). */
#ifndef DISCLOSE_SAME_TEXT_H
#define DISCLOSE_SAME_TEXT_H

#include "disclose/decide.h"

/* Proposes a flag at each place of the chosen documents where the text of a covering flag stands open, with that flag's type, role and code and
 * the finder "same text". Texts that are released somewhere else are left to a person. Inside the caller's transaction. */
int same_text_propose(struct store *store, const struct request *request, int64_t *ret_count);

#endif
