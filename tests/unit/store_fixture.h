/* A store in a temporary folder of its own, and rows put into it by hand, for tests. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "base/err.h"
#include "base/mem.h"
#include "store/page.h"
#include "store/store.h"
#include "store/vault.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define UNUSED __attribute__((unused))

struct place {
    char folder[64];
    struct store *store;
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static UNUSED void folder_remove(const char *path) {
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static UNUSED int place_new(void **state) {
    struct place *place = mem_new(sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/casefile-test-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    *state = place;
    return store_open(place->folder, &place->store);
}

static UNUSED int place_drop(void **state) {
    struct place *place = *state;
    store_close(&place->store);
    folder_remove(place->folder);
    free(place);
    return 0;
}

/* The first column of the first row; -1 when there is no row. */
static UNUSED int64_t number(struct store *store, const char *sql) {
    int64_t value = -1;
    int err = db_int(store->db, &value, sql, "");
    assert_true(err == 0 || err == ERR_NOT_FOUND);
    return value;
}

static UNUSED char *words_in(struct store *store, const char *sql) {
    struct rows *rows = db_query(store->db, sql, "");
    char *text = rows_next(rows) > 0 ? mem_text(rows_text(rows, 0)) : mem_text("(no row)");
    assert_int_equal(rows_end(&rows), 0);
    return text;
}

#define assert_row_text(store, sql, wanted)                                                                            \
    do {                                                                                                               \
        char *row_text_ = words_in(store, sql);                                                                        \
        assert_string_equal(row_text_, wanted);                                                                        \
        free(row_text_);                                                                                               \
    } while (0)

static UNUSED void run(struct store *store, const char *sql) {
    assert_int_equal(db_script(store->db, sql), 0);
}

/* A part with its original; the store's own way would be ingest/receive.h. */
static UNUSED int64_t part_make(struct store *store) {
    struct sealed_file file;
    int64_t object;
    assert_int_equal(vault_write(store, view_text("%PDF-1.4 an original"), &file), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(vault_add(store, &file, VAULT_ORIGINAL, "intake", 0, &object), 0);
    assert_int_equal(db_run(store->db, "INSERT INTO receipt(channel, received_at, received_by) VALUES('test', 1700000000000, 'machine')", ""), 0);
    int64_t receipt = db_last_id(store->db);
    assert_int_equal(db_run(store->db,
                            "INSERT INTO part(receipt_id, ordinal, kind, sealed_name, content_hash, bytes, object_id, state)"
                            " VALUES(?, 0, 'pdf', x'00', x'00', 20, ?, 'opened')", "ii", receipt, object), 0);
    int64_t part = db_last_id(store->db);
    assert_int_equal(db_commit(store->db), 0);
    return part;
}

/* A document of so many pages (600 x 800 points), each with a picture; its state: 'ready'. */
static UNUSED int64_t document_make(struct store *store, uint32_t pages) {
    int64_t part = part_make(store);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_run(store->db, "INSERT INTO document(part_id, ordinal, first_page, last_page, state) VALUES(?, 1, 1, ?, 'ready')",
                            "ii", part, (int64_t)pages), 0);
    int64_t document = db_last_id(store->db);
    for (uint32_t n = 1; n <= pages; n++) {
        struct sealed_file file;
        int64_t object;
        assert_int_equal(vault_write(store, view_text("a picture"), &file), 0);
        assert_int_equal(vault_add(store, &file, VAULT_PICTURE, "intake", 0, &object), 0);
        assert_int_equal(db_run(store->db,
                                "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_id, picture_format,"
                                " picture_dpi, picture_turn, source, document_id, place) VALUES(?1, ?2, 600, 800, 'page', 'read', ?3, 2, 200, 0, 2, ?4, ?2)",
                                "iiii", part, (int64_t)n, object, document), 0);
    }
    assert_int_equal(db_commit(store->db), 0);
    return document;
}

static UNUSED int64_t page_of(struct store *store, int64_t document, uint32_t n) {
    int64_t page = 0;
    assert_int_equal(db_int(store->db, &page, "SELECT id FROM page WHERE document_id = ? AND number = ?", "ii", document, (int64_t)n), 0);
    return page;
}

/* Words on one line, ten points each, from a text with spaces. */
static UNUSED struct words words_make(const char *text) {
    struct words words = {0};
    char *copy = mem_text(text), *rest = NULL;
    float x = 50;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest), x += 40)
        words_add(&words, (struct box){x, 100, x + 35, 112}, 0, 0, 96, w);
    free(copy);
    return words;
}

#endif
