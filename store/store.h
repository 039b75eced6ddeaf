/* store.h: an open store: the database, the vault's folder and the keys that the master key gives.
 *
 * Folder: casefile.db, vault/, keys/master.key, inbox/ (the default scan folder), run/ (sockets, process ids), out/
 * (released packs). */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_KEY_BYTES 32
#define STORE_HASH_BYTES 32

struct store {
    struct db *db;
    char *folder;
    uint8_t master[STORE_KEY_BYTES];
    bool vault_synced[256]; /* vault/xx whose entry in vault/ this process has made durable */
};

/* Opens the store, making folder, keys and tables when it is not there yet. ERR_KEY: the master key is missing beside
 * a database, or others can read it. */
int store_open(const char *folder, struct store **ret);
void store_close(struct store **store);
/* Keys for a purpose, derived from the master key: "casehash" content hashes, "casetokn" tokens for searching, "caseaudt" audit
 * signature seed, "casecurv" the broker's CURVE key. */
void store_derive(const struct store *store, const char purpose[8], uint8_t out[STORE_KEY_BYTES]);
/* Keyed BLAKE2b of content: tells equal content without telling what it is. */
void store_content_hash(const struct store *store, struct view bytes, uint8_t out[STORE_HASH_BYTES]);
void store_token(const struct store *store, const char *text, uint8_t out[STORE_HASH_BYTES]);
char *store_path(const struct store *store, const char *below); /* you free it */
/* Numbers of the meta table: "schema", "register" (its version; 0: none was brought in). One that is not there is 0. */
int store_meta(struct store *store, const char *name, int64_t *ret);
int store_meta_set(struct store *store, const char *name, int64_t value);

#endif
