/* The real broker in a thread, with kinds of jobs and workers that are made up: whoever is silent loses the job, whoever comes
 * late is refused, what fails three times is set aside, and a refused piece costs one attempt only. */
#include "tests/unit/queue/broker_fixture.h"

static void a_job_is_lent_done_and_audited(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 7);
    assert_int_equal(session_open(b->address, NULL, "w1", "other,work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    assert_string_equal(job.kind, "work");
    assert_int_equal(job.subject, 7);
    assert_int_equal(job.attempt, 1);
    assert_true(view_equal(job.bytes, view_text("order 7")));
    message_drop(&job);
    assert_int_equal(session_result(&s, view_text("one")), 0);
    assert_int_equal(session_result(&s, view_text("two")), 0);
    assert_int_equal(session_done(&s, view_text("three")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 3);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece WHERE last = 'last' AND bytes = CAST('three' AS BLOB)"), 1);
    assert_row_text(b->place.store, "SELECT who || ' ' || action || ' ' || what || ' ' || place FROM audit_leaf", "machine done thing 7 work");
    assert_row_text(b->place.store, "SELECT name || ' ' || kinds FROM worker", "w1 other,work");
    session_close(&s);
    assert_comes(b, "SELECT count(*) FROM worker", 0); /* it said BYE */
}

static void kinds_go_to_those_who_take_them(void **state) {
    struct bench *b = *state;
    struct session reader, own;
    struct message job = {0};
    assert_int_equal(session_open(b->address, NULL, "a", "workshop,wor", &reader), 0); /* no kind of these is "work" */
    add(b, "work", 1);
    assert_int_equal(session_wait(&reader, &job, 300), 0);
    assert_int_equal(session_open(b->address, NULL, "b", "own,work", &own), 0);
    assert_int_equal(job_wait(&own, &job, WAIT), 1);
    message_drop(&job);
    session_close(&reader);
    session_close(&own);
}

/* A worker takes a job and is never heard of again. */
static void a_silent_worker_loses_its_job(void **state) {
    struct bench *b = *state;
    struct session silent, other;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "silent", "work", &silent), 0);
    assert_int_equal(job_wait(&silent, &job, WAIT), 1);
    message_drop(&job);
    usleep(1700000);
    assert_int_equal(session_open(b->address, NULL, "other", "work", &other), 0);
    assert_int_equal(job_wait(&other, &job, WAIT), 1);
    assert_int_equal(job.attempt, 2);
    message_drop(&job);
    /* Now it wakes up: its answer is refused, and it is told. */
    assert_int_equal(session_result(&silent, view_text("late piece")), 0);
    assert_int_equal(session_wait(&silent, &job, WAIT), 2);
    assert_int_equal(session_done(&other, view_text("in time")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 1);
    assert_int_equal(number(b->place.store, "SELECT attempt FROM piece WHERE bytes = CAST('in time' AS BLOB)"), 2);
    session_close(&silent);
    session_close(&other);
}

static void one_who_beats_keeps_its_job(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "slow", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    for (int i = 0; i < 8; i++) { /* more than two leases */
        usleep(180000);
        s.beat_ms -= SESSION_BEAT_MS;
        session_beat(&s, "page 4");
        assert_int_equal(session_receive(&s, &job), 0);
    }
    assert_row_text(b->place.store, "SELECT doing FROM worker", "page 4");
    assert_int_equal(session_done(&s, view_text("x")), 0);
    assert_comes(b, "SELECT attempt FROM job WHERE state = 'done'", 1);
    session_close(&s);
}

/* The broker itself is held up for longer than a lease: that is nobody's silence. */
static void a_broker_that_was_busy_blames_nobody(void **state) {
    struct bench *b = *state;
    struct session holds_up, other;
    struct message job = {0};
    add(b, "work", 1);
    add(b, "work", 2);
    assert_int_equal(session_open(b->address, NULL, "a", "work", &holds_up), 0);
    assert_int_equal(session_open(b->address, NULL, "b", "work", &other), 0);
    assert_int_equal(job_wait(&holds_up, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(job_wait(&other, &job, WAIT), 1);
    message_drop(&job);
    play.done_sleep_ms = 1300;
    assert_int_equal(session_done(&holds_up, view_text("x")), 0);
    for (int i = 0; i < 9; i++) {
        usleep(180000);
        other.beat_ms -= SESSION_BEAT_MS;
        session_beat(&other, "reading");
    }
    play.done_sleep_ms = 0;
    assert_int_equal(session_done(&other, view_text("y")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND attempt = 1", 2);
    session_close(&holds_up);
    session_close(&other);
}

static void what_fails_three_times_is_set_aside(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    add(b, "work", 2);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    for (uint32_t i = 1; i <= 4; i++) {
        assert_int_equal(job_wait(&s, &job, WAIT), 1);
        assert_int_equal(job.subject, i <= 3 ? 1 : 2); /* and then the rest goes on */
        assert_int_equal(job.attempt, i <= 3 ? i : 1);
        message_drop(&job);
        if (i <= 3)
            assert_int_equal(session_fail(&s, "the helper ended unexpectedly", 0, 0), 0);
    }
    assert_row_text(b->place.store, "SELECT state || ': ' || reason FROM job WHERE subject = 1", "set aside: the helper ended unexpectedly");
    assert_row_text(b->place.store, "SELECT subject || ' ' || reason FROM given_up", "1 the helper ended unexpectedly");
    assert_int_equal(play.given_up_calls, 1);
    assert_row_text(b->place.store, "SELECT action || ' ' || what || ': ' || why FROM audit_leaf", "set aside thing 1: the helper ended unexpectedly");
    session_close(&s);
}

static void a_final_failure_is_not_tried_again(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(session_fail(&s, "the data is damaged", 1, 0), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'failed' AND attempt = 1", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM given_up"), 1);
    session_close(&s);
}

/* A piece that cannot be taken: rolled back, said, and the job begins again once, although it had not ended. */
static void a_refused_piece_costs_one_attempt(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    play.result_err = ERR_DAMAGED;
    assert_int_equal(session_result(&s, view_text("piece")), 0);
    assert_int_equal(session_wait(&s, &job, WAIT), 2);
    play.result_err = 0;
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    assert_int_equal(job.attempt, 2);
    message_drop(&job);
    usleep(100000); /* were it taken away and lent again, then now */
    assert_int_equal(number(b->place.store, "SELECT attempt FROM job WHERE state = 'lent'"), 2);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 0);
    assert_int_equal(session_done(&s, view_text("x")), 0);
    assert_comes(b, "SELECT attempt FROM job WHERE state = 'done'", 2);
    session_close(&s);
}

static void a_refused_end_is_lent_again(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    play.done_err = ERR_DATABASE;
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(session_done(&s, view_text("x")), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    assert_int_equal(job.attempt, 2);
    message_drop(&job);
    play.done_err = 0;
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 0);
    assert_int_equal(session_done(&s, view_text("x")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 1);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM piece"), 1);
    session_close(&s);
}

static void an_unexpected_answer_is_a_lost_attempt(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "own", 1); /* its program commits for itself: no bytes are expected of it */
    assert_int_equal(session_open(b->address, NULL, "w", "own", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    assert_int_equal(job.bytes.len, 0);
    message_drop(&job);
    assert_int_equal(session_result(&s, view_text("what is this")), 0);
    assert_int_equal(session_wait(&s, &job, WAIT), 2);
    assert_comes(b, "SELECT attempt FROM job WHERE reason = 'the result is not one that is expected'", 2);
    session_close(&s);
}

/* A program with a store of its own commits, and its DONE is a nudge only. */
static void one_who_commits_itself_gets_the_next_job(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "own", 1);
    add(b, "own", 2);
    assert_int_equal(session_open(b->address, NULL, "w", "own", &s), 0);
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(job_wait(&s, &job, WAIT), 1);
        assert_int_equal(job.subject, i);
        struct job row = {.id = (int64_t)job.job, .attempt = job.attempt};
        message_drop(&job);
        assert_int_equal(job_done(b->place.store, &row), 0);
        assert_int_equal(session_done(&s, (struct view){0}), 0);
    }
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND attempt = 1", 2);
    session_close(&s);
}

/* Killed and started again under its name: its job is lent at once, not when the lease is over. */
static void a_worker_that_starts_again_gets_its_job_back(void **state) {
    struct bench *b = *state;
    struct session killed, fresh;
    struct message job = {0};
    broker_stop(b);
    b->lease_ms = 60000;
    broker_start(b);
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "worker-1", "work", &killed), 0);
    assert_int_equal(job_wait(&killed, &job, WAIT), 1);
    message_drop(&job);
    link_drop(&killed.link); /* no BYE */
    assert_int_equal(session_open(b->address, NULL, "worker-1", "work", &fresh), 0);
    assert_int_equal(job_wait(&fresh, &job, WAIT), 1);
    assert_int_equal(job.attempt, 2);
    message_drop(&job);
    assert_int_equal(session_done(&fresh, view_text("x")), 0);
    assert_comes(b, "SELECT attempt FROM job WHERE state = 'done'", 2);
    assert_int_equal(number(b->place.store, "SELECT count(*) FROM worker"), 1);
    session_close(&fresh);
}

static void one_who_says_bye_gives_its_job_back(void **state) {
    struct bench *b = *state;
    struct session leaves, other;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "leaves", "work", &leaves), 0);
    assert_int_equal(job_wait(&leaves, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(session_open(b->address, NULL, "other", "work", &other), 0);
    session_close(&leaves);
    assert_int_equal(job_wait(&other, &job, 500), 1);
    assert_int_equal(job.attempt, 2);
    message_drop(&job);
    session_close(&other);
}

/* The broker is started anew: who was idle says READY again, what was lent is lent again, no answer is lost half. */
static void a_broker_that_starts_again_goes_on(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(session_result(&s, view_text("before")), 0);
    assert_comes(b, "SELECT count(*) FROM piece", 1);
    broker_stop(b);
    broker_start(b);
    for (int i = 0; i < 50 && session_receive(&s, &job) != 2; i++) { /* it hears that its attempt has ended */
        usleep(50000);
        s.beat_ms -= SESSION_BEAT_MS;
        session_beat(&s, "x");
    }
    assert_int_equal(s.job, 0);
    int n = 0;
    for (int i = 0; i < 100 && n != 1; i++) {
        s.beat_ms -= SESSION_BEAT_MS;
        session_beat(&s, "idle");
        n = session_wait(&s, &job, 50);
    }
    assert_int_equal(n, 1);
    assert_int_equal(job.attempt, 2);
    message_drop(&job);
    assert_int_equal(session_done(&s, view_text("after")), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done'", 1);
    session_close(&s);
}

/* A piece of a result brings more work: others begin with it while the first goes on. */
static void work_from_a_piece_is_lent_at_once(void **state) {
    struct bench *b = *state;
    struct session first, second;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "first", "work", &first), 0);
    assert_int_equal(job_wait(&first, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(session_open(b->address, NULL, "second", "other", &second), 0);
    assert_comes(b, "SELECT count(*) FROM worker", 2);
    assert_int_equal(session_result(&first, view_text("more work")), 0);
    assert_int_equal(job_wait(&second, &job, 400), 1);
    assert_string_equal(job.kind, "other");
    message_drop(&job);
    session_close(&first);
    session_close(&second);
}

static void an_order_that_cannot_be_made_is_given_up(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    play.order_err = ERR_SEAL;
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'set aside' AND attempt = 3", 1);
    play.order_err = ERR_KEY; /* destroyed: no second attempt can help */
    add(b, "work", 2);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'failed' AND attempt = 1", 1);
    assert_int_equal(session_receive(&s, &job), 0);
    session_close(&s);
}

static void a_locked_database_loses_nothing(void **state) {
    struct bench *b = *state;
    struct session s;
    struct message job = {0};
    add(b, "work", 1);
    assert_int_equal(session_open(b->address, NULL, "w", "work", &s), 0);
    assert_int_equal(job_wait(&s, &job, WAIT), 1);
    message_drop(&job);
    assert_int_equal(db_begin(b->place.store->db), 0); /* somebody else writes for a while */
    assert_int_equal(session_done(&s, view_text("x")), 0);
    usleep(300000);
    assert_int_equal(db_commit(b->place.store->db), 0);
    assert_comes(b, "SELECT count(*) FROM job WHERE state = 'done' AND attempt = 1", 1);
    session_close(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        T(a_job_is_lent_done_and_audited), T(kinds_go_to_those_who_take_them), T(a_silent_worker_loses_its_job),
        T(one_who_beats_keeps_its_job), T(a_broker_that_was_busy_blames_nobody), T(what_fails_three_times_is_set_aside),
        T(a_final_failure_is_not_tried_again), T(a_refused_piece_costs_one_attempt), T(a_refused_end_is_lent_again),
        T(an_unexpected_answer_is_a_lost_attempt), T(one_who_commits_itself_gets_the_next_job),
        T(a_worker_that_starts_again_gets_its_job_back), T(one_who_says_bye_gives_its_job_back), T(a_broker_that_starts_again_goes_on),
        T(work_from_a_piece_is_lent_at_once), T(an_order_that_cannot_be_made_is_given_up), T(a_locked_database_loses_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
