/* schedule.h: the hours of the night, when the backlog is worked on by everybody. Hours are those of the machine's time zone, as the clock
 * on the wall shows them: when the clocks are changed the night is an hour shorter or longer. A moment is milliseconds since 1970 UTC. */
#ifndef QUEUE_SCHEDULE_H
#define QUEUE_SCHEDULE_H

#include "store/store.h"

#include <stdbool.h>

/* from, until: minutes since midnight; until may be before from (over midnight). -1, or the same: no such hours, it is always night. */
struct schedule {
    int from, until;
    int backlog_by_day; /* workers that may work on the backlog outside the night */
};

bool schedule_has_hours(const struct schedule *schedule);
bool schedule_is_night(const struct schedule *schedule, int64_t moment_ms);
/* The next moment at which night and day change, to the minute; INT64_MAX when they never do. */
int64_t schedule_next_change(const struct schedule *schedule, int64_t moment_ms);

/* What the broker last worked by, for those who tell people of it. Nothing saved: no hours. Saving is a transaction of its own, and none
 * when it is there already. */
int schedule_save(struct store *store, const struct schedule *schedule);
int schedule_load(struct store *store, struct schedule *ret);

#endif
