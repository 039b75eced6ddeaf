/* done/ and failed/ follow what became of the receipts. */
#include "tests/unit/ingest/scan_fixture.h"

static void tidy(struct scans *s) {
    assert_int_equal(s->channel->tidy(s->channel), 0);
}

static void quarantine(struct scans *s, const char *which, const char *reason) {
    char *sql = mem_print("UPDATE part SET state = 'quarantined', reason = '%s' WHERE %s", reason, which);
    run(s->place.store, sql);
    free(sql);
}

static void two_files(struct scans *s) {
    put(s, "a.pdf", "one");
    put(s, "b.pdf", "two");
    assert_int_equal(take_all(s), 2);
    tidy(s);
}

static void what_is_quarantined_lies_in_failed(void **state) {
    struct scans *s = *state;
    two_files(s);
    assert_true(is_there(s, "done/R000001-a.pdf") && is_there(s, "done/R000002-b.pdf"));
    quarantine(s, "receipt_id = 2", "it is locked or needs a password");
    tidy(s);
    assert_true(is_there(s, "failed/R000002-b.pdf") && !is_there(s, "done/R000002-b.pdf"));
    assert_true(is_there(s, "done/R000001-a.pdf") && !is_there(s, "failed/R000001-a.pdf"));
    assert_says(s, "failed/R000002-b.pdf.txt", "Receipt: R000002\n");
    assert_says(s, "failed/R000002-b.pdf.txt", "the file:      it is locked or needs a password");
    assert_says(s, "failed/R000002-b.pdf.txt", "the original is kept in the store");
    assert_says(s, "failed/R000002-b.pdf.txt", "casefile quarantine show R000002  ");
    run(s->place.store, "UPDATE part SET state = 'opened' WHERE receipt_id = 2");
    tidy(s);
    assert_true(is_there(s, "done/R000002-b.pdf"));
    assert_false(is_there(s, "failed/R000002-b.pdf") || is_there(s, "failed/R000002-b.pdf.txt"));
}

static void the_same_over_restarts(void **state) {
    struct scans *s = *state;
    two_files(s);
    quarantine(s, "receipt_id = 1", "the data is damaged");
    scans_again(s);
    tidy(s);
    assert_true(is_there(s, "failed/R000001-a.pdf"));
    scans_again(s);
    tidy(s);
    assert_true(is_there(s, "failed/R000001-a.pdf") && is_there(s, "failed/R000001-a.pdf.txt"));
    assert_false(is_there(s, "failed/R000001-a.pdf.txt.txt") || is_there(s, "failed/R000001.txt"));
    scans_again(s);
    run(s->place.store, "UPDATE part SET state = 'opened'");
    tidy(s);
    assert_true(is_there(s, "done/R000001-a.pdf") && !is_there(s, "failed/R000001-a.pdf.txt"));
}

/* Killed between the move and the notice: the notice comes at the next start. A text file is not taken for a notice. */
static void a_notice_that_is_missing_is_written(void **state) {
    struct scans *s = *state;
    put(s, "note.txt", "a visit");
    assert_int_equal(take_all(s), 1);
    quarantine(s, "receipt_id = 1", "the data is damaged");
    move(s, "done/R000001-note.txt", "failed/R000001-note.txt");
    scans_again(s);
    tidy(s);
    assert_says(s, "failed/R000001-note.txt", "a visit");
    assert_says(s, "failed/R000001-note.txt.txt", "the data is damaged");
    scans_again(s);
    run(s->place.store, "UPDATE part SET state = 'opened'");
    tidy(s);
    assert_says(s, "done/R000001-note.txt", "a visit");
    assert_false(is_there(s, "failed/R000001-note.txt") || is_there(s, "failed/R000001-note.txt.txt"));
}

static void a_notice_follows_its_reason(void **state) {
    struct scans *s = *state;
    two_files(s);
    quarantine(s, "receipt_id = 1", "the helper ended unexpectedly");
    tidy(s);
    quarantine(s, "receipt_id = 1", "it took longer than the limit");
    run(s->place.store, "INSERT INTO part(receipt_id, parent_id, ordinal, kind, sealed_name, content_hash, bytes, state, reason)"
                        " VALUES(1, 1, 1, 'zip', x'00', x'00', 5, 'quarantined', 'it is nested deeper than the limit')");
    tidy(s);
    assert_says(s, "failed/R000001-a.pdf.txt", "the file:      it took longer than the limit");
    assert_says(s, "failed/R000001-a.pdf.txt", "a part of it:  it is nested deeper than the limit");
    run(s->place.store, "UPDATE part SET state = 'opened' WHERE parent_id IS NULL");
    tidy(s);
    assert_true(is_there(s, "failed/R000001-a.pdf")); /* its inner part is still there */
    run(s->place.store, "UPDATE part SET state = 'opened'");
    tidy(s);
    assert_true(is_there(s, "done/R000001-a.pdf"));
}

static void when_files_are_removed_only_the_notice_is_there(void **state) {
    struct scans *s = *state;
    s->profile.after = (char *)(uintptr_t) "remove";
    two_files(s);
    quarantine(s, "receipt_id = 2", "the file is empty");
    tidy(s);
    assert_says(s, "failed/R000002.txt", "the file is empty");
    scans_again(s);
    tidy(s);
    assert_true(is_there(s, "failed/R000002.txt") && !is_there(s, "failed/R000002.txt.txt"));
    run(s->place.store, "UPDATE part SET state = 'opened'");
    tidy(s);
    assert_false(is_there(s, "failed/R000002.txt"));
}

static void others_are_let_be(void **state) {
    struct scans *s = *state;
    two_files(s);
    run(s->place.store, "UPDATE receipt SET profile = 'archive' WHERE id = 1; UPDATE receipt SET channel = 'command' WHERE id = 2");
    quarantine(s, "1", "the data is damaged");
    put(s, "failed/R000077-somebody's own.pdf", "x");
    put(s, "failed/readme.txt", "x");
    tidy(s);
    assert_true(is_there(s, "done/R000001-a.pdf") && is_there(s, "done/R000002-b.pdf"));
    assert_true(is_there(s, "failed/R000077-somebody's own.pdf") && is_there(s, "failed/readme.txt"));
    assert_false(is_there(s, "failed/R000001.txt") || is_there(s, "failed/R000002.txt"));
}

static void names_that_are_there_are_not_overwritten(void **state) {
    struct scans *s = *state;
    two_files(s);
    quarantine(s, "receipt_id = 1", "the data is damaged");
    put(s, "failed/R000001-a.pdf.txt", "a colleague's note");
    tidy(s);
    assert_says(s, "failed/R000001-a.pdf.txt", "a colleague's note");
    put(s, "done/R000001-a.pdf", "in the way");
    run(s->place.store, "UPDATE part SET state = 'opened'");
    tidy(s);
    assert_says(s, "done/R000001-a.pdf", "in the way");
    assert_says(s, "failed/R000001-a.pdf.txt", "a colleague's note");
}

/* The file could not be moved to done/ at first, and is in quarantine when it can. */
static void a_file_that_comes_late_is_brought_over(void **state) {
    struct scans *s = *state;
    char *done = below(s, "done");
    assert_int_equal(rmdir(done), 0);
    put(s, "done", "a file in the way");
    put(s, "a.pdf", "one");
    assert_int_equal(take_all(s), 1);
    quarantine(s, "1", "the data is damaged");
    tidy(s);
    assert_true(is_there(s, "a.pdf") && is_there(s, "failed/R000001.txt"));
    take_away(s, "done");
    take_all(s);
    tidy(s);
    assert_true(is_there(s, "failed/R000001-a.pdf") && !is_there(s, "a.pdf"));
    free(done);
}

static void many_at_once(void **state) {
    struct scans *s = *state;
    char name[64];
    for (int i = 1; i <= 60; i++) {
        snprintf(name, sizeof name, "%02d.pdf", i);
        put(s, name, name);
    }
    assert_int_equal(take_all(s), 60);
    quarantine(s, "receipt_id % 2", "the data is damaged");
    tidy(s);
    for (int i = 1; i <= 60; i++) {
        snprintf(name, sizeof name, "%s/R%06d-%02d.pdf", i % 2 ? "failed" : "done", i, i);
        assert_true(is_there(s, name));
    }
    quarantine(s, "NOT receipt_id % 2", "the data is damaged");
    run(s->place.store, "UPDATE part SET state = 'opened' WHERE receipt_id % 2");
    tidy(s);
    for (int i = 1; i <= 60; i++) {
        snprintf(name, sizeof name, "%s/R%06d-%02d.pdf", i % 2 ? "done" : "failed", i, i);
        assert_true(is_there(s, name));
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, scans_new, scans_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_is_quarantined_lies_in_failed), T(the_same_over_restarts), T(a_notice_that_is_missing_is_written), T(a_notice_follows_its_reason),
        T(when_files_are_removed_only_the_notice_is_there), T(others_are_let_be), T(names_that_are_there_are_not_overwritten),
        T(a_file_that_comes_late_is_brought_over), T(many_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
