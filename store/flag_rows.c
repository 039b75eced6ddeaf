#include "store/flag_rows.h"

#include "base/err.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>

struct flag_place {
    int64_t page_id, picture_id;
};

static int flag_place(struct store *store, int64_t document_id, uint32_t number, struct flag_place *ret) {
    struct rows *rows = db_query(store->db, "SELECT id, picture_id FROM page WHERE document_id = ? AND number = ?", "ii",
                                 document_id, (int64_t)number);
    int n = rows_next(rows);
    if (n > 0)
        *ret = (struct flag_place){rows_int(rows, 0), rows_int(rows, 1)};
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}

int flag_insert(struct store *store, int64_t document_id, int64_t child_id, const struct flag *flag, int64_t *ret_id) {
    struct flag_place place;
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0}, sealed = {0};
    int err = flag_place(store, document_id, flag->page, &place);
    if (!err)
        err = vault_column_key(store, place.picture_id, key);
    if (err)
        return err;
    flag_encode(flag, &plain);
    seal_bytes(key, "flag", buf_view(&plain), &sealed);
    err = db_run(store->db,
                 "INSERT INTO flag(document_id, child_id, page_id, type, role, code, cover, finder, sealed)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 "iiitttitb", document_id, child_id, place.page_id, flag_type_text(flag->type), role_text(flag->role),
                 flag->code, (int64_t)flag->cover, flag->finder, buf_view(&sealed));
    if (ret_id)
        *ret_id = db_last_id(store->db);
    buf_wipe(&plain);
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

int flags_save(struct store *store, int64_t document_id, int64_t child_id, const struct flags *flags) {
    int err = db_run(store->db,
                     "DELETE FROM flag WHERE document_id = ? AND child_id = ? AND finder != 'officer'"
                     " AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.flag_id = flag.id)",
                     "ii", document_id, child_id);
    for (size_t i = 0; i < flags->count && !err; i++)
        err = flag_insert(store, document_id, child_id, &flags->list[i], NULL);
    return err;
}

int flag_load(struct store *store, int64_t flag_id, struct flag *ret) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0};
    struct rows *rows = db_query(store->db, "SELECT p.picture_id, f.sealed FROM flag f JOIN page p ON p.id = f.page_id WHERE f.id = ?",
                                 "i", flag_id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err)
        err = vault_column_key(store, rows_int(rows, 0), key);
    if (!err)
        err = seal_open(key, "flag", rows_bytes(rows, 1), &plain);
    int err2 = rows_end(&rows);
    if (!err)
        err = flag_decode(buf_view(&plain), ret);
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
    return err ? err : err2;
}
