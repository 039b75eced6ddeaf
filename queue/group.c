/* group.c: many messages, one commit. The transaction is begun by the first step that needs it; nothing that tells of a change is sent
 * before the change is durable. */
#include "queue/broker_state.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int group_begin(struct broker *b) {
    if (b->trouble.err || b->group.broken)
        return b->trouble.err ? b->trouble.err : ERR_DATABASE;
    if (b->group.open)
        return 0;
    int err = db_begin(b->store->db);
    if (err)
        trouble_begin(b, err);
    else
        b->group.open = 1;
    return err;
}

int group_step(struct broker *b) {
    int err = group_begin(b);
    if (!err && (err = db_savepoint(b->store->db))) {
        b->group.broken = 1;
        trouble_begin(b, err);
    }
    return err;
}

int group_step_end(struct broker *b, int err) {
    int first = err;
    if (!err)
        first = err = db_release(b->store->db);
    if (first)
        trouble_is(b, first);
    if (first && (err = db_rollback_to(b->store->db))) {
        b->group.broken = 1;
        trouble_begin(b, err == ERR_STATE ? first : err);
    }
    return first;
}

void group_note_ended(struct broker *b, const struct job *job) {
    struct group *g = &b->group;
    g->ended = mem_grow(g->ended, g->ended_count + 1, sizeof *g->ended);
    g->ended[g->ended_count++] = *job;
}

void group_answer(struct broker *b, struct stale answer) {
    struct group *g = &b->group;
    g->stales = mem_grow(g->stales, g->stale_count + 1, sizeof *g->stales);
    g->stales[g->stale_count++] = answer;
}

/* As if its messages had never been handled, but that who brought a result is told to drop it: it is not kept here. */
static void group_lost(struct broker *b) {
    struct group *g = &b->group;
    for (size_t i = 0; i < g->ended_count; i++)
        trouble_remember(b, &g->ended[i]);
    for (size_t i = 0; i < g->stale_count; i++) {
        struct taker *t = taker_of(b, &g->stales[i].to);
        if (t && t->state == TAKER_BUSY && !t->lent_now && t->job.id == (int64_t)g->stales[i].job && t->job.attempt == g->stales[i].attempt)
            t->state = TAKER_TOLD;
    }
    for (size_t i = 0; i < b->count; i++)
        if (b->takers[i].lent_now) {
            b->takers[i].lent_now = 0;
            taker_idle(&b->takers[i]);
        }
    b->sweep = 1;
}

static void group_send(struct broker *b, int lost) {
    struct group *g = &b->group;
    for (size_t i = 0; i < g->stale_count; i++) {
        const struct stale *s = &g->stales[i];
        struct message message = {.type = MESSAGE_STALE, .job = s->job, .attempt = s->attempt};
        if ((lost || !s->if_lost) && hub_send(b->order->hub, &s->to, &message))
            log_debug("queue: %s could not be sent", message_name(message.type));
    }
    g->ended_count = g->stale_count = 0;
}

void group_end(struct broker *b) {
    struct group *g = &b->group;
    int err = 0;
    if (g->open && g->broken)
        db_rollback(b->store->db);
    else if (g->open && (err = db_commit(b->store->db)))
        trouble_begin(b, err);
    int lost = err || g->broken;
    g->open = g->broken = 0;
    if (lost)
        group_lost(b);
    group_send(b, lost);
    if (!lost)
        lend_send(b);
}

void group_drop(struct broker *b) {
    free(b->group.ended);
    free(b->group.stales);
}
