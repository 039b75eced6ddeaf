/* flag_rows.h: flags in the database. What a flag says (text, boxes, person) is sealed under the key of its page. */
#ifndef STORE_FLAG_ROWS_H
#define STORE_FLAG_ROWS_H

#include "store/flag.h"
#include "store/store.h"

/* In place of the machine's flags of this document for this child; flags that somebody has decided on stay. Inside the caller's
 * transaction. child_id: the subject, or 0. */
int flags_save(struct store *store, int64_t document_id, int64_t child_id, const struct flags *flags);
/* One more flag, an officer's own. ret_id: its row. Inside the caller's transaction. */
int flag_insert(struct store *store, int64_t document_id, int64_t child_id, const struct flag *flag, int64_t *ret_id);
/* An officer's flag, made for this request alone. */
int flag_of_request(struct store *store, int64_t flag_id, int64_t request_id);
/* Keyed tokens, so that all flags of one person, or of one text (text_key), are found without opening any; the first FLAG_TOKEN_BYTES count. */
#define FLAG_TOKEN_BYTES 12
void flag_person_token(const struct store *store, const char *person_id, uint8_t out[STORE_HASH_BYTES]);
void flag_text_token(const struct store *store, const char *text, uint8_t out[STORE_HASH_BYTES]);
/* Gives the document's flags their tokens where a store of an earlier version has none. Inside the caller's transaction. */
int flag_tokens_fill(struct store *store, int64_t document_id);
int flag_load(struct store *store, int64_t flag_id, struct flag *ret); /* you drop it */

#endif
