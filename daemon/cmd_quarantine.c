/* cmd_quarantine.c: parts that could not be opened: why, and what a person decides. */
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/command.h"
#include "ingest/quarantine.h"
#include "ingest/receive.h"
#include "store/page_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void print_part(struct store *store, struct rows *rows) {
    char number[RECEIPT_TEXT], *name = NULL;
    receipt_text(rows_int(rows, 0), number);
    if (part_name_load(store, rows_int(rows, 1), &name))
        name = mem_text("?");
    printf("%s part %lld  %s  (%s%s): %s.%s%s\n", number, (long long)rows_int(rows, 1), name,
           rows_text(rows, 2)[0] ? rows_text(rows, 2) : "kind not known",
           strcmp(rows_text(rows, 5), "not scanned") == 0 ? ", not scanned for malware" : "", rows_text(rows, 3),
           rows_text(rows, 4)[0] ? "  With: " : "", rows_text(rows, 4));
    free(name);
}

static int quarantine_list(struct command_context *context) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT receipt_id, id, kind, reason, given_to, scanned FROM part WHERE state = 'quarantined' ORDER BY receipt_id, id", "");
    int n = 0;
    for (; rows_next(rows) > 0; n++)
        print_part(context->store, rows);
    int err = rows_end(&rows);
    if (!err)
        puts(n ? "\nEvery original is kept. 'casefile quarantine show R000123' tells more; then: retry, as-picture, unlock, give, close."
               : "nothing is in quarantine");
    return err ? command_failed("quarantine", err) : EXIT_OK;
}

/* ---- show */

static void show_pages(struct store *store, int64_t part_id) {
    struct rows *rows = db_query(store->db,
                                 "SELECT number, trouble FROM page WHERE part_id = ?1 AND trouble != '' UNION"
                                 " SELECT number, reason || ', ' || failures || ' times' FROM page_trouble WHERE part_id = ?1 ORDER BY 1", "i", part_id);
    while (rows_next(rows) > 0)
        printf("  page %lld: %s\n", (long long)rows_int(rows, 0), rows_text(rows, 1));
    rows_end(&rows);
}

static void show_jobs(struct store *store, int64_t part_id) {
    struct rows *rows = db_query(store->db,
                                 "SELECT kind, state, attempt, 0, reason FROM job WHERE subject = ? AND kind IN ('open', 'convert')", "i", part_id);
    while (rows_next(rows) > 0)
        printf("  job '%s': %s, tried %lld times%s%s\n", rows_text(rows, 0), rows_text(rows, 1), (long long)rows_int(rows, 2),
               rows_text(rows, 4)[0] ? ": " : "", rows_text(rows, 4));
    rows_end(&rows);
}

static int show_part(struct store *store, struct rows *rows) {
    int64_t part = rows_int(rows, 1);
    print_part(store, rows);
    printf("  %lld bytes, received by %s%s%s; malware: %s; pages: %lld said, %lld there\n", (long long)rows_int(rows, 6), rows_text(rows, 7),
           rows_text(rows, 8)[0] ? ", lies in another part as: " : "", rows_text(rows, 8), rows_text(rows, 5)[0] ? rows_text(rows, 5) : "not looked at yet",
           (long long)rows_int(rows, 9), (long long)rows_int(rows, 10));
    if (rows_text(rows, 11)[0])
        printf("  notes: %s\n", rows_text(rows, 11));
    show_pages(store, part);
    show_jobs(store, part);
    return 0;
}

/* There is none of that number, or it has been settled. */
static int nothing_there(struct command_context *context, int64_t receipt) {
    int64_t there = 0;
    int err = db_int(context->store->db, &there, "SELECT 1 FROM receipt WHERE id = ?", "i", receipt);
    fputs(err == ERR_NOT_FOUND ? "casefile: there is no such receipt\n" : "casefile: nothing of that receipt is in quarantine\n", stderr);
    return EXIT_NO_INPUT;
}

static int quarantine_show(struct command_context *context, int64_t receipt, int64_t part) {
    struct rows *rows = db_query(context->store->db,
                                 "SELECT t.receipt_id, t.id, t.kind, t.reason, t.given_to, t.scanned, t.bytes, r.channel, t.attached,"
                                 " ifnull(t.page_count, 0), (SELECT count(*) FROM page p WHERE p.part_id = t.id), t.notes FROM part t"
                                 " JOIN receipt r ON r.id = t.receipt_id WHERE t.receipt_id = ? AND (t.id = ?2 OR (?2 = 0 AND t.state = 'quarantined'))"
                                 " AND t.state IN ('quarantined', 'closed') ORDER BY t.id", "ii", receipt, part);
    int n = 0;
    for (; rows_next(rows) > 0; n++)
        show_part(context->store, rows);
    int err = rows_end(&rows);
    if (err)
        return command_failed("quarantine", err);
    if (!n)
        return nothing_there(context, receipt);
    puts("\nretry R: open it once more.  as-picture R: show it as pictures, whatever else it holds.  unlock R: asks for its password.\n"
         "give R NAME: somebody looks after it.  close R --why TEXT: nothing is to be opened in it; the original is kept.\n"
         "'casefile original R -o FILE' writes it out. R may be 'R000123' (all its parts here) or 'R000123/PART'.");
    return EXIT_OK;
}

/* ---- decisions */

struct decision {
    struct command_context *context;
    const char *verb, *value; /* password or name */
};

static int decide_part(const struct decision *d, int64_t part) {
    struct store *store = d->context->store;
    const char *who = d->context->who;
    return strcmp(d->verb, "retry") == 0        ? quarantine_retry(store, part, who)
           : strcmp(d->verb, "as-picture") == 0 ? quarantine_as_picture(store, part, who)
           : strcmp(d->verb, "unlock") == 0     ? quarantine_unlock(store, part, d->value, who)
           : strcmp(d->verb, "close") == 0      ? quarantine_close(store, part, d->value, who)
                                                : quarantine_give(store, part, d->value, who);
}

/* All parts of the receipt that are in quarantine, or the one that was named. */
static int decide(const struct decision *d, int64_t receipt, int64_t part) {
    struct store *store = d->context->store;
    int64_t parts[1000];
    int n = 0, err = db_begin(store->db);
    if (err)
        return command_failed("nothing was done", err);
    struct rows *rows = db_query(store->db, "SELECT id FROM part WHERE receipt_id = ?1 AND ((?2 = 0 AND state = 'quarantined')"
                                 " OR (id = ?2 AND state IN ('quarantined', 'closed'))) ORDER BY id LIMIT 1000",
                                 "ii", receipt, part);
    while (rows_next(rows) > 0)
        parts[n++] = rows_int(rows, 0);
    err = rows_end(&rows);
    for (int i = 0; i < n && !err; i++)
        err = decide_part(d, parts[i]);
    err = db_end(store->db, err);
    if (err)
        return command_failed(err == ERR_REFUSED ? "a password was given for something that is not locked" : "nothing was done", err);
    if (!n)
        return nothing_there(d->context, receipt);
    if (strcmp(d->verb, "give") == 0)
        printf(*d->value ? "%d given to %s\n" : "%d taken back%s\n", n, d->value);
    else if (strcmp(d->verb, "close") == 0)
        printf("%d closed; the original is kept, and 'casefile quarantine retry %s' with the part's number opens it again\n", n, "R/PART");
    else
        printf("%d %s opened once more; 'casefile wait', then 'casefile quarantine' tells what came of it\n", n, n == 1 ? "part is" : "parts are");
    return EXIT_OK;
}

/* From the terminal without showing it, or a line of standard input. */
static int password_read(char out[256]) {
    struct termios old, quiet;
    int terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &old) == 0;
    if (terminal) {
        fputs("password of the file: ", stderr);
        quiet = old;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    char *got = fgets(out, 256, stdin);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
        fputc('\n', stderr);
    }
    if (!got)
        return ERR_INPUT;
    out[strcspn(out, "\r\n")] = 0;
    return *out ? 0 : ERR_INPUT;
}

static int usage(void) {
    fputs("usage: casefile quarantine [list | show R | retry R | as-picture R | unlock R | give R NAME | close R --why TEXT]\n"
          "R: a receipt ('R000123': all its parts in quarantine) or one part of it ('R000123/57').\n", stderr);
    return EXIT_USAGE;
}

int command_quarantine(struct command_context *context, int argc, char **argv) {
    int64_t receipt, part;
    char password[256] = "";
    struct decision d = {.context = context, .value = ""};
    const char *why = option_value(&argc, argv, "--why");
    int status = options_left(argc, argv);
    if (status)
        return status;
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))
        return quarantine_list(context);
    d.verb = argv[1];
    if (argc < 3 || reference_read(argv[2], &receipt, &part))
        return usage();
    if (argc == 3 && strcmp(d.verb, "show") == 0)
        return quarantine_show(context, receipt, part);
    if (argc == 4 && strcmp(d.verb, "give") == 0) {
        d.value = argv[3];
    } else if (argc == 3 && strcmp(d.verb, "close") == 0 && why) {
        d.value = why;
    } else if (argc == 3 && strcmp(d.verb, "unlock") == 0) {
        int64_t there = 0;
        if (db_int(context->store->db, &there, "SELECT 1 FROM part WHERE receipt_id = ? AND state IN ('quarantined', 'closed') LIMIT 1", "i", receipt))
            return nothing_there(context, receipt);
        if (password_read(password))
            return command_failed("no password was given", ERR_INPUT);
        d.value = password;
    } else if (argc != 3 || (strcmp(d.verb, "retry") && strcmp(d.verb, "as-picture"))) {
        return usage();
    }
    status = decide(&d, receipt, part);
    explicit_bzero(password, sizeof password);
    return status;
}
