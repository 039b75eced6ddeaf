/* cmd_request_decide.c: deciding on what is flagged, and what stands in the way of an approval. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/cmd_request.h"
#include "disclose/approve.h"
#include "disclose/consistency.h"
#include "disclose/consult.h"
#include "disclose/cover_words.h"
#include "disclose/request_people.h"
#include "store/flag_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MOST 32

/* "name=value" is cut in place. */
static int field_take(char *text, struct act_field *ret) {
    char *equals = strchr(text, '=');
    if (!equals) {
        fprintf(stderr, "casefile: --field takes NAME=TEXT, not '%s'\n", text);
        return EXIT_USAGE;
    }
    *equals = 0;
    *ret = (struct act_field){text, equals + 1};
    return 0;
}

int call_act(struct call *call, int *argc, char **argv, struct act *ret) {
    struct act_field *fields = mem_new(FIELDS_MOST * sizeof *fields);
    size_t count = 0;
    const char *text;
    char *why = NULL;
    int status = 0;
    while (!status && count < FIELDS_MOST && (text = option_value(argc, argv, "--field")))
        status = field_take((char *)(uintptr_t)text, &fields[count++]);
    *ret = (struct act){call->context->who, option_value(argc, argv, "--note"), fields, count};
    if (!status && act_check(call->rules, ret, &why)) {
        fprintf(stderr, "casefile: %s\n", why);
        status = EXIT_DATA;
    }
    free(why);
    if (status)
        free(fields);
    return status;
}

static void print_flag(struct call *call, const struct decided_flag *f) {
    struct flag flag;
    if (flag_load(call->context->store, f->flag_id, &flag))
        return;
    char *text = text_printable(view_text(flag.text));
    printf("  flag %-6lld document %lld page %-3u %-8s %-12s %-7s %-16s %s%s%s  \"%s\"  %s\n", (long long)f->flag_id,
           (long long)f->document_id, f->page_number, f->type, f->role, f->cover ? "cover" : "release", f->code,
           f->decided ? "decided by " : f->earlier[0] ? "proposed as in " : "proposed", f->decided ? f->who : f->earlier, "", text, flag.why);
    free(text);
    flag_drop(&flag);
}


int call_flags(struct call *call, int argc, char **argv) {
    const char *document = option_value(&argc, argv, "--document"), *from = option_value(&argc, argv, "--from"), *most = option_value(&argc, argv, "--most");
    bool covers = option_switch(&argc, argv, "--covers"), undecided = option_switch(&argc, argv, "--undecided");
    struct flags_part part = {document ? strtoll(document, NULL, 10) : 0, from ? strtoul(from, NULL, 10) : 0, most ? strtoul(most, NULL, 10) : 0};
    struct decided_flag *flags;
    struct flags_count all;
    size_t count;
    if (options_left(argc, argv))
        return EXIT_USAGE;
    int err = request_flags_part(call->context->store, &call->request, &part, &flags, &count);
    if (!err)
        err = request_flags_count(call->context->store, &call->request, &all);
    if (!err)
        err = call_audit_read(call);
    if (err)
        return command_failed("the flags cannot be shown", err);
    for (size_t i = 0; i < count; i++)
        if ((!covers || flags[i].cover) && (!undecided || !flags[i].decided))
            print_flag(call, &flags[i]);
    printf("%lld flags, %lld to be covered, %lld not decided yet\n", (long long)all.all, (long long)all.covered, (long long)all.undecided);
    free(flags);
    return EXIT_OK;
}

/* Everybody who is named, each once. */
int call_people(struct call *call, int argc, char **argv) {
    struct bundle_people people;
    (void)argc;
    (void)argv;
    int err = request_people(call->context->store, &call->request, &people);
    if (!err)
        err = call_audit_read(call);
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


/* ---- deciding */

/* What the words of "casefile request decide" came to. */
struct wanted {
    const char *flag, *person, *same_as, *words, *box, *document, *page;
    bool accept_all, whole_page, whole_document, other_data;
    struct decision decision;
};

static int decided_say(struct call *call, int err, int64_t count, const struct wanted *wanted) {
    if (err == ERR_INPUT) {
        fprintf(stderr, "casefile: there is no code '%s' for that, see reasons.conf\n", wanted->decision.code);
        return EXIT_DATA;
    }
    if (err == ERR_NOT_FOUND) {
        fprintf(stderr, wanted->person ? "casefile: nobody has the id '%s': see 'casefile request people'\n" : "casefile: there is no such flag or page among the documents of this request\n",
                wanted->person);
        return EXIT_DATA;
    }
    if (err)
        return command_failed("the decision was not taken", err);
    printf("%lld flag%s: %s, %s\n", (long long)count, count == 1 ? "" : "s", wanted->decision.cover ? "to be covered" : "to be released", wanted->decision.code);
    (void)call;
    return EXIT_OK;
}

static int decide_words(struct call *call, const struct wanted *wanted, const struct act *act) {
    int64_t places = 0, before = 0;
    struct cover_words order = {wanted->words, wanted->document ? strtoll(wanted->document, NULL, 10) : 0, wanted->page ? (uint32_t)strtoul(wanted->page, NULL, 10) : 0,
                                wanted->decision.code, &before};
    int err = request_cover_words(call->context->store, call->rules, &call->request, act, &order, &places);
    if (err)
        return decided_say(call, err, 0, wanted);
    printf("covered in %lld places", (long long)places);
    printf(before ? "; %lld were covered already\n" : "\n", (long long)before);
    if (!places && !before)
        fprintf(stderr, "casefile: these words stand nowhere in the chosen documents as they were read; --box covers a rectangle\n");
    return places || before ? EXIT_OK : EXIT_FOUND;
}

static int decide_box(struct call *call, const struct wanted *wanted, const struct act *act) {
    struct cover_box order = {.code = wanted->decision.code, .whole = !wanted->box};
    int64_t pages = 0;
    if (!wanted->document || (!wanted->page && !wanted->whole_document) ||
        (wanted->box && sscanf(wanted->box, "%f,%f,%f,%f", &order.box.x0, &order.box.y0, &order.box.x1, &order.box.y1) != 4)) {
        fputs("casefile: --box X0,Y0,X1,Y1 (points from the top left of the page) and --whole-page need --document and --page; --whole-document needs --document\n", stderr);
        return EXIT_USAGE;
    }
    order.document_id = strtoll(wanted->document, NULL, 10);
    order.page = wanted->whole_document ? 0 : (uint32_t)strtoul(wanted->page, NULL, 10);
    int err = request_cover_box(call->context->store, call->rules, &call->request, act, &order, &pages);
    return decided_say(call, err, pages, wanted);
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


static int accept_all(struct call *call, const struct act *act) {
    int64_t count = 0;
    int err = request_accept_all(call->context->store, call->rules, &call->request, act, &count);
    if (err)
        return command_failed("the proposals were not accepted", err);
    printf("%lld proposals accepted by %s\n", (long long)count, call->context->who);
    print_to_look_at(call);
    char **lacks = NULL;
    size_t n = 0;
    if (!request_lacks(call->context->store, call->rules, &call->request, &lacks, &n) && n)
        printf("%zu things that the codes demand are not said yet: 'casefile request lacks %s'\n", n, call->request.name);
    for (size_t i = 0; i < n; i++)
        free(lacks[i]);
    free(lacks);
    return EXIT_OK;
}

static int wanted_run(struct call *call, const struct wanted *w, const struct act *act) {
    struct store *store = call->context->store;
    int64_t count = 1;
    int err;
    if (w->accept_all)
        return accept_all(call, act);
    if (w->words)
        return decide_words(call, w, act);
    if (w->box || w->whole_page || w->whole_document)
        return decide_box(call, w, act);
    if (w->person) {
        struct person_decision decision = {w->person, w->other_data, w->decision};
        err = request_decide_person(store, call->rules, &call->request, act, &decision, &count);
    } else if (w->same_as) {
        err = request_decide_text(store, call->rules, &call->request, act, strtoll(w->same_as, NULL, 10), &w->decision, &count);
    } else {
        err = request_decide(store, call->rules, &call->request, act, strtoll(w->flag, NULL, 10), &w->decision);
    }
    return decided_say(call, err, count, w);
}

int call_decide(struct call *call, int argc, char **argv) {
    const char *cover = option_value(&argc, argv, "--cover"), *release = option_value(&argc, argv, "--release");
    struct wanted w = {.flag = option_value(&argc, argv, "--flag"), .person = option_value(&argc, argv, "--person"), .same_as = option_value(&argc, argv, "--same-as"),
                       .words = option_value(&argc, argv, "--words"), .box = option_value(&argc, argv, "--box"), .document = option_value(&argc, argv, "--document"),
                       .page = option_value(&argc, argv, "--page"), .accept_all = option_switch(&argc, argv, "--accept-all"),
                       .whole_page = option_switch(&argc, argv, "--whole-page"), .whole_document = option_switch(&argc, argv, "--whole-document"),
                       .other_data = option_switch(&argc, argv, "--all-data"), .decision = {cover != NULL, cover ? cover : release}};
    int things = !!w.flag + !!w.person + !!w.same_as + !!w.words + !!w.box + w.accept_all + w.whole_page + w.whole_document;
    bool drawn = w.words || w.box || w.whole_page || w.whole_document;
    struct act act;
    int status = call_act(call, &argc, argv, &act);
    if (status)
        return status;
    if (things == 1 && !options_left(argc, argv) && (w.accept_all ? !w.decision.code : (cover != NULL) != (release != NULL) && !(drawn && release))) {
        status = wanted_run(call, &w, &act);
    } else {
        fputs("usage: casefile request decide REQUEST --accept-all\n"
              "       casefile request decide REQUEST --flag N --cover CODE | --release CODE\n"
              "       casefile request decide REQUEST --same-as N --cover CODE | --release CODE (every flag with the same text)\n"
              "       casefile request decide REQUEST --person ID --cover CODE | --release CODE [--all-data: numbers and addresses too]\n"
              "       casefile request decide REQUEST --words \"TEXT\" --cover CODE [--document N] [--page N]\n"
              "       casefile request decide REQUEST --box X0,Y0,X1,Y1 --document N --page N --cover CODE\n"
              "       casefile request decide REQUEST --whole-page --document N --page N --cover CODE\n"
              "       casefile request decide REQUEST --whole-document --document N --cover CODE\n"
              "any of them: [--field NAME=TEXT]... (what the code demands) [--note TEXT]; several codes: LOCAL-8B+3P-SOURCE\n", stderr);
        status = EXIT_USAGE;
    }
    free((void *)(uintptr_t)act.fields);
    return status;
}

int call_complete(struct call *call, int argc, char **argv) {
    const char *code = option_value(&argc, argv, "--code");
    int64_t count = 0;
    struct act act;
    int status = call_act(call, &argc, argv, &act);
    if (status)
        return status;
    if (!code || !act.field_count || options_left(argc, argv)) {
        fputs("usage: casefile request complete REQUEST --code CODE --field NAME=TEXT... (what the code demands, for all decisions with it)\n", stderr);
        status = EXIT_USAGE;
    } else {
        int err = request_complete(call->context->store, call->rules, &call->request, &act, code, &count);
        if (err)
            status = command_failed("nothing was completed", err);
        else
            printf("%lld decisions with the code %s completed\n", (long long)count, code);
    }
    free((void *)(uintptr_t)act.fields);
    return status;
}

int call_lacks(struct call *call, int argc, char **argv) {
    char **lacks = NULL;
    size_t count = 0;
    (void)argc;
    (void)argv;
    int err = request_lacks(call->context->store, call->rules, &call->request, &lacks, &count);
    for (size_t i = 0; i < count; i++) {
        printf("  %s\n", lacks[i]);
        free(lacks[i]);
    }
    free(lacks);
    if (err)
        return command_failed("what is lacking cannot be told", err);
    printf(count ? "%zu things are not said yet\n" : "nothing is lacking\n", count);
    return EXIT_OK;
}

int call_undo(struct call *call, int argc, char **argv) {
    int64_t count = 0;
    (void)argc;
    (void)argv;
    int err = request_undo(call->context->store, &call->request, call->context->who, &count);
    if (err == ERR_NOT_FOUND) {
        printf("there is nothing to take back\n");
        return EXIT_FOUND;
    }
    if (err)
        return command_failed("nothing was taken back", err);
    printf("taken back: %lld flags are as they were before\n", (long long)count);
    return EXIT_OK;
}

static int history_print(void *state, const struct act_row *act) {
    char when[CLOCK_TEXT];
    const int64_t *flag = state;
    clock_text(act->at, when);
    printf("  act %-5lld %s  %-12s %s", (long long)act->id, when, act->who, act->kind);
    if (act->undoes)
        printf(" (act %lld)", (long long)act->undoes);
    if (*flag)
        printf(": %s %s", act->cover < 0 ? "open again" : act->cover ? "cover" : "release", act->code);
    else
        printf(", %lld flags", (long long)act->flags);
    printf("%s%s%s%s\n", *act->note ? "  note: " : "", act->note, *act->fields ? "  " : "", act->fields);
    return 0;
}

int call_history(struct call *call, int argc, char **argv) {
    const char *flag = option_value(&argc, argv, "--flag");
    int64_t id = flag ? strtoll(flag, NULL, 10) : 0;
    int err = call_audit_read(call);
    if (!err)
        err = request_history(call->context->store, &call->request, id, history_print, &id);
    return err ? command_failed("the history cannot be shown", err) : EXIT_OK;
}

/* ---- what stands in the way */

static int difference_print(void *state, const struct difference *one) {
    int64_t *count = state;
    ++*count;
    printf("  page %u of document %lld: what flag %lld covers is %s %s%s\n", one->page, (long long)one->document_id, (long long)one->flag_id,
           one->covered_here ? "covered here, and open in" : "open here, and covered in", one->other, one->stands ? " (an officer lets it stand)" : "");
    return 0;
}

static int check_let(struct call *call, const char *flag, const char *other, const char *why) {
    int err = consistency_let_stand(call->context->store, &call->request, strtoll(flag, NULL, 10), other, call->context->who, why);
    if (err == ERR_INPUT || err == ERR_NOT_FOUND) {
        fprintf(stderr, err == ERR_INPUT ? "casefile: say why: --why TEXT\n" : "casefile: there is no such difference: 'casefile request check' lists them\n");
        return EXIT_DATA;
    }
    if (err)
        return command_failed("the difference was not let stand", err);
    printf("the difference of flag %s to %s stands\n", flag, other);
    return EXIT_OK;
}

int call_check(struct call *call, int argc, char **argv) {
    const char *flag = option_value(&argc, argv, "--let"), *other = option_value(&argc, argv, "--against"), *why = option_value(&argc, argv, "--why");
    int64_t count = 0;
    char *obstacle = NULL;
    if (options_left(argc, argv) || !flag != !other) {
        fputs("usage: casefile request check REQUEST [--let FLAG --against REQUEST --why TEXT]\n", stderr);
        return EXIT_USAGE;
    }
    if (flag)
        return check_let(call, flag, other, why);
    int err = consistency_each(call->context->store, &call->request, difference_print, &count);
    if (!err)
        err = request_obstacle(call->context->store, call->rules, &call->request, NULL, &obstacle);
    if (err && err != ERR_STATE)
        return command_failed("the request was not checked", err);
    printf("%lld differences to what went out before\n", (long long)count);
    if (obstacle)
        printf("in the way of an approval: %s\n", obstacle);
    else
        printf("nothing is in the way of an approval by a person who decided nothing\n");
    free(obstacle);
    return err ? EXIT_FOUND : EXIT_OK;
}

static int consultation_print(void *state, const struct consultation *one) {
    char asked[DATE_TEXT], closed[DATE_TEXT];
    (void)state;
    date_text(one->asked, asked);
    date_text(one->closed, closed);
    printf("  consultation %-4lld %-10s %s, asked %s by %s: %s%s%s%s%s\n", (long long)one->id, one->kind, one->whom, asked, one->asked_by, one->state, *closed ? " on " : "", closed,
           *one->views ? ": " : "", one->views);
    return 0;
}

int call_consult(struct call *call, int argc, char **argv) {
    const char *whom = option_value(&argc, argv, "--whom"), *person = option_value(&argc, argv, "--person"), *day = option_value(&argc, argv, "--on");
    bool consent = option_switch(&argc, argv, "--consent");
    struct consultation asked = {.kind = consent ? "consent" : "originator", .whom = whom, .person_id = person, .asked = call_day(day), .asked_by = call->context->who};
    int64_t id = 0;
    if (asked.asked == DATE_NONE || options_left(argc, argv))
        return EXIT_USAGE;
    int err = call_audit_read(call);
    if (!err && !whom)
        err = consultations_each(call->context->store, &call->request, consultation_print, NULL);
    else if (!err)
        err = consultation_ask(call->context->store, &call->request, &asked, &id);
    if (err)
        return command_failed("consultation", err);
    if (whom)
        printf("consultation %lld is open; %s cannot be approved before 'casefile request answer %s --consultation %lld --answer ...'\n", (long long)id, call->request.name,
               call->request.name, (long long)id);
    return EXIT_OK;
}

int call_answer(struct call *call, int argc, char **argv) {
    const char *id = option_value(&argc, argv, "--consultation"), *state = option_value(&argc, argv, "--answer"), *views = option_value(&argc, argv, "--views");
    const char *day = option_value(&argc, argv, "--on");
    struct consultation answer = {.id = id ? strtoll(id, NULL, 10) : 0, .state = state, .views = views ? views : "", .closed = call_day(day), .closed_by = call->context->who};
    if (!id || !state || answer.closed == DATE_NONE || options_left(argc, argv)) {
        fputs("usage: casefile request answer REQUEST --consultation N --answer ANSWER [--views TEXT] [--on DAY]\n"
              "ANSWER: " CONSULTATION_ANSWERS " (the last two need --views, the reason)\n", stderr);
        return EXIT_USAGE;
    }
    int err = consultation_close(call->context->store, &call->request, &answer);
    if (err == ERR_INPUT) {
        fputs("casefile: the answer is one of " CONSULTATION_ANSWERS "; the last two need --views with the reason\n", stderr);
        return EXIT_DATA;
    }
    if (err)
        return command_failed(err == ERR_STATE ? "that consultation is closed" : "the consultation was not closed", err);
    printf("consultation %s: %s\n", id, state);
    return EXIT_OK;
}

int call_approve(struct call *call, int argc, char **argv) {
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
