/* Group commit and lending: one commit for many results, of which a bad one is taken back alone; the most urgent job first, whatever its kind;
 * a page that is learned from costs no attempt. */
#include "tests/unit/queue/broker_fixture.h"
#include "tests/unit/queue/failing_disk.h"

#define N 24

static void sessions_open(struct bench *b, struct session *s, char names[][16]) {
    for (int i = 0; i < N; i++) {
        struct message job = {0};
        add(b, i ? "work" : "other", i + 1);
        snprintf(names[i], 16, "w%d", i);
        assert_int_equal(session_open(b->address, NULL, names[i], i ? "work" : "other", &s[i]), 0);
        assert_int_equal(job_wait(&s[i], &job, WAIT), 1);
        message_drop(&job);
    }
}

/* The first result holds the broker up; the others are all there when it looks again. */
static void many_results_are_one_commit(void **state) {
    struct bench *b = *state;
    struct session s[N];
    char names[N][16];
    sessions_open(b, s, names);
    play.done_sleep_ms = 400;
    assert_int_equal(session_done(&s[0], view_text("good")), 0);
    usleep(150000);
    play.done_sleep_ms = 0;
    for (int i = 1; i < N; i++)
        assert_int_equal(session_done(&s[i], view_text(i == 7 || i == 8 ? "bad" : "good")), 0);
    int syncs = disk.syncs;
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", N - 2);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece WHERE bytes = CAST('good' AS BLOB)"), N - 2);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece WHERE bytes = CAST('bad' AS BLOB)"), 0);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM audit_leaf WHERE action = 'done'"), N - 2);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM job WHERE subject IN (8, 9) AND failures = 1 AND attempt = 2"), 2);
    assert_true(disk.syncs - syncs <= 6); /* and not one for each; the table of workers may have had its turn as well */
    for (int i = 0; i < N; i++)
        session_close(&s[i]);
}

static void large_results_come_through(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    struct buf bytes = {0};
    memset(buf_room(&bytes, 9u << 20), 'x', 9u << 20);
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(session_result(&s, view_text("small")), 0);
    assert_int_equal(session_result(&s, buf_view(&bytes)), 0);
    assert_int_equal(session_done(&s, buf_view(&bytes)), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 1);
    assert_int_equal(number(b->place.store, "SELECT sum(length(bytes)) FROM piece"), 2 * (9 << 20) + 5);
    session_close(&s);
    buf_drop(&bytes);
}

/* Two kinds, three priorities: by priority first, then by the order of the kinds ("work" is before "other"). */
static void the_most_urgent_of_all_kinds_goes_first(void **state) {
    struct bench *b = *state;
    static const struct {
        const char *kind;
        int subject, priority;
    } in[] = {{"work", 1, JOB_BACKLOG}, {"other", 2, JOB_USUAL}, {"work", 3, JOB_USUAL}, {"own", 4, JOB_REQUEST}, {"other", 5, JOB_REQUEST},
              {"work", 6, JOB_USUAL}};
    static const int wanted[] = {5, 4, 3, 6, 2, 1};
    struct session s;
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(job_add(b->place.store, in[i].kind, in[i].subject, in[i].priority), 0);
    assert_int_equal(session_open(b->address, NULL, "w", "own,other,work", &s), 0);
    for (int i = 0; i < 6; i++) {
        struct message job = {0};
        assert_int_equal(job_wait(&s, &job, WAIT), 1);
        assert_int_equal(job.subject, wanted[i]);
        message_drop(&job);
        assert_int_equal(session_fail(&s, "x", 1, 0), 0);
    }
    session_close(&s);
}

static void fail_at(struct session *s, uint32_t page, int final, uint32_t attempt) {
    struct message job = {0};
    assert_int_equal(job_wait(s, &job, WAIT), 1);
    assert_int_equal(job.attempt, attempt);
    message_drop(&job);
    assert_int_equal(session_fail(s, "the helper ended unexpectedly", final, page), 0);
}

static void a_page_that_is_learned_from_costs_no_attempt(void **state) {
    struct bench *b = *state;
    struct session s;
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    play.failed_at_again = 1;
    for (uint32_t i = 1; i <= 5; i++) /* more often than there are attempts */
        fail_at(&s, 10 + i, 0, i);
    assert_comes(b, "SELECT count(*) FROM piece WHERE last = 'the helper ended unexpectedly'", 5);
    assert_int_equal(play.failed_at_page, 15);
    assert_int_equal(number(b->place.store, "SELECT failures FROM job"), 0);
    play.failed_at_again = 0; /* nothing was learned: an ordinary failure, but what it wrote is kept */
    fail_at(&s, 20, 0, 6);
    assert_comes(b, "SELECT failures FROM job", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 6);
    play.failed_at_again = 1;
    fail_at(&s, 0, 0, 7); /* at no page */
    assert_comes(b, "SELECT failures FROM job", 2);
    assert_int_equal(play.failed_at_calls, 6);
    fail_at(&s, 30, 1, 8); /* for good */
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'failed'", 1);
    assert_int_equal(play.failed_at_calls, 6);
    session_close(&s);
}

/* Stopped in order as often as one likes, as at upgrades: no failure of the job. */
static void an_orderly_end_is_no_failure(void **state) {
    struct bench *b = *state;
    add(b, "work", 1);
    for (uint32_t i = 1; i <= 5; i++) {
        struct session s;
        struct message job = {0};
        assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
        assert_int_equal(job_wait(&s, &job, WAIT), 1);
        assert_int_equal(job.attempt, i);
        message_drop(&job);
        session_close(&s);
    }
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'waiting' AND failures = 0", 1);
}

int main(void) {
    disk_make_failing();
    const struct CMUnitTest tests[] = {T(many_results_are_one_commit), T(large_results_come_through), T(the_most_urgent_of_all_kinds_goes_first),
                                       T(a_page_that_is_learned_from_costs_no_attempt), T(an_orderly_end_is_no_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
