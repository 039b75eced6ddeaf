#include "store/seal.h"

#include "base/clock.h"
#include "base/err.h"

#include <sodium.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

void seal_bytes(const uint8_t key[STORE_KEY_BYTES], const char *what, struct view plain, struct buf *out) {
    uint8_t *at = buf_room(out, NONCE + plain.len + TAG);
    randombytes_buf(at, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(at + NONCE, NULL, plain.data, plain.len, (const uint8_t *)what,
                                               strlen(what), NULL, at, key);
}

int seal_open(const uint8_t key[STORE_KEY_BYTES], const char *what, struct view sealed, struct buf *out) {
    if (sealed.len < NONCE + TAG)
        return ERR_SEAL;
    size_t len = sealed.len - NONCE - TAG;
    uint8_t *at = buf_room(out, len);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(at, NULL, NULL, sealed.data + NONCE, sealed.len - NONCE,
                                                   (const uint8_t *)what, strlen(what), sealed.data, key)) {
        out->len -= len;
        return ERR_SEAL;
    }
    return 0;
}

void seal_column_key(const uint8_t object_key[STORE_KEY_BYTES], uint8_t out[STORE_KEY_BYTES]) {
    crypto_kdf_derive_from_key(out, STORE_KEY_BYTES, 1, "casecols", object_key);
}

static int key_unwrap(const struct store *store, struct view wrapped, uint8_t ret_key[STORE_KEY_BYTES]) {
    struct buf key = {0};
    if (!wrapped.len)
        return ERR_KEY;
    int err = seal_open(store->master, "seal_key", wrapped, &key);
    if (!err)
        memcpy(ret_key, key.data, STORE_KEY_BYTES);
    buf_wipe(&key);
    return err;
}

int seal_key_open(struct store *store, int64_t id, uint8_t ret_key[STORE_KEY_BYTES]) {
    struct rows *rows = db_query(store->db, "SELECT wrapped FROM seal_key WHERE id = ?", "i", id);
    int err = rows_next(rows) > 0 ? key_unwrap(store, rows_bytes(rows, 0), ret_key) : ERR_KEY;
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int key_make(struct store *store, const char *kind, int64_t owner) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf wrapped = {0};
    randombytes_buf(key, sizeof key);
    seal_bytes(store->master, "seal_key", view_of(key, sizeof key), &wrapped);
    sodium_memzero(key, sizeof key);
    int err = db_run(store->db, "INSERT OR IGNORE INTO seal_key(kind, owner, wrapped, made_at) VALUES(?, ?, ?, ?)", "tibi",
                     kind, owner, buf_view(&wrapped), clock_now());
    buf_drop(&wrapped);
    return err;
}

int seal_key_of(struct store *store, const char *kind, int64_t owner, int64_t *ret_id, uint8_t ret_key[STORE_KEY_BYTES]) {
    static const char sql[] = "SELECT id FROM seal_key WHERE kind = ? AND owner = ?";
    int64_t id = 0;
    int err = db_int(store->db, &id, sql, "ti", kind, owner);
    if (err == ERR_NOT_FOUND) {
        err = key_make(store, kind, owner);
        if (!err)
            err = db_int(store->db, &id, sql, "ti", kind, owner);
    }
    if (!err)
        err = seal_key_open(store, id, ret_key);
    if (!err)
        *ret_id = id;
    return err;
}

int seal_key_destroy(struct store *store, const char *kind, int64_t owner) {
    return db_run(store->db, "UPDATE seal_key SET wrapped = NULL, destroyed_at = ? WHERE kind = ? AND owner = ?", "iti",
                  clock_now(), kind, owner);
}
