#include "store/flag_rows.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* object_id: under whose key the flag is sealed: the page's picture; for a page that has none (it could not be shown)
 * the original that it is in. */
struct flag_place {
    int64_t page_id, object_id;
};

static int flag_place(struct store *store, int64_t document_id, uint32_t number, struct flag_place *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT p.id, ifnull(p.picture_id, t.object_id) FROM page p JOIN part t ON t.id = p.part_id"
                                 " WHERE p.document_id = ? AND p.number = ?", "ii", document_id, (int64_t)number);
    int n = rows_next(rows);
    if (n > 0)
        *ret = (struct flag_place){rows_int(rows, 0), rows_int(rows, 1)};
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}

void flag_person_token(const struct store *store, const char *person_id, uint8_t out[STORE_HASH_BYTES]) {
    char *of = mem_print("flag.person %s", person_id);
    store_token(store, of, out);
    free(of);
}

void flag_text_token(const struct store *store, const char *text, uint8_t out[STORE_HASH_BYTES]) {
    char *key = text_key(text), *of = mem_print("flag.text %s", key);
    store_token(store, of, out);
    free(key);
    free(of);
}

/* Kept short: they only have to tell some hundred thousand apart. */
static struct view token_view(const uint8_t token[STORE_HASH_BYTES], const char *of) {
    return *of ? view_of(token, FLAG_TOKEN_BYTES) : (struct view){0};
}

int flag_insert(struct store *store, int64_t document_id, int64_t child_id, const struct flag *flag, int64_t *ret_id) {
    struct flag_place place;
    uint8_t key[STORE_KEY_BYTES], person[STORE_HASH_BYTES], text[STORE_HASH_BYTES];
    struct buf plain = {0}, sealed = {0};
    int err = flag_place(store, document_id, flag->page, &place);
    if (!err)
        err = vault_column_key(store, place.object_id, key);
    if (err)
        return err;
    flag_encode(flag, &plain);
    seal_bytes(key, "flag", buf_view(&plain), &sealed);
    flag_person_token(store, flag->person_id, person);
    flag_text_token(store, flag->text, text);
    err = db_run(store->db,
                 "INSERT INTO flag(document_id, child_id, page_id, type, role, code, cover, finder, sealed, person_token, text_token)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 "iiitttitbbb", document_id, child_id, place.page_id, flag_type_text(flag->type), role_text(flag->role),
                 flag->code, (int64_t)flag->cover, flag->finder, buf_view(&sealed), token_view(person, flag->person_id), token_view(text, flag->text));
    if (!err && ret_id)
        *ret_id = db_last_id(store->db);
    buf_wipe(&plain);
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

/* Flags that stay because somebody decided on them: finding them again must not ask for a second decision. */
static int flags_kept(struct store *store, int64_t document_id, int64_t child_id, struct flags *ret) {
    struct rows *rows = db_query(store->db, "SELECT id FROM flag WHERE document_id = ? AND child_id = ? AND finder != 'officer'",
                                 "ii", document_id, child_id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct flag flag;
        err = flag_load(store, rows_int(rows, 0), &flag);
        if (!err)
            *flags_add(ret) = flag;
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int flag_same(const struct flag *a, const struct flag *b) {
    return a->page == b->page && a->type == b->type && a->run_count == b->run_count && strcmp(a->text, b->text) == 0 &&
           strcmp(a->finder, b->finder) == 0 &&
           (!a->run_count || memcmp(a->runs, b->runs, a->run_count * sizeof *a->runs) == 0);
}

static int flags_hold(const struct flags *flags, const struct flag *flag) {
    for (size_t i = 0; i < flags->count; i++)
        if (flag_same(&flags->list[i], flag))
            return 1;
    return 0;
}

int flags_save(struct store *store, int64_t document_id, int64_t child_id, const struct flags *flags) {
    struct flags kept = {0};
    int err = db_run(store->db,
                     "DELETE FROM flag WHERE document_id = ? AND child_id = ? AND finder != 'officer'"
                     " AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.flag_id = flag.id)",
                     "ii", document_id, child_id);
    if (!err)
        err = flags_kept(store, document_id, child_id, &kept);
    for (size_t i = 0; i < flags->count && !err; i++)
        if (!flags_hold(&kept, &flags->list[i]))
            err = flag_insert(store, document_id, child_id, &flags->list[i], NULL);
    flags_drop(&kept);
    return err;
}

int flag_load(struct store *store, int64_t flag_id, struct flag *ret) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0};
    struct rows *rows = db_query(store->db,
                                 "SELECT ifnull(p.picture_id, t.object_id), f.sealed FROM flag f JOIN page p ON p.id = f.page_id"
                                 " JOIN part t ON t.id = p.part_id WHERE f.id = ?", "i", flag_id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err)
        err = vault_column_key(store, rows_int(rows, 0), key);
    if (!err)
        err = seal_open(key, "flag", rows_bytes(rows, 1), &plain);
    int err2 = rows_end(&rows);
    if (err2)
        err = err2;
    if (!err)
        err = flag_decode(buf_view(&plain), ret);
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
    return err;
}

int flag_of_request(struct store *store, int64_t flag_id, int64_t request_id) {
    return db_run(store->db, "UPDATE flag SET request_id = ? WHERE id = ?", "ii", request_id, flag_id);
}

/* Flags of a store that was made before there were tokens. */
int flag_tokens_fill(struct store *store, int64_t document_id) {
    struct rows *rows = db_query(store->db, "SELECT id FROM flag WHERE document_id = ? AND person_token IS NULL AND text_token IS NULL", "i", document_id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        uint8_t person[STORE_HASH_BYTES], text[STORE_HASH_BYTES];
        struct flag flag;
        int64_t id = rows_int(rows, 0);
        err = flag_load(store, id, &flag);
        if (err)
            break;
        flag_person_token(store, flag.person_id, person);
        flag_text_token(store, flag.text, text);
        err = db_run(store->db, "UPDATE flag SET person_token = ?, text_token = ? WHERE id = ?", "bbi", token_view(person, flag.person_id),
                     token_view(text, flag.text), id);
        flag_drop(&flag);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}
