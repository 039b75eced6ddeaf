#include "queue/broker.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BROKER_TICK_MS 20
#define BROKER_CHECK_MS 1000

/* Somebody who takes jobs. */
struct taker {
    struct hub_sender at;
    char *name, *kinds;
    int idle, gone;
    struct job job; /* when not idle */
    int64_t seen_ms; /* steady clock */
    int64_t shown_ms;
    uint32_t pid;
};

struct broker {
    const struct broker_order *order;
    struct store *store;
    struct taker *takers;
    size_t count;
    int64_t started_ms, version, checked_ms;
    int look; /* there may be something to lend */
};

static const struct job_kind *kind_of(const struct broker *b, const char *name) {
    for (size_t i = 0; i < b->order->kind_count; i++)
        if (strcmp(b->order->kinds[i].name, name) == 0)
            return &b->order->kinds[i];
    return NULL;
}

static struct taker *taker_of(struct broker *b, const struct hub_sender *at) {
    for (size_t i = 0; i < b->count; i++)
        if (b->takers[i].at.len == at->len && memcmp(b->takers[i].at.id, at->id, at->len) == 0)
            return &b->takers[i];
    return NULL;
}

static int taker_takes(const struct taker *t, const char *kind) {
    size_t len = strlen(kind);
    for (const char *p = t->kinds; p; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, kind, len) == 0 && (p[len] == 0 || p[len] == ','))
            return 1;
    }
    return 0;
}

static void taker_show(struct broker *b, struct taker *t, const char *doing) {
    t->shown_ms = clock_steady();
    db_run(b->store->db,
           "INSERT INTO worker(name, kinds, pid, since, seen_at, doing) VALUES(?1, ?2, ?3, ?4, ?4, ?5)"
           " ON CONFLICT(name) DO UPDATE SET kinds = ?2, pid = ?3, seen_at = ?4, doing = ?5,"
           " since = CASE WHEN pid = ?3 THEN since ELSE ?4 END",
           "ttiit", t->name, t->kinds, (int64_t)t->pid, clock_now(), doing);
}

static void taker_forget(struct broker *b, struct taker *t) {
    db_run(b->store->db, "DELETE FROM worker WHERE name = ?", "t", t->name);
    free(t->name);
    free(t->kinds);
    *t = b->takers[--b->count];
}

static int audit_job(struct broker *b, const struct job *job, const char *action, const char *why) {
    const struct job_kind *kind = kind_of(b, job->kind);
    char what[64];
    snprintf(what, sizeof what, "%s %lld", kind ? kind->subject : "job", (long long)job->subject);
    struct audit_entry entry = {"machine", action, what, job->kind, why};
    return audit_add(b->store, &entry, NULL);
}

/* Failed for good, or too often: the original is kept, a person is told, the rest goes on. */
static int job_abandon(struct broker *b, const struct job *job, const char *state, const char *reason) {
    const struct job_kind *kind = kind_of(b, job->kind);
    log_warn("job %lld (%s, %s %lld) %s: %s", (long long)job->id, job->kind, kind ? kind->subject : "?",
             (long long)job->subject, state, reason);
    int err = job_give_up(b->store, job, state, reason);
    if (!err && kind && kind->given_up)
        err = kind->given_up(b->store, job, reason);
    if (!err)
        err = audit_job(b, job, state, reason);
    return err;
}

/* An attempt that came to nothing. */
static void job_attempt_lost(struct broker *b, const struct job *job, const char *reason, int final) {
    int again = 0;
    int err = db_begin(b->store->db);
    if (err)
        return;
    err = final ? 0 : job_return(b->store, job, reason, b->order->attempts_most, &again);
    if (!err && !again)
        err = job_abandon(b, job, final ? "failed" : "set aside", reason);
    err = db_end(b->store->db, err);
    if (!err && again)
        log_info("job %lld (%s): attempt %u came to nothing, it waits again: %s", (long long)job->id, job->kind,
                 job->attempt, reason);
    b->look = 1;
}

/* It never reached the worker: it waits again, however often that happens. */
static void job_not_begun(struct broker *b, const struct job *job) {
    if (db_begin(b->store->db) == 0)
        db_end(b->store->db, job_unlend(b->store, job, "the worker could not be reached"));
    b->look = 1;
}

static void broker_send(struct broker *b, const struct hub_sender *to, const struct message *message) {
    if (hub_send(b->order->hub, to, message))
        log_debug("queue: %s could not be sent", message_name(message->type));
}

static void tell_stale(struct broker *b, const struct hub_sender *to, const struct message *about) {
    struct message answer = {.type = MESSAGE_STALE, .job = about->job, .attempt = about->attempt};
    broker_send(b, to, &answer);
}

static void on_ready(struct broker *b, const struct hub_sender *from, struct message *message) {
    /* A worker that starts again under its name was killed: what it had is lent to others at once. */
    for (size_t i = b->count; i-- > 0;) {
        struct taker *t = &b->takers[i];
        int same_place = t->at.len == from->len && memcmp(t->at.id, from->id, from->len) == 0;
        if (!same_place && strcmp(t->name, message->name))
            continue;
        if (!t->idle)
            job_attempt_lost(b, &t->job, "the worker ended", 0);
        free(t->name);
        free(t->kinds);
        *t = b->takers[--b->count];
    }
    b->takers = mem_grow(b->takers, b->count + 1, sizeof *b->takers);
    struct taker *t = &b->takers[b->count++];
    *t = (struct taker){.at = *from, .name = mem_text(message->name), .kinds = mem_text(message->kinds), .idle = 1,
                        .seen_ms = clock_steady(), .pid = message->pid};
    taker_show(b, t, "idle");
    b->look = 1;
}

/* The job that a message speaks of, when its attempt still counts. After a restart of the broker the worker is not known
 * by its job, but the row is. */
static int message_job(struct broker *b, const struct message *message, struct job *ret) {
    int err = job_lent(b->store, (int64_t)message->job, ret);
    if (!err && ret->attempt != message->attempt)
        err = ERR_STALE;
    return err == ERR_NOT_FOUND ? ERR_STALE : err;
}

static void on_beat(struct broker *b, struct taker *t, struct message *message) {
    struct job job;
    if (t->idle && message_job(b, message, &job) == 0) {
        t->job = job;
        t->idle = 0;
    }
    if (t->idle || t->job.id != (int64_t)message->job || t->job.attempt != message->attempt)
        tell_stale(b, &t->at, message);
    else if (clock_steady() - t->shown_ms > 1000)
        taker_show(b, t, message->doing);
}

static int commit_result(struct broker *b, const struct job *job, const struct message *message) {
    const struct job_kind *kind = kind_of(b, job->kind);
    int last = message->type == MESSAGE_DONE;
    int (*handle)(struct store *, const struct job *, struct view) = !kind ? NULL : last ? kind->done : kind->result;
    if (!kind || (!handle && message->bytes.len))
        return ERR_PROTOCOL;
    int err = db_begin(b->store->db);
    if (err)
        return err;
    err = job_check(b->store, job);
    if (!err && handle)
        err = handle(b->store, job, message->bytes);
    if (!err && last)
        err = job_done(b->store, job);
    if (!err && last)
        err = audit_job(b, job, "done", "");
    return db_end(b->store->db, err);
}

static void on_result(struct broker *b, struct taker *t, struct message *message) {
    struct job job;
    int err = message_job(b, message, &job);
    /* A program with a store of its own has committed already: its DONE is a nudge. */
    int own = err == ERR_STALE && !t->idle && t->job.id == (int64_t)message->job && message->type == MESSAGE_DONE &&
              t->job.attempt == message->attempt;
    if (!err)
        err = commit_result(b, &job, message);
    if (err == ERR_STALE && !own) {
        tell_stale(b, &t->at, message);
    } else if (err && err != ERR_STALE) {
        log_error("job %lld (%s): its result was not taken: %s", (long long)job.id, job.kind, err_text(err));
        job_attempt_lost(b, &job, err == ERR_PROTOCOL ? "the result is not one that is expected" : err_text(err), 0);
        tell_stale(b, &t->at, message);
    }
    /* After a refused piece the worker will say READY when it has heard; a job lent before would be lost on the way. */
    if (message->type == MESSAGE_DONE)
        t->idle = 1;
    b->look = 1; /* a piece of a result may have put jobs into the queue */
}

static void on_fail(struct broker *b, struct taker *t, struct message *message) {
    struct job job;
    if (message_job(b, message, &job) == 0)
        job_attempt_lost(b, &job, message->reason, message->final);
    t->idle = 1;
    b->look = 1;
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
    if (!idle_beat || t->idle)
        t->seen_ms = clock_steady();
    if (idle_beat)
        return;
    if (message->type == MESSAGE_BEAT)
        on_beat(b, t, message);
    else if (message->type == MESSAGE_RESULT || message->type == MESSAGE_DONE)
        on_result(b, t, message);
    else if (message->type == MESSAGE_FAIL)
        on_fail(b, t, message);
    else if (message->type == MESSAGE_BYE) {
        if (!t->idle)
            job_attempt_lost(b, &t->job, "the worker was stopped", 0);
        taker_forget(b, t);
    }
}

static int lend_row(struct broker *b, struct taker *t, const char *kind, struct job *ret) {
    int err = db_begin(b->store->db);
    return err ? err : db_end(b->store->db, job_lend(b->store, kind, t->name, ret));
}

static int lend_order(struct broker *b, struct taker *t, const struct job_kind *kind) {
    struct buf bytes = {0};
    int err = kind->order ? kind->order(b->store, t->job.subject, &bytes) : 0;
    if (err) {
        job_attempt_lost(b, &t->job, err_text(err), err == ERR_KEY);
    } else {
        struct message message = {.type = MESSAGE_JOB, .job = (uint64_t)t->job.id, .attempt = t->job.attempt,
                                  .kind = t->job.kind, .subject = (uint64_t)t->job.subject, .bytes = buf_view(&bytes)};
        err = hub_send(b->order->hub, &t->at, &message);
        if (err) {
            job_not_begun(b, &t->job);
            t->gone = 1;
        }
    }
    buf_wipe(&bytes);
    return err;
}

/* Gives an idle taker its next job: 1 when something was lent, or tried. */
static int taker_lend(struct broker *b, struct taker *t) {
    for (size_t i = 0; i < b->order->kind_count; i++) {
        const struct job_kind *kind = &b->order->kinds[i];
        if (!taker_takes(t, kind->name) || lend_row(b, t, kind->name, &t->job))
            continue;
        t->idle = 0;
        t->seen_ms = clock_steady();
        if (lend_order(b, t, kind))
            t->idle = 1;
        else if (clock_steady() - t->shown_ms > 1000)
            taker_show(b, t, kind->name);
        return 1;
    }
    return 0;
}

static void broker_lend(struct broker *b) {
    b->look = 0;
    for (size_t i = b->count; i-- > 0;) {
        struct taker *t = &b->takers[i];
        if (t->idle && taker_lend(b, t) && t->idle)
            b->look = 1;
        if (t->gone) /* it says READY when it comes again */
            taker_forget(b, t);
    }
}

/* Jobs that are lent to nobody whom the broker knows: left over from before it started. */
static void expire_orphans(struct broker *b) {
    struct rows *rows = db_query(b->store->db, "SELECT id, subject, attempt, kind FROM job WHERE state = 'lent'", "");
    struct job jobs[64];
    size_t n = 0;
    while (n < 64 && rows_next(rows) > 0) {
        jobs[n] = (struct job){.id = rows_int(rows, 0), .subject = rows_int(rows, 1), .attempt = (uint32_t)rows_int(rows, 2)};
        snprintf(jobs[n].kind, sizeof jobs[n].kind, "%s", rows_text(rows, 3));
        int known = 0;
        for (size_t i = 0; i < b->count; i++)
            known |= !b->takers[i].idle && b->takers[i].job.id == jobs[n].id;
        n += !known;
    }
    rows_end(&rows);
    for (size_t i = 0; i < n; i++)
        job_attempt_lost(b, &jobs[i], "nobody was working on it", 0);
}

/* Who was deaf (the disk, a locked database) cannot say that others were silent meanwhile. */
static void broker_was_deaf(struct broker *b, int64_t ms) {
    for (size_t i = 0; i < b->count && ms > BROKER_TICK_MS; i++)
        b->takers[i].seen_ms += ms;
}

static void broker_check_leases(struct broker *b) {
    int64_t now = clock_steady();
    if (now - b->checked_ms < BROKER_CHECK_MS)
        return;
    b->checked_ms = now;
    for (size_t i = b->count; i-- > 0;) {
        struct taker *t = &b->takers[i];
        if (now - t->seen_ms <= b->order->lease_ms)
            continue;
        log_warn("worker %s has been silent for %d s", t->name, b->order->lease_ms / 1000);
        if (!t->idle)
            job_attempt_lost(b, &t->job, "the worker was silent", 0);
        taker_forget(b, t);
    }
    if (now - b->started_ms > b->order->lease_ms)
        expire_orphans(b);
}

static void broker_watch_database(struct broker *b) {
    int64_t version = db_version(b->store->db);
    if (version != b->version) {
        b->version = version;
        b->look = 1;
    }
}

static void broker_close(struct broker *b) {
    for (size_t i = 0; i < b->count; i++) {
        free(b->takers[i].name);
        free(b->takers[i].kinds);
    }
    free(b->takers);
    db_run(b->store->db, "DELETE FROM worker", "");
}

int broker_run(const struct broker_order *order) {
    struct broker b = {.order = order, .store = order->store, .started_ms = clock_steady(), .look = 1};
    b.checked_ms = b.started_ms;
    db_run(b.store->db, "DELETE FROM worker", "");
    int err = 0;
    while (!*order->stop && !err) {
        struct hub_sender from;
        struct message message = {0};
        int n = hub_receive(order->hub, b.look ? 0 : BROKER_TICK_MS, &from, &message);
        int64_t heard_ms = clock_steady();
        if (n > 0) {
            broker_handle(&b, &from, &message);
            message_drop(&message);
        } else if (n < 0) {
            err = n;
        } else {
            broker_watch_database(&b);
        }
        if (b.look)
            broker_lend(&b);
        broker_was_deaf(&b, clock_steady() - heard_ms);
        broker_check_leases(&b);
    }
    broker_close(&b);
    return err;
}
