/* read_pool.h: confined helpers side by side, and the tasks that they are given: some open files, the others read pages.
 *
 * A task is the caller's: it lives until its end is told. What a helper answers goes to the task's own functions, from within
 * read_pool_turn. Nothing here looks into an answer. */
#ifndef DAEMON_READ_POOL_H
#define DAEMON_READ_POOL_H

#include "base/buf.h"
#include "config/settings.h"

#include <stdbool.h>
#include <stdint.h>

/* Opening is short work that waits for reading: it has helpers of its own, so that it never takes one from the pages. */
enum read_lane_kind { READ_LANE_OPEN, READ_LANE_PAGE, READ_LANE_KINDS };

struct read_task {
    uint32_t request;    /* type of the request record */
    const char *program; /* "casefile-helper" or "casefile-office"; borrowed */
    enum read_lane_kind lane;
    struct buf order; /* the request; wiped when it has been handed over */
    bool paused;      /* its answers are left in the pipe until this is false again: the helper waits */
    uint32_t page;    /* that the helper said it was at, or 0 */
    void (*result)(struct read_task *task, struct view bytes);
    /* 0, what the helper said, ERR_CRASHED (it went away) or ERR_TIME (it took too long and was ended). The task is the caller's again. */
    void (*end)(struct read_task *task, int err);
    void *state;
    struct read_task *next; /* while it waits */
};

struct read_pool_order {
    const struct settings *settings; /* limits of time and memory; borrowed */
    const char *languages;           /* borrowed */
    int jobs;                        /* helpers for pages, from 1 */
};

struct read_pool;

/* Starts nothing yet: helpers start as tasks come. */
struct read_pool *read_pool_new(const struct read_pool_order *order);
/* Ends every helper; tasks that have not ended are forgotten, their end is not told. */
void read_pool_drop(struct read_pool **pool);
void read_pool_add(struct read_pool *pool, struct read_task *task);
/* Takes the task back without telling its end. */
void read_pool_cancel(struct read_pool *pool, struct read_task *task);
/* Gives tasks to helpers, waits at most wait_ms for answers and passes them on. ERR_STATE: helpers end as soon as they start
 * (their own message on standard error says why). */
int read_pool_turn(struct read_pool *pool, int wait_ms);
bool read_pool_is_idle(const struct read_pool *pool); /* no task waits or is worked on */
/* How many tasks for that lane wait for a helper. */
size_t read_pool_waiting(const struct read_pool *pool, enum read_lane_kind lane);

#endif
