/* cmd_rescan.c: sheets to scan again while the paper is on the desk; documents that seem to be the same twice. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "ingest/near_duplicate.h"
#include "ingest/receive.h"
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGO_TEXT 40

static void ago_text(int64_t at_ms, char out[AGO_TEXT]) {
    int64_t minutes = (clock_now() - at_ms) / 60000;
    if (minutes < 1)
        snprintf(out, AGO_TEXT, "just now");
    else if (minutes < 120)
        snprintf(out, AGO_TEXT, "%lld minute%s ago", (long long)minutes, minutes == 1 ? "" : "s");
    else if (minutes < 48 * 60)
        snprintf(out, AGO_TEXT, "%lld hours ago", (long long)(minutes / 60));
    else
        snprintf(out, AGO_TEXT, "%lld days ago", (long long)(minutes / (24 * 60)));
}

/* "3", or "57:3" for a page of part 57 inside the receipt (an attachment). */
static void page_text(int64_t inner_part, int64_t number, char out[AGO_TEXT]) {
    if (inner_part)
        snprintf(out, AGO_TEXT, "%lld:%lld", (long long)inner_part, (long long)number);
    else
        snprintf(out, AGO_TEXT, "%lld", (long long)number);
}

static int page_read(const char *text, int64_t *ret_part, int64_t *ret_number) {
    char *end;
    int64_t part = 0, number = strtoll(text, &end, 10);
    if (*end == ':' && end != text) {
        part = number;
        text = end + 1;
        number = strtoll(text, &end, 10);
    }
    if (end == text || *end || number < 1 || part < 0)
        return ERR_INPUT;
    *ret_part = part;
    *ret_number = number;
    return 0;
}

static void print_sheet(struct rows *rows) {
    char receipt[RECEIPT_TEXT], page[AGO_TEXT], ago[AGO_TEXT], batch[AGO_TEXT] = "";
    receipt_text(rows_int(rows, 0), receipt);
    page_text(rows_int(rows, 1), rows_int(rows, 2), page);
    ago_text(rows_int(rows, 4), ago);
    if (rows_int(rows, 5))
        snprintf(batch, sizeof batch, "batch %lld", (long long)rows_int(rows, 5));
    char *box = text_printable(view_text(rows_text(rows, 6)));
    printf("%-9s page %-8s %-16s %-16s %s%s%s\n", receipt, page, rows_text(rows, 3), ago, batch, *box ? ", " : "", box);
    free(box);
}

static int rescan_list(struct command_context *context) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT r.id, iif(t.parent_id IS NULL, 0, t.id), p.number, p.defect, r.received_at, ifnull(b.id, 0),"
                                 " ifnull(b.box, '') FROM page p JOIN part t ON t.id = p.part_id JOIN receipt r ON r.id = t.receipt_id"
                                 " LEFT JOIN batch b ON b.id = t.batch_id WHERE p.defect != '' AND p.rescan = ''"
                                 " ORDER BY ifnull(b.id, 0) DESC, r.id DESC, t.id, p.number", "");
    int n = 0;
    for (; rows_next(rows) > 0; n++)
        print_sheet(rows);
    int err = rows_end(&rows);
    if (err)
        return command_failed("the sheets to scan again cannot be read", err);
    printf(n ? "\n%d to scan again while the paper is there: 'casefile rescan done RECEIPT PAGE' when it was scanned again,\n"
               "'casefile rescan fine RECEIPT PAGE' when the picture is as good as the paper is.\n"
             : "no sheet has to be scanned again\n", n);
    return EXIT_OK;
}

/* Which page is meant: one that is on the list, of the file itself unless a part is named. */
static int rescan_find(struct store *store, int64_t receipt, const char *page, int64_t *ret_id, char **ret_defect) {
    int64_t part, number, id = 0;
    char *defect = NULL;
    int err = page_read(page, &part, &number), found = 0;
    if (err)
        return err;
    struct rows *rows = db_query(store->db,
                                 "SELECT p.id, p.defect FROM page p JOIN part t ON t.id = p.part_id WHERE t.receipt_id = ? AND p.number = ?"
                                 " AND (t.id = ? OR (? = 0 AND t.parent_id IS NULL)) AND p.defect != '' AND p.rescan = ''", "iiii", receipt, number, part, part);
    for (; rows_next(rows) > 0; found++) {
        id = rows_int(rows, 0);
        free(defect);
        defect = mem_text(rows_text(rows, 1));
    }
    err = rows_end(&rows);
    if (!err && !found)
        err = ERR_NOT_FOUND;
    if (err) {
        free(defect);
        return err;
    }
    *ret_id = id;
    *ret_defect = defect;
    return 0;
}

static int rescan_save(struct command_context *context, int64_t page_id, const char *said, const char *defect) {
    char what[64];
    int err = db_begin(context->store->db);
    if (err)
        return err;
    snprintf(what, sizeof what, "page %lld", (long long)page_id);
    struct audit_entry entry = {context->who, strcmp(said, "done") ? "said to be fine" : "scanned again", what, "rescan", defect};
    err = db_run(context->store->db, "UPDATE page SET rescan = ? WHERE id = ?", "ti", said, page_id);
    if (!err)
        err = audit_add(context->store, &entry, NULL);
    return db_end(context->store->db, err);
}

static int rescan_say(struct command_context *context, const char *said, const char *receipt, const char *page) {
    int64_t number, id;
    char *defect = NULL;
    int err = receipt_number(receipt, &number);
    if (err)
        return command_failed("RECEIPT is a number such as R000123", err);
    err = rescan_find(context->store, number, page, &id, &defect);
    if (err)
        return command_failed(err == ERR_INPUT ? "PAGE is a number as the list says it (3, or 57:3)" : "that page is not on the list", err);
    err = rescan_save(context, id, said, defect);
    free(defect);
    if (err)
        return command_failed("nothing was changed", err);
    printf(strcmp(said, "done") ? "the page stays as it is and is off the list\n" : "scanned again: it is off the list\n");
    return EXIT_OK;
}

int command_rescan(struct command_context *context, int argc, char **argv) {
    int status = options_left(argc, argv);
    if (status)
        return status;
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
        return rescan_list(context);
    if (argc == 4 && (strcmp(argv[1], "done") == 0 || strcmp(argv[1], "fine") == 0))
        return rescan_say(context, argv[1], argv[2], argv[3]);
    fputs("usage: casefile rescan [list | done RECEIPT PAGE | fine RECEIPT PAGE]\n\n"
          "The sheets whose picture is cut, faint, folded, dark, blurred or hardly readable, newest batch first.\n"
          "  done   it was scanned again: the new scan is a receipt of its own\n"
          "  fine   the picture is as good as the paper\n", stderr);
    return EXIT_USAGE;
}

static void print_side(struct rows *rows, int column, const char *after) {
    char receipt[RECEIPT_TEXT];
    receipt_text(rows_int(rows, column + 1), receipt);
    printf("document %-5lld %s pages %lld-%lld%s", (long long)rows_int(rows, column), receipt, (long long)rows_int(rows, column + 2),
           (long long)rows_int(rows, column + 3), after);
}

static int duplicates_list(struct command_context *context) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT n.id, n.likeness, n.basis, d.id, t.receipt_id, d.first_page, d.last_page,"
                                 " o.id, s.receipt_id, o.first_page, o.last_page FROM near_duplicate n"
                                 " JOIN document d ON d.id = n.document_id JOIN part t ON t.id = d.part_id"
                                 " JOIN document o ON o.id = n.other_id JOIN part s ON s.id = o.part_id"
                                 " WHERE n.state = 'proposed' ORDER BY n.id", "");
    int n = 0;
    for (; rows_next(rows) > 0; n++) {
        printf("%-5lld ", (long long)rows_int(rows, 0));
        print_side(rows, 3, "  like  ");
        print_side(rows, 7, "");
        printf("  %.0f %% by %s\n", 100 * rows_real(rows, 1), rows_text(rows, 2));
    }
    int err = rows_end(&rows);
    if (err)
        return command_failed("the proposed duplicates cannot be read", err);
    printf(n ? "\nnothing was removed: look at both, then 'casefile duplicates same N' or 'casefile duplicates different N'\n"
             : "no two documents seem to be the same\n");
    return EXIT_OK;
}

static int duplicates_say(struct command_context *context, int same, const char *text) {
    char *end;
    int64_t id = strtoll(text, &end, 10);
    if (end == text || *end)
        return command_failed("N is the number in front of the pair", ERR_INPUT);
    int err = db_begin(context->store->db);
    if (!err)
        err = db_end(context->store->db, near_duplicate_decide(context->store, id, same, context->who));
    if (err)
        return command_failed(err == ERR_NOT_FOUND ? "there is no such pair" : "nothing was changed", err);
    printf(same ? "the pair is the same; both are kept\n" : "the pair is not the same; it will not be proposed again\n");
    return EXIT_OK;
}

int command_duplicates(struct command_context *context, int argc, char **argv) {
    int status = options_left(argc, argv);
    if (status)
        return status;
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
        return duplicates_list(context);
    if (argc == 3 && strcmp(argv[1], "same") == 0)
        return duplicates_say(context, 1, argv[2]);
    if (argc == 3 && strcmp(argv[1], "different") == 0)
        return duplicates_say(context, 0, argv[2]);
    fputs("usage: casefile duplicates [list | same N | different N]\n\n"
          "Documents that seem to be one paper scanned twice, or one mail in several mailboxes. Both are always kept.\n", stderr);
    return EXIT_USAGE;
}
