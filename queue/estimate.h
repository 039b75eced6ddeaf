/* estimate.h: how many pages wait to be read, how fast they are read, and when that will be done.
 *
 * The rate is measured: how long the pages that were read last took the workers that read them. What a worker reads in a second, times the
 * workers that there are, is the rate: hours in which nothing was to be done count for nothing in it. Files that wait to be opened hold
 * nobody knows how many pages: they are told of, and are in no figure. */
#ifndef QUEUE_ESTIMATE_H
#define QUEUE_ESTIMATE_H

#include "queue/schedule.h"

#include <stdio.h>

#define ESTIMATE_PAGES_LEAST 20 /* with fewer pages read there is no rate */
#define ESTIMATE_PAGES_MOST 1000 /* no more are looked at: the last ones */
#define ESTIMATE_NEVER INT64_MAX

struct estimate {
    int64_t now_ms;
    struct schedule schedule;
    int64_t usual, backlog;   /* pages that wait to be read or are being read: in their turn, and as backlog */
    int64_t unopened;         /* files that wait to be opened, or are being opened */
    int64_t unopened_backlog; /* of them */
    int workers;              /* that read */
    int64_t measured;         /* pages that the rate was measured on */
    double seconds;           /* that a worker needs for a page; 0 when measured is too few */
    int64_t since_leaf;       /* the audit log's leaf of the first of them */
};

/* At a moment. Looks at the end of the audit log and at what waits, at nothing that was done long ago. */
int estimate_load(struct store *store, int64_t now_ms, struct estimate *ret);
/* When the last page that waits now will have been read; ESTIMATE_NEVER when that cannot be said. What is usual goes first, with all
 * workers; the backlog has all of them by night, schedule.backlog_by_day by day. */
int64_t estimate_done_at(const struct estimate *estimate);
/* In words, a few lines, each behind the indent: "12,400 pages wait to be read; ...". */
void estimate_print(const struct estimate *estimate, const char *indent, FILE *out);

/* Large files of which some pages are read and others wait: "R000123", or "R000123/57" for a part of it. Those that are being read or were
 * read last; at most ten. read, pages: of its pages that hold something to be read, and all that it says it has. */
int estimate_each_large(struct store *store, const struct estimate *estimate,
                        void (*take)(void *state, const char *reference, int64_t read, int64_t pages), void *state);

/* "1,204,000" */
#define COUNT_TEXT 32
void estimate_count_text(int64_t count, char out[COUNT_TEXT]);
/* "3.1 pages a second", "12 pages a minute", "40 pages an hour". */
#define RATE_TEXT 48
void estimate_rate_text(double pages_per_second, char out[RATE_TEXT]);

/* The first leaf of the audit log that was written at this moment or later; one behind the last when there is none. */
int estimate_leaf_at(struct store *store, int64_t moment_ms, int64_t *ret_number);

#endif
