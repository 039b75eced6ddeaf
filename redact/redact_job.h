/* redact_job.h: the jobs "cover" (a page of a pack) and "prove" (a pack, or some of its pages). The broker's side. */
#ifndef REDACT_REDACT_JOB_H
#define REDACT_REDACT_JOB_H

#include "queue/job.h"

extern const struct job_kind cover_job_kind;
extern const struct job_kind prove_job_kind;

#endif
