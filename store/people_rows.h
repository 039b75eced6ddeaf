/* people_rows.h: the register in the database, each child and person sealed under the register's key. */
#ifndef STORE_PEOPLE_ROWS_H
#define STORE_PEOPLE_ROWS_H

#include "store/people.h"
#include "store/store.h"

/* Puts the register in place of what is there, inside the caller's transaction: children keep their row id by council id; those
 * that are no longer in it stay. ret_added and ret_changed count children. */
int people_save(struct store *store, const struct people *people, int64_t *ret_added, int64_t *ret_changed);
int people_load(struct store *store, struct people **ret);
int people_child_id(struct store *store, const char *council_id, int64_t *ret); /* ERR_NOT_FOUND */

#endif
