#include "queue/schedule.h"

#include <stddef.h>
#include <time.h>

#define MINUTE_MS 60000ll
#define DAY_MINUTES 1440
#define SHIFT_MINUTES 120 /* more than clocks are ever changed by */

bool schedule_has_hours(const struct schedule *schedule) {
    return schedule->from >= 0 && schedule->until >= 0 && schedule->from != schedule->until;
}

static int minute_of_day(int64_t moment_ms) {
    time_t seconds = (time_t)(moment_ms / 1000);
    struct tm tm;
    localtime_r(&seconds, &tm);
    return tm.tm_hour * 60 + tm.tm_min;
}

bool schedule_is_night(const struct schedule *s, int64_t moment_ms) {
    if (!schedule_has_hours(s))
        return true;
    int minute = minute_of_day(moment_ms);
    return s->from < s->until ? minute >= s->from && minute < s->until : minute >= s->from || minute < s->until;
}

/* Nearly there in one step, then minute by minute: so it is right on days when the clocks are changed, whatever the rule. */
int64_t schedule_next_change(const struct schedule *s, int64_t moment_ms) {
    if (!schedule_has_hours(s))
        return INT64_MAX;
    bool night = schedule_is_night(s, moment_ms);
    int left = ((night ? s->until : s->from) - minute_of_day(moment_ms) + DAY_MINUTES) % DAY_MINUTES;
    int64_t at = moment_ms - moment_ms % MINUTE_MS;
    if (left > SHIFT_MINUTES)
        at += (left - SHIFT_MINUTES) * MINUTE_MS;
    while (schedule_is_night(s, at) == night)
        at += MINUTE_MS;
    return at;
}

static const struct {
    const char *name;
    size_t at;
} fields[] = {{"night_from", offsetof(struct schedule, from)},
              {"night_until", offsetof(struct schedule, until)},
              {"backlog_by_day", offsetof(struct schedule, backlog_by_day)}};
#define FIELDS (sizeof fields / sizeof fields[0])

static int *field_of(const struct schedule *schedule, size_t i) {
    return (int *)(void *)((char *)(uintptr_t)schedule + fields[i].at);
}

int schedule_load(struct store *store, struct schedule *ret) {
    struct schedule there = {0};
    int err = 0;
    for (size_t i = 0; i < FIELDS && !err; i++) {
        int64_t value = 0;
        err = store_meta(store, fields[i].name, &value);
        *field_of(&there, i) = (int)value;
    }
    if (!err)
        *ret = there;
    return err;
}

int schedule_save(struct store *store, const struct schedule *schedule) {
    struct schedule there;
    int err = schedule_load(store, &there);
    if (err || (there.from == schedule->from && there.until == schedule->until && there.backlog_by_day == schedule->backlog_by_day))
        return err;
    err = db_begin(store->db);
    if (err)
        return err;
    for (size_t i = 0; i < FIELDS && !err; i++)
        err = store_meta_set(store, fields[i].name, *field_of(schedule, i));
    return db_end(store->db, err);
}
