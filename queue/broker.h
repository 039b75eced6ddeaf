/* broker.h: lends jobs to workers and commits what they bring. The state is in the database; what is here can be lost.
 *
 * Group commit: the messages that are there are handled in one transaction, each in a step of its own, so that one bad result is taken
 * back alone; the next jobs are lent in the same transaction; only after its commit is anything sent.
 *
 * When the store can take nothing (no space, locked, read-only) the queue stops: nothing is lent, no attempt is used up, what could not
 * be committed waits again; it is tried every second, and goes on by itself. */
#ifndef QUEUE_BROKER_H
#define QUEUE_BROKER_H

#include "queue/job.h"
#include "queue/link.h"
#include "queue/schedule.h"

struct broker_order {
    struct store *store;
    struct hub *hub;
    const struct job_kind *kinds; /* among jobs of one priority, the kinds in the order in which a worker is given them */
    size_t kind_count;
    int lease_ms, attempts_most;
    int free_megabytes_least; /* with less on the store's disk, jobs whose results are stored here are not lent; 0: no such guard */
    struct schedule schedule; /* outside its night, jobs of the backlog that workers are given bytes for wait */
    int locked_ms_most;       /* how long a locked database is waited for before the queue stops; 0: as store/db.h says */
    volatile int *stop;       /* set to 1 to end */
};

int broker_run(const struct broker_order *order);

#endif
