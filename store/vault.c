#include "store/vault.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/seal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536
#define PIECE_SEALED (PIECE + crypto_secretstream_xchacha20poly1305_ABYTES)
#define HEAD crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define OBJECT_BYTES_MOST (1200u << 20)
#define SWEEP_AGE_SECONDS 3600

static void vault_seal(const uint8_t key[STORE_KEY_BYTES], struct view plain, struct buf *out) {
    crypto_secretstream_xchacha20poly1305_state state;
    crypto_secretstream_xchacha20poly1305_init_push(&state, buf_room(out, HEAD), key);
    for (size_t at = 0;;) {
        size_t n = plain.len - at < PIECE ? plain.len - at : PIECE;
        int last = at + n == plain.len;
        uint8_t *room = buf_room(out, n + crypto_secretstream_xchacha20poly1305_ABYTES);
        crypto_secretstream_xchacha20poly1305_push(&state, room, NULL, plain.data + at, n, NULL, 0,
                                                   last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        at += n;
        if (last)
            break;
    }
    sodium_memzero(&state, sizeof state);
}

static int vault_unseal(const uint8_t key[STORE_KEY_BYTES], struct view sealed, struct buf *out) {
    crypto_secretstream_xchacha20poly1305_state state;
    if (sealed.len < HEAD || crypto_secretstream_xchacha20poly1305_init_pull(&state, sealed.data, key))
        return ERR_SEAL;
    unsigned char tag = 0;
    size_t at = HEAD;
    while (at < sealed.len && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        size_t n = sealed.len - at < PIECE_SEALED ? sealed.len - at : PIECE_SEALED;
        if (n < crypto_secretstream_xchacha20poly1305_ABYTES)
            return ERR_SEAL;
        uint8_t *room = buf_room(out, n - crypto_secretstream_xchacha20poly1305_ABYTES);
        if (crypto_secretstream_xchacha20poly1305_pull(&state, room, NULL, &tag, sealed.data + at, n, NULL, 0))
            return ERR_SEAL;
        at += n;
    }
    sodium_memzero(&state, sizeof state);
    return at == sealed.len && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL ? 0 : ERR_SEAL;
}

static char *vault_path(const struct store *store, const char *name) {
    return mem_print("%s/vault/%.2s/%s", store->folder, name, name);
}

/* That a folder is there does not say that it outlives a power cut: who made it may have been killed before the sync. */
static int vault_make_folder(struct store *store, const char *name) {
    unsigned number = 0;
    sscanf(name, "%2x", &number);
    if (store->vault_synced[number])
        return 0;
    char *folder = mem_print("%s/vault/%.2s", store->folder, name), *vault = store_path(store, "vault");
    int err = file_make_folder(folder);
    if (!err)
        err = file_sync_folder(vault);
    store->vault_synced[number] = !err;
    free(vault);
    free(folder);
    return err;
}

int vault_write(struct store *store, struct view bytes, struct sealed_file *ret) {
    struct sealed_file file = {.bytes = bytes.len};
    uint8_t random[16];
    struct buf sealed = {0};
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(file.name, sizeof file.name, random, sizeof random);
    crypto_secretstream_xchacha20poly1305_keygen(file.key);
    vault_seal(file.key, bytes, &sealed);
    char *path = vault_path(store, file.name);
    int err = vault_make_folder(store, file.name);
    if (!err)
        err = file_write_durable(path, buf_view(&sealed), 0600);
    free(path);
    buf_drop(&sealed);
    if (!err)
        *ret = file;
    return err;
}

static int object_wrap(struct store *store, int64_t object, const uint8_t object_key[STORE_KEY_BYTES],
                       const char *owner_kind, int64_t owner) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    int err = seal_key_of(store, owner_kind, owner, &key_id, key);
    if (err)
        return err;
    struct buf wrapped = {0};
    seal_bytes(key, "object_key", view_of(object_key, STORE_KEY_BYTES), &wrapped);
    err = db_run(store->db, "INSERT OR IGNORE INTO object_key(object_id, seal_key_id, wrapped) VALUES(?, ?, ?)", "iib",
                 object, key_id, buf_view(&wrapped));
    buf_drop(&wrapped);
    sodium_memzero(key, sizeof key);
    return err;
}

int vault_add(struct store *store, struct sealed_file *file, const char *kind, const char *owner_kind, int64_t owner,
              int64_t *ret_object) {
    int err = db_run(store->db, "INSERT INTO object(kind, name, bytes, made_at) VALUES(?, ?, ?, ?)", "ttii", kind,
                     file->name, (int64_t)file->bytes, clock_now());
    int64_t object = db_last_id(store->db);
    if (!err)
        err = object_wrap(store, object, file->key, owner_kind, owner);
    sodium_memzero(file->key, sizeof file->key);
    if (!err)
        *ret_object = object;
    return err;
}

void vault_discard(struct store *store, struct sealed_file *file) {
    if (file->name[0]) {
        char *path = vault_path(store, file->name);
        unlink(path);
        free(path);
    }
    sodium_memzero(file, sizeof *file);
}

/* Through any owner whose key is still there. */
static int object_key(struct store *store, int64_t object, uint8_t ret_key[STORE_KEY_BYTES]) {
    struct rows *rows = db_query(store->db,
                                 "SELECT k.seal_key_id, k.wrapped FROM object_key k JOIN seal_key s ON s.id = k.seal_key_id"
                                 " WHERE k.object_id = ? AND s.wrapped IS NOT NULL", "i", object);
    int err = ERR_KEY;
    while (err && rows_next(rows) > 0) {
        uint8_t key[STORE_KEY_BYTES];
        struct buf plain = {0};
        err = seal_key_open(store, rows_int(rows, 0), key);
        if (!err)
            err = seal_open(key, "object_key", rows_bytes(rows, 1), &plain);
        if (!err)
            memcpy(ret_key, plain.data, STORE_KEY_BYTES);
        buf_wipe(&plain);
        sodium_memzero(key, sizeof key);
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

int vault_share(struct store *store, int64_t object, const char *owner_kind, int64_t owner) {
    uint8_t key[STORE_KEY_BYTES];
    int err = object_key(store, object, key);
    if (!err)
        err = object_wrap(store, object, key, owner_kind, owner);
    sodium_memzero(key, sizeof key);
    return err;
}

int vault_take_from(struct store *store, int64_t object, const char *owner_kind, int64_t owner) {
    return db_run(store->db,
                  "DELETE FROM object_key WHERE object_id = ? AND seal_key_id ="
                  " (SELECT id FROM seal_key WHERE kind = ? AND owner = ?)"
                  " AND (SELECT count(*) FROM object_key WHERE object_id = ?) > 1",
                  "itii", object, owner_kind, owner, object);
}

int vault_column_key(struct store *store, int64_t object, uint8_t ret_key[STORE_KEY_BYTES]) {
    uint8_t key[STORE_KEY_BYTES];
    int err = object_key(store, object, key);
    if (!err)
        seal_column_key(key, ret_key);
    sodium_memzero(key, sizeof key);
    return err;
}

static int vault_read(struct store *store, int64_t object, const char *name, struct buf *out) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf sealed = {0};
    char *path = vault_path(store, name);
    int err = object_key(store, object, key);
    if (!err)
        err = file_read(path, OBJECT_BYTES_MOST, &sealed);
    size_t start = out->len;
    if (!err)
        err = vault_unseal(key, buf_view(&sealed), out);
    if (err)
        out->len = start;
    free(path);
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

int vault_open_kind(struct store *store, int64_t object, const char *kind, struct buf *out) {
    struct rows *rows = db_query(store->db, "SELECT kind, name FROM object WHERE id = ?", "i", object);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err && strcmp(rows_text(rows, 0), kind))
        err = ERR_REFUSED;
    char *name = err ? NULL : mem_text(rows_text(rows, 1));
    int err2 = rows_end(&rows);
    if (!err)
        err = err2;
    if (!err)
        err = vault_read(store, object, name, out);
    free(name);
    return err;
}

int vault_check(struct store *store, int64_t object) {
    struct rows *rows = db_query(store->db, "SELECT name, bytes FROM object WHERE id = ?", "i", object);
    struct buf content = {0};
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    char *name = err ? NULL : mem_text(rows_text(rows, 0));
    int64_t bytes = err ? 0 : rows_int(rows, 1);
    int err2 = rows_end(&rows);
    if (!err)
        err = err2;
    if (!err)
        err = vault_read(store, object, name, &content);
    if (!err && (int64_t)content.len != bytes)
        err = ERR_DAMAGED;
    buf_wipe(&content);
    free(name);
    return err;
}

static int sweep_folder(struct store *store, const char *folder) {
    DIR *dir = opendir(folder);
    int swept = 0;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        struct stat st;
        int64_t there = 0;
        char *path = mem_print("%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.' && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            clock_now() / 1000 - st.st_mtime > SWEEP_AGE_SECONDS &&
            db_int(store->db, &there, "SELECT 1 FROM object WHERE name = ?", "t", e->d_name) == ERR_NOT_FOUND &&
            unlink(path) == 0)
            swept++;
        free(path);
    }
    if (dir)
        closedir(dir);
    return swept;
}

int vault_sweep(struct store *store) {
    int swept = 0;
    for (int i = 0; i < 256; i++) {
        char *folder = mem_print("%s/vault/%02x", store->folder, i);
        swept += sweep_folder(store, folder);
        free(folder);
    }
    return swept;
}
