/* The ledger: every page in one place, and the sums fail when one is missing. */
#include "ingest/custody.h"
#include "tests/unit/store_fixture.h"

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
                                       T(sums_by_scanner_and_batch), T(the_report_says_whether_the_sums_hold), T(the_report_is_written_once_a_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
