/* vault.h: sealed files, each under a key of its own (crypto_secretstream_xchacha20poly1305, 64 kB pieces, the last one
 * tagged final: a cut file does not open).
 *
 * Putting something in has two steps, so that no database lock is held while the disk works: vault_write makes the file
 * durable, vault_add puts its row into the caller's transaction. A file without a row is an orphan, swept away later. */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include "store/store.h"

struct sealed_file {
    char name[48];
    uint8_t key[STORE_KEY_BYTES];
    uint64_t bytes; /* of the plain content */
};

int vault_write(struct store *store, struct view bytes, struct sealed_file *ret);
/* owner_kind, owner: see seal_key_of. Wipes the file's key. */
int vault_add(struct store *store, struct sealed_file *file, const char *kind, const char *owner_kind, int64_t owner,
              int64_t *ret_object);
/* A written file whose row will not come: removed. Does nothing when nothing was written; wipes the file's key. */
void vault_discard(struct store *store, struct sealed_file *file);
/* Gives another owner the object too (a document about two children), or hands it over (then the intake's is taken away). */
int vault_share(struct store *store, int64_t object, const char *owner_kind, int64_t owner);
int vault_take_from(struct store *store, int64_t object, const char *owner_kind, int64_t owner);
/* The key for the columns that belong to an object (page.words and the like). */
int vault_column_key(struct store *store, int64_t object, uint8_t ret_key[STORE_KEY_BYTES]);
/* Whether an object's file is there, whole, and opens with its key: 0, ERR_NOT_FOUND, ERR_SEAL, ERR_DAMAGED, ERR_KEY (destroyed). Gives
 * nothing of what it holds. */
int vault_check(struct store *store, int64_t object);
/* Removes files that have no row and are older than an hour; returns how many, or an error. */
int vault_sweep(struct store *store);

/* Opening is by kind, one file of code for each, so that a program's link list says what it can open. */
int original_open(struct store *store, int64_t object, struct buf *out);     /* original.c: what was received */
int page_picture_open(struct store *store, int64_t object, struct buf *out); /* page_picture.c */
int covered_open(struct store *store, int64_t object, struct buf *out);      /* covered_object.c: covered pages, packs */
#define VAULT_ORIGINAL "original"
#define VAULT_PICTURE "picture"
#define VAULT_COVERED "covered"

/* For the three files above only. ERR_REFUSED when the object is of another kind. */
int vault_open_kind(struct store *store, int64_t object, const char *kind, struct buf *out);

#endif
