/* open_job.h: the job "open": a part becomes pages, documents and further parts. The broker's side. */
#ifndef INGEST_OPEN_JOB_H
#define INGEST_OPEN_JOB_H

#include "queue/job.h"

extern const struct job_kind open_job_kind;
/* "convert": an office file becomes a PDF, a part of its part. */
extern const struct job_kind convert_job_kind;

#endif
