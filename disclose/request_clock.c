#include "disclose/request_clock.h"

#include "base/clock.h"
#include "base/err.h"

#include <string.h>

#define EVENT(name, text, help) {text, help},
static const struct {
    const char *text, *help;
} events_known[] = {
#include "disclose/events.def"
};
#undef EVENT

const char *event_text(enum event_kind kind) {
    return events_known[kind].text;
}

const char *event_help(enum event_kind kind) {
    return events_known[kind].help;
}

int event_from(const char *text, enum event_kind *ret) {
    for (int i = 0; i < EVENT_KINDS; i++)
        if (strcmp(events_known[i].text, text) == 0) {
            *ret = (enum event_kind)i;
            return 0;
        }
    return ERR_INPUT;
}

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

/* The day itself, or the next working day. */
static int32_t due_working(const struct rules *rules, int32_t due) {
    while (due != DATE_NONE && due <= rules->holidays_until && !rules_is_working_day(rules, due))
        due++;
    return due == DATE_NONE || due > rules->holidays_until ? DATE_NONE : due;
}

int32_t due_date(const struct rules *rules, int32_t start_day, int months) {
    if (start_day == DATE_NONE || months < 0)
        return DATE_NONE;
    return due_working(rules, due_corresponding(start_day, months));
}

#define STOPS_MOST 64

/* What the events say so far. asked and answered: of the pair that is under way. */
struct pair {
    int32_t asked, answered;
};

struct state {
    const struct rules *rules;
    const char *rule;
    struct request_clock clock;
    struct pair identity, fee;
    struct pair stops[STOPS_MOST]; /* clarification asked and answered, in order */
    size_t stop_count;
    int32_t asked; /* clarification, not answered yet */
    int32_t complaint, set_due;
};

static const struct clock_rule *state_rule(const struct state *s, const char *id) {
    return rules_clock(s->rules, id, s->clock.received);
}

/* When the month begins: none while something is waited for. */
static int32_t state_start(const struct state *s) {
    int32_t start = s->clock.received;
    if (!state_rule(s, "CLK-3"))
        return start;
    const struct pair *pairs[] = {&s->identity, &s->fee};
    for (int i = 0; i < 2; i++) {
        if (pairs[i]->asked != DATE_NONE && pairs[i]->answered == DATE_NONE)
            return DATE_NONE;
        if (pairs[i]->answered != DATE_NONE && pairs[i]->answered > start)
            start = pairs[i]->answered;
    }
    return start;
}

/* Days that do not count: both ends of each stop, none twice, and none before the first day that would count. */
static int32_t state_stopped(const struct state *s, int32_t start) {
    int32_t days = 0, last = start;
    for (size_t i = 0; i < s->stop_count && state_rule(s, "CLK-4"); i++) {
        int32_t from = s->stops[i].asked > last ? s->stops[i].asked : last + 1;
        if (s->stops[i].answered >= from) {
            days += s->stops[i].answered - from + 1;
            last = s->stops[i].answered;
        }
    }
    return days;
}

/* The last day with so many months, before it is moved to a working day. */
static int32_t state_last(const struct state *s, int months) {
    int32_t start = state_start(s), due = start == DATE_NONE ? DATE_NONE : due_corresponding(start, months);
    return due == DATE_NONE ? DATE_NONE : due + state_stopped(s, start);
}

static int state_months(const struct state *s) {
    const struct clock_rule *rule = state_rule(s, s->clock.extended ? "CLK-2" : s->rule);
    return rule ? rule->months : -1;
}

static void state_answered(struct state *s, int32_t day) {
    if (s->stop_count < STOPS_MOST)
        s->stops[s->stop_count++] = (struct pair){s->asked, day};
    s->asked = DATE_NONE;
}

static bool state_is_open(const struct state *s) {
    return s->clock.stage == STAGE_OPEN;
}

/* Before it was overdue, with the month running: what comes later stops nothing. */
static bool state_runs_on(const struct state *s, int32_t day) {
    int months = state_months(s);
    int32_t last = months < 0 ? DATE_NONE : state_last(s, months);
    return last == DATE_NONE || day <= due_working(s->rules, last) || due_working(s->rules, last) == DATE_NONE;
}

static bool state_extends(const struct state *s, int32_t day) {
    const struct clock_rule *first = state_rule(s, s->rule);
    if (!first || !state_rule(s, "CLK-2") || s->clock.extended || !state_is_open(s))
        return false;
    int32_t last = state_last(s, first->months), due = last == DATE_NONE ? DATE_NONE : due_working(s->rules, last);
    return s->asked != DATE_NONE || due == DATE_NONE || day <= due;
}

static void state_reopen(struct state *s, int32_t day) {
    s->clock.stage = STAGE_OPEN;
    s->clock.received = day;
    s->clock.extended = false;
    s->stop_count = 0;
    s->asked = s->set_due = DATE_NONE;
    s->identity = s->fee = (struct pair){DATE_NONE, DATE_NONE};
}

/* Why the event makes no sense now, or NULL. */
static const char *state_refuses(const struct state *s, struct clock_event event) {
    switch (event.kind) {
    case EVENT_RECEIVED:
        return s->clock.received != DATE_NONE ? "it was received already" : NULL;
    case EVENT_IDENTITY_ASKED:
    case EVENT_IDENTITY_CONFIRMED:
    case EVENT_FEE_ASKED:
    case EVENT_DUE_BY:
    case EVENT_REFUSED:
    case EVENT_WITHDRAWN:
    case EVENT_ANSWERED:
    case EVENT_RELEASED:
        return state_is_open(s) ? NULL : "the request is closed: 'reopened' comes first";
    case EVENT_FEE_PAID:
        return s->fee.asked == DATE_NONE ? "no fee was asked for" : s->fee.answered != DATE_NONE ? "the fee is paid already" : NULL;
    case EVENT_CLARIFICATION_ASKED:
        return !state_is_open(s)          ? "the request is closed: 'reopened' comes first"
               : s->asked != DATE_NONE     ? "clarification was asked for already and is not answered yet"
               : !state_runs_on(s, event.day) ? "the request was due before that day: the clock can no longer stop"
                                           : NULL;
    case EVENT_CLARIFICATION_ANSWERED:
        return s->asked == DATE_NONE ? "no clarification was asked for" : event.day < s->asked ? "it was asked for after that day" : NULL;
    case EVENT_EXTENDED:
        return !state_is_open(s) ? "the request is closed"
               : s->clock.extended ? "it is extended already; that can be done once"
               : !state_extends(s, event.day) ? "the requester must be told within the first month, which has ended (CLK-2)"
                                              : NULL;
    case EVENT_RECALLED:
        return s->clock.stage == STAGE_RELEASED ? NULL : "nothing is released";
    case EVENT_COMPLAINT_ACKNOWLEDGED:
    case EVENT_COMPLAINT_ANSWERED:
        return s->complaint == DATE_NONE && event.kind == EVENT_COMPLAINT_ACKNOWLEDGED ? "no complaint waits to be acknowledged" : NULL;
    case EVENT_REOPENED:
        return state_is_open(s) ? "the request is open" : NULL;
    case EVENT_COMPLAINT:
    case EVENT_NOTE:
    case EVENT_KINDS:
        break;
    }
    return NULL;
}

static void state_take(struct state *s, struct clock_event event) {
    if (state_refuses(s, event))
        return;
    int32_t day = s->clock.received != DATE_NONE && event.day < s->clock.received ? s->clock.received : event.day;
    switch (event.kind) {
    case EVENT_RECEIVED:
        s->clock.received = day;
        break;
    case EVENT_IDENTITY_ASKED:
        s->identity = (struct pair){day, DATE_NONE};
        break;
    case EVENT_IDENTITY_CONFIRMED:
        s->identity.answered = day;
        break;
    case EVENT_FEE_ASKED:
        s->fee = (struct pair){day, DATE_NONE};
        break;
    case EVENT_FEE_PAID:
        s->fee.answered = day;
        break;
    case EVENT_CLARIFICATION_ASKED:
        s->asked = day;
        break;
    case EVENT_CLARIFICATION_ANSWERED:
        state_answered(s, day);
        break;
    case EVENT_EXTENDED:
        s->clock.extended = true;
        break;
    case EVENT_DUE_BY:
        s->set_due = event.day;
        break;
    case EVENT_REFUSED:
        s->clock.stage = STAGE_REFUSED;
        break;
    case EVENT_WITHDRAWN:
        s->clock.stage = STAGE_WITHDRAWN;
        break;
    case EVENT_RELEASED:
        s->clock.stage = STAGE_RELEASED;
        break;
    case EVENT_ANSWERED:
        s->clock.stage = STAGE_ANSWERED;
        break;
    case EVENT_COMPLAINT:
        s->complaint = day;
        break;
    case EVENT_COMPLAINT_ACKNOWLEDGED:
    case EVENT_COMPLAINT_ANSWERED:
        s->complaint = DATE_NONE;
        break;
    case EVENT_REOPENED:
        state_reopen(s, day);
        break;
    case EVENT_RECALLED:
    case EVENT_NOTE:
    case EVENT_KINDS:
        break;
    }
}

static void clock_waits(struct request_clock *clock, const char *what, int32_t since) {
    if (!*clock->waits) {
        clock->waits = what;
        clock->waits_since = since;
    }
}

static void state_due(struct state *s) {
    struct request_clock *clock = &s->clock;
    const struct clock_rule *first = state_rule(s, s->rule);
    int months = state_months(s);
    clock->start = state_start(s);
    if (clock->start == DATE_NONE && s->identity.asked != DATE_NONE && s->identity.answered == DATE_NONE)
        clock_waits(clock, "proof of identity", s->identity.asked);
    else if (clock->start == DATE_NONE)
        clock_waits(clock, "the fee", s->fee.asked);
    if (s->asked != DATE_NONE && state_rule(s, "CLK-4"))
        clock_waits(clock, "clarification", s->asked);
    clock->stopped_days = clock->start == DATE_NONE ? 0 : state_stopped(s, clock->start);
    if (first && clock->start != DATE_NONE)
        clock->first_month = due_working(s->rules, state_last(s, first->months));
    if (s->set_due != DATE_NONE) {
        clock->due = s->set_due;
    } else if (!*clock->waits && months >= 0) {
        clock->due = due_working(s->rules, state_last(s, months));
        clock->past_calendar = clock->due == DATE_NONE;
    }
}

static struct state state_new(const struct rules *rules, const char *rule) {
    struct state s = {.rules = rules, .rule = rule, .asked = DATE_NONE, .complaint = DATE_NONE, .set_due = DATE_NONE};
    s.identity = s.fee = (struct pair){DATE_NONE, DATE_NONE};
    s.clock.received = s.clock.start = s.clock.first_month = s.clock.due = s.clock.waits_since = s.clock.complaint_by = DATE_NONE;
    s.clock.waits = "";
    return s;
}

struct request_clock request_clock_read(const struct rules *rules, const char *rule, const struct clock_event *events, size_t count) {
    struct state s = state_new(rules, rule);
    for (size_t i = 0; i < count; i++)
        state_take(&s, events[i]);
    if (s.clock.received == DATE_NONE)
        return s.clock;
    state_due(&s);
    const struct clock_rule *complaints = s.complaint == DATE_NONE ? NULL : rules_clock(rules, "CLK-7", s.complaint);
    if (complaints)
        s.clock.complaint_by = s.complaint + complaints->days;
    return s.clock;
}

int event_check(const struct rules *rules, const char *rule, const struct clock_event *events, size_t count, struct clock_event event, int32_t today,
                const char **ret_why) {
    struct state s = state_new(rules, rule);
    for (size_t i = 0; i < count; i++)
        state_take(&s, events[i]);
    *ret_why = NULL;
    if (event.day == DATE_NONE || (event.kind != EVENT_DUE_BY && event.day > today))
        *ret_why = "that day has not been yet";
    else if (s.clock.received != DATE_NONE && event.day < s.clock.received)
        *ret_why = "that day is before the receipt";
    if (*ret_why)
        return ERR_INPUT;
    *ret_why = state_refuses(&s, event);
    return *ret_why ? ERR_STATE : 0;
}
