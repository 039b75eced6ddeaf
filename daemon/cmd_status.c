/* cmd_status.c: status, wait, custody, summary. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/command.h"
#include "daemon/program.h"
#include "ingest/custody.h"
#include "ingest/receive.h"
#include "queue/estimate.h"
#include "queue/job.h"
#include "store/page_rows.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* Each channel as it last said of itself; what asks for somebody comes behind. */
static void print_channels(struct store *store) {
    struct rows *rows = db_query(store->db, "SELECT name, kind, seen_at, ifnull(last_item_at, 0), waiting, left_alone, trouble FROM channel ORDER BY name", "");
    int n = 0;
    while (rows_next(rows) > 0) {
        char age[32] = "-";
        if (!n++)
            printf("\n%-20s %-12s %14s %9s %11s  %s\n", "channels", "kind", "last item", "waiting", "left alone", "state");
        if (rows_int(rows, 3))
            snprintf(age, sizeof age, "%lld s ago", (long long)(clock_now() - rows_int(rows, 3)) / 1000);
        printf("%-20s %-12s %14s %9lld %11lld  %s\n", rows_text(rows, 0), rows_text(rows, 1), age, (long long)rows_int(rows, 4),
               (long long)rows_int(rows, 5), rows_text(rows, 6)[0] ? rows_text(rows, 6) : "well");
    }
    rows_end(&rows);
}

static void print_large(void *state, const char *reference, int64_t read, int64_t pages) {
    char done[COUNT_TEXT], all[COUNT_TEXT];
    (void)state;
    estimate_count_text(read, done);
    estimate_count_text(pages, all);
    printf("  %s: %s of %s pages read\n", reference, done, all);
}

static void print_reading(struct store *store, bool runs) {
    struct estimate estimate;
    if (estimate_load(store, clock_now(), &estimate))
        return;
    if (!runs) /* those that it says are there have gone */
        estimate.workers = 0;
    puts("\nreading");
    estimate_print(&estimate, "  ", stdout);
    estimate_each_large(store, &estimate, print_large, NULL);
}

static void print_ask(void *state, int64_t count, const char *text) {
    (void)state;
    if (count)
        printf("%6lld %s\n", (long long)count, text);
}

static int print_custody(struct store *store) {
    struct custody c;
    int err = custody_load(store, &c);
    if (err)
        return command_failed("the custody ledger cannot be read", err);
    printf("\npages received %lld = filed %lld + proposed %lld + in triage %lld + blank %lld + separators %lld + duplicates %lld + quarantined %lld"
           " + waiting %lld",
           (long long)c.received, (long long)c.filed, (long long)c.proposed, (long long)c.triage, (long long)c.blank, (long long)c.separator,
           (long long)c.duplicate, (long long)c.quarantined, (long long)c.waiting);
    if (c.outside)
        printf(" + of no child of the register %lld", (long long)c.outside);
    putchar('\n');
    if (c.sum == c.received)
        return EXIT_OK;
    printf("THIS DOES NOT ADD UP: %lld pages are %s. 'casefile custody' shows which receipts.\n",
           (long long)llabs(c.received - c.sum), c.received > c.sum ? "missing" : "too many");
    return EXIT_FOUND;
}

int command_status(struct command_context *context, int argc, char **argv) {
    int status = nothing_else(argc, argv);
    if (status)
        return status;
    bool runs = daemon_runs(context);
    print_jobs(context->store);
    print_reading(context->store, runs);
    print_workers(context->store);
    print_channels(context->store);
    putchar('\n');
    custody_asks_each(context->store, ASKS_STATUS, print_ask, NULL);
    if (!runs)
        printf("\nCASEFILED IS NOT RUNNING on this store (%s): nothing is watched or worked on; what stands above is from before\n",
               context->settings->store_folder);
    status = print_custody(context->store);
    return status ? status : runs ? EXIT_OK : EXIT_STATE;
}

/* Whether something waits for the night, and until when: "" or a note. */
static void held_text(struct store *store, char out[64]) {
    struct schedule schedule;
    int64_t now = clock_now(), held = 0;
    char until[16];
    out[0] = 0;
    if (schedule_load(store, &schedule) || schedule_is_night(&schedule, now))
        return;
    db_int(store->db, &held, "SELECT EXISTS(SELECT 1 FROM job INDEXED BY job_waiting WHERE kind IN ('open', 'convert', 'read') AND"
                             " state = 'waiting' AND priority <= ?)", "i", (int64_t)JOB_BACKLOG);
    time_t change = (time_t)(schedule_next_change(&schedule, now) / 1000);
    struct tm tm;
    strftime(until, sizeof until, "%H:%M", localtime_r(&change, &tm));
    if (held)
        snprintf(out, 64, "; the backlog waits until %s", until);
}

int command_wait(struct command_context *context, int argc, char **argv) {
    const char *timeout = option_value(&argc, argv, "--timeout");
    if (timeout && strspn(timeout, "0123456789") != strlen(timeout)) {
        fprintf(stderr, "casefile: '%s' is no number of seconds\n", timeout);
        return EXIT_USAGE;
    }
    int64_t until = clock_steady() + (timeout ? strtoll(timeout, NULL, 10) : 86400) * 1000;
    struct progress progress = {.what = "working"};
    int status = nothing_else(argc, argv);
    while (!status && !program_stop) {
        int64_t done = 0, all = 0, pages = 0;
        char note[128], held[64];
        int err = work_left(context->store, &done, &all);
        if (!err)
            err = db_int(context->store->db, &pages, "SELECT count(*) FROM page WHERE state != 'waiting'", "");
        if (err && err != ERR_BUSY)
            return command_failed("the jobs cannot be counted", err);
        held_text(context->store, held);
        snprintf(note, sizeof note, "jobs, %lld pages read%s", (long long)pages, held);
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

static int print_sums(void *state, const char *what, const struct custody *c) {
    if (!custody_print_line(stdout, what, c))
        *(int *)state = 1;
    return 0;
}

static int print_missing(void *state, int64_t receipt, int64_t part, int64_t page) {
    char number[RECEIPT_TEXT];
    receipt_text(receipt, number);
    printf("MISSING: %s part %lld page %lld\n", number, (long long)part, (long long)page);
    *(int *)state = 1;
    return 0;
}

static bool day_is_one(const char *text) {
    struct tm day = {0};
    const char *end = strptime(text, "%Y-%m-%d", &day);
    return end && !*end && strlen(text) == 10;
}

int command_custody(struct command_context *context, int argc, char **argv) {
    static const char *const names[] = {"all", "receipt", "batch", "day", "scanner"};
    const char *by = option_value(&argc, argv, "--by"), *day = option_value(&argc, argv, "--day");
    const char *report = option_value(&argc, argv, "--report");
    int wrong = 0, kind = CUSTODY_RECEIPT, status = options_left(argc, argv);
    if (status)
        return status;
    if (report && !day_is_one(report)) {
        fprintf(stderr, "casefile: '%s' is no day: it is written 2026-11-22\n", report);
        return EXIT_USAGE;
    }
    if (report) {
        int held = custody_report(context->store, report, stdout);
        return held < 0 ? command_failed("custody", held) : held ? EXIT_FOUND : EXIT_OK;
    }
    if (day && !day_is_one(day)) {
        fprintf(stderr, "casefile: '%s' is no day: it is written 2026-11-22\n", day);
        return EXIT_USAGE;
    }
    for (kind = CUSTODY_SCANNER; by && kind >= 0 && strcmp(by, names[kind]); kind--)
        ;
    if (kind < 0 || argc > 1) {
        fputs("usage: casefile custody [--by receipt|batch|day|scanner] [--day YYYY-MM-DD] | --report YYYY-MM-DD\n", stderr);
        return EXIT_USAGE;
    }
    struct custody_query query = {(enum custody_by)(by ? kind : CUSTODY_RECEIPT), day, print_sums, &wrong};
    custody_print_heading(stdout, by ? by : "receipt");
    int err = custody_each(context->store, &query);
    if (!err)
        err = custody_missing(context->store, print_missing, &wrong);
    if (err)
        return command_failed("custody", err);
    status = day ? EXIT_OK : print_custody(context->store);
    return wrong ? EXIT_FOUND : status;
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
    int status = nothing_else(argc, argv);
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
