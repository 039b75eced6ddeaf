/* cmd_audit.c: the audit log. */
#include "base/clock.h"
#include "base/err.h"
#include "daemon/command.h"
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int head_is_one(const char *head) {
    size_t digits = strspn(head, "0123456789");
    return digits && head[digits] == ':' && strspn(head + digits + 1, "0123456789abcdef") == 64 && strlen(head + digits + 1) == 64;
}

static int audit_check(struct command_context *context, const char *head) {
    uint64_t leaves = 0;
    char *why = NULL;
    struct audit_head last;
    char text[AUDIT_HEAD_TEXT];
    if (head && !head_is_one(head)) {
        fprintf(stderr, "casefile: '%s' is no head: it is a number, a colon and 64 hexadecimal digits, as on the letter and in the manifest\n", head);
        return EXIT_USAGE;
    }
    int err = audit_verify(context->store, head, &leaves, &why);
    if (why) {
        printf("AUDIT LOG DAMAGED: %s\n", why);
        free(why);
        return EXIT_FOUND;
    }
    if (err)
        return command_failed("the audit log cannot be checked", err);
    err = db_begin(context->store->db);
    if (!err)
        err = db_end(context->store->db, audit_sign(context->store, &last));
    if (err)
        return command_failed("the head cannot be signed", err);
    audit_head_text(&last, text);
    printf("audit log verified: %llu leaves\nhead %s\n", (unsigned long long)leaves, text);
    if (head)
        printf("the head that you gave is one of this log\n");
    return EXIT_OK;
}

static int audit_show(struct command_context *context, int64_t count) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT number, at, who, action, what, place, why FROM (SELECT * FROM audit_leaf ORDER BY number DESC LIMIT ?)"
                                 " ORDER BY number", "i", count);
    while (rows_next(rows) > 0) {
        char when[CLOCK_TEXT];
        clock_text(rows_int(rows, 1), when);
        printf("%6lld  %s  %-12s %-20s %-32s %s  %s\n", (long long)rows_int(rows, 0), when, rows_text(rows, 2), rows_text(rows, 3),
               rows_text(rows, 4), rows_text(rows, 5), rows_text(rows, 6));
    }
    int err = rows_end(&rows);
    return err ? command_failed("audit log", err) : EXIT_OK;
}

int command_audit(struct command_context *context, int argc, char **argv) {
    if (argc >= 2 && argc <= 3 && strcmp(argv[1], "verify") == 0)
        return audit_check(context, argc == 3 ? argv[2] : NULL);
    if (argc >= 2 && argc <= 3 && strcmp(argv[1], "show") == 0)
        return audit_show(context, argc == 3 ? strtoll(argv[2], NULL, 10) : 50);
    fputs("usage: casefile audit verify [HEAD] | show [N]\n", stderr);
    return EXIT_USAGE;
}
