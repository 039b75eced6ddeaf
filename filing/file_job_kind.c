#include "base/clock.h"
#include "filing/file_job.h"
#include "queue/next.h"

/* It could not be matched: it belongs to nobody yet, and a person sees it in triage. */
static int file_given_up(struct store *store, const struct job *job, const char *reason) {
    (void)reason;
    /* One that was filed before stays as it was filed. */
    int err = db_run(store->db,
                     "INSERT INTO filing(document_id, outcome, made_at, made_by) SELECT ?1, 'none', ?2, 'machine' WHERE NOT EXISTS"
                     " (SELECT 1 FROM filing WHERE document_id = ?1 AND superseded_by IS NULL)", "ii", job->subject, clock_now());
    return err ? err : next_after_filed(store, job->subject);
}

const struct job_kind file_job_kind = {.name = "file", .subject = "document", .given_up = file_given_up};
