#include "ingest/custody.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "ingest/receive.h"
#include "queue/estimate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* sheet: each page and its place. thing: each part with the pages that its file says (at least as many as were found). entry: how many of a
 * part are where; a thing that never opened counts as one page, a copy as the pages of what it equals. */
#define LEDGER                                                                                                                             \
    "WITH sheet AS (SELECT p.part_id, CASE WHEN p.role = 'blank' THEN 'blank' WHEN p.role = 'separator' THEN 'separator'"                 \
    "  WHEN t.state = 'rescanned' THEN CASE b.state WHEN 'printed' THEN 'waiting' ELSE 'duplicate' END"                                   \
    "  WHEN t.state IN ('quarantined', 'closed') AND p.document_id IS NULL THEN 'quarantined'"                                            \
    "  WHEN f.outcome = 'filed' THEN 'filed' WHEN f.outcome IN ('proposed', 'outside') THEN f.outcome"                                                  \
    "  WHEN f.outcome IS NOT NULL THEN 'triage' ELSE 'waiting' END AS place"                                                               \
    " FROM page p JOIN part t ON t.id = p.part_id LEFT JOIN batch b ON b.id = t.batch_id LEFT JOIN filing f ON f.document_id = p.document_id AND f.superseded_by IS NULL),"       \
    " there AS (SELECT part_id, count(*) AS n FROM page GROUP BY part_id),"                                                                \
    " thing AS (SELECT t.id, t.receipt_id, t.batch_id, t.state, t.same_as, ifnull(h.n, 0) AS there,"                                       \
    "  max(ifnull(t.page_count, 0), ifnull(h.n, 0), t.state IN ('waiting', 'quarantined', 'closed')) AS pages"                                       \
    "  FROM part t LEFT JOIN there h ON h.part_id = t.id),"                                                                                \
    " entry AS (SELECT part_id, place, count(*) AS n FROM sheet GROUP BY part_id, place"                                                   \
    "  UNION ALL SELECT id, CASE state WHEN 'closed' THEN 'quarantined' ELSE state END, pages - there FROM thing"                       \
    "  WHERE state IN ('waiting', 'quarantined', 'closed') AND pages > there"                   \
    "  UNION ALL SELECT d.id, 'duplicate', max(o.pages, 1) FROM thing d JOIN thing o ON o.id = d.same_as"                                  \
    "  UNION ALL SELECT id, 'received', pages FROM thing WHERE same_as IS NULL"                                                            \
    "  UNION ALL SELECT d.id, 'received', max(o.pages, 1) FROM thing d JOIN thing o ON o.id = d.same_as)"
#define SUM(place) "sum(CASE WHEN e.place = '" place "' THEN e.n ELSE 0 END)"
#define SUMS SUM("received") ", " SUM("filed") ", " SUM("proposed") ", " SUM("triage") ", " SUM("blank") ", " SUM("separator") ", "        \
             SUM("duplicate") ", " SUM("quarantined") ", " SUM("waiting") ", " SUM("outside")
#define DAY "date(r.received_at / 1000, 'unixepoch', 'localtime')"
#define QUERY(what)                                                                                                                        \
    LEDGER " SELECT " what " AS what, " SUMS " FROM entry e JOIN thing t ON t.id = e.part_id JOIN receipt r ON r.id = t.receipt_id"        \
           " WHERE ?1 IS NULL OR " DAY " = ?1 GROUP BY 1 ORDER BY 1"

static const char *query_sql(enum custody_by by) {
    switch (by) {
    case CUSTODY_RECEIPT:
        return QUERY("printf('R%06d', r.id)");
    case CUSTODY_BATCH:
        return QUERY("CASE WHEN t.batch_id IS NULL THEN '(no batch)' ELSE printf('batch %d', t.batch_id) END");
    case CUSTODY_DAY:
        return QUERY(DAY);
    case CUSTODY_SCANNER:
        return QUERY("CASE WHEN r.scanner != '' THEN r.scanner WHEN r.profile != '' THEN r.profile ELSE r.channel END");
    case CUSTODY_ALL:
        break;
    }
    return QUERY("''");
}

static struct custody custody_row(struct rows *rows) {
    struct custody c = {.received = rows_int(rows, 1)};
    int64_t *const fields[] = {&c.filed, &c.proposed, &c.triage, &c.blank, &c.separator, &c.duplicate, &c.quarantined, &c.waiting, &c.outside};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        c.sum += *fields[i] = rows_int(rows, (int)i + 2);
    return c;
}

int custody_each(struct store *store, const struct custody_query *query) {
    struct rows *rows = db_query(store->db, query_sql(query->by), "t", query->day);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct custody sums = custody_row(rows);
        err = query->take(query->state, rows_text(rows, 0), &sums);
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int take_all(void *state, const char *what, const struct custody *sums) {
    (void)what;
    *(struct custody *)state = *sums;
    return 0;
}

int custody_load(struct store *store, struct custody *ret) {
    struct custody sums = {0};
    struct custody_query query = {.by = CUSTODY_ALL, .take = take_all, .state = &sums};
    int err = custody_each(store, &query);
    if (!err)
        *ret = sums;
    return err;
}

int custody_missing(struct store *store, int (*take)(void *state, int64_t receipt, int64_t part, int64_t page), void *state) {
    struct rows *rows = db_query(store->db,
                                 "WITH short AS (SELECT id, receipt_id, page_count FROM part t WHERE state NOT IN ('waiting', 'quarantined', 'closed', 'duplicate')"
                                 "  AND page_count > (SELECT count(*) FROM page p WHERE p.part_id = t.id)),"
                                 " number(id, receipt_id, page_count, n) AS (SELECT id, receipt_id, page_count, 1 FROM short UNION ALL"
                                 "  SELECT id, receipt_id, page_count, n + 1 FROM number WHERE n < page_count)"
                                 " SELECT receipt_id, id, n FROM number WHERE NOT EXISTS(SELECT 1 FROM page p WHERE p.part_id = number.id AND"
                                 "  p.number = n) ORDER BY 1, 2, 3", "");
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = take(state, rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2));
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

/* ---- for people to read */

void custody_print_heading(FILE *out, const char *what) {
    fprintf(out, "%-20s %8s   %7s %8s %7s %6s %10s %10s %11s %8s %8s\n", what, "received", "filed", "proposed", "triage", "blank", "separators",
            "duplicates", "quarantined", "waiting", "outside");
}

int custody_print_line(FILE *out, const char *what, const struct custody *c) {
    int holds = c->received == c->sum;
    fprintf(out, "%-20s %8lld = %7lld %8lld %7lld %6lld %10lld %10lld %11lld %8lld %8lld%s\n", what, (long long)c->received, (long long)c->filed,
            (long long)c->proposed, (long long)c->triage, (long long)c->blank, (long long)c->separator, (long long)c->duplicate,
            (long long)c->quarantined, (long long)c->waiting, (long long)c->outside, holds ? "" : "   PAGES ARE MISSING");
    return holds;
}

static const struct {
    int where;
    const char *sql, *text;
} asks[] = {
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM part WHERE state = 'quarantined'", "parts in quarantine: casefile quarantine"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM batch WHERE state = 'asks'", "batches stopped and ask: casefile batch"},
    {ASKS_STATUS | ASKS_REPORT,
     "SELECT count(*) FROM batch b WHERE state = 'printed' AND EXISTS(SELECT 1 FROM part t WHERE t.batch_id = b.id AND t.state = 'rescanned')",
     "batches were set aside and wait to be scanned again: casefile batch"},
    {ASKS_STATUS, "SELECT count(*) FROM part WHERE notes LIKE '%cover sheet%' OR notes LIKE '%header sheet%'",
     "files hold a cover or header sheet that was not followed: casefile page RECEIPT tells why"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM batch WHERE state = 'waiting'", "batches wait for their second pass: casefile batch"},
    {ASKS_STATUS | ASKS_REPORT,
     "SELECT count(*) FROM page p JOIN part t ON t.id = p.part_id LEFT JOIN batch b ON b.id = t.batch_id WHERE p.document_id IS NULL AND"
     " p.role = 'page' AND t.state = 'opened' AND ifnull(b.state, '') NOT IN ('asks', 'waiting')", "PAGES ARE IN NO DOCUMENT: please report this"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM page WHERE defect != '' AND rescan = ''", "sheets to scan again: casefile rescan"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM filing WHERE superseded_by IS NULL AND outcome NOT IN ('filed', 'outside')",
     "documents wait for a person: casefile triage"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM alarm WHERE state = 'open'", "TIMES a document names a child of another family: casefile triage alarms"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM filing_check c JOIN filing f ON f.id = c.filing_id WHERE c.result = '' AND f.superseded_by IS NULL",
     "automatic filings are put up for a check: casefile triage check"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM near_duplicate WHERE state = 'proposed'",
     "pairs may be the same document: casefile duplicates"},
    {ASKS_STATUS, "SELECT count(*) FROM worker WHERE kinds LIKE '%read%' AND kinds NOT LIKE '%open%'",
     "workers open nothing: ClamAV's daemon is away, and malware.must_scan is 'yes'"},
    {ASKS_STATUS | ASKS_REPORT, "SELECT count(*) FROM part WHERE scanned = 'not scanned'",
     "parts were NOT SCANNED for malware: ClamAV's daemon was not reachable"},
    {ASKS_REPORT, "SELECT count(*) FROM job WHERE state IN ('waiting', 'lent')", "jobs wait or are being done: casefile status"},
    {ASKS_REPORT, "SELECT count(*) FROM job WHERE state IN ('failed', 'set aside')", "jobs failed or were set aside: casefile status"},
};

int custody_asks_each(struct store *store, enum custody_asks where, void (*take)(void *state, int64_t count, const char *text), void *state) {
    int err = 0;
    for (size_t i = 0; i < sizeof asks / sizeof asks[0] && !err; i++) {
        int64_t count = 0;
        if (!(asks[i].where & (int)where))
            continue;
        err = db_int(store->db, &count, asks[i].sql, "");
        if (!err)
            take(state, count, asks[i].text);
    }
    return err;
}

/* ---- the report */

struct report {
    FILE *out;
    int wrong, missing;
};

static int report_line(void *state, const char *what, const struct custody *c) {
    struct report *r = state;
    fputs("  ", r->out);
    r->wrong |= !custody_print_line(r->out, what, c);
    return 0;
}

static int report_sums(struct store *store, struct report *r, enum custody_by by, const char *day) {
    struct custody_query query = {by, day, report_line, r};
    fputs("\n  ", r->out);
    custody_print_heading(r->out, by == CUSTODY_BATCH ? "by batch" : "by scanner");
    return custody_each(store, &query);
}

static int report_missing(void *state, int64_t receipt, int64_t part, int64_t page) {
    struct report *r = state;
    char number[RECEIPT_TEXT];
    receipt_text(receipt, number);
    if (!r->missing++)
        fputs("\n  MISSING PAGES\n", r->out);
    if (r->missing <= 1000)
        fprintf(r->out, "  %s part %lld page %lld\n", number, (long long)part, (long long)page);
    return 0;
}

static void report_ask(void *state, int64_t count, const char *text) {
    fprintf(((struct report *)state)->out, "  %8lld %s\n", (long long)count, text);
}

/* ---- the report: what was read last night, and what is not finished */

#define REPORT_RECEIPTS_MOST 50
#define REPORT_LATER_HOURS 3 /* so long the report waits for a night that has not ended */

/* The night that begins on a day or, when it begins after midnight, follows it: the first that ends after its noon. Without hours, the day. */
static void night_of(const struct schedule *schedule, const char *day, int64_t *ret_from, int64_t *ret_until) {
    struct tm tm = {0};
    strptime(day, "%Y-%m-%d", &tm);
    tm.tm_isdst = -1;
    if (!schedule_has_hours(schedule)) {
        *ret_from = mktime(&tm) * 1000ll;
        tm.tm_mday++;
        tm.tm_isdst = -1;
        *ret_until = mktime(&tm) * 1000ll;
        return;
    }
    tm.tm_hour = 12;
    int64_t noon = mktime(&tm) * 1000ll, from = noon - 26 * 3600000ll, until = schedule_next_change(schedule, from);
    while (until <= noon || !schedule_is_night(schedule, from)) {
        from = until;
        until = schedule_next_change(schedule, from);
    }
    *ret_from = from;
    *ret_until = until;
}

static void time_text(int64_t moment_ms, const char *form, char out[32]) {
    time_t seconds = (time_t)(moment_ms / 1000);
    struct tm tm;
    localtime_r(&seconds, &tm);
    strftime(out, 32, form, &tm);
}

static void report_number(FILE *out, int64_t count, const char *text) {
    char number[COUNT_TEXT];
    estimate_count_text(count, number);
    if (count)
        fprintf(out, "  %8s %s\n", number, text);
}

/* first, end: leaves of the audit log; each page that was read is one. */
#define NIGHT_PAGES "FROM audit_leaf a JOIN page p ON p.id = CAST(substr(a.what, 6) AS INTEGER) WHERE a.number >= ?1 AND a.number < ?2 AND" \
                    " a.action = 'done' AND a.place = 'read'"

static int report_pages_read(struct store *store, FILE *out, int64_t first, int64_t end) {
    struct rows *rows = db_query(store->db,
                                 "SELECT count(*), min(a.at), max(a.at), count(DISTINCT p.document_id), sum(p.trouble != '') " NIGHT_PAGES,
                                 "ii", first, end);
    int64_t pages = 0, poor = 0;
    if (rows_next(rows) > 0 && (pages = rows_int(rows, 0)) > 0) {
        char began[32], ended[32], count[COUNT_TEXT], documents[COUNT_TEXT], rate[RATE_TEXT];
        double seconds = (double)(rows_int(rows, 2) - rows_int(rows, 1)) / 1000;
        time_text(rows_int(rows, 1), "%H:%M", began);
        time_text(rows_int(rows, 2), "%H:%M", ended);
        estimate_count_text(pages, count);
        estimate_count_text(rows_int(rows, 3), documents);
        poor = rows_int(rows, 4);
        fprintf(out, "  %8s pages of %s documents, between %s and %s", count, documents, began, ended);
        if (pages >= ESTIMATE_PAGES_LEAST && seconds > 0) {
            estimate_rate_text((double)(pages - 1) / seconds, rate);
            fprintf(out, ": %s", rate);
        }
        fputc('\n', out);
    } else {
        fputs("         0 pages: none waited, or nobody read\n", out);
    }
    report_number(out, poor, "of these pages came out poorly: a person should look at them");
    return rows_end(&rows);
}

static int report_read(struct store *store, FILE *out, const char *day) {
    static const struct {
        const char *sql, *text;
    } counts[] = {
        {"SELECT count(*) FROM (SELECT DISTINCT p.document_id AS d " NIGHT_PAGES " AND p.document_id IS NOT NULL) WHERE"
         " NOT EXISTS(SELECT 1 FROM page WHERE document_id = d AND state = 'waiting')", "of these documents are read to their end"},
        {"SELECT count(*) FROM audit_leaf WHERE number >= ?1 AND number < ?2 AND action IN ('failed', 'set aside') AND place = 'read'",
         "pages could not be read"},
        {"SELECT count(*) FROM audit_leaf WHERE number >= ?1 AND number < ?2 AND action = 'done' AND place = 'open'", "files were opened"},
    };
    struct schedule schedule;
    int64_t from, until, first, end;
    char begins[32], ends[32];
    int err = schedule_load(store, &schedule);
    if (err)
        return err;
    night_of(&schedule, day, &from, &until);
    time_text(from, "%Y-%m-%d %H:%M", begins);
    time_text(until, "%Y-%m-%d %H:%M", ends);
    if (from > clock_now()) {
        fprintf(out, "\n  the night of this day has not begun: it is from %s to %s\n", begins, ends);
        return 0;
    }
    fprintf(out, "\n  read from %s to %s%s\n", begins, ends, until > clock_now() ? " (until now)" : "");
    err = estimate_leaf_at(store, from, &first);
    if (!err)
        err = estimate_leaf_at(store, until, &end);
    if (!err)
        err = report_pages_read(store, out, first, end);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && !err; i++) {
        int64_t count = 0;
        err = db_int(store->db, &count, counts[i].sql, "ii", first, end);
        report_number(out, count, counts[i].text);
    }
    return err;
}

/* Each receipt of which something waits: how many of its pages, or how many files that are not opened. */
static int report_unfinished_receipts(struct store *store, FILE *out) {
    struct rows *rows = db_query(store->db,
                                 "SELECT printf('R%06d', receipt), sum(page), sum(file),"
                                 " (SELECT count(*) FROM page g JOIN part t ON t.id = g.part_id WHERE t.receipt_id = receipt) FROM"
                                 " (SELECT t.receipt_id AS receipt, 1 AS page, 0 AS file FROM job j INDEXED BY job_kind_state"
                                 "  JOIN page p ON p.id = j.subject JOIN part t ON t.id = p.part_id"
                                 "  WHERE j.kind = 'read' AND j.state IN ('waiting', 'lent')"
                                 " UNION ALL SELECT t.receipt_id, 0, 1 FROM job j INDEXED BY job_kind_state JOIN part t ON t.id = j.subject"
                                 "  WHERE j.kind IN ('open', 'convert') AND j.state IN ('waiting', 'lent')) GROUP BY receipt ORDER BY receipt", "");
    int64_t receipts = 0;
    while (rows_next(rows) > 0) {
        char left[COUNT_TEXT], all[COUNT_TEXT];
        if (++receipts > REPORT_RECEIPTS_MOST)
            continue;
        estimate_count_text(rows_int(rows, 1), left);
        estimate_count_text(rows_int(rows, 3), all);
        fprintf(out, "    %s: ", rows_text(rows, 0));
        if (rows_int(rows, 1))
            fprintf(out, "%s of %s pages are not read%s", left, all, rows_int(rows, 2) ? ", " : "");
        if (rows_int(rows, 2))
            fprintf(out, "%lld file%s not opened", (long long)rows_int(rows, 2), rows_int(rows, 2) == 1 ? " is" : "s are");
        fputc('\n', out);
    }
    if (receipts > REPORT_RECEIPTS_MOST)
        fprintf(out, "    and %lld more receipts\n", (long long)(receipts - REPORT_RECEIPTS_MOST));
    return rows_end(&rows);
}

static int report_unfinished(struct store *store, FILE *out) {
    struct estimate estimate;
    int err = estimate_load(store, clock_now(), &estimate);
    if (err)
        return err;
    if (!(estimate.usual + estimate.backlog + estimate.unopened)) {
        fputs("\n  Finished: no page waits to be read, and no file to be opened.\n", out);
        return 0;
    }
    fputs("\n  NOT FINISHED\n", out);
    estimate_print(&estimate, "    ", out);
    return report_unfinished_receipts(store, out);
}

int custody_report(struct store *store, const char *day, FILE *out) {
    struct report r = {.out = out};
    fprintf(out, "Custody of pages received on %s\n", day);
    int err = report_sums(store, &r, CUSTODY_SCANNER, day);
    if (!err)
        err = report_sums(store, &r, CUSTODY_BATCH, day);
    if (!err)
        err = custody_missing(store, report_missing, &r);
    if (!err)
        err = report_read(store, out, day);
    if (!err)
        err = report_unfinished(store, out);
    if (!err)
        fputs("\n  not done, of all days\n", out);
    if (!err)
        err = custody_asks_each(store, ASKS_REPORT, report_ask, &r);
    if (err)
        return err;
    fputs(r.wrong || r.missing ? "\n  THE SUMS DO NOT HOLD.\n" : "\n  Every page received is accounted for.\n", out);
    return r.wrong || r.missing;
}

static int report_write(struct store *store, const char *day, const char *path) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return ERR_MEMORY;
    int held = custody_report(store, day, out);
    fclose(out);
    int err = held < 0 ? held : file_write_durable(path, view_of((const uint8_t *)text, len), 0600);
    free(text);
    if (!err && held)
        log_error("the custody report of %s: the sums do not hold; see out/reports in the store", day);
    else if (!err)
        log_info("the custody report of %s was written: every page is accounted for", day);
    return err;
}

static int night_goes_on(struct store *store) {
    struct schedule schedule;
    return schedule_load(store, &schedule) == 0 && schedule_has_hours(&schedule) && schedule_is_night(&schedule, clock_now());
}

int custody_report_due(struct store *store, int hour) {
    time_t now = (time_t)(clock_now() / 1000), before = now - 86400;
    struct tm here, yesterday;
    char day[16];
    localtime_r(&now, &here);
    if (hour < 0 || here.tm_hour < hour || (here.tm_hour < hour + REPORT_LATER_HOURS && here.tm_hour < 23 && night_goes_on(store)))
        return 0;
    localtime_r(&before, &yesterday);
    strftime(day, sizeof day, "%Y-%m-%d", &yesterday);
    char *folder = store_path(store, "out/reports"), *path = mem_print("%s/custody-%s.txt", folder, day);
    int err = file_make_folder(folder);
    if (!err && access(path, F_OK))
        err = report_write(store, day, path);
    free(folder);
    free(path);
    return err;
}
