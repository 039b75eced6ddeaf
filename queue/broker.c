/* broker.c: hears messages, and keeps time. See broker_state.h for the other files. */
#include "queue/broker_state.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BROKER_TICK_MS 10 /* how often other programs' commits are looked for: half of it is the usual delay of a new job */
#define BROKER_DEAF_MS 250
/* What one commit takes at most. */
#define GROUP_MESSAGES 256
#define GROUP_BYTES (64u << 20)
#define GROUP_MS 10
#define LARGE_BYTES (4u << 20) /* a result of this size is committed alone */

static void tell_stale(struct broker *b, const struct hub_sender *to, const struct message *about) {
    group_answer(b, (struct stale){.to = *to, .job = about->job, .attempt = about->attempt});
}

static int same_place(const struct hub_sender *a, const struct hub_sender *b) {
    return a->len == b->len && memcmp(a->id, b->id, a->len) == 0;
}

/* A worker that starts again under its name was killed: what it had is lent to others at once. One that says READY again from the same
 * place has not ended: what is lent to it was lost on the way. */
static void on_ready(struct broker *b, const struct hub_sender *from, struct message *message) {
    for (size_t i = b->count; i-- > 0;) {
        struct taker *t = &b->takers[i];
        int same = same_place(&t->at, from);
        if (!same && strcmp(t->name, message->name))
            continue;
        if (t->state == TAKER_BUSY)
            attempt_lost(b, &t->job, (struct loss){.reason = same ? "the worker began anew" : "the worker ended", .blameless = same});
        taker_drop(b, t);
    }
    taker_add(b, from, message);
    b->look = 1;
}

static void on_beat(struct broker *b, struct taker *t, struct message *message) {
    struct job job;
    if (t->state != TAKER_BUSY && attempt_of(b, message, &job) == 0) {
        t->job = job;
        t->state = TAKER_BUSY;
    }
    if (t->state != TAKER_BUSY || t->job.id != (int64_t)message->job || t->job.attempt != message->attempt)
        tell_stale(b, &t->at, message);
    else
        taker_doing(t, message->doing);
}

/* The store can take nothing: the result is dropped, and the job waits again without a failure. */
static void result_not_stored(struct broker *b, struct taker *t, const struct job *job, const struct message *message) {
    trouble_remember(b, job);
    tell_stale(b, &t->at, message);
}

static void result_refused(struct broker *b, struct taker *t, const struct job *job, const struct message *message, int err) {
    log_error("job %lld (%s): its result was not taken: %s", (long long)job->id, job->kind, err_text(err));
    attempt_lost(b, job, (struct loss){.reason = err == ERR_PROTOCOL ? "the result is not one that is expected" : err_text(err)});
    tell_stale(b, &t->at, message);
}

static void on_result(struct broker *b, struct taker *t, struct message *message) {
    int known = t->state == TAKER_BUSY && t->job.id == (int64_t)message->job && t->job.attempt == message->attempt;
    int last = message->type == MESSAGE_DONE;
    struct job job = t->job;
    int err = attempt_of(b, message, &job), found = !err;
    /* A program with a store of its own has committed already: its DONE is a nudge. */
    int own = err == ERR_STALE && known && last;
    if (!err)
        err = attempt_result(b, &job, message);
    if (!err) {
        group_note_ended(b, &job);
        group_answer(b, (struct stale){.to = t->at, .job = message->job, .attempt = message->attempt, .if_lost = 1});
    } else if (err == ERR_STALE && !own) {
        tell_stale(b, &t->at, message);
    } else if (err != ERR_STALE && (found || known)) {
        trouble_is(b, err);
        if (b->trouble.err)
            result_not_stored(b, t, &job, message);
        else
            result_refused(b, t, &job, message, err);
    }
    if (last)
        taker_idle(t);
    else if (err && (known || t->state == TAKER_IDLE))
        t->state = TAKER_TOLD;
    b->look = 1; /* a piece of a result may have put jobs into the queue */
}

static void on_fail(struct broker *b, struct taker *t, struct message *message) {
    struct job job = t->job;
    int known = t->state == TAKER_BUSY && t->job.id == (int64_t)message->job && t->job.attempt == message->attempt;
    int err = attempt_of(b, message, &job);
    if (err == 0 || (known && err != ERR_STALE))
        attempt_lost(b, &job, (struct loss){.reason = message->reason, .final = message->final, .page = message->page});
    taker_idle(t);
    b->look = 1;
}

/* An orderly end, as at an upgrade, is no failure of the job. */
static void on_bye(struct broker *b, struct taker *t) {
    if (t->state == TAKER_BUSY)
        attempt_lost(b, &t->job, (struct loss){.reason = "the worker was stopped", .blameless = 1});
    taker_forget(b, t);
}

static void broker_handle(struct broker *b, const struct hub_sender *from, struct message *message) {
    struct taker *t = taker_of(b, from);
    if (message->type == MESSAGE_READY) {
        on_ready(b, from, message);
        return;
    }
    if (message->type == MESSAGE_NUDGE) {
        b->look = 1;
        return;
    }
    if (!t) { /* the broker was started anew: the worker shall say who it is */
        tell_stale(b, from, message);
        return;
    }
    /* "I have nothing to do" from somebody who was lent a job: the job was lost on the way, so the lease shall run out. */
    int idle_beat = message->type == MESSAGE_BEAT && !message->job;
    if (!idle_beat || t->state == TAKER_IDLE)
        t->seen_ms = clock_steady();
    if (idle_beat)
        return;
    if (message->type == MESSAGE_BEAT)
        on_beat(b, t, message);
    else if (message->type == MESSAGE_RESULT || message->type == MESSAGE_DONE)
        on_result(b, t, message);
    else if (message->type == MESSAGE_FAIL)
        on_fail(b, t, message);
    else if (message->type == MESSAGE_BYE)
        on_bye(b, t);
}

/* Takes what is there into the open group, within bounds; waits only for the first. Negative: the sockets are broken. */
static int broker_take(struct broker *b, int wait_ms, int64_t *ret_heard_ms) {
    size_t bytes = 0;
    int healthy = !b->trouble.err;
    for (int n = 0; n < GROUP_MESSAGES && bytes < GROUP_BYTES; n++) {
        struct hub_sender from;
        struct message message = {0};
        int got = hub_receive(b->order->hub, n ? 0 : wait_ms, &from, &message);
        if (!n)
            *ret_heard_ms = clock_steady();
        if (got <= 0)
            return got;
        int large = message.bytes.len > LARGE_BYTES;
        if (large && b->group.open)
            group_end(b);
        broker_handle(b, &from, &message);
        bytes += message.bytes.len;
        message_drop(&message);
        if (large || clock_steady() - *ret_heard_ms >= GROUP_MS || (healthy && b->trouble.err))
            return 0;
    }
    return 0;
}

/* Jobs that are lent to nobody whom the broker knows: left over from before it started. */
static void expire_orphans(struct broker *b) {
    struct rows *rows = db_query(b->store->db, "SELECT id, subject, attempt, kind FROM job INDEXED BY job_lent WHERE state = 'lent'", "");
    struct job jobs[64];
    size_t n = 0;
    while (n < 64 && rows_next(rows) > 0) {
        jobs[n] = (struct job){.id = rows_int(rows, 0), .subject = rows_int(rows, 1), .attempt = (uint32_t)rows_int(rows, 2)};
        snprintf(jobs[n].kind, sizeof jobs[n].kind, "%s", rows_text(rows, 3));
        int known = 0;
        for (size_t i = 0; i < b->count; i++)
            known |= b->takers[i].state == TAKER_BUSY && b->takers[i].job.id == jobs[n].id;
        n += !known;
    }
    rows_end(&rows);
    for (size_t i = 0; i < n; i++)
        attempt_lost(b, &jobs[i], (struct loss){.reason = "nobody was working on it"});
}

/* Who was deaf (the disk, a locked database) cannot say that others were silent meanwhile. */
static void broker_was_deaf(struct broker *b, int64_t ms) {
    for (size_t i = 0; i < b->count && ms > BROKER_DEAF_MS; i++)
        b->takers[i].seen_ms += ms;
}

/* What is lent when the night ends is finished. */
static void broker_look_at_clock(struct broker *b) {
    int night = schedule_is_night(&b->order->schedule, clock_now());
    if (night == b->night)
        return;
    b->night = night;
    b->look |= night;
    log_info(night ? "the night begins: the backlog is worked on" : "the night ends: the rest of the backlog waits for the next");
}

static void broker_check(struct broker *b) {
    int64_t now = clock_steady();
    if (now - b->checked_ms < BROKER_CHECK_MS)
        return;
    b->checked_ms = now;
    trouble_look_at_disk(b);
    broker_look_at_clock(b);
    for (size_t i = b->count; i-- > 0;) {
        struct taker *t = &b->takers[i];
        if (now - t->seen_ms <= b->order->lease_ms)
            continue;
        log_warn("worker %s has been silent for %d s", t->name, b->order->lease_ms / 1000);
        if (t->state == TAKER_BUSY)
            attempt_lost(b, &t->job, (struct loss){.reason = "the worker was silent"});
        taker_forget(b, t);
    }
    if (!b->trouble.err && !b->trouble.wait_count && now - b->started_ms > b->order->lease_ms)
        expire_orphans(b);
}

static void broker_watch_database(struct broker *b) {
    int64_t version = b->group.open ? b->version : db_version(b->store->db);
    b->look |= version != b->version;
    b->version = version;
}

static int broker_turn(struct broker *b) {
    int64_t heard_ms = clock_steady();
    int hurry = b->group.open || (b->look && !b->trouble.err);
    int err = broker_take(b, hurry ? 0 : BROKER_TICK_MS, &heard_ms);
    broker_watch_database(b);
    if (b->look && !b->trouble.err)
        lend_all(b);
    takers_show(b);
    group_end(b);
    trouble_try(b);
    broker_was_deaf(b, clock_steady() - heard_ms);
    broker_check(b);
    return err;
}

int broker_run(const struct broker_order *order) {
    struct broker b = {.order = order, .store = order->store, .started_ms = clock_steady(), .look = 1, .sweep = 1};
    b.tops = mem_grow(NULL, order->kind_count + 1, sizeof *b.tops);
    b.checked_ms = b.started_ms;
    if (order->locked_ms_most)
        db_wait(order->store->db, order->locked_ms_most);
    trouble_look_at_disk(&b);
    b.night = schedule_is_night(&order->schedule, clock_now());
    int err = schedule_save(order->store, &order->schedule);
    if (err)
        log_warn("the hours of the night could not be noted for status: %s", err_text(err));
    err = 0;
    while (!*order->stop && !err)
        err = broker_turn(&b);
    group_end(&b);
    db_run(b.store->db, "DELETE FROM worker", "");
    takers_drop(&b);
    group_drop(&b);
    free(b.trouble.waits);
    free(b.tops);
    return err;
}
