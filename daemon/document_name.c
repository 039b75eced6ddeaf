#include "daemon/document_name.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/receive.h"
#include "store/page_rows.h"
#include "store/people_rows.h"

#include <stdio.h>
#include <stdlib.h>

void document_line_print(struct store *store, struct rows *rows) {
    char number[RECEIPT_TEXT], *name = NULL;
    receipt_text(rows_int(rows, 1), number);
    if (part_name_load(store, rows_int(rows, 2), &name))
        name = mem_text("?");
    printf("document %-5lld %s  pages %lld-%lld of %s  %s\n", (long long)rows_int(rows, 0), number, (long long)rows_int(rows, 3),
           (long long)rows_int(rows, 4), name, rows_text(rows, 5));
    free(name);
}

static int receipt_list(struct command_context *context, int64_t receipt) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT d.id, t.receipt_id, t.id, d.first_page, d.last_page, ifnull((SELECT outcome FROM filing f WHERE f.document_id ="
                                 " d.id AND f.superseded_by IS NULL), d.state) FROM document d JOIN part t ON t.id = d.part_id WHERE t.receipt_id = ?"
                                 " ORDER BY d.id", "i", receipt);
    while (rows_next(rows) > 0)
        document_line_print(context->store, rows);
    int err = rows_end(&rows);
    if (err)
        return command_failed("the receipt's documents", err);
    fputs("casefile: that receipt holds several documents: name one by its number\n", stderr);
    return EXIT_USAGE;
}

int document_named(struct command_context *context, const char *text, int64_t *ret) {
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

int children_named(struct command_context *context, int count, char **council_ids, int64_t *ret) {
    for (int i = 0; i < count; i++) {
        int err = people_child_id(context->store, council_ids[i], &ret[i]);
        if (err) {
            fprintf(stderr, "casefile: no child of the register has the number %s; nothing was changed\n", council_ids[i]);
            return err == ERR_NOT_FOUND ? EXIT_NO_INPUT : command_failed("the register", err);
        }
    }
    return EXIT_OK;
}
