/* cmd_request.c: requests through the command: which call, of which request. */
#include "daemon/cmd_request.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *arguments;
    call_run *run;
    bool of_request; /* the next argument names a request */
    bool changes;    /* what a closed request no longer can */
} calls[] = {
    {"open", "--child COUNCIL-ID --requester NAME [--kind KIND] [--pack PACK] [--received DAY] [--identity TEXT] [--scope TEXT] [--from DAY] [--until DAY] [--rectification]",
     call_open, false, false},
    {"list", "[--all] (open requests, by the day that they are due)", call_list, false, false},
    {"show", "REQUEST (what happened to it, and where it stands)", call_show, true, false},
    {"event", "REQUEST EVENT [--on DAY] [--note TEXT]", call_event, true, false},
    {"extend", "REQUEST --why TEXT", call_extend, true, true},
    {"letter", "REQUEST acknowledge|identity|clarify|extend|refuse|consent|consult|complaint [--what TEXT]", call_letter, true, false},
    {"documents", "REQUEST", call_documents, true, false},
    {"gather", "REQUEST (adds what has come into the record since)", call_gather, true, true},
    {"search", "REQUEST (looks for the subject in all other documents)", call_search, true, true},
    {"reduce", "REQUEST (leaves out copies and quoted mails)", call_reduce, true, true},
    {"include", "REQUEST --document N [--why TEXT]", call_include, true, true},
    {"exclude", "REQUEST --document N --code CODE [--why TEXT]", call_exclude, true, true},
    {"annotate", "RECTIFICATION --document N [--page N] --text TEXT (beside what is to be put right)", call_annotate, true, true},
    {"flags", "REQUEST [--covers] [--undecided] [--document N] [--from N] [--most N]", call_flags, true, false},
    {"people", "REQUEST (everybody who is named, each once)", call_people, true, false},
    {"decide", "REQUEST --accept-all | --flag N|--same-as N|--person ID --cover|--release CODE | --words TEXT|--box X0,Y0,X1,Y1|--whole-page|--whole-document --cover CODE"
               " [--document N --page N] [--field NAME=TEXT]... [--note TEXT]", call_decide, true, true},
    {"lacks", "REQUEST (what the codes demand and nobody has said)", call_lacks, true, false},
    {"complete", "REQUEST --code CODE --field NAME=TEXT...", call_complete, true, true},
    {"undo", "REQUEST (takes back the last act)", call_undo, true, true},
    {"history", "REQUEST [--flag N]", call_history, true, false},
    {"consult", "REQUEST [--whom TEXT [--consent] [--person ID] [--on DAY]]", call_consult, true, false},
    {"answer", "REQUEST --consultation N --answer ANSWER [--views TEXT] [--on DAY]", call_answer, true, false},
    {"check", "REQUEST [--let FLAG --against REQUEST --why TEXT]", call_check, true, false},
    {"approve", "REQUEST (by a second person: --who)", call_approve, true, true},
    {"draft", "REQUEST -o FILE.pdf (a working copy with see-through marks, not for release)", call_draft, true, false},
    {"build", "REQUEST", call_build, true, false},
    {"prove", "REQUEST", call_prove, true, false},
    {"rebuild", "REQUEST (whether the pack, bound once more, is byte for byte the same)", call_rebuild, true, false},
    {"release", "REQUEST [--to RECIPIENT] [--how TEXT] [--out FOLDER] [--password-file FILE]", call_release, true, false},
};
#define CALLS (sizeof calls / sizeof calls[0])

static bool is_name(const char *text) {
    return strncasecmp(text, "SAR-", 4) == 0 || strncasecmp(text, "RECT-", 5) == 0;
}

/* The request's name may stand behind options: it is brought to the front. */
static void name_to_front(int argc, char **argv) {
    for (int i = 2; i < argc; i++)
        if (is_name(argv[i]) && !is_name(argv[1])) {
            char *name = argv[i];
            memmove(argv + 2, argv + 1, (size_t)(i - 1) * sizeof *argv);
            argv[1] = name;
            return;
        }
}

static bool is_closed(const struct request *request) {
    return strcmp(request->state, "open") && strcmp(request->state, "approved");
}

static int call_of_request(struct call *call, size_t which, int argc, char **argv) {
    name_to_front(argc, argv);
    if (argc < 2) {
        fputs("casefile: name a request, such as SAR-2026-0001\n", stderr);
        return EXIT_USAGE;
    }
    int err = request_load(call->context->store, call->rules, argv[1], &call->request);
    if (err)
        return command_failed(argv[1], err);
    if (calls[which].changes && is_closed(&call->request)) {
        fprintf(stderr, "casefile: %s is %s; what was sent cannot be changed. 'casefile request event %s reopened' works on it again.\n", call->request.name, call->request.state,
                call->request.name);
        return EXIT_STATE;
    }
    return calls[which].run(call, argc - 1, argv + 1);
}

int command_request(struct command_context *context, int argc, char **argv) {
    struct call call = {.context = context};
    for (size_t i = 0; i < CALLS && argc > 1; i++)
        if (strcmp(calls[i].name, argv[1]) == 0) {
            int status = command_rules(context, &call.rules);
            if (!status)
                status = calls[i].of_request ? call_of_request(&call, i, argc - 1, argv + 1) : calls[i].run(&call, argc - 1, argv + 1);
            request_drop(&call.request);
            rules_drop(&call.rules);
            return status;
        }
    fputs("usage:\n", stderr);
    for (size_t i = 0; i < CALLS; i++)
        fprintf(stderr, "  casefile request %s %s\n", calls[i].name, calls[i].arguments);
    return EXIT_USAGE;
}
