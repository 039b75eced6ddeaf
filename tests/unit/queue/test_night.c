/* The real broker by day and by night: the backlog waits and is lent again, what is lent is finished, small things go before large ones. */
#include "tests/unit/queue/broker_fixture.h"

#include "queue/next.h"

#include <time.h>

static int minute_in(int hours) {
    time_t at = time(NULL) + hours * 3600;
    struct tm tm;
    localtime_r(&at, &tm);
    return tm.tm_hour * 60 + tm.tm_min;
}

static struct schedule night_now(void) {
    return (struct schedule){minute_in(-2), minute_in(2), 0};
}

static struct schedule day_now(void) {
    return (struct schedule){minute_in(2), minute_in(4), 0};
}

static void broker_anew(struct bench *b, struct schedule schedule) {
    broker_stop(b);
    b->schedule = schedule;
    broker_start(b);
}

static void add_at(struct bench *b, const char *kind, int64_t subject, int priority) {
    assert_int_equal(job_add(b->place.store, kind, subject, priority), 0);
}

static void takes(struct session *s, int64_t subject) {
    struct message job = {0};
    assert_int_equal(job_wait(s, &job, WAIT), 1);
    assert_int_equal(job.subject, subject);
    message_drop(&job);
}

static void takes_nothing(struct session *s) {
    struct message job = {0};
    assert_int_equal(session_wait(s, &job, 400), 0);
}

static void finishes(struct session *s) {
    assert_int_equal(session_done(s, view_text("x")), 0);
}

static void the_backlog_waits_by_day_and_nothing_else(void **state) {
    struct bench *b = *state;
    struct session s;
    b->lease_ms = 10000;
    broker_anew(b, day_now());
    add_at(b, "work", 1, JOB_BACKLOG);
    add_at(b, "work", 2, job_priority(JOB_BACKLOG, 5000));
    add_at(b, "work", 3, job_priority(JOB_USUAL, 5000)); /* as large as can be, and usual all the same */
    add_at(b, "work", 4, JOB_REQUEST);
    add_at(b, "other", 5, JOB_BACKLOG); /* no bytes for a worker: what follows the reading */
    assert_int_equal(session_open(b->address, NULL, "w", "work,other", &s), 0);
    takes(&s, 4);
    finishes(&s);
    takes(&s, 3);
    finishes(&s);
    takes(&s, 5);
    finishes(&s);
    takes_nothing(&s);
    add_at(b, "work", 6, JOB_USUAL); /* the backlog that waits is in nobody's way */
    takes(&s, 6);
    finishes(&s);
    takes_nothing(&s);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 4);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM job WHERE state = 'waiting' AND attempt = 0"), 2);
    b->order.schedule = night_now(); /* nothing but the clock tells the broker */
    takes(&s, 1);
    finishes(&s);
    takes(&s, 2);
    finishes(&s);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 6);
    session_close(&s);
}

static void what_is_lent_when_the_night_ends_is_finished(void **state) {
    struct bench *b = *state;
    struct session s;
    b->lease_ms = 10000;
    broker_anew(b, night_now());
    add_at(b, "work", 1, JOB_BACKLOG);
    add_at(b, "work", 2, JOB_BACKLOG);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    takes(&s, 1);
    b->order.schedule = day_now();
    usleep(1300000); /* it has looked at the clock */
    assert_int_equal(session_result(&s, view_text("a page")), 0);
    finishes(&s);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND subject = 1 AND attempt = 1", 1);
    takes_nothing(&s);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 2);
    b->order.schedule = night_now(); /* it goes on in the next */
    takes(&s, 2);
    finishes(&s);
    session_close(&s);
}

static void so_many_work_on_the_backlog_by_day(void **state) {
    struct bench *b = *state;
    struct session one, two;
    struct schedule schedule = day_now();
    schedule.backlog_by_day = 1;
    b->lease_ms = 10000;
    broker_anew(b, schedule);
    for (int i = 1; i <= 3; i++)
        add_at(b, "work", i, JOB_BACKLOG);
    assert_int_equal(session_open(b->address, NULL, "one", "work", &one), 0);
    takes(&one, 1);
    assert_int_equal(session_open(b->address, NULL, "two", "work", &two), 0);
    takes_nothing(&two);
    finishes(&one);
    struct message job = {0};
    int first = job_wait(&one, &job, 1000); /* either of the two, but one */
    struct session *busy = first ? &one : &two, *idle = first ? &two : &one;
    if (!first)
        assert_int_equal(job_wait(&two, &job, WAIT), 1);
    assert_int_equal(job.subject, 2);
    message_drop(&job);
    takes_nothing(idle);
    add_at(b, "work", 9, JOB_USUAL);
    takes(idle, 9);
    finishes(idle);
    finishes(busy);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND subject IN (1, 2, 9)", 3);
    session_close(&one);
    session_close(&two);
}

static int64_t part_with(struct bench *b, int pages, const char *priority) {
    int64_t part = part_make(b->place.store);
    char sql[400];
    snprintf(sql, sizeof sql,
             "UPDATE part SET page_count = %d WHERE id = %lld; UPDATE receipt SET priority = %s WHERE id = (SELECT receipt_id FROM part WHERE id = %lld);"
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO page(part_id, number, width_pt, height_pt, role, state, picture_format, picture_dpi, picture_turn, source)"
             " SELECT %lld, i, 1, 1, 'page', 'waiting', 2, 200, 0, 0 FROM n",
             pages, (long long)part, priority, (long long)part, pages, (long long)part);
    run(b->place.store, sql);
    struct rows *rows = db_query(b->place.store->db, "SELECT id FROM page WHERE part_id = ? ORDER BY number", "i", part);
    int64_t ids[1000];
    int n = 0;
    while (rows_next(rows) > 0 && n < 1000)
        ids[n++] = rows_int(rows, 0);
    assert_int_equal(rows_end(&rows), 0);
    assert_int_equal(db_begin(b->place.store->db), 0);
    for (int i = 0; i < n; i++)
        assert_int_equal(next_after_page_opened(b->place.store, ids[i]), 0);
    assert_int_equal(db_commit(b->place.store->db), 0);
    return part;
}

/* A thousand pages were there first: the letter's two are lent next all the same, and an urgent thousand before both. */
static void a_letter_goes_before_a_thousand_pages(void **state) {
    struct bench *b = *state;
    struct store *store = b->place.store;
    struct job job;
    broker_stop(b);
    int64_t large = part_with(b, 1000, "10"), letter = part_with(b, 2, "10"), backlog = part_with(b, 2, "0"), urgent = part_with(b, 1000, "20");
    int64_t wanted[] = {urgent, letter, large, backlog}, left[] = {1000, 2, 1000, 2};
    for (size_t i = 0; i < 4; i++)
        for (; left[i] > 0; left[i]--) {
            int64_t part;
            assert_int_equal(db_begin(store->db), 0);
            assert_int_equal(job_lend(store, "read", "w", &job), 0);
            assert_int_equal(db_commit(store->db), 0);
            assert_int_equal(db_int(store->db, &part, "SELECT part_id FROM page WHERE id = ?", "i", job.subject), 0);
            assert_int_equal(part, wanted[i]);
            assert_int_equal(job.priority <= JOB_BACKLOG, i == 3);
        }
}

static void small_files_are_opened_before_large_ones(void **state) {
    struct bench *b = *state;
    struct store *store = b->place.store;
    struct job job;
    broker_stop(b);
    int64_t large = part_make(store), small = part_make(store);
    run(store, "UPDATE part SET bytes = 300000000 WHERE id = 1; UPDATE part SET bytes = 200000 WHERE id = 2");
    assert_true(large == 1 && small == 2);
    assert_int_equal(next_after_stored(store, large), 0);
    assert_int_equal(next_after_stored(store, small), 0);
    assert_int_equal(job_lend(store, "open", "w", &job), 0);
    assert_int_equal(job.subject, small);
    assert_int_equal(job.priority, JOB_USUAL);
    assert_int_equal(job_lend(store, "open", "w", &job), 0);
    assert_int_equal(job.priority, JOB_USUAL - 8); /* some 1,200 pages */
    int64_t mail = part_make(store);
    run(store, "UPDATE receipt SET part_count = 1000 WHERE id = 3"); /* one of a thousand small ones of a mailbox file */
    assert_int_equal(next_after_stored(store, mail), 0);
    assert_int_equal(job_lend(store, "open", "w", &job), 0);
    assert_int_equal(job.priority, JOB_USUAL - 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {T(the_backlog_waits_by_day_and_nothing_else), T(what_is_lent_when_the_night_ends_is_finished),
                                       T(so_many_work_on_the_backlog_by_day), T(a_letter_goes_before_a_thousand_pages),
                                       T(small_files_are_opened_before_large_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
