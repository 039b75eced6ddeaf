/* quarantine.h: what a person decides about a part that could not be opened. Each inside the caller's transaction, audited. ERR_STATE: the
 * part is not in quarantine (a closed one may be opened again); ERR_REFUSED: a password for what is not locked. */
#ifndef INGEST_QUARANTINE_H
#define INGEST_QUARANTINE_H

#include "store/store.h"

/* Once more, with all attempts: after an upgrade, or when the machine was in trouble. Pages that could not be shown are tried again too. */
int quarantine_retry(struct store *store, int64_t part_id, const char *who);
/* Open it as pictures, and believe nothing else in it. */
int quarantine_as_picture(struct store *store, int64_t part_id, const char *who);
/* Open it with this password; it is sealed, and forgotten when the part is open. */
int quarantine_unlock(struct store *store, int64_t part_id, const char *password, const char *who);
/* Nothing is to be opened in it (empty, scanned again, no document): it leaves the list, its original is kept, and custody counts it as
 * quarantined as before. why: a person's words, without names. */
int quarantine_close(struct store *store, int64_t part_id, const char *why, const char *who);
/* Somebody looks after it: it stays, with the person's name (an account or a team, no personal data of clients). "" takes it back. */
int quarantine_give(struct store *store, int64_t part_id, const char *to, const char *who);

#endif
