/* Dates: every day of 3,000 years there and back, and what is no date. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void every_day_there_and_back(void **state) {
    (void)state;
    int32_t n = date_from(1, 1, 1);
    for (int y = 1; y <= 2400; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= date_days_in_month(y, m); d++, n++) {
                int yy, mm, dd;
                assert_int_equal(date_from(y, m, d), n);
                if (d > 1 && d < 27 && y % 50)
                    continue;
                date_parts(n, &yy, &mm, &dd);
                assert_true(yy == y && mm == m && dd == d);
            }
}

static void days_that_are_known(void **state) {
    (void)state;
    assert_int_equal(date_from(1970, 1, 1), 0);
    assert_int_equal(date_from(2000, 3, 1), 11017);
    assert_int_equal(date_from(1969, 12, 31), -1);
    assert_int_equal(date_weekday(date_from(2026, 11, 22)), 6); /* a Sunday */
    assert_int_equal(date_weekday(date_from(1900, 1, 1)), 0);   /* a Monday */
    assert_int_equal(date_days_in_month(2024, 2), 29);
    assert_int_equal(date_days_in_month(1900, 2), 28);
    assert_int_equal(date_days_in_month(2000, 2), 29);
}

static void days_that_are_none(void **state) {
    (void)state;
    static const int wrong[][3] = {{2025, 2, 29}, {2025, 4, 31}, {2025, 13, 1}, {2025, 0, 1}, {2025, 1, 0}, {2025, 1, 32}, {0, 1, 1}, {10000, 1, 1}, {-5, 1, 1}};
    static const char *const texts[] = {"", "2025-3-31", "2025-02-29", "31-03-2025", "2025-03-31 ", " 2025-03-31", "2025- 3- 1", "+025-03-31", "2025/03/31", "2025-03-3x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(date_from(wrong[i][0], wrong[i][1], wrong[i][2]), DATE_NONE);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(date_from_iso(texts[i]), DATE_NONE);
    assert_int_equal(date_from_iso(NULL), DATE_NONE);
    int y, m, d; /* outside: clamped, and above all it ends */
    date_parts(INT32_MAX, &y, &m, &d);
    assert_true(y == 9999 && m == 12 && d == 31);
    date_parts(DATE_NONE + 1, &y, &m, &d);
    assert_true(y == 1 && m == 1 && d == 1);
}

static void dates_as_text(void **state) {
    (void)state;
    char text[DATE_TEXT], longer[32];
    assert_int_equal(date_from_iso("2025-03-31"), date_from(2025, 3, 31));
    date_text(date_from(2025, 3, 31), text);
    assert_string_equal(text, "2025-03-31");
    date_text(date_from(812, 3, 1), text);
    assert_string_equal(text, "0812-03-01");
    date_text(DATE_NONE, text);
    assert_string_equal(text, "");
    date_text_long(date_from(2025, 9, 1), longer);
    assert_string_equal(longer, "1 September 2025");
    date_text_long(DATE_NONE, longer);
    assert_string_equal(longer, "");
}

static void moments(void **state) {
    (void)state;
    char text[CLOCK_TEXT];
    clock_text(1743412502120, text);
    assert_string_equal(text, "2025-03-31T09:15:02.120Z");
    clock_text(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    clock_text(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    int64_t now = clock_now(), steady = clock_steady();
    assert_true(now / 1000 >= time(NULL) - 5 && now / 1000 <= time(NULL) + 5);
    assert_true(clock_steady() >= steady);
    time_t t = time(NULL);
    struct tm tm;
    localtime_r(&t, &tm);
    int32_t today = date_today();
    assert_true(today == date_from(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) || today == date_from(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_day_there_and_back), cmocka_unit_test(days_that_are_known), cmocka_unit_test(days_that_are_none),
                                       cmocka_unit_test(dates_as_text), cmocka_unit_test(moments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
