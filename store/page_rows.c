#include "store/page_rows.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_COLUMNS                                                                                                   \
    "SELECT id, part_id, ifnull(picture_id, 0), ifnull(document_id, 0), number, width_pt, height_pt, skew, role,"      \
    " picture_format, picture_dpi, picture_turn, turn, state FROM page "

const char *page_role_text(enum page_role role) {
    return role == PAGE_BLANK ? "blank" : role == PAGE_SEPARATOR ? "separator" : "page";
}

static struct page_row page_row_from(struct rows *rows) {
    const char *role = rows_text(rows, 8);
    return (struct page_row){
        .id = rows_int(rows, 0),
        .part_id = rows_int(rows, 1),
        .picture_id = rows_int(rows, 2),
        .document_id = rows_int(rows, 3),
        .number = (uint32_t)rows_int(rows, 4),
        .width_pt = (float)rows_real(rows, 5),
        .height_pt = (float)rows_real(rows, 6),
        .skew_deg = (float)rows_real(rows, 7),
        .role = role[0] == 'b' ? PAGE_BLANK : role[0] == 's' ? PAGE_SEPARATOR : PAGE_TEXT,
        .format = (enum picture_format)rows_int(rows, 9),
        .dpi = (float)rows_real(rows, 10),
        .picture_turn = (uint16_t)rows_int(rows, 11),
        .turn = (uint16_t)rows_int(rows, 12),
        .read = strcmp(rows_text(rows, 13), "waiting") != 0,
    };
}

int page_row_load(struct store *store, int64_t page_id, struct page_row *ret) {
    struct rows *rows = db_query(store->db, PAGE_COLUMNS "WHERE id = ?", "i", page_id);
    int n = rows_next(rows);
    if (n > 0)
        *ret = page_row_from(rows);
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}

int page_rows_of_document(struct store *store, int64_t document_id, struct page_row **ret, size_t *ret_count) {
    struct rows *rows = db_query(store->db, PAGE_COLUMNS "WHERE document_id = ? ORDER BY place, id", "i", document_id);
    struct page_row *list = NULL;
    size_t n = 0;
    while (rows_next(rows) > 0) {
        list = mem_grow(list, n + 1, sizeof *list);
        list[n++] = page_row_from(rows);
    }
    int err = rows_end(&rows);
    if (err) {
        free(list);
        return err;
    }
    *ret = list;
    *ret_count = n;
    return 0;
}

/* ---- words, sealed in a column of their own */

/* Which words of a page. */
struct words_column {
    const char *label, *save, *load;
};
static const struct words_column column_words = {"page.words", "UPDATE page SET sealed_words = ? WHERE id = ?",
                                                 "SELECT picture_id, sealed_words FROM page WHERE id = ?"};
static const struct words_column column_claimed = {"page.claimed", "UPDATE page SET sealed_claimed = ? WHERE id = ?",
                                                   "SELECT picture_id, sealed_claimed FROM page WHERE id = ?"};

static int words_save(struct store *store, const struct words_column *column, const struct page_row *page, const struct words *words) {
    uint8_t key[STORE_KEY_BYTES];
    int err = vault_column_key(store, page->picture_id, key);
    if (err)
        return err;
    struct buf plain = {0}, sealed = {0};
    words_encode(words, &plain);
    seal_bytes(key, column->label, buf_view(&plain), &sealed);
    err = db_run(store->db, column->save, "bi", buf_view(&sealed), page->id);
    buf_wipe(&plain);
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

static int words_unseal(struct store *store, const char *label, struct rows *rows, struct words *ret) {
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0};
    int err = vault_column_key(store, rows_int(rows, 0), key);
    if (!err)
        err = seal_open(key, label, rows_bytes(rows, 1), &plain);
    if (!err)
        err = words_decode(buf_view(&plain), ret);
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
    return err;
}

static int words_load(struct store *store, const struct words_column *column, int64_t page_id, struct words *ret) {
    struct rows *rows = db_query(store->db, column->load, "i", page_id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    *ret = (struct words){0};
    if (!err && !rows_null(rows, 1))
        err = words_unseal(store, column->label, rows, ret);
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

int page_words_save(struct store *store, const struct page_row *page, const struct words *words) {
    return words_save(store, &column_words, page, words);
}

int page_words_load(struct store *store, int64_t page_id, struct words *ret) {
    return words_load(store, &column_words, page_id, ret);
}

int page_claimed_save(struct store *store, const struct page_row *page, const struct words *claimed) {
    return words_save(store, &column_claimed, page, claimed);
}

int page_claimed_load(struct store *store, int64_t page_id, struct words *ret) {
    return words_load(store, &column_claimed, page_id, ret);
}

int page_regions_save(struct store *store, int64_t page_id, const struct regions *regions) {
    struct buf bytes = {0};
    regions_encode(regions, &bytes);
    int err = regions->count ? db_run(store->db, "UPDATE page SET regions = ? WHERE id = ?", "bi", buf_view(&bytes), page_id)
                             : db_run(store->db, "UPDATE page SET regions = NULL WHERE id = ?", "i", page_id);
    buf_drop(&bytes);
    return err;
}

int page_regions_load(struct store *store, int64_t page_id, struct regions *ret) {
    struct rows *rows = db_query(store->db, "SELECT regions FROM page WHERE id = ?", "i", page_id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    *ret = (struct regions){0};
    if (!err && !rows_null(rows, 0))
        err = regions_decode(rows_bytes(rows, 0), ret);
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int not_children_load(struct store *store, int64_t document_id, struct document_words *words) {
    struct rows *rows = db_query(store->db, "SELECT child_id FROM not_child WHERE document_id = ? AND taken_back_at IS NULL", "i", document_id);
    while (rows_next(rows) > 0) {
        words->not_children = mem_grow(words->not_children, words->not_child_count + 1, sizeof *words->not_children);
        words->not_children[words->not_child_count++] = rows_int(rows, 0);
    }
    return rows_end(&rows);
}

int document_words_load(struct store *store, int64_t document_id, struct document_words *ret) {
    struct page_row *pages;
    size_t count;
    int err = page_rows_of_document(store, document_id, &pages, &count);
    if (err)
        return err;
    struct document_words words = {.pages = mem_new((count + 1) * sizeof *words.pages)};
    for (size_t i = 0; i < count && !err; i++) {
        words.pages[i].number = pages[i].number;
        err = page_words_load(store, pages[i].id, &words.pages[i].words);
        words.page_count++;
    }
    free(pages);
    if (!err)
        err = not_children_load(store, document_id, &words);
    if (!err)
        err = db_int(store->db, &words.said_child, "SELECT ifnull(max(child_id), 0) FROM document WHERE id = ?", "i", document_id);
    if (err)
        document_words_drop(&words);
    else
        *ret = words;
    return err;
}

int part_name_load(struct store *store, int64_t part_id, char **ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT sealed_name, ifnull(object_id, (SELECT o.object_id FROM part o WHERE o.id = p.same_as))"
                                 " FROM part p WHERE id = ?", "i", part_id);
    uint8_t key[STORE_KEY_BYTES];
    struct buf plain = {0};
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err)
        err = vault_column_key(store, rows_int(rows, 1), key);
    if (!err)
        err = seal_open(key, "part.name", rows_bytes(rows, 0), &plain);
    int err2 = rows_end(&rows);
    if (err2)
        err = err2;
    if (!err)
        *ret = mem_text(buf_text(&plain));
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
    return err;
}

int part_note(struct store *store, int64_t part_id, const char *note) {
    return db_run(store->db,
                  "UPDATE part SET notes = CASE WHEN notes = '' THEN ?2 WHEN instr('; ' || notes || '; ', '; ' || ?2 || '; ') THEN notes"
                  " WHEN length(notes) > 2000 THEN notes ELSE notes || '; ' || ?2 END WHERE id = ?1", "it", part_id, note);
}
