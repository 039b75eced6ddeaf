/* pack_rows.h: what is decided for a pack, as covering, proving and binding need it. Reads only. */
#ifndef STORE_PACK_ROWS_H
#define STORE_PACK_ROWS_H

#include "store/covered.h"
#include "store/flag.h"
#include "store/store.h"

struct pack_row {
    int64_t id, request_id, child_id, object_id; /* object_id: of the bound pack, or 0 */
    uint32_t version, front_pages, page_count;
};
int pack_row_load(struct store *store, int64_t pack_id, struct pack_row *ret);

/* One file of a bound pack. */
struct pack_volume {
    int64_t object_id;
    uint32_t number, front_pages, first_page, last_page, page_count; /* first_page, last_page: places in the pack, from 1; page_count: of the file */
    char hash[72];                                                   /* SHA-256, hexadecimal */
};
int pack_volumes_load(struct store *store, int64_t pack_id, struct pack_volume **ret, size_t *ret_count); /* in order; you free *ret */

/* The flags of one page of the request whose standing decision is to cover (cover 1) or to release (0). page_id 0: of the whole pack.
 * each returns 0 to go on; flag and code are borrowed. code: as decided. */
int pack_flags(struct store *store, const struct pack_row *pack, int64_t page_id, int cover,
               int (*each)(void *state, int64_t page_id, const struct flag *flag, const char *code), void *state);
/* The texts that must not be found in the pack, each once, in an order that does not change while no decision does: findings name them by
 * their number (from 1). And those that stay readable: released flags, the subject's own names. */
struct pack_texts {
    char **list;
    size_t count, room;
};
int pack_texts_load(struct store *store, const struct pack_row *pack, struct pack_texts *withheld, struct pack_texts *allowed);
void pack_texts_drop(struct pack_texts *texts);

/* The covered page at a place of the pack (from 1). You drop ret. */
int pack_covered_page(struct store *store, const struct pack_row *pack, uint32_t ordinal, struct covered_page *ret);

#endif
