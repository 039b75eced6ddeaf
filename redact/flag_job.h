/* flag_job.h: the job "flag": who and what on a document's pages is somebody else's personal data. */
#ifndef REDACT_FLAG_JOB_H
#define REDACT_FLAG_JOB_H

#include "queue/job.h"
#include "redact/find.h"

extern const struct job_kind flag_job_kind; /* the broker's side */

/* Flags the job's document for each child that it is filed to (or, while it is only proposed, for the first candidate; or for nobody), and
 * commits. Pages that could not be read, or only poorly, are flagged whole: they are never silently clean. */
int flag_document(struct store *store, struct finder *finder, const struct job *job);

#endif
