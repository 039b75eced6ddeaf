/* Jobs as rows: order, fence, giving up, and what comes after what on a document's journey. */
#include "queue/job.h"
#include "queue/next.h"
#include "tests/unit/store_fixture.h"

static void first_come_first_served_within_a_priority(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const int64_t wanted[] = {3, 1, 2};
    struct job job;
    assert_int_equal(job_lend(store, "open", "w", &job), ERR_NOT_FOUND);
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    assert_int_equal(job_add(store, "open", 2, JOB_USUAL), 0);
    assert_int_equal(job_add(store, "open", 3, JOB_REQUEST), 0);
    assert_int_equal(job_add(store, "read", 4, JOB_REQUEST), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(job_lend(store, "open", "w", &job), 0);
        assert_int_equal(job.subject, wanted[i]);
        assert_int_equal(job.attempt, 1);
        assert_string_equal(job.kind, "open");
    }
    assert_int_equal(job_lend(store, "open", "w", &job), ERR_NOT_FOUND);
    assert_row_text(store, "SELECT lent_to FROM job WHERE subject = 1", "w");
}

static void the_most_urgent_is_looked_up(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct job job;
    int priority = -7;
    assert_int_equal(job_top(store, "open", &priority), ERR_NOT_FOUND);
    assert_int_equal(priority, -7);
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    assert_int_equal(job_add(store, "open", 2, JOB_REQUEST), 0);
    assert_int_equal(job_add(store, "open", 3, JOB_BACKLOG), 0);
    assert_int_equal(job_top(store, "open", &priority), 0);
    assert_int_equal(priority, JOB_REQUEST);
    assert_int_equal(job_lend(store, "open", "w", &job), 0);
    assert_int_equal(job_top(store, "open", &priority), 0);
    assert_int_equal(priority, JOB_USUAL); /* what is lent waits no more */
}

static void what_is_large_stands_behind_within_its_urgency(void **state) {
    (void)state;
    static const struct {
        int64_t pages;
        int behind;
    } in[] = {{0, 0}, {2, 0}, {8, 0}, {9, 1}, {16, 1}, {17, 2}, {300, 6}, {1000, 7}, {1024, 7}, {4096, 9}, {1000000, 9}, {INT64_MAX / 4, 9}};
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        assert_int_equal(job_priority(JOB_USUAL, in[i].pages), JOB_USUAL - in[i].behind);
        assert_true(job_priority(JOB_USUAL, in[i].pages) > JOB_BACKLOG); /* however large, it is no backlog */
        assert_true(job_priority(JOB_REQUEST, in[i].pages) > JOB_USUAL);
    }
}

/* Whatever the broker asks on every lending is one step into an index: no scan, no sorting. */
static void no_question_of_the_broker_looks_at_all_jobs(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char *const asked[] = {
        "EXPLAIN QUERY PLAN SELECT priority FROM job INDEXED BY job_waiting WHERE kind = 'x' AND state = 'waiting' ORDER BY priority DESC LIMIT 1",
        "EXPLAIN QUERY PLAN SELECT id, subject, attempt, priority FROM job INDEXED BY job_waiting WHERE kind = 'x' AND state = 'waiting'"
        " ORDER BY priority DESC, id LIMIT 1",
        "EXPLAIN QUERY PLAN UPDATE job SET state = 'done' WHERE id = 1 AND attempt = 1 AND state = 'lent'",
        "EXPLAIN QUERY PLAN SELECT max(id) + 1 FROM job"};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct rows *rows = db_query(store->db, asked[i], "");
        int lines = 0;
        for (; rows_next(rows) > 0; lines++) /* max(id) is SEARCH job */
            assert_int_equal(strncmp(rows_text(rows, 3), "SEARCH job", 10), 0);
        assert_int_equal(rows_end(&rows), 0);
        assert_int_equal(lines, 1);
    }
}

static void adding_twice_is_once(void **state) {
    struct store *store = ((struct place *)*state)->store;
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    assert_int_equal(job_add(store, "open", 1, JOB_REQUEST), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 1);
}

static void the_fence_holds(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct job first, second;
    int again = 0;
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    assert_int_equal(job_lend(store, "open", "a", &first), 0);
    assert_int_equal(job_check(store, &first), 0);
    assert_int_equal(job_return(store, &first, "the worker was silent", 3, &again), 0);
    assert_int_equal(again, 1);
    assert_int_equal(job_check(store, &first), ERR_STALE);
    assert_int_equal(job_done(store, &first), ERR_STALE);
    assert_int_equal(job_lend(store, "open", "b", &second), 0);
    assert_int_equal(second.id, first.id);
    assert_int_equal(second.attempt, 2);
    assert_int_equal(job_done(store, &first), ERR_STALE); /* the late answer of the first attempt */
    assert_int_equal(job_give_up(store, &first, "failed", "x"), ERR_STALE);
    assert_int_equal(job_return(store, &first, "x", 3, &again), ERR_STALE);
    assert_int_equal(job_lent(store, first.id, &first), 0);
    assert_int_equal(first.attempt, 2);
    assert_int_equal(job_done(store, &second), 0);
    assert_int_equal(job_done(store, &second), ERR_STALE);
    assert_int_equal(job_lent(store, second.id, &first), ERR_NOT_FOUND);
    assert_row_text(store, "SELECT state FROM job", "done");
}

static void three_attempts_and_no_more(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct job job;
    int again = 1;
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(again, 1);
        assert_int_equal(job_lend(store, "open", "w", &job), 0);
        assert_int_equal(job_return(store, &job, "it crashed", 3, &again), 0);
    }
    assert_int_equal(again, 0);
    assert_row_text(store, "SELECT state FROM job", "lent"); /* the caller gives it up, in the same transaction */
    assert_int_equal(job_give_up(store, &job, "set aside", "it crashed"), 0);
    assert_row_text(store, "SELECT state || ': ' || reason FROM job", "set aside: it crashed");
}

/* What never reached its worker was no failure, but its attempt number is used up: nobody may answer for it. */
static void not_begun_is_no_failure(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct job job, old;
    int again = 0;
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(job_lend(store, "open", "w", &old), 0);
        assert_int_equal(job_unlend(store, &old, "the worker could not be reached"), 0);
    }
    assert_int_equal(job_lend(store, "open", "w", &job), 0);
    assert_int_equal(job.attempt, 6);
    assert_int_equal(job_done(store, &old), ERR_STALE);
    assert_int_equal(job_return(store, &job, "it crashed", 3, &again), 0);
    assert_int_equal(again, 1);
}

/* A job that waits anew has all its attempts, and no answer to its former life counts. */
static void made_to_wait_again_it_is_a_new_job(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct job old, fresh;
    int again = 0;
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(job_lend(store, "open", "w", &old), 0);
        assert_int_equal(job_return(store, &old, "x", 3, &again), 0);
    }
    assert_int_equal(job_give_up(store, &old, "set aside", "x"), 0);
    assert_int_equal(job_add(store, "open", 1, JOB_USUAL), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 1);
    assert_int_equal(job_lend(store, "open", "w", &fresh), 0);
    assert_true(fresh.id != old.id);
    assert_int_equal(fresh.attempt, 1);
    assert_int_equal(job_return(store, &fresh, "x", 3, &again), 0);
    assert_int_equal(again, 1); /* not given up after one */
    assert_int_equal(job_check(store, &old), ERR_STALE);
}

/* A document that is filed to another child while its people are being flagged for the former one. */
static void what_changed_while_it_was_lent_is_done_anew(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct job lent, fresh;
    assert_int_equal(job_add(store, "flag", 1, JOB_USUAL), 0);
    assert_int_equal(job_lend(store, "flag", "file", &lent), 0);
    assert_int_equal(job_add(store, "flag", 1, JOB_USUAL), 0);
    assert_int_equal(job_check(store, &lent), ERR_STALE);
    assert_int_equal(job_done(store, &lent), ERR_STALE);
    assert_int_equal(job_lend(store, "flag", "file", &fresh), 0);
    assert_int_equal(job_done(store, &lent), ERR_STALE);
    assert_int_equal(job_done(store, &fresh), 0);
}

static void a_document_is_filed_when_its_last_page_is_read(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 2);
    run(store, "UPDATE document SET state = 'reading'; UPDATE page SET state = 'waiting' WHERE number = 2");
    assert_int_equal(next_after_page_read(store, 0), 0);
    assert_int_equal(next_after_page_read(store, document), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 0);
    run(store, "UPDATE page SET state = 'unreadable' WHERE number = 2"); /* that one page is no reason to wait for ever */
    assert_int_equal(next_after_page_read(store, document), 0);
    assert_row_text(store, "SELECT kind || ' ' || state FROM job WHERE kind = 'file'", "file waiting");
    assert_row_text(store, "SELECT kind || ' ' || state FROM job WHERE kind != 'file'", "compare waiting");
    assert_row_text(store, "SELECT state FROM document", "filing");
    run(store, "DELETE FROM job");
    assert_int_equal(next_after_page_read(store, document), 0); /* read once more later: not filed once more */
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 0);
    assert_int_equal(next_after_filed(store, document), 0);
    assert_row_text(store, "SELECT kind FROM job", "flag");
    assert_row_text(store, "SELECT state FROM document", "flagging");
    assert_int_equal(next_after_flagged(store, document), 0);
    assert_row_text(store, "SELECT state FROM document", "ready");
}

static void other_people_have_a_record_flagged_anew(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t document = document_make(store, 1), count = 0;
    run(store, "INSERT INTO filing(id, document_id, outcome, made_at, made_by) SELECT 3, id, 'filed', 0, 'machine' FROM document;"
               "INSERT INTO filing_child VALUES(3, 7, 0, 1, 0.9); UPDATE document SET state = 'ready'");
    assert_int_equal(next_after_people_changed(store, 8, &count), 0);
    assert_int_equal(count, 0);
    assert_int_equal(next_after_people_changed(store, 7, &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(number(store, "SELECT subject FROM job WHERE kind = 'flag' AND state = 'waiting'"), document);
    assert_row_text(store, "SELECT state FROM document", "flagging");
    assert_int_equal(next_after_people_changed(store, 7, &count), 0); /* on its way with the people of before: once more, by the same job */
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'flag'"), 1);
}

static void a_pack_is_bound_when_its_last_page_is_covered(void **state) {
    struct store *store = ((struct place *)*state)->store;
    document_make(store, 2);
    run(store, "INSERT INTO request(id, name, child_id, requester_kind, sealed_requester, state, opened_at, opened_by)"
               " VALUES(1, 'SAR-2026-0001', 1, 'subject', x'00', 'approved', 0, 'a');"
               "INSERT INTO pack(id, request_id, version, state, made_at, made_by) VALUES(5, 1, 1, 'covering', 0, 'a');"
               "INSERT INTO pack_page(id, pack_id, ordinal, page_id) SELECT 10 + number, 5, number, id FROM page");
    assert_int_equal(next_after_pack_asked(store, 5), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'cover' AND priority = 20 AND subject IN (11, 12)"), 2);
    run(store, "UPDATE pack_page SET object_id = 1 WHERE id = 11");
    assert_int_equal(next_after_page_covered(store, 5), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job WHERE kind = 'bind'"), 0);
    run(store, "UPDATE pack_page SET object_id = 1 WHERE id = 12");
    assert_int_equal(next_after_page_covered(store, 5), 0);
    assert_int_equal(number(store, "SELECT subject FROM job WHERE kind = 'bind' AND state = 'waiting'"), 5);
    assert_row_text(store, "SELECT state FROM pack", "binding");
    /* A pack that was given up is not bound by a page that is late. */
    run(store, "UPDATE pack SET state = 'failed'; DELETE FROM job");
    assert_int_equal(next_after_page_covered(store, 5), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM job"), 0);
    assert_row_text(store, "SELECT state FROM pack", "failed");
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(first_come_first_served_within_a_priority), T(the_most_urgent_is_looked_up), T(what_is_large_stands_behind_within_its_urgency),
        T(no_question_of_the_broker_looks_at_all_jobs), T(adding_twice_is_once), T(the_fence_holds), T(three_attempts_and_no_more),
        T(not_begun_is_no_failure),
        T(made_to_wait_again_it_is_a_new_job), T(what_changed_while_it_was_lent_is_done_anew),
        T(a_document_is_filed_when_its_last_page_is_read), T(other_people_have_a_record_flagged_anew), T(a_pack_is_bound_when_its_last_page_is_covered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
