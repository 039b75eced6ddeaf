/* bind_job_kind.h: the broker's side of the job "bind", which a program of its own does (disclose/pack.h). */
#ifndef DISCLOSE_BIND_JOB_KIND_H
#define DISCLOSE_BIND_JOB_KIND_H

#include "queue/job.h"

extern const struct job_kind bind_job_kind;

#endif
