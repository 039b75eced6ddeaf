/* kinds.h: the kinds of documents and when an entry of one is late, from kinds.conf. */
#ifndef CONFIG_KINDS_H
#define CONFIG_KINDS_H

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

#endif
