#include "disclose/due.h"

#include "base/clock.h"

/* The corresponding date so many months on, or the last day of a month that is too short. */
static int32_t due_corresponding(int32_t start_day, int months) {
    int year, month, day;
    date_parts(start_day, &year, &month, &day);
    int from_zero = month - 1 + months;
    year += from_zero / 12;
    month = from_zero % 12 + 1;
    int last = date_days_in_month(year, month);
    return date_from(year, month, day < last ? day : last);
}

int32_t due_date(const struct rules *rules, int32_t start_day, int months) {
    if (start_day == DATE_NONE || months < 0)
        return DATE_NONE;
    int32_t due = due_corresponding(start_day, months);
    while (due != DATE_NONE && due <= rules->holidays_until && !rules_is_working_day(rules, due))
        due++;
    return due == DATE_NONE || due > rules->holidays_until ? DATE_NONE : due;
}
