/* When the pages that wait will have been read: the arithmetic over nights, what is measured in the store, and the words for people. */
#include "queue/estimate.h"
#include "queue/job.h"
#include "store/audit.h"
#include "tests/unit/store_fixture.h"

#include <time.h>

#define LONDON "GMT0BST,M3.5.0/1,M10.5.0"
#define HOUR_MS 3600000ll
#define AT(hour, minute) ((hour) * 60 + (minute))

static int64_t utc(const char *text) {
    struct tm tm = {0};
    assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
    return timegm(&tm) * 1000ll;
}

static void zone(const char *name) {
    setenv("TZ", name, 1);
    tzset();
}

/* Four workers that need 4 s for a page: 3,600 pages an hour. */
static void done_over_nights(void **state) {
    (void)state;
    static const struct {
        const char *zone, *now;
        struct schedule schedule;
        int64_t usual, backlog;
        const char *done;
    } in[] = {
        {"UTC0", "2026-11-22 12:00", {-1, -1, 0}, 1800, 1800, "2026-11-22 13:00"}, /* no hours: one after the other */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 0}, 1800, 0, "2026-11-22 12:30"},
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 0}, 1800, 3600, "2026-11-22 20:00"},          /* tonight */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 0}, 0, 12 * 3600, "2026-11-23 07:00"},        /* just so */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 0}, 0, 13 * 3600, "2026-11-23 20:00"},        /* an hour in the next night */
        {"UTC0", "2026-11-22 20:00", {AT(19, 0), AT(7, 0), 0}, 3600, 11 * 3600, "2026-11-23 20:00"},     /* what is usual takes an hour of it */
        {"UTC0", "2026-11-22 18:30", {AT(19, 0), AT(7, 0), 0}, 3600, 3600, "2026-11-22 20:30"},          /* usual work into the night */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 1}, 3600, 900, "2026-11-22 14:00"},           /* one of four by day */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 2}, 0, 7 * 1800 + 3600, "2026-11-22 20:00"},  /* two by day, then all */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 99}, 0, 3600, "2026-11-22 13:00"},            /* no more than there are */
        {LONDON, "2026-03-28 12:00", {AT(19, 0), AT(7, 0), 0}, 0, 12 * 3600, "2026-03-29 19:00"},        /* this night has 11 hours; 20:00 in summer */
        {LONDON, "2026-10-24 12:00", {AT(19, 0), AT(7, 0), 0}, 0, 13 * 3600, "2026-10-25 07:00"},        /* and this one 13 */
        {"UTC0", "2026-11-22 12:00", {AT(19, 0), AT(7, 0), 0}, 0, 10 * 12 * 3600, "2026-12-02 07:00"}};
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        zone(in[i].zone);
        struct estimate e = {.now_ms = utc(in[i].now), .schedule = in[i].schedule, .usual = in[i].usual, .backlog = in[i].backlog, .workers = 4,
                             .measured = 100, .seconds = 4};
        int64_t off = estimate_done_at(&e) - utc(in[i].done);
        if (off < -1000 || off > 1000)
            fail_msg("row %zu: off by %lld s", i, (long long)off / 1000);
    }
}

static void what_cannot_be_said(void **state) {
    (void)state;
    zone("UTC0");
    struct estimate e = {.now_ms = utc("2026-11-22 12:00"), .usual = 10, .workers = 4};
    assert_true(estimate_done_at(&e) == ESTIMATE_NEVER); /* no rate */
    e.seconds = 4;
    e.workers = 0;
    assert_true(estimate_done_at(&e) == ESTIMATE_NEVER);
    e.usual = 0;
    assert_true(estimate_done_at(&e) == e.now_ms); /* nothing to do */
    e = (struct estimate){.now_ms = utc("2026-11-22 12:00"), .schedule = {AT(1, 0), AT(1, 1), 0}, .backlog = INT64_MAX / 4, .workers = 1, .seconds = 4};
    assert_true(estimate_done_at(&e) == ESTIMATE_NEVER);
}

static char *said(const struct estimate *e) {
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    estimate_print(e, "", out);
    fclose(out);
    return text;
}

static void in_words(void **state) {
    (void)state;
    static const struct schedule night = {AT(19, 0), AT(7, 0), 0}, some = {AT(19, 0), AT(7, 0), 1}, none = {-1, -1, 0};
    static const struct {
        const char *now;
        const struct schedule *schedule;
        int64_t usual, backlog, unopened, unopened_backlog;
        int workers, measured;
        const char *wanted;
    } in[] = {
        {"2026-11-22 12:00", &none, 0, 0, 0, 0, 2, 0, "no page waits to be read\n"},
        {"2026-11-22 12:00", &none, 0, 0, 1, 0, 2, 0, "no page waits to be read\nand 1 file is not opened yet: how many pages it holds is not known\n"},
        {"2026-11-22 12:00", &none, 1, 0, 0, 0, 2, 0, "1 page waits to be read; when that will be done cannot be said yet: no pages have been read lately\n"},
        {"2026-11-22 12:00", &none, 400, 0, 0, 0, 0, 100, "400 pages wait to be read; no worker is there to read them\n"},
        {"2026-11-22 12:00", &none, 400, 0, 0, 0, 2, 19, "400 pages wait to be read; when that will be done cannot be said yet: too few pages have been read lately\n"},
        {"2026-11-22 12:00", &none, 12400, 0, 14, 0, 4, 100, "12,400 pages wait to be read; about 1.0 pages a second now; done about 15:30\n"
                                                            "and 14 files are not opened yet: how many pages they hold is not known\n"},
        {"2026-11-22 20:00", &night, 400, 12000, 0, 0, 4, 100, "12,400 pages wait to be read (12,000 of them backlog); about 1.0 pages a second now; done about 23:30\n"
                                                              "the backlog is worked on until 07:00; what is left then waits for the next night\n"},
        {"2026-11-22 12:00", &night, 0, 7200, 0, 0, 4, 100, "7,200 pages wait to be read (all backlog); none now, about 1.0 pages a second from 19:00 on; done about 21:00\n"},
        {"2026-11-22 12:00", &night, 0, 80000, 0, 0, 4, 100, "80,000 pages wait to be read (all backlog); none now, about 1.0 pages a second from 19:00 on;"
                                                            " not in one night: done about Tuesday 05:10\n"},
        {"2026-11-22 12:00", &night, 300, 7200, 0, 0, 4, 100, "7,500 pages wait to be read (7,200 of them backlog); about 1.0 pages a second now; done about 21:00\n"
                                                             "the backlog waits until 19:00; the other 300 pages are done about 12:05\n"},
        {"2026-11-22 12:00", &night, 1, 7200, 0, 0, 4, 3, "7,201 pages wait to be read (7,200 of them backlog); when that will be done cannot be said yet: too few pages have been read lately\n"
                                                         "the backlog waits until 19:00\n"},
        {"2026-11-22 12:00", &some, 0, 1000000, 0, 0, 4, 100, "1,000,000 pages wait to be read (all backlog); about 15 pages a minute now; not in one night: done about 11 December\n"
                                                             "the backlog is worked on by 1 of 4 workers until 19:00, then by all\n"},
        {"2026-11-22 12:00", &night, 0, 0, 3, 3, 4, 100, "no page waits to be read\nand 3 files are not opened yet: how many pages they hold is not known\n"
                                                        "the backlog waits until 19:00\n"}};
    zone("UTC0");
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        struct estimate e = {.now_ms = utc(in[i].now), .schedule = *in[i].schedule, .usual = in[i].usual, .backlog = in[i].backlog,
                             .unopened = in[i].unopened, .unopened_backlog = in[i].unopened_backlog, .workers = in[i].workers,
                             .measured = in[i].measured, .seconds = in[i].measured >= ESTIMATE_PAGES_LEAST ? 4 : 0};
        char *text = said(&e);
        assert_string_equal(text, in[i].wanted);
        free(text);
    }
}

static void numbers_for_people(void **state) {
    (void)state;
    static const struct {
        int64_t count;
        const char *wanted;
    } counts[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {12400, "12,400"}, {1204000, "1,204,000"}, {-1234, "-1,234"}};
    static const struct {
        double rate;
        const char *wanted;
    } rates[] = {{3.14, "3.1 pages a second"}, {0.5, "30 pages a minute"}, {0.005, "18 pages an hour"}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char text[COUNT_TEXT];
        estimate_count_text(counts[i].count, text);
        assert_string_equal(text, counts[i].wanted);
    }
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        char text[RATE_TEXT];
        estimate_rate_text(rates[i].rate, text);
        assert_string_equal(text, rates[i].wanted);
    }
}

/* ---- from the store */

/* Reads the first `count` pages that wait: each took so many ms, a minute apart, the last one just now. */
static void read_pages(struct store *store, int count, int64_t took_ms, int64_t now_ms) {
    for (int i = 0; i < count; i++) {
        struct job job;
        char what[32];
        int64_t at = now_ms - (count - 1 - i) * 60000ll;
        assert_int_equal(db_begin(store->db), 0);
        assert_int_equal(job_lend(store, "read", "w", &job), 0);
        snprintf(what, sizeof what, "page %lld", (long long)job.subject);
        assert_int_equal(job_done(store, &job), 0);
        assert_int_equal(audit_add(store, &(struct audit_entry){"machine", "done", what, "read", ""}, NULL), 0);
        assert_int_equal(db_run(store->db, "UPDATE job SET lent_at = ?1 - ?2, ended_at = ?1 WHERE id = ?3", "iii", at, took_ms, job.id), 0);
        assert_int_equal(db_run(store->db, "UPDATE audit_leaf SET at = ? WHERE number = (SELECT max(number) FROM audit_leaf)", "i", at), 0);
        assert_int_equal(db_run(store->db, "UPDATE page SET state = 'read' WHERE id = ?", "i", job.subject), 0);
        assert_int_equal(audit_add(store, &(struct audit_entry){"machine", "done", "part 1", "open", ""}, NULL), 0);
        assert_int_equal(db_run(store->db, "UPDATE audit_leaf SET at = ? WHERE number = (SELECT max(number) FROM audit_leaf)", "i", at), 0);
        assert_int_equal(db_commit(store->db), 0);
    }
}

static void pages_wait(struct store *store, uint32_t pages, int priority) {
    int64_t document = document_make(store, pages);
    assert_int_equal(db_run(store->db, "UPDATE page SET state = 'waiting' WHERE document_id = ?", "i", document), 0);
    assert_int_equal(db_run(store->db, "INSERT INTO job(kind, subject, state, priority, made_at) SELECT 'read', id, 'waiting', ?, 0 FROM page"
                                       " WHERE document_id = ? ORDER BY number", "ii", (int64_t)priority, document), 0);
}

static void measured_on_what_was_read_last(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct estimate e;
    int64_t now = 1800000000000;
    assert_int_equal(estimate_load(store, now, &e), 0);
    assert_true(e.usual == 0 && e.backlog == 0 && e.workers == 0 && e.measured == 0 && e.seconds == 0);
    pages_wait(store, 60, JOB_USUAL);
    pages_wait(store, 7, job_priority(JOB_BACKLOG, 50));
    run(store, "INSERT INTO worker(name, kinds, pid, since, seen_at, doing) VALUES('a', 'prove,read,open', 1, 0, 0, ''), ('b', 'read', 1, 0, 0, ''),"
               " ('file', 'file,flag,already', 1, 0, 0, ''); INSERT INTO job(kind, subject, state, priority, made_at) VALUES('open', 1, 'waiting', 10, 0),"
               " ('convert', 9, 'lent', 10, 0), ('open', 3, 'waiting', -4, 0), ('open', 4, 'done', 10, 0)");
    read_pages(store, 19, 2000, now - HOUR_MS);
    assert_int_equal(estimate_load(store, now, &e), 0);
    assert_true(e.measured == 19 && e.seconds == 0); /* too few */
    assert_true(e.usual == 41 && e.backlog == 7 && e.unopened == 3 && e.unopened_backlog == 1 && e.workers == 2);
    read_pages(store, 21, 4000, now);
    assert_int_equal(estimate_load(store, now, &e), 0);
    assert_int_equal(e.measured, 40);
    assert_true(e.seconds > 3.04 && e.seconds < 3.06); /* hours in between count for nothing */
    assert_int_equal(e.since_leaf, 0);
    assert_int_equal(estimate_load(store, now + 8 * 24 * HOUR_MS, &e), 0);
    assert_int_equal(e.measured, 0); /* too long ago */
    run(store, "UPDATE job SET state = 'lent' WHERE kind = 'read' AND subject = 60");
    assert_int_equal(estimate_load(store, now, &e), 0);
    assert_true(e.usual == 20 && e.backlog == 7);
}

struct large {
    int count;
    char text[200];
};

static void take_large(void *state, const char *reference, int64_t read, int64_t pages) {
    struct large *l = state;
    size_t n = strlen(l->text);
    l->count++;
    snprintf(l->text + n, sizeof l->text - n, "%s %d/%d;", reference, (int)read, (int)pages);
}

static void large_files_that_are_being_read(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct estimate e;
    struct large l = {0, ""};
    int64_t now = 1800000000000;
    pages_wait(store, 30, JOB_REQUEST); /* read to its end */
    pages_wait(store, 60, JOB_USUAL);   /* some of it */
    pages_wait(store, 5, JOB_USUAL);    /* not large */
    pages_wait(store, 90, JOB_BACKLOG); /* not begun */
    run(store, "UPDATE part SET page_count = 1000 WHERE id = 2");
    read_pages(store, 50, 2000, now);
    assert_int_equal(estimate_load(store, now, &e), 0);
    assert_int_equal(estimate_each_large(store, &e, take_large, &l), 0);
    assert_string_equal(l.text, "R000002 20/1000;");
    l = (struct large){0, ""};
    run(store, "UPDATE job SET state = 'lent' WHERE priority = 0 AND subject = (SELECT min(id) FROM page WHERE part_id = 4);"
               "UPDATE part SET parent_id = 1, ordinal = 7 WHERE id = 4; INSERT INTO page_trouble VALUES(1, 1, 1, '')");
    assert_int_equal(estimate_each_large(store, &e, take_large, &l), 0);
    assert_string_equal(l.text, "R000002 20/1000;R000004/4 0/90;");
}

/* Asked while a hundred thousand jobs wait and as many are done, nothing goes through the table of jobs or the log. */
static void no_question_goes_through_a_table(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct rows *rows = db_query(store->db,
                                 "EXPLAIN QUERY PLAN SELECT a.number, j.ended_at - j.lent_at FROM audit_leaf a LEFT JOIN job j ON j.kind = 'read' AND"
                                 " j.subject = CAST(substr(a.what, 6) AS INTEGER) AND j.state = 'done'"
                                 " WHERE a.number > (SELECT max(number) FROM audit_leaf) - ? AND a.at >= ? AND a.action = 'done' AND a.place = 'read'"
                                 " ORDER BY a.number DESC LIMIT ?", "iii", (int64_t)1, (int64_t)1, (int64_t)1);
    int searches = 0;
    while (rows_next(rows) > 0) {
        const char *text = rows_text(rows, 3);
        assert_null(strstr(text, "SCAN a"));
        assert_null(strstr(text, "SCAN j"));
        assert_null(strstr(text, "TEMP B-TREE"));
        searches += strncmp(text, "SEARCH", 6) == 0;
    }
    assert_int_equal(rows_end(&rows), 0);
    assert_true(searches >= 2);
}

static void a_moment_is_found_in_the_log(void **state) {
    struct store *store = ((struct place *)*state)->store;
    int64_t number_at = -1;
    assert_int_equal(estimate_leaf_at(store, 5, &number_at), 0);
    assert_int_equal(number_at, 0); /* an empty log */
    for (int i = 0; i < 37; i++)
        assert_int_equal(db_run(store->db, "INSERT INTO audit_leaf VALUES(?, ?, '', '', '', '', '')", "ii", (int64_t)i, (int64_t)(i / 3) * 100), 0);
    static const struct {
        int64_t at, number;
    } in[] = {{-5, 0}, {0, 0}, {1, 3}, {100, 3}, {1100, 33}, {1200, 36}, {1201, 37}};
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        assert_int_equal(estimate_leaf_at(store, in[i].at, &number_at), 0);
        assert_int_equal(number_at, in[i].number);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(done_over_nights), T(what_cannot_be_said), T(in_words), T(numbers_for_people), T(measured_on_what_was_read_last),
                                       T(large_files_that_are_being_read), T(no_question_goes_through_a_table), T(a_moment_is_found_in_the_log)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
