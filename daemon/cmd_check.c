/* cmd_check.c: whether everything that the store says it has is there and opens. */
#include "base/err.h"
#include "daemon/command.h"
#include "daemon/program.h"
#include "ingest/receive.h"
#include "store/vault.h"

#include <stdio.h>
#include <string.h>

/* What a damaged object is, by numbers: for whoever puts it back from a back-up. */
static void print_bad(struct store *store, int64_t object, const char *kind, int err) {
    char number[RECEIPT_TEXT] = "-";
    int64_t receipt = 0;
    if (strcmp(kind, VAULT_ORIGINAL) == 0 &&
        db_int(store->db, &receipt, "SELECT receipt_id FROM part WHERE object_id = ?", "i", object) == 0)
        receipt_text(receipt, number);
    printf("DAMAGED: object %lld (%s, receipt %s): %s\n", (long long)object, kind, number, err_text(err));
}

int command_check(struct command_context *context, int argc, char **argv) {
    struct store *store = context->store;
    struct progress progress = {.what = "checking"};
    int64_t all = 0, done = 0, bad = 0, destroyed = 0;
    int status = nothing_else(argc, argv);
    if (status)
        return status;
    int err = db_int(store->db, &all, "SELECT count(*) FROM object", "");
    struct rows *rows = db_query(store->db, "SELECT id, kind FROM object ORDER BY id", "");
    while (!err && !program_stop && rows_next(rows) > 0) {
        int found = vault_check(store, rows_int(rows, 0));
        progress_show(&progress, ++done, all, "sealed files");
        destroyed += found == ERR_KEY;
        if (found && found != ERR_KEY) {
            bad++;
            print_bad(store, rows_int(rows, 0), rows_text(rows, 1), found);
        }
    }
    int err2 = rows_end(&rows);
    progress_end(&progress);
    if (err || err2)
        return command_failed("the store cannot be checked", err ? err : err2);
    printf("%lld sealed files checked: %lld open, %lld are damaged or missing, %lld have had their keys destroyed\n", (long long)done,
           (long long)(done - bad - destroyed), (long long)bad, (long long)destroyed);
    return bad ? EXIT_FOUND : EXIT_OK;
}
