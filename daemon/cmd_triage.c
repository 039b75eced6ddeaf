/* cmd_triage.c: documents that wait for a person: what the machine found, and the person's choice. */
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "filing/filing_rows.h"
#include "ingest/receive.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_document_line(struct store *store, struct rows *rows) {
    char number[RECEIPT_TEXT], *name = NULL;
    receipt_text(rows_int(rows, 1), number);
    if (part_name_load(store, rows_int(rows, 2), &name))
        name = mem_text("?");
    printf("document %-5lld %s  pages %lld-%lld of %s  %s\n", (long long)rows_int(rows, 0), number, (long long)rows_int(rows, 3),
           (long long)rows_int(rows, 4), name, rows_text(rows, 5));
    free(name);
}

static int triage_list(struct command_context *context) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, f.outcome FROM document d"
                                 " JOIN part t ON t.id = d.part_id JOIN filing f ON f.document_id = d.id AND f.superseded_by IS NULL"
                                 " WHERE f.outcome != 'filed' ORDER BY t.receipt_id, d.id", "");
    int n = 0;
    while (rows_next(rows) > 0) {
        print_document_line(context->store, rows);
        n++;
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
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, f.outcome || ' by ' || f.made_by FROM document d"
                                 " JOIN part t ON t.id = d.part_id JOIN filing f ON f.document_id = d.id AND f.superseded_by IS NULL"
                                 " JOIN filing_child c ON c.filing_id = f.id AND c.child_id = ? AND c.chosen ORDER BY t.receipt_id, d.id", "i", child);
    while (rows_next(rows) > 0)
        print_document_line(context->store, rows);
    err = rows_end(&rows);
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
    int err = filing_load(context->store, document_id, &result);
    if (!err)
        err = people_load(context->store, &people);
    if (!err)
        err = audit_read(context, document_id);
    if (!err) {
        printf("document %lld: %s\n", (long long)document_id, filing_outcome_text(result.outcome));
        for (size_t i = 0; i < result.candidate_count; i++)
            print_candidate(people, &result.candidates[i]);
        if (!result.candidate_count)
            printf("  no child of the register is named well enough\n");
    }
    filing_result_drop(&result);
    people_drop(&people);
    return err ? command_failed("the document's filing cannot be read", err) : EXIT_OK;
}

static int triage_file(struct command_context *context, int64_t document_id, const char *council_id) {
    int64_t child;
    int err = people_child_id(context->store, council_id, &child);
    if (err)
        return command_failed("no child of the register has that number", err);
    err = db_begin(context->store->db);
    if (!err)
        err = db_end(context->store->db, filing_choose(context->store, document_id, child, context->who));
    if (err)
        return command_failed("the document was not filed", err);
    printf("document %lld is filed to %s; what was filed before stays in its history\n", (long long)document_id, council_id);
    return EXIT_OK;
}

static int receipt_list(struct command_context *context, int64_t receipt) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, ifnull((SELECT outcome FROM filing f WHERE f.document_id ="
                                 " d.id AND f.superseded_by IS NULL), d.state) FROM document d JOIN part t ON t.id = d.part_id WHERE t.receipt_id = ?"
                                 " ORDER BY d.id", "i", receipt);
    while (rows_next(rows) > 0)
        print_document_line(context->store, rows);
    int err = rows_end(&rows);
    if (err)
        return command_failed("the receipt's documents", err);
    fputs("casefile: that receipt holds several documents: name one by its number\n", stderr);
    return EXIT_USAGE;
}

/* "41", or a receipt ("R000123") that holds one document; of one that holds several they are listed. 0, or an exit status. */
static int document_named(struct command_context *context, const char *text, int64_t *ret) {
    int64_t receipt = 0, count = 0;
    *ret = strtoll(text, NULL, 10);
    if (*text != 'R' && *text != 'r')
        return *ret > 0 ? 0 : command_failed("that is no document's number", ERR_INPUT);
    int err = receipt_number(text, &receipt);
    if (!err)
        err = db_int(context->store->db, &count, "SELECT count(*) FROM document d JOIN part t ON t.id = d.part_id WHERE t.receipt_id = ?", "i", receipt);
    if (!err && count > 1)
        return receipt_list(context, receipt);
    if (!err)
        err = db_int(context->store->db, ret, "SELECT d.id FROM document d JOIN part t ON t.id = d.part_id WHERE t.receipt_id = ?", "i", receipt);
    return err ? command_failed("no document of that receipt", err) : 0;
}

int command_triage(struct command_context *context, int argc, char **argv) {
    int status = options_left(argc, argv);
    if (status)
        return status;
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
        return triage_list(context);
    int64_t document = 0;
    if (argc >= 3 && (strcmp(argv[1], "show") == 0 || strcmp(argv[1], "file") == 0))
        status = document_named(context, argv[2], &document);
    if (status)
        return status;
    if (argc == 3 && strcmp(argv[1], "show") == 0)
        return triage_show(context, document);
    if (argc == 3 && strcmp(argv[1], "filed") == 0)
        return triage_filed(context, argv[2]);
    if (argc == 4 && strcmp(argv[1], "file") == 0)
        return triage_file(context, document, argv[3]);
    fputs("usage: casefile triage [list | show DOCUMENT | file DOCUMENT COUNCIL-ID | filed COUNCIL-ID]\n", stderr);
    return EXIT_USAGE;
}
