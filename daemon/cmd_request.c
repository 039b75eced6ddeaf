/* cmd_request.c: a subject access request through the command. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/cmd_request.h"
#include "daemon/program.h"
#include "disclose/request_people.h"
#include "store/flag_rows.h"
#include "store/pack_rows.h"
#include "store/people_rows.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int audit_read(struct call *call, const char *action) {
    char what[96];
    snprintf(what, sizeof what, "request %s", call->request.name);
    return audit_act(call->context, action, what, "");
}

static bool request_is_late(const struct request *request) {
    return request->due != DATE_NONE && request->due < date_today() && strcmp(request->state, "released");
}

static void print_due(const struct request *request) {
    char received[32], due[32];
    date_text_long(request->received, received);
    date_text_long(request->due, due);
    printf("received %s, to be answered by %s%s\n", received,
           request->due == DATE_NONE ? "(the calendar of bank holidays ends before that: see calendar.conf)" : due,
           request->extended ? " (extended by two months)" : "");
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

static int call_open(struct call *call, int argc, char **argv) {
    const char *child = option_value(&argc, argv, "--child"), *requester = option_value(&argc, argv, "--requester");
    const char *kind = option_value(&argc, argv, "--kind"), *received = option_value(&argc, argv, "--received");
    struct store *store = call->context->store;
    int64_t documents = 0;
    struct request_order order = {.requester = requester, .requester_kind = kind ? kind : "subject", .who = call->context->who};
    order.received = received ? date_from_iso(received) : date_today();
    if (received && (order.received == DATE_NONE || order.received > date_today())) {
        fprintf(stderr, "casefile: '%s' is no day that has been; write it as 2026-01-31\n", received);
        return EXIT_USAGE;
    }
    if (!rules_requester_is_known(order.requester_kind)) {
        fprintf(stderr, "casefile: '%s' is none of " REQUESTER_KINDS "\n", order.requester_kind);
        return EXIT_USAGE;
    }
    if (options_left(argc, argv) || !child || !requester) {
        fputs("usage: casefile request open --child COUNCIL-ID --requester NAME [--kind subject|parent|solicitor|court|police]"
              " [--received YYYY-MM-DD]\n", stderr);
        return EXIT_USAGE;
    }
    int err = people_child_id(store, child, &order.child_id);
    if (err)
        return command_failed("no child of the register has that number", err);
    err = request_open(store, call->rules, &order, &call->request);
    if (!err)
        err = db_int(store->db, &documents, "SELECT count(*) FROM request_document WHERE request_id = ?", "i", call->request.id);
    if (err)
        return command_failed("the request was not opened", err);
    printf("%s opened: %lld documents of the record\n", call->request.name, (long long)documents);
    print_due(&call->request);
    print_not_yet(store, order.child_id);
    return EXIT_OK;
}

static int call_list(struct call *call, int argc, char **argv) {
    struct store *store = call->context->store;
    struct rows *rows = db_query(store->db, "SELECT name FROM request ORDER BY id", "");
    int n = 0;
    (void)argc;
    (void)argv;
    while (rows_next(rows) > 0) {
        struct request request;
        char due[DATE_TEXT];
        if (request_load(store, call->rules, rows_text(rows, 0), &request))
            continue;
        date_text(request.due, due);
        printf("%s  %-10s due %s%s  asked by: %s\n", request.name, request.state, due[0] ? due : "?", request_is_late(&request) ? "  OVERDUE" : "", request.requester_kind);
        request_drop(&request);
        n++;
    }
    if (!n)
        printf("no requests yet: 'casefile request open' begins one\n");
    int err = rows_end(&rows);
    return err ? command_failed("requests", err) : EXIT_OK;
}

static void print_flag(struct call *call, const struct decided_flag *f) {
    struct flag flag;
    if (flag_load(call->context->store, f->flag_id, &flag))
        return;
    char *text = text_printable(view_text(flag.text));
    printf("  flag %-6lld document %lld page %-3u %-8s %-12s %-7s %-16s %s%s%s  \"%s\"  %s\n", (long long)f->flag_id,
           (long long)f->document_id, f->page_number, f->type, f->role, f->cover ? "cover" : "release", f->code,
           f->decided ? "decided by " : "proposed", f->who, f->decided ? "" : "", text, flag.why);
    free(text);
    flag_drop(&flag);
}

/* What is in the record but would not be in the pack. */
static void print_left_out(struct call *call) {
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

static int call_show(struct call *call, int argc, char **argv) {
    struct decided_flag *flags;
    size_t count, undecided = 0;
    bool covers = option_switch(&argc, argv, "--covers");
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int err = request_flags(call->context->store, &call->request, &flags, &count);
    if (!err)
        err = audit_read(call, "read");
    if (err)
        return command_failed("the request cannot be shown", err);
    printf("%s: %s\n", call->request.name, call->request.state);
    print_due(&call->request);
    print_left_out(call);
    for (size_t i = 0; i < count; i++) {
        undecided += !flags[i].decided;
        if (!covers || flags[i].cover)
            print_flag(call, &flags[i]);
    }
    printf("%zu flags, %zu not decided yet\n", count, undecided);
    free(flags);
    return EXIT_OK;
}

static int decide_one(struct call *call, struct decision *decision) {
    int err = request_decide(call->context->store, call->rules, &call->request, decision);
    if (err == ERR_INPUT) {
        fprintf(stderr, "casefile: there is no code '%s' for that, see reasons.conf\n", decision->code);
        return EXIT_DATA;
    }
    if (err)
        return command_failed("the decision was not taken", err);
    printf("flag %lld: %s, %s\n", (long long)decision->flag_id, decision->cover ? "to be covered" : "to be released", decision->code);
    return EXIT_OK;
}

/* Everybody who is named, each once. */
static int call_people(struct call *call, int argc, char **argv) {
    struct bundle_people people;
    (void)argc;
    (void)argv;
    int err = request_people(call->context->store, &call->request, &people);
    if (!err)
        err = audit_read(call, "read");
    if (err)
        return command_failed("the people cannot be shown", err);
    for (size_t i = 0; i < people.count; i++) {
        const struct bundle_person *p = &people.list[i];
        char *name = text_printable(view_text(p->name)), *id = text_printable(view_text(p->id));
        printf("  %-28s %-12s %4zu mentions in %zu documents, %zu to be covered, %zu decided  \"%s\"\n", id, p->role, p->mentions, p->documents, p->covered,
               p->decided, name);
        free(name);
        free(id);
    }
    printf("%zu people; 'casefile request decide %s --person ID --cover CODE' decides for all mentions of one\n", people.count, call->request.name);
    bundle_people_drop(&people);
    return EXIT_OK;
}

static int decide_person(struct call *call, const struct person_decision *decision) {
    int64_t count = 0;
    int err = request_decide_person(call->context->store, call->rules, &call->request, decision, &count);
    if (err == ERR_INPUT || err == ERR_NOT_FOUND) {
        fprintf(stderr, err == ERR_INPUT ? "casefile: there is no code '%s' for that, see reasons.conf\n" : "casefile: nobody has the id '%s': see 'casefile request people'\n",
                err == ERR_INPUT ? decision->code : decision->person_id);
        return EXIT_DATA;
    }
    if (err)
        return command_failed("the decision was not taken", err);
    printf("%lld flags: %s, %s\n", (long long)count, decision->cover ? "to be covered" : "to be released", decision->code);
    return EXIT_OK;
}

static int decide_words(struct call *call, const char *words, const char *code, int argc, char **argv) {
    const char *page = option_value(&argc, argv, "--page"), *document = option_value(&argc, argv, "--document");
    int64_t places = 0, before = 0;
    struct cover_words order = {words, document ? strtoll(document, NULL, 10) : 0, page ? (uint32_t)strtoul(page, NULL, 10) : 0, code,
                                call->context->who, "", &before};
    int err = request_cover_words(call->context->store, call->rules, &call->request, &order, &places);
    if (err)
        return command_failed("the words were not covered", err);
    printf("covered in %lld places", (long long)places);
    printf(before ? "; %lld were covered already\n" : "\n", (long long)before);
    if (!places && !before)
        fprintf(stderr, "casefile: these words stand nowhere in the chosen documents as they were read; --box covers a rectangle\n");
    return places || before ? EXIT_OK : EXIT_FOUND;
}

static int decide_box(struct call *call, const char *text, const char *code, int argc, char **argv) {
    const char *page = option_value(&argc, argv, "--page"), *document = option_value(&argc, argv, "--document");
    struct cover_box order = {.code = code, .who = call->context->who, .note = ""};
    int64_t flag = 0;
    if (!page || !document || sscanf(text, "%f,%f,%f,%f", &order.box.x0, &order.box.y0, &order.box.x1, &order.box.y1) != 4) {
        fputs("casefile: --box X0,Y0,X1,Y1 (points from the top left of the page) needs --document and --page too\n", stderr);
        return EXIT_USAGE;
    }
    order.document_id = strtoll(document, NULL, 10);
    order.page = (uint32_t)strtoul(page, NULL, 10);
    int err = request_cover_box(call->context->store, call->rules, &call->request, &order, &flag);
    if (err)
        return command_failed("the rectangle was not covered", err);
    printf("flag %lld: covered\n", (long long)flag);
    return EXIT_OK;
}

/* Flags that the machine could give to nobody, or that stand open although somebody else has the name: accepted with the rest, they still
 * want a person's eye. */
static void print_to_look_at(struct call *call) {
    struct decided_flag *flags;
    size_t count, n = 0;
    if (request_flags(call->context->store, &call->request, &flags, &count))
        return;
    for (size_t i = 0; i < count; i++)
        if (!flags[i].cover && strcmp(flags[i].role, "unknown") == 0)
            printf("%s%lld", n++ ? ", " : "look at these yourself, the machine could not tell who is meant and left them open: flags ", (long long)flags[i].flag_id);
    if (n)
        putchar('\n');
    free(flags);
}

static int call_decide(struct call *call, int argc, char **argv) {
    const char *flag = option_value(&argc, argv, "--flag"), *cover = option_value(&argc, argv, "--cover");
    const char *release = option_value(&argc, argv, "--release"), *words = option_value(&argc, argv, "--words");
    const char *box = option_value(&argc, argv, "--box");
    const char *note = option_value(&argc, argv, "--note"), *person = option_value(&argc, argv, "--person");
    bool other_data = option_switch(&argc, argv, "--all-data");
    int64_t count = 0;
    if (person && (cover != NULL) != (release != NULL) && !flag && !words && !box) {
        struct person_decision decision = {person, cover != NULL, other_data, cover ? cover : release, call->context->who, note};
        return decide_person(call, &decision);
    }
    if (option_switch(&argc, argv, "--accept-all")) {
        int err = request_accept_all(call->context->store, call->rules, &call->request, call->context->who, &count);
        if (err)
            return command_failed("the proposals were not accepted", err);
        printf("%lld proposals accepted by %s\n", (long long)count, call->context->who);
        print_to_look_at(call);
        return EXIT_OK;
    }
    if (words && cover && !release && !flag)
        return decide_words(call, words, cover, argc, argv);
    if (box && cover && !release && !flag && !words)
        return decide_box(call, box, cover, argc, argv);
    if (flag && (cover != NULL) != (release != NULL) && !words) {
        struct decision decision = {strtoll(flag, NULL, 10), cover != NULL, cover ? cover : release, call->context->who, note};
        return decide_one(call, &decision);
    }
    fputs("usage: casefile request decide REQUEST --accept-all\n"
          "       casefile request decide REQUEST --flag N --cover CODE | --release CODE [--note TEXT]\n"
          "       casefile request decide REQUEST --person ID --cover CODE | --release CODE [--all-data: numbers and addresses too]\n"
          "       casefile request decide REQUEST --words \"TEXT\" --cover CODE [--document N] [--page N]\n"
          "       casefile request decide REQUEST --box X0,Y0,X1,Y1 --document N --page N --cover CODE\n", stderr);
    return EXIT_USAGE;
}

static int call_approve(struct call *call, int argc, char **argv) {
    char *why = NULL;
    (void)argc;
    (void)argv;
    int err = request_approve(call->context->store, call->rules, &call->request, call->context->who, &why);
    if (why) {
        fprintf(stderr, "casefile: %s is not approved: %s\n", call->request.name, why);
        free(why);
        return EXIT_STATE;
    }
    if (err)
        return command_failed("the request was not approved", err);
    printf("%s approved by %s\n", call->request.name, call->context->who);
    return EXIT_OK;
}

/* Waits until the daemon has brought the pack out of the states that end with "ing". */
static int pack_wait(struct call *call, struct pack_state *ret) {
    struct progress progress = {.what = "pack"};
    while (!program_stop) {
        int err = pack_state_last(call->context->store, &call->request, ret);
        if (err)
            return err;
        int proving = strcmp(ret->state, "proving") == 0;
        int busy = proving || strcmp(ret->state, "covering") == 0 || strcmp(ret->state, "binding") == 0;
        progress.what = ret->state;
        progress_show(&progress, proving ? ret->proofs_done : ret->covered, proving ? ret->proofs : ret->pages, proving ? "checks" : "pages");
        if (!busy)
            break;
        if (!daemon_runs(call->context)) {
            progress_end(&progress);
            fprintf(stderr, "casefile: casefiled is not running on this store: start it, and the pack goes on\n");
            return ERR_STATE;
        }
        pack_state_drop(ret);
        poll(NULL, 0, 100);
    }
    progress_end(&progress);
    return 0;
}

static int call_build(struct call *call, int argc, char **argv) {
    int64_t pack;
    struct pack_state state = {0};
    (void)argc;
    (void)argv;
    int err = pack_ask(call->context->store, &call->request, call->context->who, &pack);
    if (err == ERR_STATE) {
        fprintf(stderr, "casefile: %s cannot be built: it is not approved, or has no pages\n", call->request.name);
        return EXIT_STATE;
    }
    if (!err)
        err = pack_wait(call, &state);
    if (err)
        return command_failed("the pack was not built", err);
    int built = strcmp(state.state, "bound") == 0;
    print_left_out(call);
    if (built)
        printf("pack version %lld of %s: %lld pages covered and bound\n", (long long)state.version, call->request.name, (long long)state.pages);
    else
        fprintf(stderr, "casefile: the pack of %s is %s: %s\n", call->request.name, state.state, state.reason ? state.reason : "");
    pack_state_drop(&state);
    return built ? EXIT_OK : EXIT_STATE;
}

/* The withheld texts that findings name by their number, for the officer who decides on them. */
static void print_withheld(struct call *call, const struct pack_state *state, const struct findings *findings) {
    struct pack_row pack;
    struct pack_texts withheld = {0}, allowed = {0};
    if (pack_row_load(call->context->store, state->id, &pack) || pack_texts_load(call->context->store, &pack, &withheld, &allowed))
        return;
    for (size_t i = 0; i < withheld.count; i++) {
        char *name = mem_print("withheld text %zu ", i + 1);
        for (size_t k = 0; k < findings->count; k++)
            if (strncmp(findings->list[k].what, name, strlen(name)) == 0) {
                char *text = text_printable(view_text(withheld.list[i]));
                printf("  %sis: %s\n", name, text);
                free(text);
                break;
            }
        free(name);
    }
    pack_texts_drop(&withheld);
    pack_texts_drop(&allowed);
}

static void print_findings(struct call *call, const struct pack_state *state) {
    struct findings findings = {0};
    if (pack_findings(call->context->store, &call->request, state->id, &findings))
        return;
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *f = &findings.list[i];
        printf("  page %u at %.0f,%.0f to %.0f,%.0f (%s): %s\n", f->page, (double)f->box.x0, (double)f->box.y0, (double)f->box.x1,
               (double)f->box.y1, f->check, f->what);
    }
    print_withheld(call, state, &findings);
    findings_drop(&findings);
}

static int call_prove(struct call *call, int argc, char **argv) {
    struct pack_state state = {0};
    (void)argc;
    (void)argv;
    int err = pack_state_last(call->context->store, &call->request, &state);
    if (!err)
        err = pack_ask_proof(call->context->store, &call->request, state.id, call->context->who);
    pack_state_drop(&state);
    if (err)
        return command_failed("there is no bound pack to prove: 'casefile request build' makes one", err);
    err = pack_wait(call, &state);
    if (err)
        return command_failed("the pack was not proved", err);
    int proved = strcmp(state.state, "proved") == 0;
    printf("pack version %lld of %s: %s, %lld findings in %lld checks%s%s\n", (long long)state.version, call->request.name,
           proved ? "PROVED" : "REFUSED", (long long)state.findings, (long long)state.proofs, state.reason[0] ? "; " : "", state.reason);
    if (!proved) {
        print_findings(call, &state);
        printf("cover what is named ('casefile request decide'), have it approved, build again\n");
    }
    pack_state_drop(&state);
    return proved ? EXIT_OK : EXIT_FOUND;
}

static int call_release(struct call *call, int argc, char **argv) {
    const char *to = option_value(&argc, argv, "--to"), *how = option_value(&argc, argv, "--how"), *out = option_value(&argc, argv, "--out");
    struct pack_state state = {0};
    struct release release = {0};
    struct store *store = call->context->store;
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int err = pack_state_last(store, &call->request, &state);
    if (err == ERR_NOT_FOUND) {
        fprintf(stderr, "casefile: %s has no pack yet: 'casefile request build' makes one, 'casefile request prove' proves it\n", call->request.name);
        return EXIT_STATE;
    }
    char *folder = out ? mem_text(out) : mem_print("%s/out/%s/v%lld", store->folder, call->request.name, (long long)state.version);
    struct release_order order = {call->context->who, to ? to : call->request.requester, how ? how : "collected", folder};
    if (!err)
        err = pack_release(store, &call->request, &state, &order, &release);
    free(folder);
    pack_state_drop(&state);
    if (err == ERR_STATE) {
        fprintf(stderr, "casefile: %s is not released: its last pack must be proved and its decisions approved\n", call->request.name);
        return EXIT_STATE;
    }
    if (err)
        return command_failed("the pack was not released", err);
    printf("released: %s\nmanifest: %s\ndisclosure log entry %lld, audit leaf %lld\naudit head %s\n", release.pack_path, release.manifest_path,
           (long long)release.disclosure_id, (long long)release.leaf, release.head);
    release_drop(&release);
    return EXIT_OK;
}

static int call_gather(struct call *call, int argc, char **argv) {
    int64_t count = 0;
    (void)argc;
    (void)argv;
    int err = request_gather(call->context->store, &call->request, call->context->who, &count);
    if (err)
        return command_failed("no documents were added", err);
    printf("%lld documents added%s\n", (long long)count, count ? "; what they hold has to be decided and approved" : "");
    return EXIT_OK;
}

static int call_extend(struct call *call, int argc, char **argv) {
    const char *why = option_value(&argc, argv, "--why");
    if (!why) {
        fputs("usage: casefile request extend REQUEST --why TEXT (the requester must be told within the first month)\n", stderr);
        return EXIT_USAGE;
    }
    int err = request_event(call->context->store, &call->request, "extended", date_today(), call->context->who, why);
    if (err)
        return command_failed("the request was not extended", err);
    call->request.extended = 1;
    printf("%s is extended by two months\n", call->request.name);
    return EXIT_OK;
}

static const struct {
    const char *name, *arguments;
    int (*run)(struct call *call, int argc, char **argv);
    bool of_request; /* the next argument names a request */
} calls[] = {
    {"open", "--child COUNCIL-ID --requester NAME [--kind KIND] [--received DATE]", call_open, false},
    {"list", "", call_list, false},
    {"show", "REQUEST [--covers]", call_show, true},
    {"people", "REQUEST (everybody who is named, each once)", call_people, true},
    {"gather", "REQUEST (adds what has come into the record since)", call_gather, true},
    {"extend", "REQUEST --why TEXT", call_extend, true},
    {"decide", "REQUEST --accept-all | --flag N|--person ID --cover|--release CODE | --words TEXT|--box X0,Y0,X1,Y1 --cover CODE [--document N --page N]", call_decide, true},
    {"approve", "REQUEST (by a second person: --who)", call_approve, true},
    {"build", "REQUEST", call_build, true},
    {"prove", "REQUEST", call_prove, true},
    {"release", "REQUEST [--to RECIPIENT] [--how TEXT] [--out FOLDER]", call_release, true},
};
#define CALLS (sizeof calls / sizeof calls[0])

/* The request's name may stand behind options: it is brought to the front. */
static void name_to_front(int argc, char **argv) {
    for (int i = 2; i < argc; i++)
        if (strncasecmp(argv[i], "SAR-", 4) == 0 && strncasecmp(argv[1], "SAR-", 4)) {
            char *name = argv[i];
            memmove(argv + 2, argv + 1, (size_t)(i - 1) * sizeof *argv);
            argv[1] = name;
            return;
        }
}

static int call_run(struct call *call, size_t which, int argc, char **argv) {
    int err = 0, status = command_rules(call->context, &call->rules);
    if (status)
        return status;
    if (calls[which].of_request) {
        name_to_front(argc, argv);
        err = argc > 1 ? request_load(call->context->store, call->rules, argv[1], &call->request) : ERR_NOT_FOUND;
        if (err)
            status = argc > 1 ? command_failed(argv[1], err) : (fputs("casefile: name a request, such as SAR-2026-0001\n", stderr), EXIT_USAGE);
    }
    int changes = strcmp(calls[which].name, "decide") == 0 || strcmp(calls[which].name, "gather") == 0 || strcmp(calls[which].name, "approve") == 0;
    if (!err && changes && strcmp(call->request.state, "released") == 0) {
        fprintf(stderr, "casefile: %s is released; what was sent cannot be changed. Open a new request for what is to be sent now.\n", call->request.name);
        status = EXIT_STATE;
    } else if (!err)
        status = calls[which].run(call, argc - (calls[which].of_request ? 1 : 0), argv + (calls[which].of_request ? 1 : 0));
    request_drop(&call->request);
    rules_drop(&call->rules);
    return status;
}

int command_request(struct command_context *context, int argc, char **argv) {
    struct call call = {.context = context};
    for (size_t i = 0; i < CALLS && argc > 1; i++)
        if (strcmp(calls[i].name, argv[1]) == 0)
            return call_run(&call, i, argc - 1, argv + 1);
    fputs("usage:\n", stderr);
    for (size_t i = 0; i < CALLS; i++)
        fprintf(stderr, "  casefile request %s %s\n", calls[i].name, calls[i].arguments);
    return EXIT_USAGE;
}
