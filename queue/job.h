/* job.h: work as rows: waiting -> lent -> done | failed | set aside. Every change is inside the caller's transaction. */
#ifndef QUEUE_JOB_H
#define QUEUE_JOB_H

#include "store/store.h"

#define JOB_KIND_MOST 32
/* A job at a lending: attempt is the fencing token. */
struct job {
    int64_t id, subject;
    uint32_t attempt;
    int priority;
    char kind[JOB_KIND_MOST];
};

/* Priorities: higher first. What is large goes behind what is small of the same kind of urgency, so each stands for itself and the nine
 * numbers below it: what is JOB_BACKLOG or less is the backlog. */
enum { JOB_BACKLOG = 0, JOB_USUAL = 10, JOB_REQUEST = 20, JOB_SMALL_PAGES = 8, JOB_PAGE_BYTES = 250000 };
/* One less for each doubling of the pages above JOB_SMALL_PAGES, nine at most: 2 pages and 8 wait in one line, 1,000 pages seven behind.
 * The bytes of what is not opened yet count as pages of JOB_PAGE_BYTES. */
int job_priority(int priority, int64_t pages);

/* What the kinds of job are, told once, by the room that owns each. */
struct job_kind {
    const char *name;
    const char *subject; /* what the subject's number counts: "part", "page", ... (for people and the audit log) */
    /* The bytes that a worker needs, or NULL when its program has the store itself. Errors count as a failed attempt. */
    int (*order)(struct store *store, int64_t subject, struct buf *out);
    /* A piece of the result, and its end; each inside a transaction, after the fence was checked. NULL: not expected. */
    int (*result)(struct store *store, const struct job *job, struct view bytes);
    int (*done)(struct store *store, const struct job *job, struct view bytes);
    /* An attempt came to nothing at this page (never 0); *ret_again 1: something was learned from it (the page will be left out), so that it
     * does not count as a failure. NULL: pages mean nothing here. */
    int (*failed_at)(struct store *store, const struct job *job, uint32_t page, const char *reason, int *ret_again);
    /* It failed for good, or was set aside: say so where a person looks. */
    int (*given_up)(struct store *store, const struct job *job, const char *reason);
};

/* Puts a job into the queue; when there is an ended one for the same subject, it is made to wait again. */
int job_add(struct store *store, const char *kind, int64_t subject, int priority);
/* The highest priority among the waiting jobs of a kind; ERR_NOT_FOUND when there is none. */
int job_top(struct store *store, const char *kind, int *ret_priority);
/* Lends the first waiting job of a kind: ERR_NOT_FOUND when there is none. */
int job_lend(struct store *store, const char *kind, const char *worker, struct job *ret);
/* ERR_STALE unless the job is lent at this attempt. */
int job_check(struct store *store, const struct job *job);
int job_done(struct store *store, const struct job *job); /* checks first */
/* state: "failed" or "set aside" */
int job_give_up(struct store *store, const struct job *job, const char *state, const char *reason);
/* Back to waiting, the attempt is used up. ret_again 0: it has failed attempts_most times and should be given up. */
int job_return(struct store *store, const struct job *job, const char *reason, int attempts_most, int *ret_again);
/* Back to waiting: it never reached its worker, so that this was no failure. */
int job_unlend(struct store *store, const struct job *job, const char *reason);
/* Looks up a lent job; ERR_NOT_FOUND when it is not lent. */
int job_lent(struct store *store, int64_t id, struct job *ret);

#endif
