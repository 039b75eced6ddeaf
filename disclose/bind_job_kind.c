#include "disclose/bind_job_kind.h"

static int bind_given_up(struct store *store, const struct job *job, const char *reason) {
    return db_run(store->db, "UPDATE pack SET state = 'failed', reason = ? WHERE id = ?", "ti", reason, job->subject);
}

const struct job_kind bind_job_kind = {.name = "bind", .subject = "pack", .given_up = bind_given_up};
