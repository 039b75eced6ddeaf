/* Pages, their words and the flags on them, in the database. */
#include "store/page_rows.h"
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
               "INSERT INTO decision(request_id, flag_id, cover, code, who, at, note) SELECT 1, min(id), 1, 'X', 'a', 0, '' FROM flag");
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

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(words_are_sealed_under_the_picture), T(a_database_error_is_not_taken_for_nothing),
                                       T(pages_come_in_order), T(flags_come_back), T(flagging_again_keeps_what_was_decided),
                                       T(a_page_without_a_picture_can_be_flagged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
