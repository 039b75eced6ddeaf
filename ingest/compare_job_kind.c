#include "ingest/near_duplicate.h"

/* It could not be compared: nothing is missing but a proposal; the job keeps the reason. */
static int compare_given_up(struct store *store, const struct job *job, const char *reason) {
    (void)store;
    (void)job;
    (void)reason;
    return 0;
}

const struct job_kind compare_job_kind = {.name = "compare", .subject = "document", .given_up = compare_given_up};
