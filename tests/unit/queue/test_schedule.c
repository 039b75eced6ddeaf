/* The hours of the night: over midnight, on days when the clocks are changed, and none at all. */
#include "queue/schedule.h"
#include "tests/unit/store_fixture.h"

#include <time.h>

#define LONDON "GMT0BST,M3.5.0/1,M10.5.0" /* 2026: forward on 29 March 01:00 UTC, back on 25 October 01:00 UTC */

/* "2026-03-29 00:30", UTC */
static int64_t utc(const char *text) {
    struct tm tm = {0};
    assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
    return timegm(&tm) * 1000ll;
}

#define AT(hour, minute) ((hour) * 60 + (minute))

static void a_moment_is_night_or_not(void **state) {
    (void)state;
    static const struct {
        const char *zone;
        int from, until;
        const char *at;
        int night;
    } in[] = {
        {"UTC0", AT(19, 0), AT(7, 0), "2026-11-22 18:59", 0},  {"UTC0", AT(19, 0), AT(7, 0), "2026-11-22 19:00", 1},
        {"UTC0", AT(19, 0), AT(7, 0), "2026-11-22 23:59", 1},  {"UTC0", AT(19, 0), AT(7, 0), "2026-11-23 00:00", 1},
        {"UTC0", AT(19, 0), AT(7, 0), "2026-11-23 06:59", 1},  {"UTC0", AT(19, 0), AT(7, 0), "2026-11-23 07:00", 0},
        {"UTC0", AT(1, 0), AT(5, 30), "2026-11-23 00:59", 0},  {"UTC0", AT(1, 0), AT(5, 30), "2026-11-23 05:29", 1},
        {"UTC0", AT(1, 0), AT(5, 30), "2026-11-23 05:30", 0},  {"UTC0", AT(0, 0), AT(6, 0), "2026-11-23 00:00", 1},
        {"UTC0", AT(18, 0), AT(0, 0), "2026-11-23 23:59", 1},  {"UTC0", AT(18, 0), AT(0, 0), "2026-11-24 00:00", 0},
        {"UTC0", -1, -1, "2026-11-23 12:00", 1},               {"UTC0", AT(9, 0), AT(9, 0), "2026-11-23 12:00", 1}, /* the whole day */
        {"UTC0", 0, 0, "2026-11-23 12:00", 1},                 {"UTC0", AT(9, 0), -1, "2026-11-23 12:00", 1},
        {LONDON, AT(19, 0), AT(7, 0), "2026-07-01 18:00", 1},  {LONDON, AT(19, 0), AT(7, 0), "2026-07-01 06:00", 0}, /* summer */
        {LONDON, AT(19, 0), AT(7, 0), "2026-07-01 17:59", 0},  {LONDON, AT(19, 0), AT(7, 0), "2026-03-29 05:59", 1},
        {LONDON, AT(19, 0), AT(7, 0), "2026-03-29 06:00", 0}};
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        struct schedule s = {in[i].from, in[i].until, 0};
        setenv("TZ", in[i].zone, 1);
        tzset();
        if (schedule_is_night(&s, utc(in[i].at)) != in[i].night)
            fail_msg("row %zu: %s", i, in[i].at);
    }
}

static void the_next_change(void **state) {
    (void)state;
    static const struct {
        const char *zone;
        int from, until;
        const char *at, *change;
    } in[] = {
        {"UTC0", AT(19, 0), AT(7, 0), "2026-11-22 12:00", "2026-11-22 19:00"}, {"UTC0", AT(19, 0), AT(7, 0), "2026-11-22 19:00", "2026-11-23 07:00"},
        {"UTC0", AT(19, 0), AT(7, 0), "2026-11-23 06:59", "2026-11-23 07:00"}, {"UTC0", AT(19, 0), AT(7, 0), "2026-11-23 07:00", "2026-11-23 19:00"},
        {"UTC0", AT(19, 0), AT(18, 59), "2026-11-23 19:00", "2026-11-24 18:59"}, {"UTC0", AT(1, 0), AT(1, 1), "2026-12-31 12:00", "2027-01-01 01:00"},
        /* The clocks go forward: this night is an hour shorter; one that would begin or end in the hour that is not there does so at its place. */
        {LONDON, AT(19, 0), AT(7, 0), "2026-03-28 19:00", "2026-03-29 06:00"}, {LONDON, AT(1, 30), AT(4, 0), "2026-03-29 00:00", "2026-03-29 01:00"},
        {LONDON, AT(23, 0), AT(1, 30), "2026-03-28 23:30", "2026-03-29 01:00"},
        /* They go back: an hour longer. What begins in the hour that is there twice begins when it is there first. */
        {LONDON, AT(19, 0), AT(7, 0), "2026-10-24 18:00", "2026-10-25 07:00"}, {LONDON, AT(1, 30), AT(4, 0), "2026-10-24 20:00", "2026-10-25 00:30"},
        {LONDON, AT(2, 0), AT(4, 0), "2026-10-25 00:30", "2026-10-25 02:00"}};
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        struct schedule s = {in[i].from, in[i].until, 0};
        setenv("TZ", in[i].zone, 1);
        tzset();
        int64_t change = schedule_next_change(&s, utc(in[i].at) + 17); /* not only at the full minute */
        if (change != utc(in[i].change))
            fail_msg("row %zu: %s gives %+lld min", i, in[i].at, (long long)(change - utc(in[i].change)) / 60000);
    }
    struct schedule none = {-1, -1, 0}, whole = {AT(9, 0), AT(9, 0), 0};
    assert_true(schedule_next_change(&none, utc("2026-11-22 12:00")) == INT64_MAX);
    assert_true(schedule_next_change(&whole, utc("2026-11-22 12:00")) == INT64_MAX);
}

/* Over two years in London: each night is 12 hours, but for the four when the clocks are changed; none is left out. */
static void every_night_of_two_years(void **state) {
    (void)state;
    struct schedule s = {AT(19, 0), AT(7, 0), 0};
    int nights = 0, shorter = 0, longer = 0;
    setenv("TZ", LONDON, 1);
    tzset();
    for (int64_t at = utc("2026-01-01 12:00"); at < utc("2028-01-01 00:00");) {
        int64_t begins = schedule_next_change(&s, at), ends = schedule_next_change(&s, begins);
        assert_true(!schedule_is_night(&s, at) && schedule_is_night(&s, begins));
        nights++;
        shorter += ends - begins == 11 * 3600000ll;
        longer += ends - begins == 13 * 3600000ll;
        at = ends;
    }
    assert_int_equal(nights, 730);
    assert_int_equal(shorter, 2);
    assert_int_equal(longer, 2);
}

static void what_was_saved_is_there(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct schedule s = {AT(19, 0), AT(7, 0), 2}, there = {9, 9, 9};
    assert_int_equal(schedule_load(store, &there), 0);
    assert_false(schedule_has_hours(&there));
    assert_int_equal(schedule_save(store, &s), 0);
    assert_int_equal(schedule_load(store, &there), 0);
    assert_true(there.from == AT(19, 0) && there.until == AT(7, 0) && there.backlog_by_day == 2);
    int64_t changes = number(store, "SELECT total_changes()");
    assert_int_equal(schedule_save(store, &s), 0);
    assert_int_equal(number(store, "SELECT total_changes()"), changes);
    s = (struct schedule){-1, -1, 0};
    assert_int_equal(schedule_save(store, &s), 0);
    assert_int_equal(schedule_load(store, &there), 0);
    assert_false(schedule_has_hours(&there));
    assert_int_equal(there.backlog_by_day, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(a_moment_is_night_or_not), T(the_next_change), T(every_night_of_two_years), T(what_was_saved_is_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
