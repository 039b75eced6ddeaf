/* custody.h: the ledger that accounts for every page received: the sums per receipt, batch, day and scanner, and what is missing by name.
 *
 * A page is in one place: filed, proposed or in triage (with its document), blank, a separator, a duplicate (of what came before, or scanned
 * again since; until then it waits), quarantined, waiting. What was received is counted by itself (what the files say they hold), so that the sums can fail. */
#ifndef INGEST_CUSTODY_H
#define INGEST_CUSTODY_H

#include "store/store.h"

#include <stdio.h>

struct custody {
    int64_t received, filed, proposed, triage, blank, separator, duplicate, quarantined, waiting;
    int64_t outside; /* a person has said: of no child of the register */
    int64_t sum; /* of all but received */
};

enum custody_by { CUSTODY_ALL, CUSTODY_RECEIPT, CUSTODY_BATCH, CUSTODY_DAY, CUSTODY_SCANNER };

/* One line of the ledger: what (a receipt, a batch, a day, a scanner; "" for everything) and its sums. day: "2026-11-22", or NULL for all
 * days; days are those of the machine's time zone. take: not 0 ends it and is returned. */
struct custody_query {
    enum custody_by by;
    const char *day;
    int (*take)(void *state, const char *what, const struct custody *sums);
    void *state;
};
int custody_each(struct store *store, const struct custody_query *query);
int custody_load(struct store *store, struct custody *ret); /* of everything */

/* A line of the ledger as people read it, and the heading above such lines; `what` stands in the first column. Returns whether the sums
 * hold. */
void custody_print_heading(FILE *out, const char *what);
int custody_print_line(FILE *out, const char *what, const struct custody *sums);

/* What asks for a person, counted: how many, and what to do about it. */
enum custody_asks { ASKS_STATUS = 1, ASKS_REPORT = 2 }; /* where it is told */
int custody_asks_each(struct store *store, enum custody_asks where, void (*take)(void *state, int64_t count, const char *text), void *state);

/* Every page that a file says it has and that is nowhere. Returns 0, or what take returned. */
int custody_missing(struct store *store, int (*take)(void *state, int64_t receipt, int64_t part, int64_t page), void *state);

/* The report of a day: the sums per scanner and batch and whether they hold, what is missing, what was read in the night that followed (or
 * on the day, when there are no hours of the night), what is not finished and when it will be, what waits for a person, what is not done.
 * Returns 0 when the sums hold, 1 when they do not, or an error. No personal data. */
int custody_report(struct store *store, const char *day, FILE *out);
/* Writes yesterday's report to out/reports/custody-DAY.txt once it is `hour` o'clock (-1: never), or the night has ended, three hours
 * later at most; does nothing when it is there. */
int custody_report_due(struct store *store, int hour);

#endif
