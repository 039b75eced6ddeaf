/* The ledger: every page in one place, and the sums fail when one is missing. */
#include "ingest/custody.h"
#include "queue/schedule.h"
#include "tests/unit/store_fixture.h"

#include <time.h>

/* Three parts: a scan of five pages (two filed, one blank, one separator, one in triage), a copy of it, a thing that never opened. */
static void fill(struct store *store) {
    run(store,
        "INSERT INTO receipt(id, channel, received_at, received_by, scanner, profile) VALUES(1, 'scan folder', 1700000000000, 'machine', 'fi-1', 'front'),"
        " (2, 'scan folder', 1700086400000, 'machine', '', 'front'), (3, 'command', 1700086400000, 'amina', '', '');"
        "INSERT INTO batch(id, operator, scanner, box, duplex, state, made_at, made_by) VALUES(7, 'JS', 'fi-1', 'B1', 'simplex', 'complete', 1, 'x');"
        "INSERT INTO part(id, receipt_id, ordinal, kind, sealed_name, content_hash, bytes, state, page_count, batch_id, same_as) VALUES"
        " (1, 1, 0, 'pdf', x'00', x'00', 20, 'opened', 5, 7, NULL), (2, 2, 0, 'pdf', x'00', x'00', 20, 'duplicate', NULL, NULL, 1),"
        " (3, 3, 0, '', x'00', x'01', 20, 'quarantined', NULL, NULL, NULL);"
        "INSERT INTO document(id, part_id, ordinal, first_page, last_page, state) VALUES(1, 1, 1, 1, 2, 'ready'), (2, 1, 2, 5, 5, 'ready');"
        "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(1, 'filed', 1, 'machine'), (2, 'none', 1, 'machine');"
        "INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn, source, document_id) VALUES"
        " (1, 1, 1, 1, 'page', 'read', 0, 0, 0, 0, 1), (1, 2, 1, 1, 'page', 'read', 0, 0, 0, 0, 1), (1, 3, 1, 1, 'blank', 'read', 0, 0, 0, 0, NULL),"
        " (1, 4, 1, 1, 'separator', 'read', 0, 0, 0, 0, NULL), (1, 5, 1, 1, 'page', 'read', 0, 0, 0, 0, 2);");
}

static void every_page_is_in_one_place(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct custody c;
    fill(store);
    assert_int_equal(custody_load(store, &c), 0);
    assert_int_equal(c.received, 11);
    assert_int_equal(c.sum, 11);
    assert_true(c.filed == 2 && c.triage == 1 && c.blank == 1 && c.separator == 1 && c.duplicate == 5 && c.quarantined == 1 && c.waiting == 0);
}

struct missing {
    int count;
    int64_t page;
};

static int take_missing(void *state, int64_t receipt, int64_t part, int64_t page) {
    struct missing *m = state;
    assert_true(receipt == 1 && part == 1);
    m->count++;
    m->page = page;
    return 0;
}

static void a_missing_page_is_named(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct custody c;
    struct missing m = {0};
    fill(store);
    assert_int_equal(custody_missing(store, take_missing, &m), 0);
    assert_int_equal(m.count, 0);
    run(store, "DELETE FROM page WHERE number = 4");
    assert_int_equal(custody_load(store, &c), 0);
    assert_int_equal(c.received - c.sum, 1);
    assert_int_equal(custody_missing(store, take_missing, &m), 0);
    assert_true(m.count == 1 && m.page == 4);
}

static void pages_that_were_scanned_again_are_duplicates(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct custody c;
    fill(store);
    run(store, "UPDATE batch SET state = 'printed'; UPDATE part SET state = 'rescanned' WHERE id = 1; UPDATE page SET document_id = NULL; DELETE FROM filing; DELETE FROM document");
    assert_int_equal(custody_load(store, &c), 0);
    assert_int_equal(c.received, c.sum);
    assert_int_equal(c.waiting, 5 - 2); /* until the batch is scanned again */
    run(store, "UPDATE batch SET state = 'complete'");
    assert_int_equal(custody_load(store, &c), 0);
    assert_int_equal(c.received, c.sum);
    assert_int_equal(c.duplicate, 5 - 2 + 5); /* blank and separator stay what they are */
}

struct lines {
    char text[512];
};

static int take_line(void *state, const char *what, const struct custody *sums) {
    struct lines *l = state;
    size_t n = strlen(l->text);
    snprintf(l->text + n, sizeof l->text - n, "%s %d/%d;", what, (int)sums->received, (int)sums->sum);
    return 0;
}

static void sums_by_scanner_and_batch(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct lines lines = {""};
    struct custody_query query = {CUSTODY_SCANNER, NULL, take_line, &lines};
    fill(store);
    assert_int_equal(custody_each(store, &query), 0);
    assert_string_equal(lines.text, "command 1/1;fi-1 5/5;front 5/5;");
    lines.text[0] = 0;
    query.by = CUSTODY_BATCH;
    assert_int_equal(custody_each(store, &query), 0);
    assert_string_equal(lines.text, "(no batch) 6/6;batch 7 5/5;");
    lines.text[0] = 0;
    query.by = CUSTODY_RECEIPT;
    query.day = "2023-11-14"; /* whatever the time zone: 22:13 UTC */
    setenv("TZ", "UTC", 1);
    assert_int_equal(custody_each(store, &query), 0);
    assert_string_equal(lines.text, "R000001 5/5;");
}

static char *report_of(struct store *store, int *ret) {
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    *ret = custody_report(store, "2023-11-14", out);
    fclose(out);
    return text;
}

static void the_report_says_whether_the_sums_hold(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int held;
    fill(store);
    setenv("TZ", "UTC", 1);
    char *text = report_of(store, &held);
    assert_int_equal(held, 0);
    assert_non_null(strstr(text, "Every page received is accounted for"));
    assert_non_null(strstr(text, "       1 parts in quarantine"));
    free(text);
    run(store, "DELETE FROM page WHERE number = 4");
    text = report_of(store, &held);
    assert_int_equal(held, 1);
    assert_non_null(strstr(text, "R000001 part 1 page 4"));
    assert_non_null(strstr(text, "THE SUMS DO NOT HOLD"));
    free(text);
}

static void assert_report(struct store *store, const char *const *wanted, const char *const *unwanted) {
    int held;
    char *text = report_of(store, &held);
    for (; *wanted; wanted++)
        if (!strstr(text, *wanted))
            fail_msg("'%s' is not in\n%s", *wanted, text);
    for (; *unwanted; unwanted++)
        if (strstr(text, *unwanted))
            fail_msg("'%s' is in\n%s", *unwanted, text);
    free(text);
}
#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void the_report_says_what_was_read_and_what_is_not_finished(void **state) {
    struct store *store = ((struct place *)*state)->store;
    fill(store);
    setenv("TZ", "UTC", 1);
    tzset();
    run(store, "UPDATE page SET state = 'waiting' WHERE number = 5; UPDATE page SET trouble = 'faint' WHERE number = 2;"
               "INSERT INTO job(kind, subject, state, made_at) VALUES('read', 5, 'waiting', 0), ('open', 3, 'waiting', 0);");
    /* At 18:59, 19:00, 20:00, 06:59 and 07:00 of the night of 14 November. */
    run(store, "INSERT INTO audit_leaf VALUES(0, 1699988340000, 'machine', 'done', 'page 5', 'read', ''), (1, 1699988400000, 'machine', 'done', 'page 1', 'read', ''),"
               " (2, 1699992000000, 'machine', 'done', 'page 2', 'read', ''), (3, 1699995600000, 'machine', 'done', 'part 1', 'open', ''),"
               " (4, 1700031540000, 'machine', 'done', 'page 5', 'read', ''), (5, 1700031540001, 'machine', 'failed', 'page 4', 'read', ''),"
               " (6, 1700031600000, 'machine', 'done', 'page 5', 'read', '')");
    assert_int_equal(schedule_save(store, &(struct schedule){19 * 60, 7 * 60, 0}), 0);
    assert_report(store, LINES("read from 2023-11-14 19:00 to 2023-11-15 07:00\n", "       3 pages of 2 documents, between 19:00 and 06:59\n",
                               "       1 of these pages came out poorly", "       1 of these documents are read to their end", "       1 pages could not be read",
                               "       1 files were opened", "NOT FINISHED\n    1 page waits to be read", "    R000001: 1 of 5 pages are not read\n",
                               "    R000003: 1 file is not opened\n"),
                  LINES("Finished", "until now"));
    assert_int_equal(schedule_save(store, &(struct schedule){-1, -1, 0}), 0);
    assert_report(store, LINES("read from 2023-11-14 00:00 to 2023-11-15 00:00\n", "       3 pages of 2 documents, between 18:59 and 20:00\n"), LINES("failed to"));
    run(store, "DELETE FROM audit_leaf; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) INSERT INTO audit_leaf"
               " SELECT i, 1699992000000 + i * 500, 'machine', 'done', 'page 1', 'read', '' FROM n");
    assert_report(store, LINES("   1,201 pages of 1 documents, between 20:00 and 20:10: 2.0 pages a second\n"), LINES("failed to"));
    run(store, "DELETE FROM job; DELETE FROM audit_leaf");
    assert_report(store, LINES("       0 pages: none waited", "Finished: no page waits to be read"), LINES("NOT FINISHED"));
}

/* A night that begins after midnight, or ends before it, is the one that a person would call the night of that day. */
static void the_night_of_a_day(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const struct {
        int from, until;
        const char *wanted;
    } in[] = {{60, 300, "read from 2023-11-15 01:00 to 2023-11-15 05:00\n"},
              {18 * 60, 23 * 60 + 30, "read from 2023-11-14 18:00 to 2023-11-14 23:30\n"},
              {0, 360, "read from 2023-11-15 00:00 to 2023-11-15 06:00\n"},
              {10 * 60, 9 * 60, "read from 2023-11-14 10:00 to 2023-11-15 09:00\n"}};
    setenv("TZ", "UTC", 1);
    tzset();
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        assert_int_equal(schedule_save(store, &(struct schedule){in[i].from, in[i].until, 0}), 0);
        assert_report(store, LINES(in[i].wanted), LINES("MISSING"));
    }
}

/* It is noon here, whatever the time is. */
static void the_report_waits_for_the_end_of_the_night(void **state) {
    struct place *place = *state;
    char command[128], zone[16];
    time_t now = time(NULL);
    snprintf(zone, sizeof zone, "AAA%+d", (int)(now / 3600 % 24) - 12);
    setenv("TZ", zone, 1);
    tzset();
    snprintf(command, sizeof command, "test \"$(ls %s/out/reports 2>/dev/null | wc -l)\" = 1", place->folder);
    assert_int_equal(schedule_save(place->store, &(struct schedule){3 * 60, 22 * 60, 0}), 0);
    assert_int_equal(custody_report_due(place->store, 12), 0);
    assert_int_not_equal(system(command), 0);
    assert_int_equal(custody_report_due(place->store, 9), 0); /* but not for long */
    assert_int_equal(system(command), 0);
}

static void the_report_is_written_once_a_day(void **state) {
    struct place *place = *state;
    char command[128];
    assert_int_equal(custody_report_due(place->store, -1), 0);
    snprintf(command, sizeof command, "test -z \"$(ls %s/out/reports 2>/dev/null)\"", place->folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(custody_report_due(place->store, 0), 0);
    assert_int_equal(custody_report_due(place->store, 0), 0);
    snprintf(command, sizeof command, "test \"$(ls %s/out/reports | wc -l)\" = 1", place->folder);
    assert_int_equal(system(command), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(every_page_is_in_one_place), T(a_missing_page_is_named), T(pages_that_were_scanned_again_are_duplicates),
                                       T(sums_by_scanner_and_batch), T(the_report_says_whether_the_sums_hold), T(the_report_is_written_once_a_day),
                                       T(the_report_says_what_was_read_and_what_is_not_finished), T(the_night_of_a_day),
                                       T(the_report_waits_for_the_end_of_the_night)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
