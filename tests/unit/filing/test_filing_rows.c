/* Filings in the database: a new one supersedes, the pages' keys follow it, and nothing stands in the clear. */
#include "filing/filing_rows.h"
#include "queue/next.h"
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

static int found(struct store *store, int64_t document, enum filing_outcome outcome, int64_t child) {
    struct filing_result r = child ? result_of(outcome, child, 0) : (struct filing_result){.outcome = outcome};
    assert_int_equal(db_begin(store->db), 0);
    int err = db_end(store->db, filing_save_found(store, document, &r));
    filing_result_drop(&r);
    return err;
}

#define NOW_FILED "SELECT group_concat(f.outcome || ' ' || f.made_by || ' ' || ifnull(c.child_id, '-'), ', ') FROM (SELECT * FROM filing ORDER BY document_id) f" \
                  " LEFT JOIN filing_child c ON c.filing_id = f.id AND (c.chosen OR f.outcome = 'proposed') WHERE f.superseded_by IS NULL"

static void children_make(struct store *store) {
    run(store, "INSERT INTO child(id, token, sealed) VALUES(3, x'01', x'02'), (4, x'03', x'04'), (5, x'05', x'06')");
}

/* A cover sheet, or the child said at intake, goes before what the words say; the words are kept as evidence. */
static void a_cover_sheet_goes_before(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    struct filing_result back = {0};
    children_make(store);
    run(store, "UPDATE document SET child_id = 5");
    assert_int_equal(found(store, document, FILING_FILED, 3), 0);
    assert_row_text(store, NOW_FILED, "filed cover sheet 5");
    assert_int_equal(filing_load(store, document, &back), 0);
    assert_int_equal(back.candidate_count, 2);
    filing_result_drop(&back);
    run(store, "UPDATE receipt SET child_id = 5");
    assert_int_equal(found(store, document, FILING_NONE, 0), 0);
    assert_row_text(store, NOW_FILED, "filed said at intake 5");
}

/* A person's choice stands when the document is read anew, and pages that came since go to the same child. */
static void a_persons_choice_stands(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    assert_int_equal(save(store, document, FILING_SEVERAL, 3, 4), 0);
    assert_int_equal(choose(store, document, 4), 0);
    run(store, "UPDATE document SET state = 'filing'");
    int64_t taken_back = number(store, "SELECT picture_id FROM page WHERE number = 2");
    assert_int_equal(vault_share(store, taken_back, "intake", 0), 0); /* as a page that came later has it */
    assert_int_equal(vault_take_from(store, taken_back, "child", 4), 0);
    assert_int_equal(found(store, document, FILING_FILED, 3), 0);
    assert_row_text(store, NOW_FILED, "filed officer 4");
    assert_row_text(store, owners, "child 4");
}

/* Evidence that was sealed under a page that is no longer the first can be read all the same. */
static void evidence_survives_a_page_in_front(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    struct filing_result back = {0};
    run(store, "UPDATE page SET document_id = NULL WHERE number = 1");
    assert_int_equal(save(store, document, FILING_SEVERAL, 3, 4), 0);
    run(store, "UPDATE page SET document_id = 1 WHERE number = 1");
    assert_int_equal(filing_load(store, document, &back), 0);
    assert_int_equal(back.candidate_count, 2);
    filing_result_drop(&back);
}

/* What names nobody is proposed by the mail that it came with; what merely lay in the same archive is not. */
static void what_came_with_it(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t mail = document_make(store, 1), photo = document_make(store, 1), member = document_make(store, 1);
    children_make(store);
    run(store, "UPDATE part SET parent_id = 1, attached = 'attachment', ordinal = 1 WHERE id = 2;"
               "UPDATE part SET parent_id = 1, attached = 'member', ordinal = 2 WHERE id = 3");
    assert_int_equal(found(store, photo, FILING_NONE, 0), 0);
    assert_int_equal(found(store, member, FILING_NONE, 0), 0);
    assert_row_text(store, NOW_FILED, "none machine -, none machine -");
    run(store, "DELETE FROM job");
    assert_int_equal(found(store, mail, FILING_FILED, 3), 0);
    assert_row_text(store, "SELECT group_concat(kind || ' ' || subject, ', ') FROM (SELECT * FROM job ORDER BY kind)", "file 2, flag 1");
    assert_int_equal(found(store, photo, FILING_NONE, 0), 0);
    assert_int_equal(found(store, member, FILING_NONE, 0), 0);
    assert_row_text(store, NOW_FILED, "filed machine 3, proposed machine 3, none machine -");
}

/* Filed while it is being read anew: it is filed and flagged again when it is read, not made ready with a page that nobody has flagged. */
static void a_document_that_is_read_anew_is_not_ready(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    assert_int_equal(save(store, document, FILING_FILED, 3, 0), 0);
    run(store, "UPDATE document SET state = 'reading'; UPDATE page SET state = 'waiting'");
    assert_int_equal(next_after_flagged(store, document), 0); /* the flagging that was under way */
    assert_row_text(store, "SELECT state FROM document", "reading");
    assert_int_equal(choose(store, document, 4), 0);
    assert_row_text(store, "SELECT state FROM document", "reading");
    run(store, "UPDATE page SET state = 'read'");
    assert_int_equal(next_after_page_read(store, document), 0);
    assert_row_text(store, "SELECT state FROM document", "filing");
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(a_cover_sheet_goes_before), T(a_persons_choice_stands), T(evidence_survives_a_page_in_front), T(what_came_with_it),
                                       T(a_document_that_is_read_anew_is_not_ready), T(a_filing_comes_back), T(the_pages_keys_go_with_it), T(a_filing_put_right_takes_the_key_back),
                                       T(what_is_no_longer_filed_goes_back_to_the_intake), T(filed_anew_it_is_flagged_anew),
                                       T(a_document_without_any_picture_is_filed_too), T(what_is_refused_leaves_the_old_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
