/* Pages, their words and the flags on them, in the database. */
#include "store/page_rows.h"
#include "store/schema.h"
#include "store/seal.h"
#include "tests/unit/flag_fixture.h"

static void words_are_sealed_under_the_picture(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1), page = page_of(store, document, 1);
    struct words words = words_make("Zoë Tidswell wrote"), back;
    struct page_row row;
    assert_int_equal(page_words_load(store, page, &back), 0);
    assert_int_equal(back.count, 0);
    assert_int_equal(page_row_load(store, page, &row), 0);
    assert_int_equal(page_words_save(store, &row, &words), 0);
    assert_int_equal(page_words_load(store, page, &back), 0);
    assert_int_equal(back.count, 3);
    assert_string_equal(back.list[1].text, "Tidswell");
    words_drop(&back);
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE instr(sealed_words, CAST('Tidswell' AS BLOB))"), 0);
    run(store, "UPDATE page SET sealed_words = zeroblob(60)");
    assert_int_equal(page_words_load(store, page, &back), ERR_SEAL);
    assert_int_equal(back.count, 0);
    assert_int_equal(seal_key_destroy(store, "intake", 0), 0);
    assert_int_equal(page_words_load(store, page, &back), ERR_KEY);
    assert_int_equal(page_words_save(store, &row, &words), ERR_KEY);
    assert_int_equal(page_words_load(store, 999, &back), ERR_NOT_FOUND);
    words_drop(&words);
}

static void a_database_error_is_not_taken_for_nothing(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    struct words back;
    struct page_row row, *rows = NULL;
    size_t count;
    run(store, "ALTER TABLE page RENAME TO gone");
    assert_int_equal(page_words_load(store, 1, &back), ERR_DATABASE); /* not "not found": that would end the job for good */
    assert_int_equal(page_row_load(store, 1, &row), ERR_DATABASE);
    assert_int_equal(page_rows_of_document(store, document, &rows, &count), ERR_DATABASE);
    assert_null(rows);
}

static void pages_come_in_order(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 3);
    struct document_words words;
    struct page_row *rows;
    size_t count;
    run(store, "UPDATE page SET role = 'blank', state = 'waiting', turn = 90, skew = 1.5 WHERE number = 2");
    assert_int_equal(page_rows_of_document(store, document, &rows, &count), 0);
    assert_int_equal(count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(rows[i].number, i + 1);
    assert_int_equal(rows[1].role, PAGE_BLANK);
    assert_int_equal(rows[1].read, 0);
    assert_int_equal(rows[0].read, 1);
    assert_int_equal(rows[1].turn, 90);
    assert_true(rows[1].skew_deg == 1.5f);
    struct words w = words_make("one two");
    assert_int_equal(page_words_save(store, &rows[2], &w), 0);
    words_drop(&w);
    free(rows);
    assert_int_equal(document_words_load(store, document, &words), 0);
    assert_int_equal(words.page_count, 3);
    assert_int_equal(words.pages[0].words.count, 0);
    assert_int_equal(words.pages[2].words.count, 2);
    document_words_drop(&words);
    assert_int_equal(document_words_load(store, 999, &words), 0);
    assert_int_equal(words.page_count, 0);
    document_words_drop(&words);
    assert_string_equal(page_role_text(PAGE_SEPARATOR), "separator");
}

static void flags_come_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    struct flags flags = {0};
    struct flag back;
    flag_on(&flags, 2, 4, "Ada Harker", "3P-UNREASONABLE", 1);
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    int64_t id = number(store, "SELECT id FROM flag WHERE child_id = 7 AND cover = 1 AND type = 'PERSON' AND role = 'family'");
    assert_int_equal(flag_load(store, id, &back), 0);
    assert_string_equal(back.text, "Ada Harker");
    assert_int_equal(back.page, 2);
    assert_int_equal(back.runs[0].first, 4);
    flag_drop(&back);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE instr(sealed, CAST('Harker' AS BLOB))"), 0);
    assert_int_equal(flag_load(store, 999, &back), ERR_NOT_FOUND);
    flag_on(&flags, 9, 0, "on no page", "3P-UNREASONABLE", 1);
    assert_int_equal(flags_put(store, document, 7, &flags), ERR_NOT_FOUND);
    assert_int_equal(number(store, "SELECT count(*) FROM flag"), 1); /* as before */
    flags_drop(&flags);
}

/* Flagging once more: the machine's own flags are replaced, decided ones stay and are not asked for again. */
static void flagging_again_keeps_what_was_decided(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    struct flags flags = {0};
    flag_on(&flags, 1, 0, "Ada", "3P-UNREASONABLE", 1);
    flag_on(&flags, 1, 1, "Bert", "3P-UNREASONABLE", 1);
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM flag"), 2);
    int64_t ada = number(store, "SELECT min(id) FROM flag");
    run(store, "INSERT INTO request(id, name, child_id, requester_kind, sealed_requester, state, opened_at, opened_by)"
               " VALUES(1, 'SAR-2026-0001', 7, 'subject', x'00', 'open', 0, 'a');"
               "INSERT INTO act(id, request_id, kind, who, at) VALUES(1, 1, 'decided', 'a', 0);"
               "INSERT INTO decision(request_id, flag_id, cover, code, act_id) SELECT 1, min(id), 1, 'X', 1 FROM flag");
    assert_int_equal(flags_put(store, document, 8, &flags), 0); /* for another child: these are others */
    flag_on(&flags, 1, 2, "Cleo", "3P-UNREASONABLE", 1);
    free(flags.list[0].code);
    flags.list[0].code = mem_text("3P-CHILD"); /* proposed otherwise now: it was decided all the same */
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE child_id = 7"), 3);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE child_id = 8"), 2);
    assert_int_equal(number(store, "SELECT min(id) FROM flag"), ada);
    /* An officer's own flag stays, decided or not. */
    free(flags.list[1].finder);
    flags.list[1].finder = mem_text("officer");
    assert_int_equal(flag_insert(store, document, 7, &flags.list[1], NULL), 0);
    struct flags none = {0};
    assert_int_equal(flags_put(store, document, 7, &none), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM flag WHERE child_id = 7"), 2);
    flags_drop(&flags);
}

/* A page that could not be shown has no picture: its flag is sealed under the original, and does not stop the others. */
static void a_page_without_a_picture_can_be_flagged(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    struct flags flags = {0};
    struct flag back;
    run(store, "UPDATE page SET picture_id = NULL, state = 'unreadable' WHERE number = 2");
    flag_on(&flags, 1, 0, "Ada", "3P-UNREASONABLE", 1);
    flag_on(&flags, 2, 0, "", "3P-UNREASONABLE", 1)->type = FLAG_PASSAGE;
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    assert_int_equal(flag_load(store, number(store, "SELECT id FROM flag WHERE type = 'PASSAGE'"), &back), 0);
    assert_int_equal(back.page, 2);
    flag_drop(&back);
    flags_drop(&flags);
}

/* What a hidden layer claims is as secret as what was read, and neither can be taken for the other. */
static void claimed_words_are_sealed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1), page = page_of(store, document, 1);
    struct words claimed = words_make("Zoë Tidswell wrote"), back;
    struct page_row row;
    assert_int_equal(page_row_load(store, page, &row), 0);
    assert_int_equal(page_claimed_load(store, page, &back), 0);
    assert_int_equal(back.count, 0);
    assert_int_equal(page_claimed_save(store, &row, &claimed), 0);
    assert_int_equal(page_claimed_load(store, page, &back), 0);
    assert_int_equal(back.count, 3);
    assert_string_equal(back.list[1].text, "Tidswell");
    words_drop(&back);
    assert_int_equal(page_words_load(store, page, &back), 0); /* they are not the page's words */
    assert_int_equal(back.count, 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE length(sealed_claimed) > 60"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE instr(sealed_claimed, CAST('Tidswell' AS BLOB))"), 0);
    run(store, "UPDATE page SET sealed_words = sealed_claimed");
    assert_int_equal(page_words_load(store, page, &back), ERR_SEAL);
    run(store, "UPDATE page SET sealed_claimed = zeroblob(60)");
    assert_int_equal(page_claimed_load(store, page, &back), ERR_SEAL);
    assert_int_equal(back.count, 0);
    assert_int_equal(seal_key_destroy(store, "intake", 0), 0);
    assert_int_equal(page_claimed_save(store, &row, &claimed), ERR_KEY);
    assert_int_equal(page_claimed_load(store, 999, &back), ERR_NOT_FOUND);
    words_drop(&claimed);
}

static void regions_are_kept(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2), page = page_of(store, document, 2);
    struct regions regions = {0}, none = {0}, back;
    regions_add(&regions, (struct box){50, 60, 70, 80}, REGION_HANDWRITING);
    regions_add(&regions, (struct box){5, 6, 7, 8}, REGION_PICTURE);
    assert_int_equal(page_regions_load(store, page, &back), 0);
    assert_int_equal(back.count, 0);
    assert_int_equal(page_regions_save(store, page, &regions), 0);
    assert_int_equal(page_regions_load(store, page, &back), 0);
    assert_int_equal(back.count, 2);
    assert_int_equal(back.list[1].kind, REGION_PICTURE);
    assert_true(back.list[0].box.x1 == 70);
    regions_drop(&back);
    assert_int_equal(page_regions_load(store, page_of(store, document, 1), &back), 0);
    assert_int_equal(back.count, 0);
    assert_int_equal(page_regions_save(store, page, &none), 0); /* read anew: nothing stays of before */
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE regions IS NOT NULL"), 0);
    assert_int_equal(page_regions_load(store, 999, &back), ERR_NOT_FOUND);
    run(store, "UPDATE page SET regions = x'0100000005'");
    assert_int_equal(page_regions_load(store, page, &back), ERR_PROTOCOL);
    assert_null(back.list);
    run(store, "ALTER TABLE page RENAME TO gone");
    assert_int_equal(page_regions_load(store, page, &back), ERR_DATABASE);
    regions_drop(&regions);
}

static void notes_are_added_once(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t part = part_make(store), other = part_make(store);
    assert_int_equal(part_note(store, part, "page 12: one"), 0);
    assert_int_equal(part_note(store, part, "page 2: two"), 0);
    assert_int_equal(part_note(store, part, "page 12: one"), 0);
    assert_int_equal(part_note(store, part, "page 1"), 0); /* the beginning of another is not there yet */
    char *notes = words_in(store, "SELECT notes FROM part WHERE id = (SELECT min(id) FROM part)");
    assert_string_equal(notes, "page 12: one; page 2: two; page 1");
    free(notes);
    for (int i = 0; i < 200; i++) {
        char note[64];
        snprintf(note, sizeof note, "page %d: something of some length", i);
        assert_int_equal(part_note(store, part, note), 0);
    }
    assert_in_range(number(store, "SELECT max(length(notes)) FROM part"), 2000, 2060);
    assert_int_equal(number(store, "SELECT min(length(notes)) FROM part"), 0);
    assert_int_equal(part_note(store, other, "page 7"), 0);
    assert_int_equal(number(store, "SELECT min(length(notes)) FROM part"), 6);
}

/* A store as version 2 left it, with a page that was read and one that waits: both work on. */
static void a_store_of_version_2_works_on(void **state) {
    struct place *place = *state;
    struct words words = words_make("Zoë Tidswell wrote"), back;
    struct regions regions = {0}, regions_back;
    struct page_row row;
    struct db *db;
    char *path = store_path(place->store, "casefile.db");
    store_close(&place->store);
    assert_int_equal(remove(path), 0);
    assert_int_equal(db_open(path, &db), 0);
    for (int step = 0; step < 2; step++)
        assert_int_equal(db_script(db, schema_steps[step]), 0);
    db_close(&db);
    assert_int_equal(db_open(path, &db), 0); /* really version 2: without the new columns */
    int64_t columns = -1;
    assert_int_equal(db_int(db, &columns,
                            "SELECT count(*) FROM pragma_table_info('page') WHERE name IN ('language', 'regions', 'sealed_claimed')", ""), 0);
    assert_int_equal(columns, 0);
    assert_int_equal(db_script(db, "INSERT INTO receipt(channel, received_at, received_by) VALUES('test', 5, 'machine');"
                                   "INSERT INTO part(receipt_id, ordinal, kind, sealed_name, content_hash, bytes, state, notes)"
                                   " VALUES(1, 0, 'pdf', x'00', x'00', 20, 'opened', 'kept');"
                                   "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn,"
                                   " source, place, quality) VALUES(1, 7, 600, 800, 'page', 'waiting', 2, 200, 90, 2, 7, 88)"), 0);
    db_close(&db);
    assert_int_equal(store_open(place->folder, &place->store), 0);
    struct store *store = place->store;
    assert_row_text(store, "SELECT notes || number || page.state || picture_turn || quality FROM part, page", "kept7waiting9088");
    assert_int_equal(page_row_load(store, 1, &row), 0);
    assert_int_equal(row.read, 0);
    assert_int_equal(page_regions_load(store, 1, &regions_back), 0);
    assert_int_equal(regions_back.count, 0);
    assert_int_equal(number(store, "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'"), SCHEMA_VERSION);
    int64_t page = page_of(store, document_make(store, 1), 1);
    assert_int_equal(page_row_load(store, page, &row), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM page WHERE language = '' AND regions IS NULL AND sealed_claimed IS NULL"), 2);
    assert_int_equal(page_claimed_save(store, &row, &words), 0);
    assert_int_equal(page_claimed_load(store, page, &back), 0);
    assert_int_equal(back.count, 3);
    regions_add(&regions, (struct box){1, 2, 3, 4}, REGION_CUT);
    assert_int_equal(page_regions_save(store, page, &regions), 0);
    assert_int_equal(page_regions_load(store, page, &regions_back), 0);
    assert_int_equal(regions_back.count, 1);
    words_drop(&back);
    words_drop(&words);
    regions_drop(&regions);
    regions_drop(&regions_back);
    free(path);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(words_are_sealed_under_the_picture), T(a_database_error_is_not_taken_for_nothing),
                                       T(pages_come_in_order), T(flags_come_back), T(flagging_again_keeps_what_was_decided),
                                       T(a_page_without_a_picture_can_be_flagged), T(claimed_words_are_sealed), T(regions_are_kept),
                                       T(notes_are_added_once), T(a_store_of_version_2_works_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
