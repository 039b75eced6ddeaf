#include "redact/flag_job.h"

/* A document that could not be flagged does not become ready, so that no request takes it in unseen. */
static int flag_given_up(struct store *store, const struct job *job, const char *reason) {
    (void)reason;
    return db_run(store->db, "UPDATE document SET state = 'unflagged' WHERE id = ?", "i", job->subject);
}

const struct job_kind flag_job_kind = {.name = "flag", .subject = "document", .given_up = flag_given_up};
