/* kinds.h: the kinds of documents and when an entry of one is late, from kinds.conf. */
#ifndef CONFIG_KINDS_H
#define CONFIG_KINDS_H

#include "config/rules.h"

#include <stdbool.h>
#include <stddef.h>

/* Phrases in small letters, words parted by one space. */
struct phrases {
    char **list;
    size_t count;
};

struct kind {
    char *kind, *name, *approved;
    struct phrases head, body;
    int late_working_days, late_hours; /* one of them, or both 0: never late */
    bool historical;
};

struct kinds {
    struct kind *list;
    size_t count;
    struct phrases event, written, neither; /* what stands before a date */
};

int kinds_load(const char *folder, struct kinds **ret); /* ERR_SETTING, and the log names the line. You drop it. */
void kinds_drop(struct kinds **kinds);
const struct kind *kinds_find(const struct kinds *kinds, const char *kind); /* borrowed; NULL when there is none of that name */

/* By how many days an entry is late: calendar days, or working days where the kind's period is in those; 0: it is not, or nobody knows.
 * recorded: when it was written, or else received. (Recording policy, 6.2 and 10.) */
int32_t kind_late_days(const struct rules *rules, const struct kind *kind, int32_t event, int32_t recorded);

#endif
