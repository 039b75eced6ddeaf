/* cmd_sheets.c: sheets, batch, page: sheets to be printed, batches that ask, and the pages of a receipt. */
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "ingest/batch.h"
#include "ingest/cut.h"
#include "ingest/print_sheets.h"
#include "ingest/receive.h"
#include "store/audit.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHEETS_USAGE                                                                                                                      \
    "usage: casefile sheets separator            [--copies N] [-o FILE.pdf]\n"                                                            \
    "       casefile sheets cover COUNCIL-ID     [--kind KIND] [--copies N] [-o FILE.pdf]\n"                                              \
    "       casefile sheets batch                [--operator NAME] [--scanner NAME] [--box NAME] [--sheets N] [--separators N]\n"         \
    "                                            [--duplex simplex|duplex|two-pass] [--copies N] [-o FILE.pdf]\n\n"                       \
    "Writes sheets to be printed (A4): separators go between documents; a cover sheet goes on top of a document and files it to the\n"    \
    "child; a batch header goes on top of a stack, and what comes is counted against --sheets and --separators.\n"

/* A whole number of an option; -1 when it was not given. */
static int number_option(const char *text, int64_t least, int64_t most, int64_t *ret) {
    char *end;
    if (!text)
        return 0;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno || !*text || *end || n < least || n > most) {
        fprintf(stderr, "casefile: '%s' is not a number from %lld to %lld\n", text, (long long)least, (long long)most);
        return EXIT_USAGE;
    }
    *ret = n;
    return 0;
}

/* ---- sheets ------------------------------------------------------------------------------------------------------- */

/* What stood on the command line. */
struct sheets_order {
    const char *file, *kind, *duplex;
    int64_t copies;
    struct batch batch;
};

static int sheets_options(int *argc, char **argv, struct sheets_order *ret) {
    const char *copies = option_value(argc, argv, "--copies"), *sheets = option_value(argc, argv, "--sheets"),
               *separators = option_value(argc, argv, "--separators"), *file = option_value(argc, argv, "-o"), *text;
    *ret = (struct sheets_order){.file = file ? file : "sheets.pdf", .copies = 1, .batch = {.sheets = -1, .separators = -1}};
    ret->kind = (text = option_value(argc, argv, "--kind")) ? text : "";
    ret->batch.operator = (text = option_value(argc, argv, "--operator")) ? text : "";
    ret->batch.scanner = (text = option_value(argc, argv, "--scanner")) ? text : "";
    ret->batch.box = (text = option_value(argc, argv, "--box")) ? text : "";
    ret->duplex = (text = option_value(argc, argv, "--duplex")) ? text : "simplex";
    int status = number_option(copies, 1, 500, &ret->copies);
    if (!status)
        status = number_option(sheets, 0, 1000000, &ret->batch.sheets);
    if (!status)
        status = number_option(separators, 0, 1000000, &ret->batch.separators);
    if (!status && duplex_from_text(ret->duplex, &ret->batch.duplex)) {
        fprintf(stderr, "casefile: --duplex is simplex, duplex or two-pass\n");
        status = EXIT_USAGE;
    }
    return status ? status : options_left(*argc, argv);
}

static int sheets_write(struct command_context *context, const struct sheets_order *order, struct sheet_print *print) {
    struct buf pdf = {0};
    print->copies = (uint32_t)order->copies;
    int err = sheets_print(context->store, print, &pdf);
    if (!err)
        err = file_write_durable(order->file, buf_view(&pdf), print->sheet.kind == SHEET_COVER ? 0600 : 0644);
    buf_wipe(&pdf);
    if (err)
        return command_failed(order->file, err);
    printf("%s: %lld %s to be printed\n", order->file, (long long)order->copies, order->copies == 1 ? "sheet" : "sheets");
    return EXIT_OK;
}

static int kind_is_good(const char *kind) {
    return strlen(kind) < sizeof((struct sheet *)0)->document_kind && strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(kind);
}

static int council_id_is_good(const char *id) {
    size_t len = 0;
    while (isalnum((unsigned char)id[len]))
        len++;
    return len && !id[len] && len < sizeof((struct sheet *)0)->council_id;
}

/* A child's name goes onto paper: that is a read of the record, and in the audit log. */
static int cover_name(struct command_context *context, const char *council_id, char **ret) {
    struct people *people = NULL;
    int64_t id;
    char what[64];
    int err = people_child_id(context->store, council_id, &id);
    if (!err)
        err = people_load(context->store, &people);
    const struct child *child = err ? NULL : people_child(people, id);
    if (!err && !child)
        err = ERR_NOT_FOUND;
    snprintf(what, sizeof what, "child %lld", err ? 0LL : (long long)id);
    if (!err)
        err = db_begin(context->store->db);
    if (!err)
        err = db_end(context->store->db,
                     audit_add(context->store, &(struct audit_entry){context->who, "cover sheet printed", what, "command", ""}, NULL));
    if (!err)
        *ret = mem_print("%s %s", child->forenames, child->surname);
    people_drop(&people);
    return err;
}

static int sheets_cover(struct command_context *context, const struct sheets_order *order, const char *council_id) {
    struct sheet_print print = {.sheet.kind = SHEET_COVER};
    char *name = NULL;
    if (!kind_is_good(order->kind)) {
        fputs("casefile: a kind is written in small letters, digits and _, such as visit_record\n", stderr);
        return EXIT_USAGE;
    }
    if (!council_id_is_good(council_id))
        return command_failed("the child's number does not fit on a cover sheet", ERR_INPUT);
    int err = cover_name(context, council_id, &name);
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "no child of the register has that number" : "the cover sheet was not made", err);
    strcpy(print.sheet.council_id, council_id);
    strcpy(print.sheet.document_kind, order->kind);
    print.child_name = name;
    int status = sheets_write(context, order, &print);
    free(name);
    return status;
}

static int sheets_batch(struct command_context *context, struct sheets_order *order) {
    int err = batch_make(context->store, &order->batch, context->who);
    if (err)
        return command_failed("the batch was not made", err);
    struct sheet_print print = {.sheet = {.kind = SHEET_BATCH, .batch = order->batch.number}, .batch = &order->batch};
    int status = sheets_write(context, order, &print);
    if (!status)
        printf("batch %lld; 'casefile batch show %lld' tells what became of it\n", (long long)order->batch.number, (long long)order->batch.number);
    return status;
}

int command_sheets(struct command_context *context, int argc, char **argv) {
    struct sheets_order order;
    int status = sheets_options(&argc, argv, &order);
    if (status)
        return status;
    const char *what = argc > 1 ? argv[1] : "";
    if (argc == 2 && strcmp(what, "separator") == 0)
        return sheets_write(context, &order, &(struct sheet_print){.sheet.kind = SHEET_SEPARATOR});
    if (argc == 3 && strcmp(what, "cover") == 0)
        return sheets_cover(context, &order, argv[2]);
    if (argc == 2 && strcmp(what, "batch") == 0)
        return sheets_batch(context, &order);
    fputs(SHEETS_USAGE, stderr);
    return EXIT_USAGE;
}

/* ---- batch -------------------------------------------------------------------------------------------------------- */

#define BATCH_COLUMNS                                                                                                                     \
    "SELECT b.id, b.state, b.reason, b.operator, b.scanner, b.box, ifnull(b.sheets, -1), ifnull(b.separators, -1), b.duplex,"             \
    " (SELECT count(*) FROM part t WHERE t.batch_id = b.id AND t.state != 'rescanned'),"                                                  \
    " (SELECT count(*) FROM page g JOIN part t ON t.id = g.part_id WHERE t.batch_id = b.id AND t.state != 'rescanned'),"                  \
    " (SELECT count(DISTINCT g.document_id) FROM page g JOIN part t ON t.id = g.part_id WHERE t.batch_id = b.id) FROM batch b "

static void print_expected(const char *what, int64_t number) {
    if (number >= 0)
        printf("  %s expected: %lld", what, (long long)number);
}

static void print_batch(struct rows *rows) {
    const char *state = rows_text(rows, 1);
    char *operator= text_printable(view_text(rows_text(rows, 3))), *scanner = text_printable(view_text(rows_text(rows, 4))),
         *box = text_printable(view_text(rows_text(rows, 5)));
    printf("batch %-5lld %-8s  %s", (long long)rows_int(rows, 0), state, rows_text(rows, 8));
    printf("%s%s%s%s%s%s", operator[0] ? "  operator " : "", operator, scanner[0] ? "  scanner " : "", scanner, box[0] ? "  box " : "", box);
    print_expected("sheets", rows_int(rows, 6));
    print_expected("separators", rows_int(rows, 7));
    printf("\n            %lld scan%s, %lld pages, %lld documents\n", (long long)rows_int(rows, 9), rows_int(rows, 9) == 1 ? "" : "s",
           (long long)rows_int(rows, 10), (long long)rows_int(rows, 11));
    if (strcmp(state, "asks") == 0)
        printf("            ASKS: %s\n"
               "            'casefile batch accept %lld' takes it as it is; 'casefile batch rescan %lld': it will be scanned again\n",
               rows_text(rows, 2), (long long)rows_int(rows, 0), (long long)rows_int(rows, 0));
    if (strcmp(state, "waiting") == 0)
        printf("            the fronts came; scan the backs with the same header sheet on top, or 'casefile batch accept %lld' if there are none\n",
               (long long)rows_int(rows, 0));
    free(operator);
    free(scanner);
    free(box);
}

static int batch_list(struct command_context *context) {
    struct rows *rows = db_query(context->store->db, BATCH_COLUMNS "ORDER BY b.state != 'asks', b.state != 'waiting', b.id DESC", "");
    int n = 0;
    for (; rows_next(rows) > 0; n++)
        print_batch(rows);
    int err = rows_end(&rows);
    if (!err && !n)
        printf("there is no batch; 'casefile sheets batch' makes one, with the header sheet to be printed\n");
    return err ? command_failed("batches", err) : EXIT_OK;
}

static int batch_show(struct command_context *context, int64_t number) {
    char receipt[RECEIPT_TEXT];
    struct rows *rows = db_query(context->store->db, BATCH_COLUMNS "WHERE b.id = ?", "i", number);
    int there = rows_next(rows) > 0;
    if (there)
        print_batch(rows);
    int err = rows_end(&rows);
    if (!err && !there)
        err = ERR_NOT_FOUND;
    if (err)
        return command_failed("batch", err);
    rows = db_query(context->store->db,
                    "SELECT t.receipt_id, t.state, (SELECT count(*) FROM page g WHERE g.part_id = t.id), (SELECT count(*) FROM page g WHERE"
                    " g.part_id = t.id AND g.role = 'separator'), (SELECT count(*) FROM page g WHERE g.part_id = t.id AND g.role = 'blank'),"
                    " t.notes FROM part t WHERE t.batch_id = ? ORDER BY t.id", "i", number);
    while (rows_next(rows) > 0) {
        receipt_text(rows_int(rows, 0), receipt);
        printf("  %s  %-10s  %lld pages, of them %lld separator, cover and header, %lld blank%s%s\n", receipt, rows_text(rows, 1),
               (long long)rows_int(rows, 2), (long long)rows_int(rows, 3), (long long)rows_int(rows, 4), rows_text(rows, 5)[0] ? "  " : "",
               rows_text(rows, 5));
    }
    err = rows_end(&rows);
    return err ? command_failed("batch", err) : EXIT_OK;
}

static int batch_say(struct command_context *context, int64_t number, int accept) {
    struct batch batch;
    int err = accept ? batch_accept(context->store, number, context->who) : batch_rescan(context->store, number, context->who);
    if (err == ERR_STATE)
        return command_failed("the batch asks nothing", err);
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "there is no batch of that number" : "batch", err);
    err = batch_load(context->store, number, &batch);
    if (err)
        return command_failed("batch", err);
    if (!accept)
        printf("batch %lld: its pages are kept, nothing is filed from them; scan the stack again with the same header sheet\n", (long long)number);
    else if (strcmp(batch.state, "waiting") == 0)
        printf("batch %lld: the fronts are taken as they are; it waits for its backs\n", (long long)number);
    else
        printf("batch %lld is taken as it is\n", (long long)number);
    return EXIT_OK;
}

int command_batch(struct command_context *context, int argc, char **argv) {
    int64_t number = 0;
    int status = options_left(argc, argv);
    if (!status && argc == 3)
        status = number_option(argv[2], 1, INT64_MAX, &number);
    if (status)
        return status;
    const char *what = argc > 1 ? argv[1] : "list";
    if (argc <= 2 && strcmp(what, "list") == 0)
        return batch_list(context);
    if (argc == 3 && strcmp(what, "show") == 0)
        return batch_show(context, number);
    if (argc == 3 && (strcmp(what, "accept") == 0 || strcmp(what, "rescan") == 0))
        return batch_say(context, number, what[0] == 'a');
    fputs("usage: casefile batch [list | show N | accept N | rescan N]\n", stderr);
    return EXIT_USAGE;
}

/* ---- page --------------------------------------------------------------------------------------------------------- */

static int page_list(struct command_context *context, int64_t receipt) {
    struct store *store = context->store;
    struct rows *rows = db_query(store->db,
                                 "SELECT t.id, g.id, g.number, g.role, g.state, g.place, ifnull(g.document_id, 0), g.defect,"
                                 " g.trouble, g.payload"
                                 " FROM part t JOIN page g ON g.part_id = t.id WHERE t.receipt_id = ? ORDER BY t.ordinal, t.id, g.number", "i", receipt);
    int64_t part = 0, n = 0;
    for (; rows_next(rows) > 0; n++) {
        if (part != rows_int(rows, 0)) {
            char *name = NULL;
            part = rows_int(rows, 0);
            printf("%s\n    page  what       state       document  place  remarks\n", part_name_load(store, part, &name) ? "?" : name);
            free(name);
        }
        char document[24] = "-";
        if (rows_int(rows, 6))
            snprintf(document, sizeof document, "%lld", (long long)rows_int(rows, 6));
        printf("    %-5lld %-10s %-11s %-9s %-6lld %s%s%s%s\n", (long long)rows_int(rows, 2), rows_text(rows, 3), rows_text(rows, 4), document,
               (long long)rows_int(rows, 5), rows_text(rows, 7), rows_text(rows, 7)[0] && rows_text(rows, 8)[0] ? "; " : "", rows_text(rows, 8),
               rows_text(rows, 9));
    }
    int err = rows_end(&rows);
    if (!err && !n)
        err = ERR_NOT_FOUND;
    return err ? command_failed("no page was opened of that receipt", err) : EXIT_OK;
}

static int page_keep(struct command_context *context, int64_t receipt, int64_t number) {
    int64_t page, count = 0;
    struct store *store = context->store;
    int err = db_int(store->db, &count, "SELECT count(*) FROM part t JOIN page g ON g.part_id = t.id WHERE t.receipt_id = ? AND g.number = ?"
                                        " AND g.role != 'page'", "ii", receipt, number);
    if (!err && count > 1) {
        fputs("casefile: several things in that receipt have such a page: only a scan's own pages can be taken back\n", stderr);
        return EXIT_DATA;
    }
    if (!err)
        err = db_int(store->db, &page, "SELECT g.id FROM part t JOIN page g ON g.part_id = t.id WHERE t.receipt_id = ? AND g.number = ?"
                                       " AND g.role != 'page'", "ii", receipt, number);
    if (!err)
        err = page_take_back(store, page, context->who);
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "no page of that number was left out of a document" : "the page was not taken back", err);
    printf("page %lld is taken back; its document is read and filed again\n", (long long)number);
    return EXIT_OK;
}

int command_page(struct command_context *context, int argc, char **argv) {
    static const char usage[] = "usage: casefile page RECEIPT [show] | page keep RECEIPT PAGE\n";
    int64_t receipt, number = 0;
    int status = options_left(argc, argv), keep = argc == 4 && strcmp(argv[1], "keep") == 0;
    if (status)
        return status;
    if (!keep && argc != 2 && !(argc == 3 && strcmp(argv[2], "show") == 0)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (receipt_number(argv[keep ? 2 : 1], &receipt)) {
        fprintf(stderr, "casefile: '%s' is no receipt's number, such as R000123\n%s", argv[keep ? 2 : 1], usage);
        return EXIT_USAGE;
    }
    if (!keep)
        return page_list(context, receipt);
    status = number_option(argv[3], 1, 10000000, &number);
    return status ? status : page_keep(context, receipt, number);
}
