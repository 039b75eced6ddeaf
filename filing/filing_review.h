/* filing_review.h: how good the machine's filings are, and what people have to look at: the week's sample, alarms, the report. */
#ifndef FILING_FILING_REVIEW_H
#define FILING_FILING_REVIEW_H

#include "store/store.h"

#include <stdint.h>

/* The day number of the Monday of a day's week. */
int32_t review_week(int32_t day);

/* Draws the sample of the week before today's, once: so many of its automatic filings, at random, put up for a person's check. Inside no
 * transaction. wanted 0: none. */
int sample_draw(struct store *store, int32_t today, int64_t wanted);
/* A person has looked at an automatic filing (of the sample or not): whether the record that it is in is right. Inside the caller's
 * transaction. ERR_NOT_FOUND: the document is not filed by the machine. */
int sample_decide(struct store *store, int64_t document_id, bool right, const char *who);

/* The alarm that the document names a child of another family: it belongs there all the same. Inside the caller's transaction. ERR_NOT_FOUND:
 * there is no such alarm that is open; ERR_INPUT: no reason. */
int alarm_clear(struct store *store, int64_t document_id, int64_t child_id, const char *why, const char *who);

struct review {
    int64_t automatic, by_person, by_context; /* documents first filed in the period: by the machine; by a person; by cover sheet or what was said at intake */
    int64_t waiting;             /* documents of the period that wait for a person now */
    int64_t changed;             /* automatic filings of the period that a person has changed since */
    int64_t checked, wrong;      /* of the period's sample */
};
/* Of the documents first filed from one moment to before another (milliseconds). */
int review_load(struct store *store, int64_t from, int64_t to, struct review *ret);
/* The Wilson score interval of 95 % of a share (Wilson 1927): k of n; 0 to 1 for n = 0. */
void review_interval(int64_t k, int64_t n, double *ret_low, double *ret_high);

/* How long documents have waited for a person, in whole days: the median, the longest, and how many there are. */
int review_age(struct store *store, int64_t now, int64_t *ret_median, int64_t *ret_longest, int64_t *ret_count);

#endif
