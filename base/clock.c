#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_steady(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_text(int64_t moment_ms, char out[CLOCK_TEXT]) {
    int thousandths = (int)((moment_ms % 1000 + 1000) % 1000); /* also before 1970 */
    time_t seconds = (time_t)((moment_ms - thousandths) / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    size_t n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, CLOCK_TEXT - n, ".%03dZ", thousandths);
}

int32_t date_today(void) {
    time_t now = time(NULL);
    struct tm tm;
    localtime_r(&now, &tm);
    return date_from(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static bool year_is_leap(int y) {
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

int date_days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

/* Days before a year, counted from the year 0. */
static int32_t year_start(int y) {
    int p = y - 1;
    return 365 * y + p / 4 - p / 100 + p / 400;
}

int32_t date_from(int year, int month, int day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > date_days_in_month(year, month))
        return DATE_NONE;
    int32_t n = year_start(year) - year_start(1970) + day - 1;
    for (int m = 1; m < month; m++)
        n += date_days_in_month(year, m);
    return n;
}

/* Days outside the years 1 to 9999 give the first or last of them. */
void date_parts(int32_t day_number, int *ret_year, int *ret_month, int *ret_day) {
    int32_t first = date_from(1, 1, 1), last = date_from(9999, 12, 31);
    day_number = day_number < first ? first : day_number > last ? last : day_number;
    /* Never later than the year that is looked for. */
    int year = day_number < 0 ? 1969 + day_number / 365 : 1970 + day_number / 366;
    while (year < 9999 && date_from(year + 1, 1, 1) <= day_number)
        year++;
    int32_t left = day_number - date_from(year, 1, 1);
    int month = 1;
    while (left >= date_days_in_month(year, month))
        left -= date_days_in_month(year, month++);
    *ret_year = year;
    *ret_month = month;
    *ret_day = left + 1;
}

int32_t date_from_iso(const char *text) {
    int y, m, d;
    if (!text || strlen(text) != 10)
        return DATE_NONE;
    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return DATE_NONE;
    if (sscanf(text, "%4d-%2d-%2d", &y, &m, &d) != 3)
        return DATE_NONE;
    return date_from(y, m, d);
}

void date_text(int32_t day_number, char out[DATE_TEXT]) {
    int y, m, d;
    out[0] = 0;
    if (day_number == DATE_NONE)
        return;
    date_parts(day_number, &y, &m, &d);
    snprintf(out, DATE_TEXT, "%04d-%02d-%02d", y % 10000, m % 100, d % 100);
}

void date_text_long(int32_t day_number, char out[32]) {
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    int y, m, d;
    out[0] = 0;
    if (day_number == DATE_NONE)
        return;
    date_parts(day_number, &y, &m, &d);
    snprintf(out, 32, "%d %s %d", d, months[m - 1], y);
}

int date_weekday(int32_t day_number) {
    return ((day_number + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
}
