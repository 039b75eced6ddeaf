/* name_lists.h: a council's own lists for the finder of people, from names.conf. */
#ifndef CONFIG_NAME_LISTS_H
#define CONFIG_NAME_LISTS_H

#include <stdbool.h>
#include <stddef.h>

/* A line that somebody added. */
struct listed_name {
    char *words;
    char *role;   /* of always: "third_party", "family", "unknown"; of never: "" */
    char *by, *on; /* who added it; the day, "2026-01-31" */
};

struct name_lists {
    struct listed_name *never, *always;
    size_t never_count, always_count;
    char **titles, **professions, **organisations;
    size_t title_count, profession_count, organisation_count;
};

/* ERR_SETTING, and the log names the line: also for a line that does not say who added it and when. You drop it. */
int name_lists_load(const char *folder, struct name_lists **ret);
void name_lists_drop(struct name_lists **lists);

#endif
