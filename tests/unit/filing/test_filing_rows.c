/* Filings in the database: a new one supersedes, the pages' keys follow it, and nothing stands in the clear. */
#include "filing/filing_rows.h"
#include "store/page_rows.h"
#include "store/seal.h"
#include "tests/unit/store_fixture.h"

static struct filing_result result_of(enum filing_outcome outcome, int64_t first, int64_t second) {
    struct filing_result r = {.outcome = outcome, .candidate_count = second ? 2 : 1, .candidates = mem_new(2 * sizeof *r.candidates)};
    for (size_t i = 0; i < r.candidate_count; i++) {
        struct filing_candidate *c = &r.candidates[i];
        *c = (struct filing_candidate){.child_id = i ? second : first, .probability = i ? 0.25f : 0.75f, .weight = 12.5f,
                                       .chosen = 1, .veto = mem_text(i ? "another date of birth" : ""), .part_count = 1};
        c->parts = mem_new(sizeof *c->parts);
        c->parts[0] = (struct filing_part){mem_text("name"), mem_text("Zoë Tidswell"), 9.5f, 1};
    }
    return r;
}

static int save(struct store *store, int64_t document, enum filing_outcome outcome, int64_t first, int64_t second) {
    struct filing_result r = result_of(outcome, first, second);
    assert_int_equal(db_begin(store->db), 0);
    int err = db_end(store->db, filing_save(store, document, &r, "machine"));
    filing_result_drop(&r);
    return err;
}

static int choose(struct store *store, int64_t document, int64_t child) {
    assert_int_equal(db_begin(store->db), 0);
    return db_end(store->db, filing_choose(store, document, child, "officer"));
}

static const char owners[] = "SELECT ifnull(group_concat(t, ', '), '') FROM (SELECT DISTINCT s.kind || ' ' || s.owner AS t FROM object_key k"
                             " JOIN seal_key s ON s.id = k.seal_key_id JOIN object o ON o.id = k.object_id WHERE o.kind = 'picture' ORDER BY 1)";

static void a_filing_comes_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    struct filing_result back = {0};
    assert_int_equal(filing_load(store, document, &back), ERR_NOT_FOUND);
    assert_int_equal(save(store, document, FILING_SEVERAL, 3, 4), 0);
    assert_int_equal(filing_load(store, document, &back), 0);
    assert_int_equal(back.outcome, FILING_SEVERAL);
    assert_int_equal(back.candidate_count, 2);
    assert_int_equal(back.candidates[1].child_id, 4);
    assert_string_equal(back.candidates[1].veto, "another date of birth");
    assert_string_equal(back.candidates[0].parts[0].found, "Zoë Tidswell");
    assert_true(back.candidates[0].probability == 0.75f);
    filing_result_drop(&back);
    assert_int_equal(number(store, "SELECT count(*) FROM filing_child WHERE chosen = 1"), 0); /* "several" files to nobody */
    assert_int_equal(number(store, "SELECT count(*) FROM filing WHERE instr(sealed_detail, CAST('Tidswell' AS BLOB))"), 0);
    assert_row_text(store, owners, "intake 0");
    assert_row_text(store, "SELECT state FROM document", "flagging");
    assert_row_text(store, "SELECT kind || ' ' || subject FROM job", "flag 1");
    assert_row_text(store, "SELECT who || ' ' || action || ' ' || what FROM audit_leaf", "machine several document 1");
}

static void the_pages_keys_go_with_it(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    struct buf out = {0};
    int64_t picture = number(store, "SELECT picture_id FROM page WHERE number = 2");
    assert_int_equal(save(store, document, FILING_FILED, 3, 4), 0); /* a letter about two children */
    assert_row_text(store, owners, "child 3, child 4");
    assert_int_equal(seal_key_destroy(store, "child", 3), 0);
    assert_int_equal(page_picture_open(store, picture, &out), 0);
    assert_int_equal(seal_key_destroy(store, "child", 4), 0);
    assert_int_equal(page_picture_open(store, picture, &out), ERR_KEY);
    buf_drop(&out);
}

/* Filed to the wrong child and put right: that child's key must not keep it readable. */
static void a_filing_put_right_takes_the_key_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    struct buf out = {0};
    struct filing_result back;
    assert_int_equal(save(store, document, FILING_FILED, 3, 0), 0);
    assert_row_text(store, owners, "child 3");
    assert_int_equal(choose(store, document, 5), 0);
    assert_row_text(store, owners, "child 5");
    assert_int_equal(number(store, "SELECT count(*) FROM filing"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM filing WHERE superseded_by IS NULL AND made_by = 'officer'"), 1);
    assert_int_equal(number(store, "SELECT superseded_by FROM filing WHERE id = 1"), 2);
    assert_int_equal(filing_load(store, document, &back), 0); /* the machine's evidence is kept beside the choice */
    assert_int_equal(back.outcome, FILING_FILED);
    assert_int_equal(back.candidates[0].chosen, 0);
    assert_string_equal(back.candidates[0].parts[0].found, "Zoë Tidswell");
    assert_int_equal(back.candidates[1].child_id, 5);
    assert_int_equal(back.candidates[1].chosen, 1);
    filing_result_drop(&back);
    assert_int_equal(seal_key_destroy(store, "child", 5), 0);
    assert_int_equal(page_picture_open(store, number(store, "SELECT picture_id FROM page"), &out), ERR_KEY);
    buf_drop(&out);
}

static void what_is_no_longer_filed_goes_back_to_the_intake(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    assert_int_equal(save(store, document, FILING_FILED, 3, 0), 0);
    assert_int_equal(save(store, document, FILING_PROPOSED, 4, 0), 0);
    assert_row_text(store, owners, "intake 0");
}

static void filed_anew_it_is_flagged_anew(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    assert_int_equal(save(store, document, FILING_PROPOSED, 3, 0), 0);
    run(store, "UPDATE job SET state = 'lent', attempt = 1"); /* it is being flagged for child 3 just now */
    assert_int_equal(choose(store, document, 4), 0);
    assert_row_text(store, "SELECT state || ' ' || attempt FROM job", "waiting 0");
    assert_row_text(store, "SELECT state FROM document", "flagging");
}

static void a_document_without_any_picture_is_filed_too(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    struct filing_result back;
    run(store, "UPDATE page SET picture_id = NULL");
    assert_int_equal(save(store, document, FILING_NONE, 3, 0), 0);
    assert_int_equal(filing_load(store, document, &back), 0);
    assert_int_equal(back.outcome, FILING_NONE);
    assert_int_equal(back.candidate_count, 0);
}

static void what_is_refused_leaves_the_old_one(void **state) {
    static const char *const tables[] = {"filing", "filing_child", "object_key", "audit_leaf", "job"};
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    assert_int_equal(save(store, document, FILING_PROPOSED, 3, 0), 0);
    run(store, "DELETE FROM job");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "CREATE TRIGGER refuse BEFORE INSERT ON %s BEGIN SELECT RAISE(FAIL, 'no'); END", tables[i]);
        run(store, sql);
        assert_true(choose(store, document, 4) < 0);
        run(store, "DROP TRIGGER refuse");
        assert_int_equal(number(store, "SELECT count(*) FROM filing"), 1);
        assert_row_text(store, owners, "intake 0");
    }
    assert_int_equal(choose(store, document, 4), 0);
    assert_row_text(store, owners, "child 4");
    assert_int_equal(choose(store, 999, 4), ERR_NOT_FOUND);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(a_filing_comes_back), T(the_pages_keys_go_with_it), T(a_filing_put_right_takes_the_key_back),
                                       T(what_is_no_longer_filed_goes_back_to_the_intake), T(filed_anew_it_is_flagged_anew),
                                       T(a_document_without_any_picture_is_filed_too), T(what_is_refused_leaves_the_old_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
