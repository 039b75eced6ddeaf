/* clock.h: moments and dates. A moment is milliseconds since 1970-01-01 UTC; a date is a day number (days since
 * 1970-01-01 in the proleptic Gregorian calendar). */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_TEXT 32
#define DATE_TEXT 16
#define CLOCK_DAY ((int64_t)86400 * 1000) /* milliseconds of a day */
#define DATE_NONE INT32_MIN

int64_t clock_now(void);      /* milliseconds since 1970, wall clock */
int64_t clock_steady(void);   /* milliseconds, never set back; for time limits */
void clock_text(int64_t moment_ms, char out[CLOCK_TEXT]); /* 2025-03-31T09:15:02.120Z */

int32_t date_today(void); /* the day in the machine's time zone */
int32_t date_from(int year, int month, int day); /* DATE_NONE when there is no such day */
void date_parts(int32_t day_number, int *ret_year, int *ret_month, int *ret_day);
int32_t date_from_iso(const char *text); /* "2025-03-31"; DATE_NONE when it is not one */
void date_text(int32_t day_number, char out[DATE_TEXT]); /* "2025-03-31", or "" for DATE_NONE */
void date_text_long(int32_t day_number, char out[32]);   /* "31 March 2025" */
int date_weekday(int32_t day_number);                    /* 0 Monday .. 6 Sunday */
int date_days_in_month(int year, int month);

#endif
