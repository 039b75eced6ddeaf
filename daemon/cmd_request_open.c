/* cmd_request_open.c: opening a request and what happens to it. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/cmd_request.h"
#include "disclose/letters.h"
#include "store/people_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int call_audit_read(struct call *call) {
    char what[96];
    snprintf(what, sizeof what, "request %s", call->request.name);
    return audit_act(call->context, "read", what, "");
}

int32_t call_day(const char *text) {
    int32_t day = text ? date_from_iso(text) : date_today();
    if (day == DATE_NONE || day > date_today()) {
        fprintf(stderr, "casefile: '%s' is no day that has been; write it as 2026-01-31\n", text);
        return DATE_NONE;
    }
    return day;
}

static bool request_is_open(const struct request *request) {
    return request->clock.stage == STAGE_OPEN;
}

static bool request_is_late(const struct request *request) {
    return request_is_open(request) && request->clock.due != DATE_NONE && request->clock.due < date_today();
}

static void print_due(const struct request *request) {
    const struct request_clock *clock = &request->clock;
    char received[32], due[32], since[32];
    date_text_long(clock->received, received);
    date_text_long(clock->due, due);
    date_text_long(clock->waits_since, since);
    printf("received %s", received);
    if (clock->due != DATE_NONE)
        printf(", to be answered by %s%s\n", due, clock->extended ? " (extended by two months)" : "");
    else if (*clock->waits)
        printf("; the clock stands still: waiting for %s since %s\n", clock->waits, since);
    else
        printf(clock->past_calendar ? ", to be answered by a day past the calendar of bank holidays: see calendar.conf\n"
                                    : "; no day is set: 'casefile request event %s \"due by\" --on DAY'\n", request->name);
    if (clock->stopped_days)
        printf("%d days do not count, because clarification was waited for\n", clock->stopped_days);
    if (clock->complaint_by != DATE_NONE) {
        date_text_long(clock->complaint_by, due);
        printf("a complaint waits to be acknowledged by %s\n", due);
    }
    if (request_is_late(request))
        printf("THIS REQUEST IS OVERDUE\n");
}

/* What may belong to the record, but is not in it yet: it would be missing from the pack. */
static void print_not_yet(struct store *store, int64_t child_id) {
    int64_t proposed = 0, working = 0;
    db_int(store->db, &proposed, "SELECT count(DISTINCT f.document_id) FROM filing f JOIN filing_child c ON c.filing_id = f.id"
                                 " WHERE f.superseded_by IS NULL AND f.outcome IN ('proposed', 'several') AND c.child_id = ?", "i", child_id);
    db_int(store->db, &working, "SELECT count(*) FROM job WHERE state IN ('waiting', 'lent')", "");
    if (proposed)
        printf("%lld more documents wait in triage and may belong to this child: 'casefile triage'\n", (long long)proposed);
    if (working)
        printf("%lld jobs are still to be done; when they are, 'casefile request gather' adds what they bring\n", (long long)working);
}


static int order_read(struct call *call, int *argc, char **argv, struct request_order *ret) {
    const char *child = option_value(argc, argv, "--child"), *kind = option_value(argc, argv, "--kind"), *received = option_value(argc, argv, "--received");
    const char *from = option_value(argc, argv, "--from"), *until = option_value(argc, argv, "--until");
    *ret = (struct request_order){.requester = option_value(argc, argv, "--requester"), .requester_kind = kind ? kind : "subject", .who = call->context->who,
                                  .pack = option_value(argc, argv, "--pack"), .scope = option_value(argc, argv, "--scope"),
                                  .identity = option_value(argc, argv, "--identity"), .scope_from = DATE_NONE, .scope_until = DATE_NONE};
    if (option_switch(argc, argv, "--rectification"))
        ret->kind = "rectification";
    ret->received = call_day(received);
    if (ret->received == DATE_NONE)
        return EXIT_USAGE;
    if ((from && (ret->scope_from = date_from_iso(from)) == DATE_NONE) || (until && (ret->scope_until = date_from_iso(until)) == DATE_NONE)) {
        fputs("casefile: --from and --until are days, written as 2026-01-31\n", stderr);
        return EXIT_USAGE;
    }
    if (!rules_requester_is_known(ret->requester_kind)) {
        fprintf(stderr, "casefile: '%s' is none of " REQUESTER_KINDS "\n", ret->requester_kind);
        return EXIT_USAGE;
    }
    if (options_left(*argc, argv) || !child || !ret->requester) {
        fputs("usage: casefile request open --child COUNCIL-ID --requester NAME [--kind subject|parent|solicitor|court|police|other]\n"
              "       [--pack subject|court|police|litigation] [--received YYYY-MM-DD] [--identity TEXT: how identity and authority were proved]\n"
              "       [--scope TEXT] [--from DAY] [--until DAY] [--rectification]\n", stderr);
        return EXIT_USAGE;
    }
    int err = people_child_id(call->context->store, child, &ret->child_id);
    return err ? command_failed("no child of the register has that number", err) : 0;
}

int call_open(struct call *call, int argc, char **argv) {
    struct store *store = call->context->store;
    int64_t documents = 0;
    struct request_order order;
    int status = order_read(call, &argc, argv, &order);
    if (status)
        return status;
    int err = request_open(store, call->rules, &order, &call->request);
    if (err == ERR_INPUT) {
        fprintf(stderr, "casefile: no kind of pack '%s' is for a request by: %s (see packs.conf)\n", order.pack ? order.pack : "", order.requester_kind);
        return EXIT_DATA;
    }
    if (!err)
        err = db_int(store->db, &documents, "SELECT count(*) FROM request_document WHERE request_id = ?", "i", call->request.id);
    if (err)
        return command_failed("the request was not opened", err);
    printf("%s opened: %lld documents of the record\n", call->request.name, (long long)documents);
    print_due(&call->request);
    if (strcmp(call->request.kind, "access") == 0)
        print_not_yet(store, order.child_id);
    if (!order.identity)
        printf("who asks is not proved yet: 'casefile request event %s \"identity confirmed\" --note ...' says how it was; without, nothing is released\n", call->request.name);
    return EXIT_OK;
}

/* ---- the workload */

struct work {
    struct request *list;
    size_t count;
};

/* What is due first; what has no date last; what is closed behind that. */
static int work_order(const void *a, const void *b) {
    const struct request *x = a, *y = b;
    int64_t dx = !request_is_open(x) ? INT64_MAX : x->clock.due == DATE_NONE ? INT32_MAX : x->clock.due;
    int64_t dy = !request_is_open(y) ? INT64_MAX : y->clock.due == DATE_NONE ? INT32_MAX : y->clock.due;
    return dx != dy ? (dx > dy) - (dx < dy) : (x->id > y->id) - (x->id < y->id);
}

static int work_load(struct call *call, bool all, struct work *ret) {
    struct store *store = call->context->store;
    struct rows *rows = db_query(store->db, "SELECT name FROM request WHERE ?1 OR state IN ('open', 'approved') OR EXISTS (SELECT 1 FROM request_event e"
                                            " WHERE e.request_id = request.id AND e.kind = 'complaint') ORDER BY id", "i", (int64_t)all);
    *ret = (struct work){0};
    while (rows_next(rows) > 0) {
        struct request request;
        if (request_load(store, call->rules, rows_text(rows, 0), &request))
            continue; /* its key was destroyed */
        ret->list = mem_grow(ret->list, ret->count + 1, sizeof *ret->list);
        ret->list[ret->count++] = request;
    }
    if (ret->count)
        qsort(ret->list, ret->count, sizeof *ret->list, work_order);
    return rows_end(&rows);
}

/* "in 5 days", with the reminders that clocks.conf asks for. */
static const char *work_reminder(const struct call *call, const struct request *request) {
    int32_t left = request->clock.due - date_today();
    if (!request_is_open(request) || request->clock.due == DATE_NONE)
        return "";
    if (left < 0)
        return "  OVERDUE";
    for (size_t i = 0; i < call->rules->reminder_count; i++)
        if (left <= call->rules->reminders[i])
            return left == 0 ? "  DUE TODAY" : "  REMINDER: due soon";
    return "";
}

static void work_print(struct call *call, const struct request *request) {
    char due[DATE_TEXT], complaint[DATE_TEXT];
    int64_t undecided = 0, consultations = 0;
    date_text(request->clock.due, due);
    date_text(request->clock.complaint_by, complaint);
    struct flags_count flags;
    if (!request_flags_count(call->context->store, request, &flags))
        undecided = flags.undecided;
    db_int(call->context->store->db, &consultations, "SELECT count(*) FROM consultation WHERE request_id = ? AND state = 'asked'", "i", request->id);
    printf("%s  %-10s due %-10s  asked by: %-9s %lld undecided", request->name, request->state, *due ? due : *request->clock.waits ? "stopped" : "-", request->requester_kind,
           (long long)undecided);
    if (consultations)
        printf(", %lld consultations open", (long long)consultations);
    if (request_is_open(request) && *request->clock.waits)
        printf(", waits for %s", request->clock.waits);
    if (*complaint)
        printf(", complaint to be acknowledged by %s%s", complaint, request->clock.complaint_by < date_today() ? " OVERDUE" : "");
    printf("%s\n", work_reminder(call, request));
}

int call_list(struct call *call, int argc, char **argv) {
    struct work work;
    bool all = option_switch(&argc, argv, "--all");
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int err = work_load(call, all, &work);
    for (size_t i = 0; i < work.count; i++) {
        work_print(call, &work.list[i]);
        request_drop(&work.list[i]);
    }
    free(work.list);
    if (!err && !work.count)
        printf(all ? "no requests yet: 'casefile request open' begins one\n" : "no request is open ('--all' lists those that are closed)\n");
    return err ? command_failed("requests", err) : EXIT_OK;
}

/* ---- one of them */

/* What is in the record but would not be in the pack. */
void call_print_left_out(struct call *call) {
    struct db *db = call->context->store->db;
    int64_t pages = 0, documents = 0;
    db_int(db, &pages, "SELECT count(*) FROM request_document r JOIN page p ON p.document_id = r.document_id"
                       " WHERE r.request_id = ? AND r.included = 1 AND p.picture_id IS NULL", "i", call->request.id);
    db_int(db, &documents, "SELECT count(DISTINCT f.document_id) FROM filing f JOIN filing_child c ON c.filing_id = f.id AND c.chosen = 1"
                           " WHERE f.superseded_by IS NULL AND f.outcome = 'filed' AND c.child_id = ? AND NOT EXISTS"
                           " (SELECT 1 FROM request_document r WHERE r.request_id = ? AND r.document_id = f.document_id)",
           "ii", call->request.child_id, call->request.id);
    if (pages)
        printf("%lld pages cannot be drawn and will not be in the pack: a person must handle them ('casefile custody')\n", (long long)pages);
    if (documents)
        printf("%lld documents of the record are not in this request: 'casefile request gather %s' adds those that are ready\n",
               (long long)documents, call->request.name);
}


static int event_print(void *state, const struct request_event *event) {
    char day[DATE_TEXT];
    (void)state;
    date_text(event->day, day);
    printf("  %s  %-24s %-12s %s\n", day, event_text(event->kind), event->who, event->note);
    return 0;
}

int call_show(struct call *call, int argc, char **argv) {
    struct flags_count flags;
    int err = call_audit_read(call);
    if (options_left(argc, argv))
        return EXIT_USAGE;
    if (!err)
        err = request_flags_count(call->context->store, &call->request, &flags);
    if (err)
        return command_failed("the request cannot be shown", err);
    printf("%s: %s; %s, asked by: %s\n", call->request.name, call->request.state, *call->request.pack ? call->request.pack : call->request.kind, call->request.requester_kind);
    print_due(&call->request);
    err = request_events(call->context->store, &call->request, event_print, NULL);
    if (err)
        return command_failed("what happened cannot be shown", err);
    call_print_left_out(call);
    printf("%lld flags, %lld to be covered, %lld not decided yet ('casefile request flags' lists them)\n", (long long)flags.all, (long long)flags.covered,
           (long long)flags.undecided);
    return EXIT_OK;
}

static int event_usage(void) {
    fputs("usage: casefile request event REQUEST EVENT [--on DAY] [--note TEXT]\n", stderr);
    for (int i = 0; i < EVENT_KINDS; i++)
        fprintf(stderr, "  %-24s %s\n", event_text((enum event_kind)i), event_help((enum event_kind)i));
    return EXIT_USAGE;
}

/* What only its own command may bring about. */
static bool event_is_ours(enum event_kind kind) {
    return kind == EVENT_RECEIVED || kind == EVENT_RELEASED || kind == EVENT_RECALLED;
}

static int event_take(struct call *call, const struct request_event *event) {
    const char *why = NULL;
    int err = request_event(call->context->store, call->rules, &call->request, event, &why);
    if (why) {
        fprintf(stderr, "casefile: '%s' was not entered: %s\n", event_text(event->kind), why);
        return EXIT_DATA;
    }
    if (err)
        return command_failed("the event was not entered", err);
    struct request now;
    err = request_load(call->context->store, call->rules, call->request.name, &now);
    if (err)
        return command_failed(call->request.name, err);
    printf("%s: %s\n", now.name, event_text(event->kind));
    print_due(&now);
    request_drop(&now);
    return EXIT_OK;
}

int call_event(struct call *call, int argc, char **argv) {
    const char *day = option_value(&argc, argv, "--on"), *note = option_value(&argc, argv, "--note");
    struct request_event event = {.who = call->context->who, .note = note, .day = day ? date_from_iso(day) : date_today()};
    if (argc != 2 || event_from(argv[1], &event.kind) || event_is_ours(event.kind))
        return event_usage();
    if ((event.kind == EVENT_REFUSED || event.kind == EVENT_EXTENDED) && (!note || !*note)) {
        fprintf(stderr, "casefile: '%s' needs the reasons that the requester was given: --note TEXT\n", event_text(event.kind));
        return EXIT_USAGE;
    }
    return event_take(call, &event);
}

int call_extend(struct call *call, int argc, char **argv) {
    const char *why = option_value(&argc, argv, "--why");
    if (!why) {
        fputs("usage: casefile request extend REQUEST --why TEXT (the requester must be told within the first month)\n", stderr);
        return EXIT_USAGE;
    }
    return event_take(call, &(struct request_event){EVENT_EXTENDED, date_today(), call->context->who, why});
}

int call_letter(struct call *call, int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "", *council = call->context->settings->council;
    char *text = NULL;
    struct letter_order order = {.name = name, .council = council, .request = &call->request, .what = option_value(&argc, argv, "--what")};
    int err = letter_make(call->context->store, call->rules, &order, &text);
    if (err == ERR_NOT_FOUND || argc != 2) {
        fputs("usage: casefile request letter REQUEST acknowledge|identity|clarify|extend|refuse|consent|consult|complaint [--what TEXT]\n", stderr);
        free(text);
        return EXIT_USAGE;
    }
    if (!err)
        err = call_audit_read(call);
    if (err)
        return command_failed("the letter was not written", err);
    fputs(text, stdout);
    free(text);
    return EXIT_OK;
}
