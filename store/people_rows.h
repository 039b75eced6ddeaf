/* people_rows.h: the register in the database, each child and person sealed under the register's key. */
#ifndef STORE_PEOPLE_ROWS_H
#define STORE_PEOPLE_ROWS_H

#include "store/people.h"
#include "store/store.h"

struct people_save_order {
    bool with_people; /* the extract has the people: theirs are put in place of what is there; else those stay */
    bool partial;     /* the extract holds some of the children only: nobody has left */
    void (*progress)(void *state, size_t done, size_t all); /* or NULL */
    void *state;
};
struct register_change {
    int64_t added, changed, same; /* children; changed: itself, or the people linked to it */
    int64_t left, returned;       /* not in the extract any more; in it again */
    int64_t *changed_ids;         /* rows of the changed children; you free it */
};

/* Puts the register in place of what is there, inside the caller's transaction (which is undone to only see what would change). Children
 * keep their row by council id; what a row said before is kept as its history; those that are not in the extract stay and are marked.
 * ERR_TOO_LARGE: a text that could not be read again. */
int people_save(struct store *store, const struct people *people, const struct people_save_order *order, struct register_change *ret);
/* With names and addresses of earlier registers. You drop it. */
int people_load(struct store *store, struct people **ret);
int people_child_id(struct store *store, const char *council_id, int64_t *ret); /* ERR_NOT_FOUND */

#endif
