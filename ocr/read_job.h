/* read_job.h: the job "read": a page's picture becomes words. The broker's side. */
#ifndef OCR_READ_JOB_H
#define OCR_READ_JOB_H

#include "queue/job.h"

extern const struct job_kind read_job_kind;

#endif
