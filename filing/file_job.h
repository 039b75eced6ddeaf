/* file_job.h: the job "file": a document that is read finds its child. */
#ifndef FILING_FILE_JOB_H
#define FILING_FILE_JOB_H

#include "config/kinds.h"
#include "filing/matcher.h"
#include "queue/job.h"

extern const struct job_kind file_job_kind; /* the broker's side: the job is done elsewhere */

/* Files the job's document, finds its kind and dates, and commits: filing, next job, audit, end of the job, in one transaction. */
int file_document(struct store *store, const struct matcher *matcher, const struct kinds *kinds, const struct job *job);

#endif
