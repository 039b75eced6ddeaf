/* cmd_status.c: status, wait, custody, quarantine. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "daemon/program.h"
#include "ingest/receive.h"
#include "store/page_rows.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pages of a part: as the file says, else as many as were found, and at least one for a thing that never opened. A copy has the pages of
 * what it equals. Each page is in one place only. */
#define CUSTODY_SQL                                                                                                                        \
    "WITH sheet AS ("                                                                                                                      \
    " SELECT p.part_id, CASE WHEN p.role = 'blank' THEN 'blank' WHEN p.role = 'separator' THEN 'separator'"                                \
    "  WHEN t.state = 'quarantined' AND p.document_id IS NULL THEN 'quarantined'"                                                          \
    "  WHEN f.outcome = 'filed' THEN 'filed' WHEN f.outcome = 'proposed' THEN 'proposed'"                                                  \
    "  WHEN f.outcome IS NOT NULL THEN 'triage' ELSE 'waiting' END AS place"                                                               \
    " FROM page p JOIN part t ON t.id = p.part_id"                                                                                         \
    " LEFT JOIN filing f ON f.document_id = p.document_id AND f.superseded_by IS NULL),"                                                   \
    " thing AS (SELECT t.id, t.receipt_id, t.state, t.same_as, max(ifnull(t.page_count, 0),"                                               \
    "  (SELECT count(*) FROM page p WHERE p.part_id = t.id)) AS pages,"                                                                    \
    "  (SELECT count(*) FROM page p WHERE p.part_id = t.id) AS there FROM part t)"

int custody_load(struct store *store, struct custody *ret) {
    static const char sql[] = CUSTODY_SQL
        " SELECT (SELECT count(*) FROM sheet WHERE place = 'filed'), (SELECT count(*) FROM sheet WHERE place = 'proposed'),"
        " (SELECT count(*) FROM sheet WHERE place = 'triage'), (SELECT count(*) FROM sheet WHERE place = 'blank'),"
        " (SELECT count(*) FROM sheet WHERE place = 'separator'),"
        " (SELECT count(*) FROM sheet WHERE place = 'quarantined')"
        "  + (SELECT ifnull(sum(max(pages, 1) - there), 0) FROM thing WHERE state = 'quarantined'),"
        " (SELECT count(*) FROM sheet WHERE place = 'waiting')"
        "  + (SELECT ifnull(sum(max(pages, 1) - there), 0) FROM thing WHERE state = 'waiting'),"
        " (SELECT ifnull(sum(max(o.pages, 1)), 0) FROM thing d JOIN thing o ON o.id = d.same_as),"
        " (SELECT ifnull(sum(max(pages, CASE WHEN state = 'opened' THEN 0 ELSE 1 END)), 0) FROM thing WHERE same_as IS NULL)"
        "  + (SELECT ifnull(sum(max(o.pages, 1)), 0) FROM thing d JOIN thing o ON o.id = d.same_as)";
    struct rows *rows = db_query(store->db, sql, "");
    struct custody c = {0};
    int64_t *const fields[] = {&c.filed, &c.proposed, &c.triage, &c.blank, &c.separator, &c.quarantined, &c.waiting, &c.duplicate};
    if (rows_next(rows) > 0) {
        for (int i = 0; i < 8; i++)
            c.sum += *fields[i] = rows_int(rows, i);
        c.received = rows_int(rows, 8);
    }
    int err = rows_end(&rows);
    if (!err)
        *ret = c;
    return err;
}

int work_left(struct store *store, int64_t *ret_done, int64_t *ret_all) {
    int err = db_int(store->db, ret_all, "SELECT count(*) FROM job", "");
    if (!err)
        err = db_int(store->db, ret_done, "SELECT count(*) FROM job WHERE state NOT IN ('waiting', 'lent')", "");
    return err;
}

static void print_jobs(struct store *store) {
    struct rows *rows = db_query(store->db,
                                 "SELECT kind, sum(state = 'waiting'), sum(state = 'lent'), sum(state = 'done'), sum(state = 'failed'),"
                                 " sum(state = 'set aside'), min(CASE WHEN state = 'waiting' THEN made_at END) FROM job GROUP BY kind ORDER BY kind", "");
    printf("%-8s %9s %9s %9s %9s %9s  %s\n", "jobs", "waiting", "lent", "done", "failed", "set aside", "oldest waiting");
    while (rows_next(rows) > 0) {
        char age[32] = "-";
        if (!rows_null(rows, 6))
            snprintf(age, sizeof age, "%lld s", (long long)(clock_now() - rows_int(rows, 6)) / 1000);
        printf("%-8s %9lld %9lld %9lld %9lld %9lld  %s\n", rows_text(rows, 0), (long long)rows_int(rows, 1), (long long)rows_int(rows, 2),
               (long long)rows_int(rows, 3), (long long)rows_int(rows, 4), (long long)rows_int(rows, 5), age);
    }
    rows_end(&rows);
}

static void print_workers(struct store *store) {
    struct rows *rows = db_query(store->db, "SELECT w.name, w.pid, w.kinds, w.seen_at, ifnull((SELECT kind || ' ' || subject FROM job j"
                                            " WHERE j.lent_to = w.name AND j.state = 'lent' LIMIT 1), 'idle'), w.doing FROM worker w ORDER BY w.name", "");
    int n = 0;
    while (rows_next(rows) > 0) {
        if (!n++)
            printf("\n%-12s %8s  %-16s %-24s %s\n", "workers", "process", "does", "said last", "takes");
        printf("%-12s %8lld  %-16s %-24s %s\n", rows_text(rows, 0), (long long)rows_int(rows, 1), rows_text(rows, 4), rows_text(rows, 5),
               rows_text(rows, 2));
    }
    rows_end(&rows);
    if (!n)
        printf("\nno workers\n");
}

static int print_custody(struct store *store) {
    struct custody c;
    int err = custody_load(store, &c);
    if (err)
        return command_failed("the custody ledger cannot be read", err);
    printf("\npages received %lld = filed %lld + proposed %lld + in triage %lld + blank %lld + separators %lld + duplicates %lld + quarantined %lld"
           " + waiting %lld\n",
           (long long)c.received, (long long)c.filed, (long long)c.proposed, (long long)c.triage, (long long)c.blank, (long long)c.separator,
           (long long)c.duplicate, (long long)c.quarantined, (long long)c.waiting);
    if (c.sum == c.received)
        return EXIT_OK;
    printf("THIS DOES NOT ADD UP: %lld pages are %s. 'casefile custody' shows which receipts.\n",
           (long long)llabs(c.received - c.sum), c.received > c.sum ? "missing" : "too many");
    return EXIT_FOUND;
}

int command_status(struct command_context *context, int argc, char **argv) {
    int status = options_left(argc, argv);
    if (status)
        return status;
    print_jobs(context->store);
    print_workers(context->store);
    if (!daemon_runs(context))
        printf("\nCASEFILED IS NOT RUNNING on this store (%s): nothing is worked on\n", context->settings->store_folder);
    return print_custody(context->store);
}

int command_wait(struct command_context *context, int argc, char **argv) {
    const char *timeout = option_value(&argc, argv, "--timeout");
    int64_t until = clock_steady() + (timeout ? strtoll(timeout, NULL, 10) : 86400) * 1000;
    struct progress progress = {.what = "working"};
    int status = options_left(argc, argv);
    while (!status && !program_stop) {
        int64_t done = 0, all = 0, pages = 0;
        char note[64];
        int err = work_left(context->store, &done, &all);
        if (!err)
            err = db_int(context->store->db, &pages, "SELECT count(*) FROM page WHERE state != 'waiting'", "");
        if (err && err != ERR_BUSY)
            return command_failed("the jobs cannot be counted", err);
        snprintf(note, sizeof note, "jobs, %lld pages read", (long long)pages);
        progress_show(&progress, done, all, note);
        if (done == all)
            break;
        if (!daemon_runs(context)) {
            progress_end(&progress);
            fprintf(stderr, "casefile: casefiled is not running on this store: %lld jobs wait until it is started\n", (long long)(all - done));
            return EXIT_STATE;
        }
        if (clock_steady() > until) {
            progress_end(&progress);
            fprintf(stderr, "casefile: time is up, %lld jobs are left: 'casefile status' shows them\n", (long long)(all - done));
            return EXIT_STATE;
        }
        poll(NULL, 0, 100);
    }
    progress_end(&progress);
    return status;
}

int command_custody(struct command_context *context, int argc, char **argv) {
    static const char sql[] = CUSTODY_SQL
        " SELECT r.id, t.id, t.state, CASE WHEN t.same_as IS NOT NULL THEN (SELECT max(o.pages, 1) FROM thing o WHERE o.id = t.same_as)"
        " ELSE max(t.pages, CASE WHEN t.state = 'opened' THEN 0 ELSE 1 END) END, t.there,"
        " (SELECT group_concat(place || ' ' || n, ', ') FROM (SELECT place, count(*) AS n FROM sheet s WHERE s.part_id = t.id GROUP BY place))"
        " FROM receipt r JOIN thing t ON t.receipt_id = r.id ORDER BY r.id, t.id";
    int status = options_left(argc, argv);
    if (status)
        return status;
    struct rows *rows = db_query(context->store->db, sql, "");
    printf("%-8s %6s %-12s %6s  %s\n", "receipt", "part", "state", "pages", "where they are");
    while (rows_next(rows) > 0) {
        char number[RECEIPT_TEXT];
        receipt_text(rows_int(rows, 0), number);
        int missing = strcmp(rows_text(rows, 2), "opened") == 0 && rows_int(rows, 3) != rows_int(rows, 4);
        printf("%-8s %6lld %-12s %6lld  %s%s\n", number, (long long)rows_int(rows, 1), rows_text(rows, 2), (long long)rows_int(rows, 3),
               rows_text(rows, 5), missing ? "  PAGES ARE MISSING" : "");
    }
    int err = rows_end(&rows);
    return err ? command_failed("custody", err) : print_custody(context->store);
}

int command_quarantine(struct command_context *context, int argc, char **argv) {
    int status = options_left(argc, argv), n = 0;
    if (status)
        return status;
    struct rows *rows = db_query(context->store->db,
                                 "SELECT receipt_id, id, kind, reason FROM part WHERE state = 'quarantined' ORDER BY receipt_id, id", "");
    while (rows_next(rows) > 0) {
        char number[RECEIPT_TEXT], *name = NULL;
        receipt_text(rows_int(rows, 0), number);
        if (part_name_load(context->store, rows_int(rows, 1), &name))
            name = mem_text("?");
        printf("%s part %lld  %s  (%s): %s. The original is kept.\n", number, (long long)rows_int(rows, 1), name,
               rows_text(rows, 2)[0] ? rows_text(rows, 2) : "kind not known", rows_text(rows, 3));
        free(name);
        n++;
    }
    int err = rows_end(&rows);
    if (!err && !n)
        printf("nothing is in quarantine\n");
    return err ? command_failed("quarantine", err) : EXIT_OK;
}

static void print_counts(struct store *store, const char *title, const char *sql) {
    struct rows *rows = db_query(store->db, sql, "");
    printf("%s", title);
    for (int n = 0; rows_next(rows) > 0; n++)
        printf("%s%s %lld", n ? ", " : "", rows_text(rows, 0), (long long)rows_int(rows, 1));
    putchar('\n');
    rows_end(&rows);
}

int command_summary(struct command_context *context, int argc, char **argv) {
    struct store *store = context->store;
    bool receipts = option_switch(&argc, argv, "--receipts");
    int64_t count = 0;
    int status = options_left(argc, argv);
    if (status)
        return status;
    int err = db_int(store->db, &count, "SELECT count(*) FROM receipt", "");
    if (err)
        return command_failed("summary", err);
    if (receipts) {
        printf("%lld\n", (long long)count);
        return EXIT_OK;
    }
    printf("receipts         %lld\n", (long long)count);
    print_counts(store, "parts            ", "SELECT state, count(*) FROM part GROUP BY state ORDER BY state");
    print_counts(store, "documents        ", "SELECT outcome, count(*) FROM filing WHERE superseded_by IS NULL GROUP BY outcome ORDER BY outcome");
    print_counts(store, "pages            ", "SELECT role, count(*) FROM page GROUP BY role ORDER BY role");
    print_counts(store, "words by         ",
                 "SELECT CASE source WHEN 0 THEN 'none' WHEN 1 THEN 'text layer' WHEN 2 THEN 'recognition' ELSE 'laid out' END, count(*)"
                 " FROM page WHERE role = 'page' GROUP BY source ORDER BY source");
    print_counts(store, "to be looked at  ", "SELECT trouble, count(*) FROM page WHERE trouble != '' GROUP BY trouble ORDER BY trouble");
    print_counts(store, "flags by role    ", "SELECT role, count(*) FROM flag WHERE withdrawn = 0 GROUP BY role ORDER BY role");
    print_counts(store, "flags by code    ", "SELECT code, count(*) FROM flag WHERE withdrawn = 0 GROUP BY code ORDER BY code");
    return EXIT_OK;
}
