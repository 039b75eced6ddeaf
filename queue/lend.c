/* lend.c: which job next. Of the kinds that a taker takes, the one where the most urgent job waits; among equals, the order of the kinds
 * decides. One look into an index for each kind and pass, however many jobs wait. By day the backlog is held back. */
#include "queue/broker_state.h"

#include "base/clock.h"
#include "base/err.h"

#define TOP_UNKNOWN INT64_MAX
#define TOP_NONE INT64_MIN

static int64_t lend_top(struct broker *b, size_t kind) {
    int priority = 0;
    if (b->tops[kind] == TOP_UNKNOWN)
        b->tops[kind] = job_top(b->store, b->order->kinds[kind].name, &priority) ? TOP_NONE : priority;
    return b->tops[kind];
}

/* Whether its results come to lie in this store through the broker. */
static int kind_stores(const struct job_kind *kind) {
    return kind->result || kind->done;
}

/* The backlog by day: its pages and files wait, but for so many workers. What follows when they are read (filing, flagging) is small, and
 * is not kept for the next night. */
static int lend_is_held(const struct broker *b, const struct job_kind *kind, int64_t priority) {
    int busy = 0;
    if (b->night || priority > JOB_BACKLOG || !kind->order)
        return 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct taker *t = &b->takers[i];
        const struct job_kind *its = t->state == TAKER_BUSY ? attempt_kind(b, t->job.kind) : NULL;
        busy += its && its->order && t->job.priority <= JOB_BACKLOG;
    }
    return busy >= b->order->schedule.backlog_by_day;
}

static int lend_choose(struct broker *b, const struct taker *t, size_t *ret_kind) {
    int64_t best = TOP_NONE;
    for (size_t i = 0; i < b->order->kind_count; i++) {
        const struct job_kind *kind = &b->order->kinds[i];
        if (!taker_takes(t, kind->name) || (b->trouble.narrow && kind_stores(kind)) || lend_top(b, i) <= best ||
            lend_is_held(b, kind, lend_top(b, i)))
            continue;
        best = lend_top(b, i);
        *ret_kind = i;
    }
    return best != TOP_NONE;
}

static void lend_taker(struct broker *b, struct taker *t) {
    size_t kind = 0;
    while (lend_choose(b, t, &kind)) {
        if (group_step(b))
            return;
        int err = job_lend(b->store, b->order->kinds[kind].name, t->name, &t->job);
        int there = err != ERR_NOT_FOUND; /* the look was before the transaction */
        err = group_step_end(b, there ? err : 0);
        b->tops[kind] = there ? TOP_UNKNOWN : TOP_NONE;
        if (err)
            return;
        if (!there)
            continue;
        t->state = TAKER_BUSY;
        t->lent_now = 1;
        t->seen_ms = clock_steady();
        taker_doing(t, b->order->kinds[kind].name);
        return;
    }
}

void lend_all(struct broker *b) {
    b->look = 0;
    for (size_t i = 0; i < b->order->kind_count; i++)
        b->tops[i] = TOP_UNKNOWN;
    for (size_t i = b->count; i-- > 0 && !b->trouble.err;)
        if (b->takers[i].state == TAKER_IDLE)
            lend_taker(b, &b->takers[i]);
}

/* The bytes are read while no transaction is open: others can write meanwhile. */
static void lend_order(struct broker *b, struct taker *t) {
    const struct job_kind *kind = attempt_kind(b, t->job.kind);
    struct buf bytes = {0};
    int err = kind->order ? kind->order(b->store, t->job.subject, &bytes) : 0;
    if (err) {
        int blameless = trouble_is(b, err);
        attempt_lost(b, &t->job, (struct loss){.reason = err_text(err), .final = err == ERR_KEY, .blameless = blameless});
        taker_idle(t);
    } else {
        struct message message = {.type = MESSAGE_JOB, .job = (uint64_t)t->job.id, .attempt = t->job.attempt, .kind = t->job.kind,
                                  .subject = (uint64_t)t->job.subject, .bytes = buf_view(&bytes)};
        if (hub_send(b->order->hub, &t->at, &message)) {
            attempt_lost(b, &t->job, (struct loss){.reason = "the worker could not be reached", .blameless = 1});
            t->gone = 1; /* it says READY when it comes again */
        }
    }
    buf_wipe(&bytes);
}

void lend_send(struct broker *b) {
    for (size_t i = 0; i < b->count; i++)
        if (b->takers[i].lent_now) {
            b->takers[i].lent_now = 0;
            lend_order(b, &b->takers[i]);
        }
    for (size_t i = b->count; i-- > 0;)
        if (b->takers[i].gone)
            taker_forget(b, &b->takers[i]);
}
