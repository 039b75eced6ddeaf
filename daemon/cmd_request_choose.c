/* cmd_request_choose.c: which documents answer a request. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/cmd_request.h"
#include "disclose/choose_documents.h"
#include "disclose/rectify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int call_documents(struct call *call, int argc, char **argv) {
    struct rows *rows = db_query(call->context->store->db,
                                 "SELECT r.document_id, r.included, r.reason, r.code, r.who, r.origin, d.found_kind, d.event_day, d.written_day,"
                                 " (SELECT count(*) FROM page p WHERE p.document_id = d.id), d.state FROM request_document r JOIN document d ON d.id = r.document_id"
                                 " WHERE r.request_id = ? ORDER BY r.ordinal", "i", call->request.id);
    int64_t in = 0, asks = 0;
    if (options_left(argc, argv))
        return EXIT_USAGE;
    while (rows_next(rows) > 0) {
        char day[DATE_TEXT] = "";
        bool included = rows_int(rows, 1) != 0, open = !included && !*rows_text(rows, 4);
        if (!rows_null(rows, 7) || !rows_null(rows, 8))
            date_text((int32_t)rows_int(rows, rows_null(rows, 7) ? 8 : 7), day);
        in += included;
        asks += open;
        printf("  document %-6lld %-8s %-10s %-20s %4lld pages  %s%s%s%s\n", (long long)rows_int(rows, 0), open ? "ASKS" : included ? "in" : "left out", *day ? day : "no day",
               *rows_text(rows, 6) ? rows_text(rows, 6) : "document", (long long)rows_int(rows, 9), rows_text(rows, 3), *rows_text(rows, 3) ? ": " : "", rows_text(rows, 2),
               strcmp(rows_text(rows, 10), "ready") ? " (being worked on)" : "");
    }
    int err = rows_end(&rows);
    if (!err)
        err = call_audit_read(call);
    if (err)
        return command_failed("the documents cannot be shown", err);
    printf("%lld documents are in", (long long)in);
    printf(asks ? "; of %lld nobody has said yet whether they are: 'casefile request include|exclude'\n" : "\n", (long long)asks);
    call_print_left_out(call);
    return EXIT_OK;
}

int call_gather(struct call *call, int argc, char **argv) {
    int64_t count = 0;
    (void)argc;
    (void)argv;
    int err = request_gather(call->context->store, &call->request, call->context->who, &count);
    if (err)
        return command_failed("no documents were added", err);
    printf("%lld documents added%s\n", (long long)count, count ? "; what they hold has to be decided and approved" : "");
    return EXIT_OK;
}

static void search_progress(void *state, int64_t done, int64_t all) {
    progress_show(state, done, all, "documents");
}

int call_search(struct call *call, int argc, char **argv) {
    struct progress progress = {.what = "searching"};
    struct search_result result;
    (void)argc;
    (void)argv;
    int err = request_search(call->context->store, &call->request, call->context->who, search_progress, &progress, &result);
    progress_end(&progress);
    if (err)
        return command_failed("the search came to no end; what it found so far is kept", err);
    printf("%lld other documents, %lld pages looked through for the subject's names and numbers: %lld name the subject\n", (long long)result.documents, (long long)result.pages,
           (long long)result.found);
    if (result.unread)
        printf("%lld of those pages have no words that anybody could read: a search cannot know them\n", (long long)result.unread);
    if (result.found)
        printf("say of each whether it is part of the answer: 'casefile request documents %s' lists them as ASKS\n", call->request.name);
    return EXIT_OK;
}

int call_reduce(struct call *call, int argc, char **argv) {
    int64_t count = 0, proposed = 0;
    (void)argc;
    (void)argv;
    int err = documents_reduce(call->context->store, &call->request, call->context->who, &count);
    if (!err)
        err = db_int(call->context->store->db, &proposed,
                     "SELECT count(*) FROM near_duplicate n JOIN request_document a ON a.document_id = n.document_id AND a.included JOIN request_document b"
                     " ON b.document_id = n.other_id AND b.included WHERE n.state = 'proposed' AND a.request_id = ?1 AND b.request_id = ?1", "i", call->request.id);
    if (err)
        return command_failed("the copies were not left out", err);
    printf("%lld copies left out; 'casefile request include' takes one back\n", (long long)count);
    if (proposed)
        printf("%lld more pairs look alike: 'casefile duplicates' shows them; say 'same', then reduce again\n", (long long)proposed);
    return EXIT_OK;
}

static int choose(struct call *call, int argc, char **argv, bool included) {
    const char *document = option_value(&argc, argv, "--document"), *code = option_value(&argc, argv, "--code"), *note = option_value(&argc, argv, "--why");
    if (!document || (!included && !code) || options_left(argc, argv)) {
        fputs(included ? "usage: casefile request include REQUEST --document N [--why TEXT]\n"
                       : "usage: casefile request exclude REQUEST --document N --code CODE [--why TEXT] (OOS: out of scope; DUP: a copy; NOT-PD; ...)\n", stderr);
        return EXIT_USAGE;
    }
    struct document_choice choice = {strtoll(document, NULL, 10), included, included ? "" : code, call->context->who, note};
    int err = request_choose(call->context->store, call->rules, &call->request, &choice);
    if (err == ERR_INPUT || err == ERR_NOT_FOUND) {
        fprintf(stderr, err == ERR_INPUT ? "casefile: there is no code '%s' that withholds, see reasons.conf\n" : "casefile: there is no document %s\n", err == ERR_INPUT ? code : document);
        return EXIT_DATA;
    }
    if (err)
        return command_failed("the document stays as it was", err);
    printf("document %s is %s\n", document, included ? "in" : "left out");
    return EXIT_OK;
}

int call_include(struct call *call, int argc, char **argv) {
    return choose(call, argc, argv, true);
}

int call_exclude(struct call *call, int argc, char **argv) {
    return choose(call, argc, argv, false);
}

/* Beside a document that is said to be wrong: what the subject says, or what is right. The document stays as it is. */
int call_annotate(struct call *call, int argc, char **argv) {
    const char *document = option_value(&argc, argv, "--document"), *page = option_value(&argc, argv, "--page"), *text = option_value(&argc, argv, "--text");
    if (!document || !text || options_left(argc, argv)) {
        fputs("usage: casefile request annotate RECTIFICATION --document N [--page N] --text TEXT\n", stderr);
        return EXIT_USAGE;
    }
    struct annotation annotation = {strtoll(document, NULL, 10), page ? (uint32_t)strtoul(page, NULL, 10) : 0, text, call->context->who};
    int err = rectify_annotate(call->context->store, &call->request, &annotation);
    if (err == ERR_STATE) {
        fprintf(stderr, "casefile: %s is no open request to put something right: 'casefile request open --rectification' begins one\n", call->request.name);
        return EXIT_STATE;
    }
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "that document is not in the record of this child" : "nothing was added", err);
    printf("added beside document %s; it stands in every list of contents from now on\n", document);
    return EXIT_OK;
}
