#include "store/store.h"

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/schema.h"

#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *store_path(const struct store *store, const char *below) {
    return mem_print("%s/%s", store->folder, below);
}

static int store_make_folders(const struct store *store) {
    static const char *const names[] = {"vault", "keys", "run", "inbox", "out"};
    int err = file_make_folder(store->folder);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !err; i++) {
        char *path = store_path(store, names[i]);
        err = file_make_folder(path);
        free(path);
    }
    return err;
}

/* link(2) makes the first of two starting programs win; the other reads what that one wrote. */
static int master_make(const char *path) {
    uint8_t key[STORE_KEY_BYTES];
    char *fresh = mem_print("%s.%d", path, (int)getpid());
    randombytes_buf(key, sizeof key);
    int err = file_write_durable(fresh, view_of(key, sizeof key), 0600);
    sodium_memzero(key, sizeof key);
    if (!err && link(fresh, path) && access(path, F_OK))
        err = ERR_KEY;
    unlink(fresh);
    free(fresh);
    /* Everything will be sealed under it: its name must outlive a power cut. */
    char *copy = mem_text(path);
    if (!err)
        err = file_sync_folder(dirname(copy));
    free(copy);
    return err;
}

static int master_read(struct store *store, const char *path) {
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 077)) {
        log_error("the master key can be read by others: chmod 600 it");
        return ERR_KEY;
    }
    struct buf key = {0};
    int err = file_read(path, STORE_KEY_BYTES, &key);
    if (!err && key.len != STORE_KEY_BYTES)
        err = ERR_KEY;
    if (!err)
        memcpy(store->master, key.data, STORE_KEY_BYTES);
    buf_wipe(&key);
    return err;
}

static int store_open_master(struct store *store, const char *database) {
    char *path = store_path(store, "keys/master.key");
    int err = 0;
    if (access(path, F_OK)) {
        if (access(database, F_OK) == 0 && access(path, F_OK)) { /* not one that another program makes just now */
            log_error("keys/master.key is missing, but there is a database: put the key back from its back-up");
            err = ERR_KEY;
        } else if (access(path, F_OK)) {
            err = master_make(path);
        }
    }
    if (!err)
        err = master_read(store, path);
    free(path);
    return err;
}

/* The steps that are missing, all or none; another program may be at it at the same moment. */
static int store_bring_up(struct store *store) {
    int64_t version = 0;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = db_script(store->db, schema_steps[0]);
    if (!err)
        err = store_meta(store, "schema", &version);
    for (int64_t step = version; !err && step > 0 && step < SCHEMA_VERSION; step++)
        err = db_script(store->db, schema_steps[step]);
    return db_end(store->db, err);
}

static int store_check_schema(struct store *store) {
    int64_t version = 0, there = 0;
    int err = db_int(store->db, &there, "SELECT count(*) FROM sqlite_master WHERE name = 'meta'", "");
    if (!err && there)
        err = store_meta(store, "schema", &version);
    if (!err && version < SCHEMA_VERSION)
        err = store_bring_up(store);
    if (!err)
        err = store_meta(store, "schema", &version);
    if (!err && version != SCHEMA_VERSION) {
        log_error("the store was made by another version of casefile (schema %lld, this one knows %d)", (long long)version,
                  SCHEMA_VERSION);
        err = ERR_STATE;
    }
    return err;
}

int store_open(const char *folder, struct store **ret) {
    if (sodium_init() < 0)
        return ERR_SYSTEM;
    struct store *store = mem_new(sizeof *store);
    store->folder = mem_text(folder);
    char *database = store_path(store, "casefile.db");
    int err = store_make_folders(store);
    if (!err)
        err = store_open_master(store, database);
    mode_t old = umask(077);
    if (!err)
        err = db_open(database, &store->db);
    umask(old);
    free(database);
    if (!err)
        err = store_check_schema(store);
    if (err)
        store_close(&store);
    else
        *ret = store;
    return err;
}

void store_close(struct store **store) {
    if (!*store)
        return;
    db_close(&(*store)->db);
    free((*store)->folder);
    sodium_memzero((*store)->master, STORE_KEY_BYTES);
    mem_free(store);
}

void store_derive(const struct store *store, const char purpose[8], uint8_t out[STORE_KEY_BYTES]) {
    crypto_kdf_derive_from_key(out, STORE_KEY_BYTES, 1, purpose, store->master);
}

static void store_keyed_hash(const struct store *store, const char *purpose, struct view bytes,
                             uint8_t out[STORE_HASH_BYTES]) {
    uint8_t key[STORE_KEY_BYTES];
    store_derive(store, purpose, key);
    crypto_generichash(out, STORE_HASH_BYTES, bytes.data, bytes.len, key, sizeof key);
    sodium_memzero(key, sizeof key);
}

void store_content_hash(const struct store *store, struct view bytes, uint8_t out[STORE_HASH_BYTES]) {
    store_keyed_hash(store, "casehash", bytes, out);
}

void store_token(const struct store *store, const char *text, uint8_t out[STORE_HASH_BYTES]) {
    store_keyed_hash(store, "casetokn", view_text(text), out);
}

int store_meta(struct store *store, const char *name, int64_t *ret) {
    int64_t value = 0;
    int err = db_int(store->db, &value, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?", "t", name);
    if (err && err != ERR_NOT_FOUND)
        return err;
    *ret = value;
    return 0;
}

int store_meta_set(struct store *store, const char *name, int64_t value) {
    return db_run(store->db, "INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                  "ti", name, value);
}
