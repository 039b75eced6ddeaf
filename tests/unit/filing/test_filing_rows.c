/* Filings in the database: a new one supersedes, the pages' keys follow it, and nothing stands in the clear. */
#include "filing/filing_rows.h"

#include "base/clock.h"
#include "filing/filing_review.h"
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
    return db_end(store->db, filing_choose(store, document, &child, 1, "officer"));
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

#define REFUSED "SELECT ifnull(group_concat(child_id), '') FROM not_child WHERE taken_back_at IS NULL"

static int say(struct store *store, int err) {
    return db_end(store->db, err);
}

/* What a person puts right is remembered: read anew, the document is not given to that child again. */
static void who_is_not_meant_is_remembered(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1), both[2] = {4, 5};
    struct document_words words;
    assert_int_equal(found(store, document, FILING_FILED, 3), 0);
    assert_int_equal(choose(store, document, 4), 0);
    assert_row_text(store, REFUSED, "3");
    assert_int_equal(document_words_load(store, document, &words), 0);
    assert_int_equal(words.not_child_count, 1);
    assert_int_equal(words.not_children[0], 3);
    document_words_drop(&words);
    assert_int_equal(choose(store, document, 3), 0); /* after all */
    assert_row_text(store, REFUSED, "4");
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, filing_choose(store, document, both, 2, "officer")), 0); /* shared */
    assert_row_text(store, owners, "child 4, child 5");
    assert_row_text(store, REFUSED, "3");
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, filing_choose(store, document, NULL, 0, "officer")), 0);
    assert_row_text(store, NOW_FILED, "outside officer -");
    assert_row_text(store, owners, "intake 0");
    assert_int_equal(found(store, document, FILING_FILED, 3), 0); /* read anew: the person's word stands */
    assert_row_text(store, NOW_FILED, "outside officer -");
}

static void a_refusal_takes_it_out_and_weighs_anew(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    assert_int_equal(found(store, document, FILING_FILED, 3), 0);
    run(store, "DELETE FROM job");
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, filing_refuse(store, document, 3, "officer")), 0);
    assert_row_text(store, owners, "intake 0");
    assert_row_text(store, REFUSED, "3");
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'file'"), 1);
    assert_int_equal(found(store, document, FILING_FILED, 4), 0); /* what the machine finds now stands: nobody has chosen */
    assert_row_text(store, NOW_FILED, "filed machine 4");
}

static void a_filing_is_undone(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    assert_int_equal(found(store, document, FILING_PROPOSED, 3), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, filing_undo(store, document, "officer")), ERR_STATE);
    assert_int_equal(choose(store, document, 3), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, filing_undo(store, document, "officer")), 0);
    assert_row_text(store, NOW_FILED, "proposed officer 3");
    assert_row_text(store, owners, "intake 0");
    assert_row_text(store, REFUSED, ""); /* nobody has said that it is not theirs */
    assert_int_equal(number(store, "SELECT count(*) FROM filing"), 3);
}

static void a_stranger_raises_an_alarm(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1);
    struct filing_result r = result_of(FILING_FILED, 3, 4);
    r.candidates[1].chosen = 0;
    r.candidates[1].stranger_page = 2;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(db_begin(store->db), 0);
        assert_int_equal(say(store, filing_save(store, document, &r, "machine")), 0);
        assert_row_text(store, "SELECT group_concat(child_id || ' ' || page || ' ' || state, ', ') FROM alarm", "4 2 open");
    }
    filing_result_drop(&r);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, alarm_clear(store, document, 4, "", "officer")), ERR_INPUT);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, alarm_clear(store, document, 5, "why", "officer")), ERR_NOT_FOUND);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, alarm_clear(store, document, 4, "a cousin", "officer")), 0);
    assert_row_text(store, "SELECT state || ' ' || why || ' ' || decided_by FROM alarm", "belongs a cousin officer");
    run(store, "UPDATE alarm SET state = 'open'");
    assert_int_equal(choose(store, document, 4), 0); /* it is in that child's record now */
    assert_row_text(store, "SELECT state FROM alarm", "moved");
}

/* The week before this one; today is a Wednesday. */
static void a_sample_is_drawn_once_and_learns(void **state) {
    struct store *store = ((struct place *)*state)->store;
    const int32_t today = date_from(2026, 11, 25), monday = date_from(2026, 11, 16);
    assert_int_equal(review_week(today), date_from(2026, 11, 23));
    assert_int_equal(review_week(monday), monday);
    assert_int_equal(review_week(monday - 1), monday - 7);
    assert_int_equal(review_week(date_from(1969, 12, 31)), date_from(1969, 12, 29));
    int64_t document[6];
    for (int i = 0; i < 6; i++) {
        document[i] = document_make(store, 1);
        assert_int_equal(save(store, document[i], i == 5 ? FILING_PROPOSED : FILING_FILED, 3, 0), 0);
        assert_int_equal(db_run(store->db, "UPDATE filing SET made_at = ? WHERE document_id = ?", "ii", ((int64_t)monday + (i == 4 ? 7 : i)) * 86400000, document[i]), 0);
    }
    assert_int_equal(sample_draw(store, today, 0), 0);
    assert_int_equal(sample_draw(store, today, 3), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM filing_check"), 3); /* of four: one is of this week, one is proposed */
    assert_int_equal(sample_draw(store, today, 3), 0);
    assert_int_equal(sample_draw(store, today + 1, 3), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM filing_check"), 3);
#define SAMPLED "SELECT f.document_id FROM filing_check c JOIN filing f ON f.id = c.filing_id WHERE c.id = "
    const int64_t sampled[3] = {number(store, SAMPLED "1"), number(store, SAMPLED "2"), number(store, SAMPLED "3")};
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, sample_decide(store, sampled[0], true, "officer")), 0);
    assert_int_equal(choose(store, sampled[1], 4), 0); /* put right: it was wrong */
    assert_int_equal(choose(store, sampled[2], 3), 0); /* confirmed */
    assert_row_text(store, "SELECT group_concat(result) FROM (SELECT result FROM filing_check ORDER BY id)", "right,wrong,right");
    struct review r;
    assert_int_equal(review_load(store, (int64_t)monday * 86400000, ((int64_t)monday + 7) * 86400000, &r), 0);
    assert_int_equal(r.automatic, 4);
    assert_int_equal(r.waiting, 1);
    assert_int_equal(r.checked, 3);
    assert_int_equal(r.wrong, 1);
    assert_int_equal(r.changed, 2);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(say(store, sample_decide(store, sampled[1], true, "officer")), ERR_NOT_FOUND); /* a person's filing now */
}

static bool near(double a, double b) {
    return a > b - 0.0005 && a < b + 0.0005;
}

/* Values of Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29. */
static void intervals_as_published(void **state) {
    static const struct {
        int64_t k, n;
        double low, high;
    } rows[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        double low, high;
        review_interval(rows[i].k, rows[i].n, &low, &high);
        assert_true(near(low, rows[i].low) && near(high, rows[i].high));
    }
    double low, high;
    review_interval(0, 0, &low, &high);
    assert_true(near(low, 0) && near(high, 1));
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
                                       T(a_document_without_any_picture_is_filed_too), T(what_is_refused_leaves_the_old_one), T(who_is_not_meant_is_remembered), T(a_refusal_takes_it_out_and_weighs_anew),
                                       T(a_filing_is_undone), T(a_stranger_raises_an_alarm), T(a_sample_is_drawn_once_and_learns),
                                       cmocka_unit_test(intervals_as_published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
