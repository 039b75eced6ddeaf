#include "store/alias_rows.h"

#include "base/clock.h"
#include "base/err.h"
#include "store/seal.h"

#include <sodium.h>
#include <string.h>

/* Equal names give equal tokens; who a token is of is in it, so that tokens of two children are never alike. */
static void token_of(struct store *store, int64_t child_id, const char *name, uint8_t ret[STORE_HASH_BYTES]) {
    struct buf text = {0};
    buf_print(&text, "alias %lld ", (long long)child_id);
    buf_add_text(&text, name);
    store_token(store, buf_text(&text), ret);
    buf_wipe(&text);
}

int alias_propose(struct store *store, int64_t child_id, int64_t document_id, const char *name) {
    uint8_t key[STORE_KEY_BYTES], token[STORE_HASH_BYTES];
    struct buf sealed = {0};
    int64_t key_id;
    int err = seal_key_of(store, "register", 0, &key_id, key);
    if (err)
        return err;
    token_of(store, child_id, name, token);
    seal_bytes(key, "alias", view_text(name), &sealed);
    err = db_run(store->db, "INSERT OR IGNORE INTO alias(child_id, document_id, token, sealed, state, made_at) VALUES(?, ?, ?, ?, 'proposed', ?)", "iibbi", child_id,
                 document_id, view_of(token, sizeof token), buf_view(&sealed), clock_now());
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

int alias_each(struct store *store, const char *state, int (*take)(void *state, int64_t id, int64_t child_id, int64_t document_id, const char *name), void *context) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    int err = seal_key_of(store, "register", 0, &key_id, key);
    struct rows *rows = err ? NULL : db_query(store->db, "SELECT id, child_id, document_id, sealed FROM alias WHERE state = ? ORDER BY id", "t", state);
    while (!err && rows_next(rows) > 0) {
        struct buf plain = {0};
        err = seal_open(key, "alias", rows_bytes(rows, 3), &plain);
        if (!err)
            err = take(context, rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2), buf_text(&plain));
        buf_wipe(&plain);
    }
    int err2 = rows ? rows_end(&rows) : 0;
    sodium_memzero(key, sizeof key);
    return err ? err : err2;
}

int alias_decide(struct store *store, int64_t id, bool taken, const char *who) {
    int64_t version = 0;
    int err = db_run(store->db, "UPDATE alias SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'proposed'", "ttii", taken ? "taken" : "refused", who,
                     clock_now(), id);
    if (!err && !db_changed(store->db))
        err = ERR_NOT_FOUND;
    if (!err && taken) /* who holds the register in memory loads it anew */
        err = store_meta(store, "register", &version);
    return err || !taken ? err : store_meta_set(store, "register", version + 1);
}
