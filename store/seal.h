/* seal.h: keys and sealed columns.
 *
 * Every sealed thing has a key of its own; it is wrapped by the key of whoever it belongs to (the intake, the register, a
 * child, a request), and that by the master key. Destroying an owner's key destroys what it seals.
 * Cipher: XChaCha20-Poly1305 (libsodium), random nonce in front, the column's name as associated data. */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "store/store.h"

/* The owner's key, made on first use. kind: "intake" and "register" (owner 0), "child" and "request" (owner: its id).
 * Inside or outside a transaction; when it may have to be made: inside. ERR_KEY when it was destroyed. */
int seal_key_of(struct store *store, const char *kind, int64_t owner, int64_t *ret_id, uint8_t ret_key[STORE_KEY_BYTES]);
int seal_key_open(struct store *store, int64_t id, uint8_t ret_key[STORE_KEY_BYTES]);
/* Forgets the key for ever. */
int seal_key_destroy(struct store *store, const char *kind, int64_t owner);

/* what: the column's name, such as "page.words". Appends to out. */
void seal_bytes(const uint8_t key[STORE_KEY_BYTES], const char *what, struct view plain, struct buf *out);
int seal_open(const uint8_t key[STORE_KEY_BYTES], const char *what, struct view sealed, struct buf *out); /* ERR_SEAL */
/* The key that seals the columns that belong to an object, derived from the object's own. */
void seal_column_key(const uint8_t object_key[STORE_KEY_BYTES], uint8_t out[STORE_KEY_BYTES]);

#endif
