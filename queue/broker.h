/* broker.h: lends jobs to workers and commits what they bring. The state is in the database; what is here can be lost. */
#ifndef QUEUE_BROKER_H
#define QUEUE_BROKER_H

#include "queue/job.h"
#include "queue/link.h"


struct broker_order {
    struct store *store;
    struct hub *hub;
    const struct job_kind *kinds; /* in the order in which a worker is given work */
    size_t kind_count;
    int lease_ms, attempts_most;
    volatile int *stop; /* set to 1 to end */
};

int broker_run(const struct broker_order *order);

#endif
