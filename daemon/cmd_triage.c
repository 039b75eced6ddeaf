/* cmd_triage.c: documents that wait for a person: what the machine found, and the person's choice. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/document_name.h"
#include "daemon/document_print.h"
#include "daemon/review.h"
#include "filing/alias_find.h"
#include "filing/filing_rows.h"
#include "ingest/split.h"
#include "store/alias_rows.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASONS_MOST = 500 /* documents of a list whose reasons are looked up */ };

/* Why the machine has not filed it: what speaks against the best child, without saying who that is. */
static void reason_print(struct store *store, int64_t document_id) {
    struct filing_result result = {0};
    if (filing_load(store, document_id, &result) == 0 && result.candidate_count && result.candidates[0].veto[0])
        printf("               %s\n", result.candidates[0].veto);
    filing_result_drop(&result);
}

static int triage_list(struct command_context *context) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, f.outcome FROM document d"
                                 " JOIN part t ON t.id = d.part_id JOIN filing f ON f.document_id = d.id AND f.superseded_by IS NULL"
                                 " WHERE f.outcome NOT IN ('filed', 'outside') ORDER BY t.receipt_id, d.id", "");
    int n = 0;
    while (rows_next(rows) > 0) {
        document_line_print(context->store, rows);
        if (n++ < REASONS_MOST)
            reason_print(context->store, rows_int(rows, 0));
    }
    int err = rows_end(&rows);
    if (!err)
        printf(n ? "\n'casefile triage show DOCUMENT' tells why; 'casefile triage file DOCUMENT COUNCIL-ID' files it.\n"
                 : "nothing waits for a person\n");
    return err ? command_failed("triage", err) : EXIT_OK;
}

static int triage_filed(struct command_context *context, const char *council_id) {
    int64_t child;
    int err = people_child_id(context->store, council_id, &child);
    if (err)
        return command_failed("no child of the register has that number", err);
    struct document_printer printer;
    int status = document_printer_open(context, &printer);
    if (status)
        return status;
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, f.outcome || ' by ' || f.made_by FROM document d"
                                 " JOIN part t ON t.id = d.part_id JOIN filing f ON f.document_id = d.id AND f.superseded_by IS NULL"
                                 " JOIN filing_child c ON c.filing_id = f.id AND c.child_id = ? AND c.chosen ORDER BY t.receipt_id, d.id", "i", child);
    while (rows_next(rows) > 0) {
        document_line_print(context->store, rows);
        document_facts_print(&printer, context->store, rows_int(rows, 0), "               ");
    }
    err = rows_end(&rows);
    document_printer_close(&printer);
    return err ? command_failed("filed documents", err) : EXIT_OK;
}

static void print_candidate(const struct people *people, const struct filing_candidate *c) {
    const struct child *child = people_child(people, c->child_id);
    printf("  %s  %s %s   probability %.4f, %+.1f bits%s%s%s\n", child ? child->council_id : "?", child ? child->forenames : "?",
           child ? child->surname : "", (double)c->probability, (double)c->weight, c->chosen ? "  CHOSEN" : "",
           c->veto[0] ? "  not by machine: " : "", c->veto);
    for (size_t i = 0; i < c->part_count; i++) {
        char *found = text_printable(view_text(c->parts[i].found));
        printf("      %+6.1f  %-24s %s (page %u)\n", (double)c->parts[i].weight, c->parts[i].name, found, c->parts[i].page);
        free(found);
    }
}

/* Looking at evidence is reading a record: it is in the audit log. */
static int audit_read(struct command_context *context, int64_t document_id) {
    char what[64];
    snprintf(what, sizeof what, "document %lld", (long long)document_id);
    return audit_act(context, "read", what, "triage");
}

static int triage_show(struct command_context *context, int64_t document_id) {
    struct filing_result result = {0};
    struct people *people = NULL;
    struct document_printer printer;
    int status = document_printer_open(context, &printer);
    if (status)
        return status;
    int err = filing_load(context->store, document_id, &result);
    if (!err)
        err = people_load(context->store, &people);
    if (!err)
        err = audit_read(context, document_id);
    if (!err) {
        printf("document %lld: %s\n", (long long)document_id, filing_outcome_text(result.outcome));
        document_facts_print(&printer, context->store, document_id, "  ");
        for (size_t i = 0; i < result.candidate_count; i++)
            print_candidate(people, &result.candidates[i]);
        if (!result.candidate_count)
            printf("  no child of the register is named well enough\n");
    }
    filing_result_drop(&result);
    people_drop(&people);
    document_printer_close(&printer);
    return err ? command_failed("the document's filing cannot be read", err) : EXIT_OK;
}

/* ---- what a person says */

enum { CHILDREN_MOST = 50 };

/* In a transaction of its own; tells what is true afterwards. */
static int said(struct command_context *context, int err, const char *text, int64_t document_id) {
    err = db_end(context->store->db, err);
    if (err)
        return command_failed(err == ERR_STATE ? "the document is in no record" : "nothing was changed", err);
    printf("document %lld: %s\n", (long long)document_id, text);
    return EXIT_OK;
}

/* Who has read the document since it was filed to the records that it is now taken out of, and where it has gone: each of them has to be told. */
static int readers_print(struct command_context *context, int64_t document_id) {
    char what[64];
    int count = 0;
    snprintf(what, sizeof what, "document %lld", (long long)document_id);
    struct rows *rows = db_query(context->store->db,
                                 "SELECT who, count(*), max(at) FROM audit_leaf WHERE what = ? AND action = 'read' AND at >= (SELECT max(made_at) FROM filing"
                                 " WHERE document_id = ? AND outcome = 'filed') GROUP BY who ORDER BY who", "ti", what, document_id);
    while (rows_next(rows) > 0) {
        char at[CLOCK_TEXT];
        clock_text(rows_int(rows, 2), at);
        printf("  read meanwhile by %s, %lld times, last at %s\n", rows_text(rows, 0), (long long)rows_int(rows, 1), at);
        count++;
    }
    int err = rows_end(&rows);
    rows = db_query(context->store->db,
                    "SELECT DISTINCT q.name, CASE WHEN EXISTS(SELECT 1 FROM disclosure x WHERE x.request_id = q.id) THEN 'HAS BEEN DISCLOSED in' ELSE"
                    " 'is among the documents of' END FROM request q JOIN request_document d ON d.request_id = q.id AND d.included WHERE d.document_id = ?",
                    "i", document_id);
    while (!err && rows_next(rows) > 0) {
        printf("  it %s the request %s\n", rows_text(rows, 1), rows_text(rows, 0));
        count++;
    }
    int err2 = rows_end(&rows);
    if (!count && !err && !err2)
        puts("  nobody has read it meanwhile");
    return err ? err : err2;
}

/* What the document calls the child, and the register does not. */
static int alias_learn(struct command_context *context, int64_t document_id, int64_t child_id) {
    struct people *people = NULL;
    struct document_words words = {0};
    int err = people_load(context->store, &people);
    if (!err)
        err = document_words_load(context->store, document_id, &words);
    char *alias = err ? NULL : alias_find(people, people_child(people, child_id), &words);
    if (alias) {
        err = alias_propose(context->store, child_id, document_id, alias);
        if (!err)
            puts("it calls the child by a name that the register does not have: 'casefile register aliases'");
    }
    free(alias);
    document_words_drop(&words);
    people_drop(&people);
    return err;
}

static int triage_file(struct command_context *context, int64_t document_id, int count, char **council_ids) {
    int64_t children[CHILDREN_MOST];
    int status = count > CHILDREN_MOST ? command_failed("so many children", ERR_TOO_LARGE) : children_named(context, count, council_ids, children);
    int err = status ? 0 : db_begin(context->store->db);
    if (status || err)
        return status ? status : command_failed("the document was not filed", err);
    err = filing_choose(context->store, document_id, children, (size_t)count, context->who);
    if (!err && count == 1)
        err = alias_learn(context, document_id, children[0]);
    return said(context, err, count > 1 ? "filed to each of these children, as shared; what was filed before stays in its history"
                                        : "filed; what was filed before stays in its history", document_id);
}

static int triage_nobody(struct command_context *context, int64_t document_id) {
    int err = db_begin(context->store->db);
    return err ? command_failed("nothing was changed", err)
               : said(context, filing_choose(context->store, document_id, NULL, 0, context->who), "it belongs to no child of the register", document_id);
}

static int triage_not(struct command_context *context, int64_t document_id, char **council_id) {
    int64_t child;
    int status = children_named(context, 1, council_id, &child);
    int err = status ? 0 : readers_print(context, document_id);
    if (!status && !err)
        err = db_begin(context->store->db);
    if (status || err)
        return status ? status : command_failed("nothing was changed", err);
    return said(context, filing_refuse(context->store, document_id, child, context->who), "not this child's, now and when it is read anew; it is weighed once more",
                document_id);
}

static int triage_undo(struct command_context *context, int64_t document_id) {
    int err = readers_print(context, document_id);
    if (!err)
        err = db_begin(context->store->db);
    return err ? command_failed("nothing was changed", err)
               : said(context, filing_undo(context->store, document_id, context->who), "taken out of the records that it was in; it waits for a decision", document_id);
}

static int moved(int err, int64_t document_id, int64_t other_id) {
    if (err)
        return command_failed(err == ERR_STATE   ? "it is being worked on: try again in a moment"
                              : err == ERR_INPUT ? "nothing was changed: a document is parted behind its first page, and joined with one behind it of the same file or batch"
                                                 : "nothing was changed", err);
    printf("documents %lld and %lld: what changed is filed and flagged anew\n", (long long)document_id, (long long)other_id);
    return EXIT_OK;
}

static int triage_split(struct command_context *context, int64_t document_id, const char *page) {
    int64_t new_id = 0;
    int err = document_split(context->store, document_id, (uint32_t)strtoul(page, NULL, 10), context->who, &new_id);
    return moved(err, document_id, new_id);
}

static int triage_join(struct command_context *context, int64_t document_id, const char *other) {
    int64_t second = 0;
    int status = document_named(context, other, &second);
    return status ? status : moved(document_join(context->store, document_id, second, context->who), document_id, second);
}

static int usage(void) {
    fputs("usage: casefile triage [list]\n"
          "       casefile triage show DOCUMENT\n"
          "       casefile triage file DOCUMENT COUNCIL-ID ...   to one child, or to several\n"
          "       casefile triage not DOCUMENT COUNCIL-ID        it is not this child's\n"
          "       casefile triage nobody DOCUMENT                it belongs to no child of the register\n"
          "       casefile triage undo DOCUMENT                  out of the record again; tells who has read it meanwhile\n"
          "       casefile triage split DOCUMENT PAGE            a new document begins with this page\n"
          "       casefile triage join DOCUMENT DOCUMENT         the second belongs to the first\n"
          "       casefile triage filed COUNCIL-ID               what is in the child's record\n"
          "       casefile triage alarms                         documents that name a child of another family\n"
          "       casefile triage clear DOCUMENT COUNCIL-ID --why TEXT\n"
          "       casefile triage check [right|wrong DOCUMENT]   the week's sample of automatic filings\n\n"
          "DOCUMENT is its number, or a receipt (R000123) that holds one document.\n", stderr);
    return EXIT_USAGE;
}

/* What is done to one document; more: how many arguments stand behind it, at least (-1: exactly none). */
static int document_command(struct command_context *context, int argc, char **argv) {
    int64_t document = 0;
    const char *what = argv[1];
    int more = argc - 3;
    bool fits = (strcmp(what, "file") == 0 && more >= 1) || (more == 1 && (strcmp(what, "not") == 0 || strcmp(what, "split") == 0 || strcmp(what, "join") == 0)) ||
                (!more && (strcmp(what, "show") == 0 || strcmp(what, "nobody") == 0 || strcmp(what, "undo") == 0));
    if (!fits)
        return usage();
    int status = document_named(context, argv[2], &document);
    if (status)
        return status;
    return strcmp(what, "file") == 0     ? triage_file(context, document, more, argv + 3)
           : strcmp(what, "not") == 0    ? triage_not(context, document, argv + 3)
           : strcmp(what, "split") == 0  ? triage_split(context, document, argv[3])
           : strcmp(what, "join") == 0   ? triage_join(context, document, argv[3])
           : strcmp(what, "nobody") == 0 ? triage_nobody(context, document)
           : strcmp(what, "undo") == 0   ? triage_undo(context, document)
                                         : triage_show(context, document);
}

int command_triage(struct command_context *context, int argc, char **argv) {
    const char *why = option_value(&argc, argv, "--why"), *what = argc > 1 ? argv[1] : "list";
    int status = options_left(argc, argv);
    if (status)
        return status;
    if (argc <= 2 && strcmp(what, "list") == 0)
        return triage_list(context);
    if (argc == 3 && strcmp(what, "filed") == 0)
        return triage_filed(context, argv[2]);
    if (argc == 2 && strcmp(what, "alarms") == 0)
        return review_alarms(context);
    if (argc == 4 && strcmp(what, "clear") == 0)
        return review_clear(context, argv[2], argv[3], why);
    if (strcmp(what, "check") == 0 && (argc == 2 || argc == 4))
        return review_check(context, argc == 4 ? argv[2] : NULL, argc == 4 ? argv[3] : NULL);
    return argc >= 3 ? document_command(context, argc, argv) : usage();
}
