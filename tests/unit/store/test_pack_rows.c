/* What is decided for a pack, as covering, proving and binding see it. */
#include "base/clock.h"
#include "store/pack_rows.h"
#include "store/people_rows.h"
#include "tests/unit/flag_fixture.h"

/* A request with two documents, four flags of child 7: covered, released, covered with the same text, and one on the second
 * document. */
static int64_t pack_make(struct store *store) {
    struct flags flags = {0}, second = {0};
    int64_t a = document_make(store, 2), b = document_make(store, 1);
    flag_on(&flags, 1, 0, "Ada Harker", "3P-UNREASONABLE", 1);
    flag_on(&flags, 1, 5, "Dr Boyle", "PROF", 0);
    flag_on(&flags, 2, 0, "Ada Harker", "3P-UNREASONABLE", 1);
    flag_on(&second, 1, 0, "Bert", "3P-CHILD", 1);
    assert_int_equal(flags_put(store, a, 7, &flags), 0);
    assert_int_equal(flags_put(store, b, 7, &second), 0);
    flags_drop(&flags);
    flags_drop(&second);
    run(store, "INSERT INTO request(id, name, child_id, requester_kind, sealed_requester, state, opened_at, opened_by)"
               " VALUES(1, 'SAR-2026-0001', 7, 'subject', x'00', 'approved', 0, 'a');"
               "INSERT INTO request_document(request_id, document_id, ordinal, included, reason) SELECT 1, id, id, 1, '' FROM document;"
               "INSERT INTO act(id, request_id, kind, who, at) VALUES(1, 1, 'decided', 'a', 0);"
               "INSERT INTO decision(request_id, flag_id, cover, code, act_id) SELECT 1, id, cover, code, 1 FROM flag;"
               "INSERT INTO pack(id, request_id, version, state, front_pages, made_at, made_by) VALUES(5, 1, 2, 'covering', 3, 0, 'a');"
               "INSERT INTO pack_page(pack_id, ordinal, page_id) SELECT 5, row_number() OVER (ORDER BY id), id FROM page");
    return 5;
}

static int collect(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    buf_print(state, "%lld %s %s;", (long long)page_id, flag->text, code);
    return 0;
}

static int stop_at_once(void *state, int64_t page_id, const struct flag *flag, const char *code) {
    (void)page_id;
    (void)flag;
    (void)code;
    ++*(int *)state;
    return ERR_REFUSED;
}

static void assert_flags(struct store *store, int64_t page, int cover, const char *wanted) {
    struct pack_row pack;
    struct buf out = {0};
    assert_int_equal(pack_row_load(store, 5, &pack), 0);
    assert_int_equal(pack_flags(store, &pack, page, cover, collect, &out), 0);
    assert_string_equal(buf_text(&out), wanted);
    buf_drop(&out);
}

static void decisions_that_stand_count(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct pack_row pack;
    int calls = 0;
    assert_int_equal(pack_row_load(store, pack_make(store), &pack), 0);
    assert_int_equal(pack.page_count, 3);
    assert_int_equal(pack.front_pages, 3);
    assert_int_equal(pack.version, 2);
    assert_int_equal(pack.child_id, 7);
    assert_int_equal(pack.object_id, 0);
    assert_int_equal(pack_row_load(store, 99, &pack), ERR_NOT_FOUND);
    assert_flags(store, 0, 1, "1 Ada Harker 3P-UNREASONABLE;2 Ada Harker 3P-UNREASONABLE;3 Bert 3P-CHILD;");
    assert_flags(store, 0, 0, "1 Dr Boyle PROF;");
    assert_flags(store, 2, 1, "2 Ada Harker 3P-UNREASONABLE;");
    assert_flags(store, 2, 0, "");
    assert_int_equal(pack_flags(store, &pack, 0, 1, stop_at_once, &calls), ERR_REFUSED);
    assert_int_equal(calls, 1);
    /* Superseded, withdrawn, left out. */
    run(store, "INSERT INTO decision(id, request_id, flag_id, cover, code, act_id) VALUES(50, 1, 3, 0, 'SUBJ', 1);"
               "UPDATE decision SET superseded_by = 50 WHERE flag_id = 3 AND id != 50");
    assert_flags(store, 2, 1, "");
    assert_flags(store, 2, 0, "2 Ada Harker SUBJ;");
    run(store, "UPDATE flag SET withdrawn = 1 WHERE id = 1");
    assert_flags(store, 1, 1, "");
    run(store, "UPDATE request_document SET included = 0 WHERE document_id = 2");
    assert_flags(store, 0, 1, "");
}

static void a_flag_that_does_not_open_is_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct pack_row pack;
    struct pack_texts withheld = {0}, allowed = {0};
    struct buf out = {0};
    assert_int_equal(pack_row_load(store, pack_make(store), &pack), 0);
    run(store, "UPDATE flag SET sealed = zeroblob(99) WHERE id = 3");
    assert_int_equal(pack_flags(store, &pack, 0, 1, collect, &out), ERR_SEAL); /* never: one box less */
    assert_int_equal(pack_texts_load(store, &pack, &withheld, &allowed), ERR_SEAL);
    pack_texts_drop(&withheld);
    pack_texts_drop(&allowed);
    buf_drop(&out);
}

static void each_text_once_and_the_subject_is_allowed(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct pack_row pack;
    struct pack_texts withheld = {0}, allowed = {0};
    struct people *people = NULL;
    char *where = NULL;
    struct register_change change;
    assert_int_equal(people_from_csv(
                         "council_id,nhs_number,upn,forenames,surname,also_known_as,date_of_birth,sex,ethnicity,first_language,house,"
                         "street,town,postcode,previous_addresses,school,status,legal_status,allocated_team,opened,closed,family_id\n"
                         "1932610,9990214204,,Zoë,Tidswell,,2012-02-29,F,,,4,Mill Lane,Fylderton,FW1 8JQ,,,CIN,,,2019-12-16,,F1\n",
                         "council_id,person_id,relation,role,title,forenames,surname,also_known_as,date_of_birth,sex,phone,address,email,"
                         "organisation,in_household,parental_responsibility,consent_to_share,confidential,sibling_council_id\n",
                         &people, &where), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(db_end(store->db, people_save(store, people, &(struct people_save_order){.with_people = true}, &change)), 0);
    people_drop(&people);
    assert_int_equal(pack_row_load(store, pack_make(store), &pack), 0);
    pack.child_id = 7;
    run(store, "UPDATE child SET id = 7");
    assert_int_equal(pack_texts_load(store, &pack, &withheld, &allowed), 0);
    assert_int_equal(withheld.count, 2);
    assert_string_equal(withheld.list[0], "Ada Harker");
    assert_string_equal(withheld.list[1], "Bert");
    assert_int_equal(allowed.count, 3);
    assert_string_equal(allowed.list[0], "Dr Boyle");
    assert_string_equal(allowed.list[1], "Zoë Tidswell");
    pack_texts_drop(&withheld);
    pack_texts_drop(&allowed);
    assert_null(allowed.list);
}

static void covered_pages_by_their_place(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct pack_row pack;
    struct covered_page page = {.format = COVERED_G4, .width_px = 10, .height_px = 10, .width_pt = 100, .height_pt = 100}, back;
    struct sealed_file file;
    struct buf bytes = {0};
    int64_t object;
    assert_int_equal(pack_row_load(store, pack_make(store), &pack), 0);
    assert_int_equal(pack_covered_page(store, &pack, 1, &back), ERR_NOT_FOUND); /* not covered yet */
    assert_int_equal(pack_covered_page(store, &pack, 4, &back), ERR_NOT_FOUND);
    buf_add_text(&page.bytes, "strip");
    covered_page_encode(&page, &bytes);
    assert_int_equal(vault_write(store, buf_view(&bytes), &file), 0);
    assert_int_equal(vault_add(store, &file, VAULT_COVERED, "request", 1, &object), 0);
    assert_int_equal(db_run(store->db, "UPDATE pack_page SET object_id = ? WHERE ordinal = 2", "i", object), 0);
    assert_int_equal(pack_covered_page(store, &pack, 2, &back), 0);
    assert_true(view_equal(buf_view(&back.bytes), view_text("strip")));
    covered_page_drop(&back);
    /* A page's own picture in the place of a covered one is refused. */
    run(store, "UPDATE pack_page SET object_id = (SELECT picture_id FROM page WHERE id = 1) WHERE ordinal = 1");
    assert_int_equal(pack_covered_page(store, &pack, 1, &back), ERR_REFUSED);
    covered_page_drop(&page);
    buf_drop(&bytes);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(decisions_that_stand_count), T(a_flag_that_does_not_open_is_told),
                                       T(each_text_once_and_the_subject_is_allowed), T(covered_pages_by_their_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
