#include "queue/job.h"

#include "base/clock.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>

/* Made to wait again it is a new job: with a number of its own, so that no answer to the old one fits, and with all its
 * attempts. That holds for a job that is lent as well: what it was lent for has changed since. */
int job_add(struct store *store, const char *kind, int64_t subject, int priority) {
    return db_run(store->db,
                  "INSERT INTO job(kind, subject, state, priority, made_at) VALUES(?, ?, 'waiting', ?, ?)"
                  " ON CONFLICT(kind, subject) DO UPDATE SET id = (SELECT max(id) + 1 FROM job), attempt = 0, failures = 0,"
                  " state = 'waiting', priority = excluded.priority, made_at = excluded.made_at, lent_at = NULL,"
                  " lent_to = NULL, ended_at = NULL, reason = ''"
                  " WHERE state != 'waiting'",
                  "tiii", kind, subject, (int64_t)priority, clock_now());
}

/* The index is named, so that a planner who has seen other numbers cannot choose to sort a million rows. */
int job_top(struct store *store, const char *kind, int *ret_priority) {
    int64_t priority;
    int err = db_int(store->db, &priority,
                     "SELECT priority FROM job INDEXED BY job_waiting WHERE kind = ? AND state = 'waiting' ORDER BY priority DESC LIMIT 1",
                     "t", kind);
    if (!err)
        *ret_priority = (int)priority;
    return err;
}

int job_priority(int priority, int64_t pages) {
    int behind = 0;
    for (int64_t most = JOB_SMALL_PAGES; pages > most && behind < 9; most *= 2)
        behind++;
    return priority - behind;
}

int job_lend(struct store *store, const char *kind, const char *worker, struct job *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT id, subject, attempt, priority FROM job INDEXED BY job_waiting WHERE kind = ? AND state = 'waiting'"
                                 " ORDER BY priority DESC, id LIMIT 1", "t", kind);
    int n = rows_next(rows);
    struct job job = {0};
    if (n > 0)
        job = (struct job){.id = rows_int(rows, 0), .subject = rows_int(rows, 1), .attempt = (uint32_t)rows_int(rows, 2) + 1,
                           .priority = (int)rows_int(rows, 3)};
    int err = rows_end(&rows);
    if (err || n <= 0)
        return err ? err : ERR_NOT_FOUND;
    snprintf(job.kind, sizeof job.kind, "%s", kind);
    err = db_run(store->db, "UPDATE job SET state = 'lent', attempt = ?, lent_at = ?, lent_to = ? WHERE id = ?", "iiti",
                 (int64_t)job.attempt, clock_now(), worker, job.id);
    if (!err)
        *ret = job;
    return err;
}

int job_check(struct store *store, const struct job *job) {
    int64_t there;
    int err = db_int(store->db, &there, "SELECT 1 FROM job WHERE id = ? AND attempt = ? AND state = 'lent'", "ii", job->id,
                     (int64_t)job->attempt);
    return err == ERR_NOT_FOUND ? ERR_STALE : err;
}

static int job_end(struct store *store, const struct job *job, const char *state, const char *reason) {
    int err = db_run(store->db,
                     "UPDATE job SET state = ?, reason = ?, ended_at = ? WHERE id = ? AND attempt = ? AND state = 'lent'",
                     "ttiii", state, reason, clock_now(), job->id, (int64_t)job->attempt);
    return err ? err : db_changed(store->db) == 1 ? 0 : ERR_STALE;
}

int job_done(struct store *store, const struct job *job) {
    return job_end(store, job, "done", "");
}

int job_give_up(struct store *store, const struct job *job, const char *state, const char *reason) {
    return job_end(store, job, state, reason);
}

int job_return(struct store *store, const struct job *job, const char *reason, int attempts_most, int *ret_again) {
    int64_t failures;
    int err = job_check(store, job);
    if (!err)
        err = db_int(store->db, &failures, "SELECT failures + 1 FROM job WHERE id = ?", "i", job->id);
    if (!err)
        err = db_run(store->db, "UPDATE job SET failures = ? WHERE id = ?", "ii", failures, job->id);
    if (err)
        return err;
    *ret_again = failures < attempts_most;
    return *ret_again ? job_end(store, job, "waiting", reason) : 0;
}

int job_unlend(struct store *store, const struct job *job, const char *reason) {
    return job_end(store, job, "waiting", reason);
}

int job_lent(struct store *store, int64_t id, struct job *ret) {
    struct rows *rows = db_query(store->db, "SELECT id, subject, attempt, kind, priority FROM job WHERE id = ? AND state = 'lent'", "i", id);
    int n = rows_next(rows);
    if (n > 0) {
        *ret = (struct job){.id = rows_int(rows, 0), .subject = rows_int(rows, 1), .attempt = (uint32_t)rows_int(rows, 2),
                            .priority = (int)rows_int(rows, 4)};
        snprintf(ret->kind, sizeof ret->kind, "%s", rows_text(rows, 3));
    }
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}
