/* Dates worked out by hand with a calendar of 2023 to 2025. */
#include "base/clock.h"
#include "base/err.h"
#include "disclose/request_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/rules_fixture.h"

static const char *const holidays[] = {
    "2023-12-25", "2023-12-26", "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06",
    "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18",
    "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26",
};
#define HOLIDAYS (sizeof holidays / sizeof *holidays)

static struct rules *calendar(void) {
    static int32_t days[HOLIDAYS];
    static struct rules made;
    for (size_t i = 0; i < HOLIDAYS; i++)
        days[i] = date_from_iso(holidays[i]);
    made = (struct rules){
        .holidays = days, .holiday_count = HOLIDAYS, .holidays_until = date_from(2025, 12, 31)};
    return &made;
}

static const struct {
    const char *start;
    int months;
    const char *due; /* "": past the calendar */
} cases[] = {
    {"2025-03-03", 1, "2025-04-03"}, /* a Thursday */
    {"2025-01-29", 1, "2025-02-28"}, /* February has no 29, 30, 31 */
    {"2025-01-30", 1, "2025-02-28"},
    {"2025-01-31", 1, "2025-02-28"},
    {"2025-01-28", 1, "2025-02-28"},
    {"2024-01-29", 1, "2024-02-29"}, /* leap year */
    {"2024-01-31", 1, "2024-02-29"},
    {"2024-02-29", 1, "2024-04-02"}, /* 29 March is Good Friday; Easter Monday is 1 April */
    {"2025-03-31", 1, "2025-04-30"},
    {"2025-02-01", 1, "2025-03-03"}, /* Saturday 1 March */
    {"2025-02-02", 1, "2025-03-03"}, /* Sunday 2 March */
    {"2025-03-18", 1, "2025-04-22"}, /* Good Friday 18 April, weekend, Easter Monday 21 April */
    {"2025-03-20", 1, "2025-04-22"},
    {"2025-03-21", 1, "2025-04-22"},
    {"2024-11-25", 1, "2024-12-27"}, /* Wednesday and Thursday are Christmas and Boxing Day */
    {"2025-11-25", 1, "2025-12-29"}, /* Thursday, Friday, weekend */
    {"2024-12-01", 1, "2025-01-02"}, /* New Year's Day */
    {"2024-12-02", 1, "2025-01-02"},
    {"2025-01-31", 3, "2025-04-30"},
    {"2024-11-30", 3, "2025-02-28"}, /* over the year's end into a short month */
    {"2023-11-30", 3, "2024-02-29"},
    {"2025-01-18", 3, "2025-04-22"}, /* extended, Good Friday */
    {"2024-12-31", 3, "2025-03-31"},
    {"2025-03-03", 0, "2025-03-03"},
    {"2025-11-30", 1, "2025-12-30"}, /* the last days that the calendar knows */
    {"2025-12-01", 1, ""},
    {"2025-10-31", 3, ""},
};

static void test_due_dates(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[DATE_TEXT];
        date_text(due_date(calendar(), date_from_iso(cases[i].start), cases[i].months), text);
        assert_string_equal(text, cases[i].due);
    }
}

static void test_due_none(void **state) {
    (void)state;
    assert_int_equal(due_date(calendar(), DATE_NONE, 1), DATE_NONE);
    assert_int_equal(due_date(calendar(), date_from(2025, 1, 1), -1), DATE_NONE);
}

/* The calendar ends on a working day; a due date rolled past its end is not guessed. */
static void test_due_rolls_past_the_calendar(void **state) {
    (void)state;
    struct rules short_rules = *calendar();
    short_rules.holidays_until = date_from(2025, 4, 20); /* Easter Sunday */
    assert_int_equal(due_date(&short_rules, date_from(2025, 3, 18), 1), DATE_NONE);
    assert_int_equal(due_date(&short_rules, date_from(2025, 3, 17), 1), date_from(2025, 4, 17));
}

/* ---- events, with the rules as they are shipped. Worked out by hand with calendars of 2026 to 2028. */

#define EVENTS_MOST 10

struct story {
    const char *rule;
    const char *due;   /* "": none */
    const char *waits; /* or what is waited for */
    struct {
        const char *kind, *day;
    } events[EVENTS_MOST];
};

static const struct story stories[] = {
    {"CLK-1", "2026-03-02", "", {{"received", "2026-01-30"}}}, /* 28 February is a Saturday */
    {"CLK-1", "2026-04-30", "", {{"received", "2026-01-30"}, {"extended", "2026-02-20"}}},
    {"CLK-1", "2026-03-02", "", {{"received", "2026-01-31"}, {"extended", "2026-03-03"}}}, /* told too late: it does not count */
    {"CLK-1", "2026-04-30", "", {{"received", "2026-01-31"}, {"extended", "2026-03-02"}}}, /* on the last day */
    /* CLK-3: the latest of receipt, identity, fee. */
    {"CLK-1", "", "proof of identity", {{"received", "2026-03-02"}, {"identity asked", "2026-03-04"}}},
    {"CLK-1", "2026-04-16", "", {{"received", "2026-03-02"}, {"identity asked", "2026-03-04"}, {"identity confirmed", "2026-03-16"}}},
    {"CLK-1", "2026-04-20", "", {{"received", "2026-03-02"}, {"identity confirmed", "2026-03-20"}}},
    {"CLK-1", "", "the fee", {{"received", "2026-03-02"}, {"fee asked", "2026-03-03"}, {"identity confirmed", "2026-03-05"}}},
    {"CLK-1", "2026-04-23", "", {{"received", "2026-03-02"}, {"fee asked", "2026-03-03"}, {"identity confirmed", "2026-03-05"}, {"fee paid", "2026-03-23"}}},
    /* Before 5 February 2026 the month began with the receipt. */
    {"CLK-1", "2026-03-04", "", {{"received", "2026-02-04"}, {"identity asked", "2026-02-06"}}},
    {"CLK-1", "", "proof of identity", {{"received", "2026-02-05"}, {"identity asked", "2026-02-06"}}},
    /* CLK-4: both days do not count. */
    {"CLK-1", "", "clarification", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-09"}}},
    {"CLK-1", "2026-04-09", "", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-09"}, {"clarification answered", "2026-03-15"}}}, /* 2 April and 7 days */
    {"CLK-1", "2026-04-07", "", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-09"}, {"clarification answered", "2026-03-09"}}}, /* 3 April is Good Friday */
    {"CLK-1", "2026-04-08", "", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-02"}, {"clarification answered", "2026-03-08"}}}, /* the first day counted nothing: 6 */
    {"CLK-1", "2026-04-13", "", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-09"}, {"clarification answered", "2026-03-15"},
                                 {"clarification asked", "2026-03-15"}, {"clarification answered", "2026-03-17"}}}, /* 15 March once: 9 days, a Saturday */
    {"CLK-1", "2026-03-13", "", {{"received", "2026-02-13"}, {"clarification asked", "2026-03-16"}}}, /* asked when it was overdue already */
    {"CLK-1", "2026-04-20", "", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-04"}, {"identity asked", "2026-03-05"},
                                 {"clarification answered", "2026-03-10"}, {"identity confirmed", "2026-03-20"}}}, /* 20 April: the stop was over before the month began */
    {"CLK-1", "2026-06-09", "", {{"received", "2026-03-02"}, {"clarification asked", "2026-03-09"}, {"clarification answered", "2026-03-15"}, {"extended", "2026-04-09"}}},
    {"CLK-1", "2026-02-02", "", {{"received", "2026-01-02"}, {"clarification asked", "2026-01-09"}}}, /* before the rule was in force: nothing stops */
    /* 29 to 31 January, leap years, Easter, Christmas. */
    {"CLK-1", "2028-02-29", "", {{"received", "2028-01-29"}}},
    {"CLK-1", "2028-02-29", "", {{"received", "2028-01-31"}}},
    {"CLK-1", "2027-03-01", "", {{"received", "2027-01-29"}}}, /* 28 February 2027 is a Sunday */
    {"CLK-1", "2027-03-30", "", {{"received", "2027-02-26"}}}, /* Good Friday 26 March to Easter Monday */
    {"CLK-1", "2028-04-18", "", {{"received", "2028-03-14"}}}, /* Good Friday 14 April to Easter Monday 17 April */
    {"CLK-1", "2026-12-29", "", {{"received", "2026-11-25"}}}, /* Christmas Day a Friday, Boxing Day moved to Monday 28 */
    {"CLK-1", "2028-05-30", "", {{"received", "2028-02-29"}, {"extended", "2028-03-01"}}}, /* 29 May is the spring bank holiday */
    /* CLK-8, orders, and what closes. */
    {"CLK-8", "2026-04-02", "", {{"received", "2026-03-02"}}},
    {"CLK-8", "2026-06-02", "", {{"received", "2026-03-02"}, {"extended", "2026-03-20"}}},
    {"", "", "", {{"received", "2026-03-02"}}},
    {"", "2026-03-13", "", {{"received", "2026-03-02"}, {"due by", "2026-03-13"}}},
    {"", "2026-03-20", "", {{"received", "2026-03-02"}, {"due by", "2026-03-13"}, {"due by", "2026-03-20"}}},
    {"CLK-1", "2026-05-05", "", {{"received", "2026-01-30"}, {"extended", "2026-02-20"}, {"released", "2026-03-30"}, {"complaint", "2026-04-01"},
                                 {"reopened", "2026-04-02"}, {"note", "2026-04-05"}}}, /* 2 May: Saturday, early May bank holiday on the 4th */
    {"CLK-1", "", "", {{"note", "2026-03-02"}}}, /* never received */
};

static size_t story_events(const struct story *story, struct clock_event *ret) {
    size_t n = 0;
    for (; n < EVENTS_MOST && story->events[n].kind; n++) {
        assert_int_equal(event_from(story->events[n].kind, &ret[n].kind), 0);
        ret[n].day = date_from_iso(story->events[n].day);
        assert_int_not_equal(ret[n].day, DATE_NONE);
    }
    return n;
}

static void stories_worked_out_by_hand(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct clock_event events[EVENTS_MOST];
        size_t count = story_events(&stories[i], events);
        struct request_clock clock = request_clock_read(rules, stories[i].rule, events, count);
        char due[DATE_TEXT];
        date_text(clock.due, due);
        if (strcmp(due, stories[i].due) || strcmp(clock.waits, stories[i].waits))
            fail_msg("story %zu: due '%s' for '%s', waits for '%s' for '%s'", i, due, stories[i].due, clock.waits, stories[i].waits);
    }
}

static void what_closes_and_opens(void **state) {
    (void)state;
    static const struct {
        const char *kind;
        enum request_stage stage;
    } closings[] = {{"released", STAGE_RELEASED}, {"refused", STAGE_REFUSED}, {"withdrawn", STAGE_WITHDRAWN}, {"answered", STAGE_ANSWERED}, {"note", STAGE_OPEN}};
    for (size_t i = 0; i < sizeof closings / sizeof *closings; i++) {
        struct clock_event events[3] = {{EVENT_RECEIVED, date_from(2026, 3, 2)}, {EVENT_NOTE, date_from(2026, 3, 3)}, {EVENT_REOPENED, date_from(2026, 3, 9)}};
        assert_int_equal(event_from(closings[i].kind, &events[1].kind), 0);
        assert_int_equal(request_clock_read(rules, "CLK-1", events, 2).stage, closings[i].stage);
        struct request_clock again = request_clock_read(rules, "CLK-1", events, 3);
        assert_int_equal(again.stage, STAGE_OPEN);
        assert_int_equal(again.due, closings[i].stage == STAGE_OPEN ? date_from(2026, 4, 2) : date_from(2026, 4, 9));
    }
}

static void complaints_have_thirty_days(void **state) {
    (void)state;
    struct clock_event events[] = {{EVENT_RECEIVED, date_from(2026, 3, 2)}, {EVENT_RELEASED, date_from(2026, 3, 20)}, {EVENT_COMPLAINT, date_from(2026, 7, 1)},
                                   {EVENT_COMPLAINT_ACKNOWLEDGED, date_from(2026, 7, 3)}};
    assert_int_equal(request_clock_read(rules, "CLK-1", events, 3).complaint_by, date_from(2026, 7, 31));
    assert_int_equal(request_clock_read(rules, "CLK-1", events, 4).complaint_by, DATE_NONE);
    events[2].day = date_from(2026, 6, 18); /* the day before the section was in force */
    assert_int_equal(request_clock_read(rules, "CLK-1", events, 3).complaint_by, DATE_NONE);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *kind, *day, *why;
    } senseless[] = {
        {"received", "2026-03-10", "already"},
        {"fee paid", "2026-03-10", "no fee"},
        {"clarification answered", "2026-03-10", "no clarification"},
        {"reopened", "2026-03-10", "open"},
        {"recalled", "2026-03-10", "nothing is released"},
        {"extended", "2026-04-08", "first month"},
        {"clarification asked", "2026-04-08", "due before"},
        {"complaint acknowledged", "2026-03-10", "no complaint"},
        {"note", "2026-03-01", "before the receipt"},
        {"note", "2026-05-01", "not been"},
    };
    const struct clock_event received = {EVENT_RECEIVED, date_from(2026, 3, 2)};
    for (size_t i = 0; i < sizeof senseless / sizeof *senseless; i++) {
        struct clock_event event = {EVENT_NOTE, date_from_iso(senseless[i].day)};
        const char *why = NULL;
        assert_int_equal(event_from(senseless[i].kind, &event.kind), 0);
        assert_true(event_check(rules, "CLK-1", &received, 1, event, date_from(2026, 4, 20), &why) < 0);
        assert_non_null(strstr(why, senseless[i].why));
    }
    const char *why = NULL;
    assert_int_equal(event_check(rules, "CLK-1", &received, 1, (struct clock_event){EVENT_EXTENDED, date_from(2026, 4, 2)}, date_from(2026, 4, 20), &why), 0);
    assert_int_equal(event_check(rules, "", &received, 1, (struct clock_event){EVENT_DUE_BY, date_from(2026, 6, 2)}, date_from(2026, 4, 20), &why), 0);
    assert_null(why);
    enum event_kind kind;
    assert_int_equal(event_from("asleep", &kind), ERR_INPUT);
}

/* ---- properties, against a count day by day that shares nothing with the other */

static int32_t counted_due(int32_t received, int32_t identity, const int32_t *asked, const int32_t *answered, int stops, int months) {
    int32_t start = identity != DATE_NONE && identity > received ? identity : received;
    int y, m, d;
    date_parts(start, &y, &m, &d);
    for (int i = 0; i < months; i++)
        if (++m > 12) {
            m = 1;
            y++;
        }
    int32_t due = DATE_NONE;
    for (int day = d; due == DATE_NONE; day--)
        due = date_from(y, m, day);
    int to_count = due - start;
    for (int32_t day = start; to_count > 0;) {
        bool stopped = false;
        day++;
        for (int i = 0; i < stops; i++)
            stopped |= asked[i] <= day && day <= answered[i];
        to_count -= !stopped;
        due = day;
    }
    while (date_weekday(due) >= 5 || !rules_is_working_day(rules, due))
        due++;
    return due;
}

static void random_stories_are_as_counted_day_by_day(void **state) {
    (void)state;
    srand(7);
    for (int n = 0; n < 20000; n++) {
        int32_t received = date_from(2026, 2, 5) + rand() % 500, asked[2], answered[2], identity = DATE_NONE;
        struct clock_event events[8] = {{EVENT_RECEIVED, received}};
        size_t count = 1;
        int stops = rand() % 3;
        bool extended = rand() % 3 == 0;
        if (rand() % 2) {
            identity = received + rand() % 10;
            events[count++] = (struct clock_event){EVENT_IDENTITY_CONFIRMED, identity};
        }
        int32_t day = identity == DATE_NONE ? received : identity;
        if (extended)
            events[count++] = (struct clock_event){EVENT_EXTENDED, day};
        for (int i = 0; i < stops; i++) {
            asked[i] = day + rand() % 9;
            day = answered[i] = asked[i] + rand() % 20;
            events[count++] = (struct clock_event){EVENT_CLARIFICATION_ASKED, asked[i]};
            events[count++] = (struct clock_event){EVENT_CLARIFICATION_ANSWERED, answered[i]};
        }
        struct request_clock clock = request_clock_read(rules, "CLK-1", events, count);
        int32_t wanted = counted_due(received, identity, asked, answered, stops, extended ? 3 : 1);
        assert_int_equal(clock.due, wanted);
        assert_true(rules_is_working_day(rules, clock.due));
        assert_true(clock.due >= clock.first_month);
        assert_int_equal(request_clock_read(rules, "CLK-1", events, count).due, clock.due); /* the same events, the same date */
    }
}

/* A later receipt is never due earlier; within a month there are never more days than 31, a weekend and four days of Easter or Christmas. */
static void due_dates_never_go_back(void **state) {
    (void)state;
    int32_t before = 0;
    for (int32_t day = date_from(2026, 2, 5); day < date_from(2028, 11, 20); day++) {
        struct clock_event event = {EVENT_RECEIVED, day};
        int32_t due = request_clock_read(rules, "CLK-1", &event, 1).due;
        assert_true(due >= before);
        assert_true(due - day >= 28 && due - day <= 31 + 4);
        before = due;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_dates),
        cmocka_unit_test(test_due_none),
        cmocka_unit_test(test_due_rolls_past_the_calendar),
        cmocka_unit_test(stories_worked_out_by_hand),
        cmocka_unit_test(what_closes_and_opens),
        cmocka_unit_test(complaints_have_thirty_days),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(random_stories_are_as_counted_day_by_day),
        cmocka_unit_test(due_dates_never_go_back),
    };
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
