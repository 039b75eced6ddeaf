/* A store that can take nothing: a full disk, a quota, a locked or a read-only database. No attempt is used up, nothing ends, nothing is
 * taken for stored that is not; it is said once, and it goes on by itself. */
#include "tests/unit/queue/broker_fixture.h"
#include "tests/unit/queue/failing_disk.h"

#include <errno.h>
#include <fcntl.h>

/* What the broker says meanwhile. */
static int log_old, log_new;
static char log_words[65536];

static void log_catch(void) {
    char path[] = "/tmp/casefile-test-log-XXXXXX";
    log_old = dup(STDERR_FILENO);
    log_new = mkstemp(path);
    unlink(path);
    dup2(log_new, STDERR_FILENO);
}

static int log_count(const char *words) {
    int count = 0;
    dup2(log_old, STDERR_FILENO);
    ssize_t n = pread(log_new, log_words, sizeof log_words - 1, 0);
    log_words[n < 0 ? 0 : n] = 0;
    for (const char *at = log_words; (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void log_release(void) {
    dup2(log_old, STDERR_FILENO);
    close(log_old);
    close(log_new);
}

static void take(struct bench *b, struct session *s, uint32_t attempt) {
    struct message job = {0};
    assert_int_equal(job_wait(s, &job, WAIT), 1);
    assert_string_equal(job.kind, "work");
    assert_int_equal(job.attempt, attempt);
    message_drop(&job);
    assert_int_equal(number(b->place.store, "SELECT failures FROM job WHERE kind = 'work'"), 0);
}

/* More often than there are attempts: each time the piece is refused, and nothing else is lent until the store works again. */
static void the_store_fails_and_comes_back(struct bench *b, void (*spoil)(struct bench *), void (*mend)(struct bench *), const char *said) {
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    for (uint32_t i = 1; i <= 4; i++) {
        take(b, &s, i);
        log_catch();
        spoil(b);
        assert_int_equal(session_result(&s, view_text("a page")), 0);
        int answer = session_wait(&s, &job, WAIT);
        int lent = session_wait(&s, &job, i == 1 ? 2400 : 100); /* the broker tries, and lends nothing */
        mend(b);
        int again = number_waits_for(b, "SELECT attempt FROM job WHERE state = 'lent' AND reason = 'its result could not be stored'", i + 1, WAIT);
        int stopped = log_count("the queue has stopped: "), right = log_count(said), goes_on = log_count("the queue goes on");
        int used = log_count("came to nothing");
        log_release();
        assert_int_equal(answer, 2);
        assert_int_equal(lent, 0);
        assert_int_equal(again, 1);
        assert_int_equal(stopped, 1);
        assert_int_equal(right, 1);
        assert_int_equal(goes_on, 1);
        assert_int_equal(used, 0);
    }
    take(b, &s, 5);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 0);
    assert_int_equal(session_done(&s, view_text("the page")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND failures = 0", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 1);
    session_close(&s);
}

static void disk_refuse(int rc, int errnum) {
    disk.errnum = errnum;
    disk.refuse = rc;
}
static void fail_full(struct bench *b) { (void)b; disk_refuse(SQLITE_FULL, 0); }
static void fail_quota(struct bench *b) { (void)b; disk_refuse(SQLITE_IOERR_WRITE, EDQUOT); }
static void fail_read_only(struct bench *b) { (void)b; disk_refuse(SQLITE_READONLY, 0); }
static void fail_lock(struct bench *b) { assert_int_equal(db_begin(b->place.store->db), 0); }
static void mend_disk(struct bench *b) { (void)b; assert_true(disk.refused > 0); disk_mend(); }
static void mend_lock(struct bench *b) { assert_int_equal(db_commit(b->place.store->db), 0); }

static void a_full_disk_stops_the_queue(void **state) {
    the_store_fails_and_comes_back(*state, fail_full, mend_disk, "the queue has stopped: no space left on the disk");
}

static void a_quota_is_a_full_disk(void **state) {
    the_store_fails_and_comes_back(*state, fail_quota, mend_disk, "the queue has stopped: no space left on the disk");
}

static void a_read_only_database_stops_the_queue(void **state) {
    the_store_fails_and_comes_back(*state, fail_read_only, mend_disk, "the queue has stopped: the database reported an error");
}

static void a_database_locked_for_long_stops_the_queue(void **state) {
    struct bench *b = *state;
    broker_stop(b);
    b->locked_ms = 150;
    broker_start(b);
    the_store_fails_and_comes_back(b, fail_lock, mend_lock, "the queue has stopped: the database is busy");
}

/* The error is met at the commit: all of the group is lost, and everyone in it begins again. */
static void full_at_commit(void) {
    disk_refuse(SQLITE_FULL, 0);
}

static void a_commit_that_fails_loses_nobody(void **state) {
    struct bench *b = *state;
    enum { N = 5 };
    struct session s[N];
    char name[N][16];
    for (int i = 0; i < N; i++) {
        struct message job = {0};
        add(b, "work", i + 1);
        snprintf(name[i], sizeof name[i], "w%d", i);
        assert_int_equal(session_open(b->address, NULL, name[i], "work", &s[i]), 0);
        assert_int_equal(job_wait(&s[i], &job, WAIT), 1);
        message_drop(&job);
    }
    add(b, "work", 99); /* would be lent in that same group */
    play.at_done = full_at_commit;
    for (int i = 0; i < N; i++)
        assert_int_equal(session_done(&s[i], view_text("x")), 0);
    usleep(1500000);
    assert_true(disk.refused > 0);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 0);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM job WHERE state = 'done'"), 0);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM job WHERE subject = 99 AND state = 'waiting' AND attempt = 0"), 1);
    play.at_done = NULL;
    disk_mend();
    for (int rest = N + 1; rest; rest--) { /* each worker takes what there is */
        struct message job = {0};
        int who = -1;
        for (int64_t until = clock_steady() + WAIT; who < 0 && clock_steady() < until; usleep(2000))
            for (int i = 0; i < N && who < 0; i++)
                who = session_receive(&s[i], &job) == 1 ? i : -1;
        assert_true(who >= 0);
        message_drop(&job);
        assert_int_equal(session_done(&s[who], view_text("x")), 0);
    }
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND failures = 0", N + 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), N + 1);
    for (int i = 0; i < N; i++)
        session_close(&s[i]);
}

/* The worker fails, ends, or falls silent while nothing can be written: it is not counted, but the job is not lost either. */
static void what_happens_meanwhile_is_no_failure(void **state) {
    struct bench *b = *state;
    struct session s[4];
    static const char *const names[] = {"fails", "ends", "silent", "trouble"};
    for (int i = 0; i < 4; i++) {
        struct message job = {0};
        add(b, "work", i + 1);
        assert_int_equal(session_open(b->address, NULL, names[i], "work", &s[i]), 0);
        assert_int_equal(job_wait(&s[i], &job, WAIT), 1);
        message_drop(&job);
    }
    fail_full(b);
    assert_int_equal(session_result(&s[3], view_text("x")), 0);
    usleep(200000);
    assert_true(disk.refused > 0);
    assert_int_equal(session_fail(&s[0], "the data is damaged", 1, 0), 0);
    link_drop(&s[1].link); /* killed, and started again under its name */
    assert_int_equal(session_open(b->address, NULL, names[1], "own", &s[1]), 0);
    usleep(2200000);
    mend_disk(b);
    assert_comes(b, "SELECT count(*) FROM job WHERE failures = 0 AND attempt >= 1 AND state IN ('waiting', 'lent')"
                    " AND reason = 'its result could not be stored'", 4);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM given_up"), 0);
    for (int i = 0; i < 4; i++)
        session_close(&s[i]);
}

/* The vault has no room for a large file, the database has: what else came in is kept. */
static void no_room_for_one_file_is_no_failure_of_it(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    for (uint32_t i = 1; i <= 4; i++) {
        take(b, &s, i);
        play.result_err = ERR_NO_SPACE;
        assert_int_equal(session_result(&s, view_text("piece")), 0);
        assert_int_equal(session_wait(&s, &job, WAIT), 2);
        play.result_err = 0;
    }
    take(b, &s, 5);
    assert_int_equal(session_done(&s, view_text("x")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND failures = 0", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 1);
    session_close(&s);
}

static void with_little_room_nothing_is_lent_that_stores(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    broker_stop(b);
    b->free_least = 1 << 30;
    broker_start(b);
    add(b, "work", 1);
    add(b, "own", 2);
    assert_int_equal(session_open(b->address, NULL, "w", "work,own", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    assert_string_equal(job.kind, "own");
    message_drop(&job);
    assert_int_equal(session_fail(&s, "x", 1, 0), 0);
    assert_int_equal(session_wait(&s, &job, 700), 0);
    b->order.free_megabytes_least = 1;
    take(b, &s, 1);
    session_close(&s);
}

/* What the database says of itself. */
static void trouble_is_told_from_a_wrong_statement(void **state) {
    struct bench *b = *state;
    struct db *db = b->place.store->db;
    broker_stop(b);
    assert_int_equal(db_trouble(db), 0);
    assert_int_equal(db_run(db, "INSERT INTO nowhere VALUES(1)", ""), ERR_DATABASE);
    assert_int_equal(db_trouble(db), 0);
    fail_quota(b);
    assert_int_equal(db_run(db, "INSERT INTO piece(last) VALUES('a')", ""), ERR_NO_SPACE);
    assert_int_equal(db_trouble(db), ERR_NO_SPACE);
    fail_read_only(b);
    assert_int_equal(db_run(db, "INSERT INTO piece(last) VALUES('b')", ""), ERR_DATABASE);
    assert_int_equal(db_trouble(db), ERR_DATABASE);
    mend_disk(b);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 0);
    assert_int_equal(db_trouble(db), ERR_DATABASE); /* that it can be read says nothing */
    assert_int_equal(db_run(db, "INSERT INTO piece(last) VALUES('c')", ""), 0);
    assert_int_equal(db_trouble(db), 0);
}

static int bench_patient(void **state) {
    int err = bench_new(state);
    struct bench *b = *state;
    if (err)
        return err;
    broker_stop(b);
    b->lease_ms = 20000; /* nobody beats in these tests */
    broker_start(b);
    return 0;
}

static int bench_mended(void **state) {
    disk_mend();
    return bench_drop(state);
}

#define D(f) cmocka_unit_test_setup_teardown(f, bench_patient, bench_mended)
#define S(f) cmocka_unit_test_setup_teardown(f, bench_new, bench_mended)
int main(void) {
    disk_make_failing();
    const struct CMUnitTest tests[] = {D(a_full_disk_stops_the_queue), D(a_quota_is_a_full_disk), D(a_read_only_database_stops_the_queue),
                                       D(a_database_locked_for_long_stops_the_queue), D(a_commit_that_fails_loses_nobody),
                                       S(what_happens_meanwhile_is_no_failure), D(no_room_for_one_file_is_no_failure_of_it),
                                       D(with_little_room_nothing_is_lent_that_stores), D(trouble_is_told_from_a_wrong_statement)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
