/* alias_rows.h: other names of children that documents taught, proposed until a person takes them; sealed under the register's key. */
#ifndef STORE_ALIAS_ROWS_H
#define STORE_ALIAS_ROWS_H

#include "store/store.h"

/* Inside the caller's transaction. The same name of a child is proposed once. */
int alias_propose(struct store *store, int64_t child_id, int64_t document_id, const char *name);
/* Calls for each with that state ("proposed", "taken", "refused"); name is the caller's until it returns; not 0 ends it and is returned. */
int alias_each(struct store *store, const char *state, int (*take)(void *state, int64_t id, int64_t child_id, int64_t document_id, const char *name), void *context);
/* A person's word: from the next loading of the register on the child is known by it, or it is forgotten. ERR_NOT_FOUND: there is no such
 * proposal. Inside the caller's transaction. */
int alias_decide(struct store *store, int64_t id, bool taken, const char *who);

#endif
