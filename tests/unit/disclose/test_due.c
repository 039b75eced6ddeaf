/* Dates worked out by hand with a calendar of 2023 to 2025. */
#include "base/clock.h"
#include "disclose/due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const holidays[] = {
    "2023-12-25", "2023-12-26", "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06",
    "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18",
    "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26",
};
#define HOLIDAYS (sizeof holidays / sizeof *holidays)

static struct rules *calendar(void) {
    static int32_t days[HOLIDAYS];
    static struct rules rules;
    for (size_t i = 0; i < HOLIDAYS; i++)
        days[i] = date_from_iso(holidays[i]);
    rules = (struct rules){
        .holidays = days, .holiday_count = HOLIDAYS, .holidays_until = date_from(2025, 12, 31)};
    return &rules;
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
    struct rules rules = *calendar();
    rules.holidays_until = date_from(2025, 4, 20); /* Easter Sunday */
    assert_int_equal(due_date(&rules, date_from(2025, 3, 18), 1), DATE_NONE);
    assert_int_equal(due_date(&rules, date_from(2025, 3, 17), 1), date_from(2025, 4, 17));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_dates),
        cmocka_unit_test(test_due_none),
        cmocka_unit_test(test_due_rolls_past_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
