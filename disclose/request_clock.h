/* request_clock.h: the clock of a request, always counted anew from its events, so that the same events give the same date. The rules are data
 * (config/clocks.conf): CLK-1 to CLK-4, CLK-7, CLK-8 of UK GDPR Art 12(3), 12A and 16 and DPA 2018 s 164A. */
#ifndef DISCLOSE_REQUEST_CLOCK_H
#define DISCLOSE_REQUEST_CLOCK_H

#include "config/rules.h"

#define EVENT(name, text, help) EVENT_##name,
enum event_kind {
#include "disclose/events.def"
    EVENT_KINDS
};
#undef EVENT
const char *event_text(enum event_kind kind);
const char *event_help(enum event_kind kind);
int event_from(const char *text, enum event_kind *ret); /* ERR_INPUT */

struct clock_event {
    enum event_kind kind;
    int32_t day;
};

enum request_stage { STAGE_OPEN, STAGE_RELEASED, STAGE_ANSWERED, STAGE_REFUSED, STAGE_WITHDRAWN };

/* Days are day numbers; DATE_NONE where there is none. */
struct request_clock {
    enum request_stage stage;
    int32_t received;
    int32_t start;       /* from when the month counts (CLK-3); none while identity or fee is waited for */
    int32_t first_month; /* the last day to tell of an extension */
    int32_t due;         /* none while nothing has started, while clarification is waited for, or past the calendar of bank holidays */
    int32_t waits_since; /* what is waited for, since when */
    const char *waits;   /* "proof of identity", "the fee", "clarification", or "": borrowed */
    int32_t stopped_days; /* that do not count (CLK-4) */
    int32_t complaint_by; /* a complaint is to be acknowledged by then (CLK-7); none when there is none, or it was */
    bool extended, past_calendar;
};

/* rule: CLK-1 or CLK-8, or "": only an event "due by" sets a date. Events in the order of their days; a day before the receipt counts as that
 * day. Events that make no sense (event_check) change nothing. */
struct request_clock request_clock_read(const struct rules *rules, const char *rule, const struct clock_event *events, size_t count);
/* Whether the event makes sense after those; *ret_why: plain words when it does not (borrowed). ERR_STATE, ERR_INPUT (a day before the receipt
 * or in the future). */
int event_check(const struct rules *rules, const char *rule, const struct clock_event *events, size_t count, struct clock_event event, int32_t today,
                const char **ret_why);

/* The date by which to answer: so many months after start: the corresponding calendar date; if the month has none, its last day; if that is a
 * weekend or bank holiday (England and Wales), the next working day. DATE_NONE when it lies past the calendar's last day (holidays_until). */
int32_t due_date(const struct rules *rules, int32_t start_day, int months);

#endif
