/* The real broker in a thread, with kinds of jobs and workers that are made up. */
#ifndef TESTS_BROKER_FIXTURE_H
#define TESTS_BROKER_FIXTURE_H

#include "base/clock.h"
#include "queue/broker.h"
#include "queue/session.h"
#include "tests/unit/store_fixture.h"

#include <pthread.h>

/* What the made-up kinds of jobs shall do; written by the test before the broker gets the message. */
static struct {
    volatile int order_err, result_err, done_err, done_sleep_ms, given_up_calls;
    volatile int failed_at_calls, failed_at_again; /* again: 1 says that something was learned from it */
    volatile uint32_t failed_at_page;
    void (*volatile at_done)(void); /* called in done, before it returns */
} play;

static int work_order(struct store *store, int64_t subject, struct buf *out) {
    (void)store;
    buf_print(out, "order %lld", (long long)subject);
    return play.order_err;
}

static int piece_insert(struct store *store, const struct job *job, struct view bytes, const char *last) {
    return db_run(store->db, "INSERT INTO piece(subject, attempt, bytes, last) VALUES(?, ?, ?, ?)", "iibt", job->subject,
                  (int64_t)job->attempt, bytes, last);
}

static int work_result(struct store *store, const struct job *job, struct view bytes) {
    int err = piece_insert(store, job, bytes, "");
    if (!err && view_equal(bytes, view_text("more work")))
        err = job_add(store, "other", job->subject, JOB_USUAL);
    return err ? err : play.result_err;
}

static int work_done(struct store *store, const struct job *job, struct view bytes) {
    usleep((useconds_t)play.done_sleep_ms * 1000);
    int err = piece_insert(store, job, bytes, "last");
    if (play.at_done)
        play.at_done();
    if (view_equal(bytes, view_text("bad")))
        err = ERR_DAMAGED;
    return err ? err : play.done_err;
}

static int work_given_up(struct store *store, const struct job *job, const char *reason) {
    play.given_up_calls++;
    return db_run(store->db, "INSERT INTO given_up(subject, reason) VALUES(?, ?)", "it", job->subject, reason);
}

static int work_failed_at(struct store *store, const struct job *job, uint32_t page, const char *reason, int *ret_again) {
    play.failed_at_calls++;
    play.failed_at_page = page;
    *ret_again = play.failed_at_again;
    return db_run(store->db, "INSERT INTO piece(subject, attempt, last) VALUES(?, ?, ?)", "iit", job->subject, (int64_t)job->attempt, reason);
}

static const struct job_kind kinds[] = {
    {.name = "work", .subject = "thing", .order = work_order, .result = work_result, .done = work_done,
     .failed_at = work_failed_at, .given_up = work_given_up},
    {.name = "other", .subject = "thing", .done = work_done},
    {.name = "own", .subject = "thing"}};

struct bench {
    struct place place;
    char address[128];
    pthread_t thread;
    struct schedule schedule; /* when it starts */
    volatile int stop, lease_ms, ended, locked_ms, free_least;
    struct broker_order order; /* while it runs */
};

static void *broker_thread(void *state) {
    struct bench *b = state;
    struct store *store = NULL;
    struct hub *hub = NULL;
    int err = store_open(b->place.folder, &store);
    if (!err)
        err = hub_new(&hub);
    if (!err)
        err = hub_bind_ipc(hub, b->address + strlen("ipc://"));
    if (!err) {
        b->order = (struct broker_order){.store = store, .hub = hub, .kinds = kinds, .kind_count = 3, .lease_ms = b->lease_ms, .attempts_most = 3,
                                         .locked_ms_most = b->locked_ms, .free_megabytes_least = b->free_least, .schedule = b->schedule, .stop = &b->stop};
        err = broker_run(&b->order);
    }
    hub_drop(&hub);
    store_close(&store);
    b->ended = err ? err : 1;
    return NULL;
}

static void broker_start(struct bench *b) {
    b->stop = b->ended = 0;
    assert_int_equal(pthread_create(&b->thread, NULL, broker_thread, b), 0);
}

static UNUSED void broker_stop(struct bench *b) {
    b->stop = 1;
    pthread_join(b->thread, NULL);
    assert_int_equal(b->ended, 1);
}

static int bench_new(void **state) {
    struct bench *b = mem_new(sizeof *b);
    memset(&play, 0, sizeof play);
    b->lease_ms = 600;
    snprintf(b->place.folder, sizeof b->place.folder, "/tmp/casefile-test-XXXXXX");
    if (!mkdtemp(b->place.folder) || store_open(b->place.folder, &b->place.store))
        return -1;
    snprintf(b->address, sizeof b->address, "ipc://%s/run/broker", b->place.folder);
    run(b->place.store, "CREATE TABLE piece(subject, attempt, bytes, last); CREATE TABLE given_up(subject, reason)");
    *state = b;
    broker_start(b);
    return 0;
}

static int bench_drop(void **state) {
    struct bench *b = *state;
    if (!b->ended)
        broker_stop(b);
    store_close(&b->place.store);
    folder_remove(b->place.folder);
    free(b);
    return 0;
}

static UNUSED void add(struct bench *b, const char *kind, int64_t subject) {
    assert_int_equal(job_add(b->place.store, kind, subject, JOB_USUAL), 0);
}

/* Waits for the next job of a worker, saying READY as a real one does; NULL kind: none came in time. */
static int session_wait(struct session *s, struct message *ret, int most_ms) {
    for (int64_t until = clock_steady() + most_ms; clock_steady() < until; usleep(2000)) {
        int n = session_receive(s, ret);
        if (n)
            return n;
    }
    return 0;
}

static UNUSED int job_wait(struct session *s, struct message *ret, int most_ms) {
    for (int64_t until = clock_steady() + most_ms; clock_steady() < until;)
        if (session_wait(s, ret, (int)(until - clock_steady())) == 1)
            return 1;
    return 0;
}

static UNUSED int number_waits_for(struct bench *b, const char *sql, int64_t wanted, int most_ms) {
    for (int64_t until = clock_steady() + most_ms; clock_steady() < until; usleep(5000))
        if (number(b->place.store, sql) == wanted)
            return 1;
    return 0;
}

#define WAIT 5000
#define assert_comes(b, sql, wanted) assert_true(number_waits_for(b, sql, wanted, WAIT))
#define T(f) cmocka_unit_test_setup_teardown(f, bench_new, bench_drop)

#endif
