/* attempt.c: what becomes of an attempt. Each is a step of the open group: it is kept or taken back alone. */
#include "queue/broker_state.h"

#include "base/err.h"
#include "base/log.h"
#include "store/audit.h"

#include <stdio.h>
#include <string.h>

const struct job_kind *attempt_kind(const struct broker *b, const char *name) {
    for (size_t i = 0; i < b->order->kind_count; i++)
        if (strcmp(b->order->kinds[i].name, name) == 0)
            return &b->order->kinds[i];
    return NULL;
}

static int attempt_audit(struct broker *b, const struct job *job, const char *action, const char *why) {
    const struct job_kind *kind = attempt_kind(b, job->kind);
    char what[64];
    snprintf(what, sizeof what, "%s %lld", kind ? kind->subject : "job", (long long)job->subject);
    struct audit_entry entry = {"machine", action, what, job->kind, why};
    return audit_add(b->store, &entry, NULL);
}

/* Failed for good, or too often: the original is kept, a person is told, the rest goes on. */
static int attempt_abandon(struct broker *b, const struct job *job, const struct loss *loss, const struct job_kind *kind) {
    const char *state = loss->final ? "failed" : "set aside";
    log_warn("job %lld (%s, %s %lld) %s: %s", (long long)job->id, job->kind, kind ? kind->subject : "?", (long long)job->subject, state,
             loss->reason);
    int err = job_give_up(b->store, job, state, loss->reason);
    if (!err && kind && kind->given_up)
        err = kind->given_up(b->store, job, loss->reason);
    return err ? err : attempt_audit(b, job, state, loss->reason);
}

/* kind: NULL leaves out what its room would do. */
static int attempt_lost_step(struct broker *b, const struct job *job, const struct loss *loss, const struct job_kind *kind, int *ret_again) {
    int again = loss->blameless;
    int err = group_step(b);
    if (err)
        return err;
    err = job_check(b->store, job);
    if (!err && loss->page && !again && !loss->final && kind && kind->failed_at)
        err = kind->failed_at(b->store, job, loss->page, loss->reason, &again);
    if (!err && again)
        err = job_unlend(b->store, job, loss->reason);
    else if (!err && !loss->final)
        err = job_return(b->store, job, loss->reason, b->order->attempts_most, &again);
    if (!err && !again)
        err = attempt_abandon(b, job, loss, kind);
    err = group_step_end(b, err);
    if (!err)
        *ret_again = again;
    return err;
}

void attempt_lost(struct broker *b, const struct job *job, struct loss loss) {
    int again = 0;
    int err = attempt_lost_step(b, job, &loss, attempt_kind(b, job->kind), &again);
    if (err && err != ERR_STALE && !b->trouble.err) { /* its room cannot cope: that shall not keep the job lent for ever */
        log_error("job %lld (%s): %s", (long long)job->id, job->kind, err_text(err));
        err = attempt_lost_step(b, job, &loss, NULL, &again);
    }
    if (err && err != ERR_STALE && b->trouble.err)
        trouble_remember(b, job);
    else if (!err)
        group_note_ended(b, job);
    if (!err && again)
        log_info("job %lld (%s): attempt %u came to nothing, it waits again: %s", (long long)job->id, job->kind, job->attempt, loss.reason);
    b->look = 1;
}

int attempt_result(struct broker *b, const struct job *job, const struct message *message) {
    const struct job_kind *kind = attempt_kind(b, job->kind);
    int last = message->type == MESSAGE_DONE;
    int (*handle)(struct store *, const struct job *, struct view) = !kind ? NULL : last ? kind->done : kind->result;
    if (!kind || (!handle && message->bytes.len))
        return ERR_PROTOCOL;
    int err = group_step(b);
    if (err)
        return err;
    err = job_check(b->store, job);
    if (!err && handle)
        err = handle(b->store, job, message->bytes);
    if (!err && last)
        err = job_done(b->store, job);
    if (!err && last)
        err = attempt_audit(b, job, "done", "");
    return group_step_end(b, err);
}

/* After a restart of the broker the worker is not known by its job, but the row is. */
int attempt_of(struct broker *b, const struct message *message, struct job *ret) {
    if (trouble_remembers(b, (int64_t)message->job, message->attempt))
        return ERR_STALE;
    int err = job_lent(b->store, (int64_t)message->job, ret);
    if (!err && ret->attempt != message->attempt)
        err = ERR_STALE;
    return err == ERR_NOT_FOUND ? ERR_STALE : err;
}
