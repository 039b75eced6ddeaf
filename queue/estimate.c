#include "queue/estimate.h"

#include "base/err.h"
#include "queue/job.h"

#include <time.h>

#define LEAVES_MOST 50000         /* of the audit log's end are looked through for pages that were read */
#define WEEK_MS (7 * 86400000ll)  /* what was read longer ago says nothing */
#define CHANGES_MOST 2000         /* of night and day that are looked ahead */
#define LARGE_PAGES_LEAST 20
#define HOURS_20_MS (20 * 3600000ll)
#define HOURS_2_MS (2 * 3600000ll)
#define TEN_MINUTES_MS 600000ll

/* ---- what is measured */

static int load_counts(struct store *store, struct estimate *e) {
    const struct {
        int64_t *count;
        const char *sql;
    } counts[] = {
        {&e->usual, "SELECT (SELECT count(*) FROM job INDEXED BY job_waiting WHERE kind = 'read' AND state = 'waiting' AND priority > ?1) +"
                    " (SELECT count(*) FROM job INDEXED BY job_lent WHERE kind = 'read' AND state = 'lent' AND priority > ?1)"},
        {&e->backlog, "SELECT (SELECT count(*) FROM job INDEXED BY job_waiting WHERE kind = 'read' AND state = 'waiting' AND priority <= ?1) +"
                      " (SELECT count(*) FROM job INDEXED BY job_lent WHERE kind = 'read' AND state = 'lent' AND priority <= ?1)"},
        {&e->unopened, "SELECT count(*) FROM job INDEXED BY job_kind_state WHERE kind IN ('open', 'convert') AND state IN ('waiting', 'lent')"
                       " AND ? IS NOT NULL"},
        {&e->unopened_backlog, "SELECT count(*) FROM job INDEXED BY job_waiting WHERE kind IN ('open', 'convert') AND state = 'waiting' AND"
                               " priority <= ?"},
    };
    int err = 0;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && !err; i++)
        err = db_int(store->db, counts[i].count, counts[i].sql, "i", (int64_t)JOB_BACKLOG);
    return err;
}

/* The audit log is in the order of time, and each page that was read is a leaf; the job's row knows how long it took. */
static int load_rate(struct store *store, struct estimate *e) {
    struct rows *rows = db_query(store->db,
                                 "SELECT a.number, j.ended_at - j.lent_at FROM audit_leaf a LEFT JOIN job j ON j.kind = 'read' AND"
                                 " j.subject = CAST(substr(a.what, 6) AS INTEGER) AND j.state = 'done'"
                                 " WHERE a.number > (SELECT max(number) FROM audit_leaf) - ? AND a.at >= ? AND a.action = 'done' AND a.place = 'read'"
                                 " ORDER BY a.number DESC LIMIT ?",
                                 "iii", (int64_t)LEAVES_MOST, e->now_ms - WEEK_MS, (int64_t)ESTIMATE_PAGES_MOST);
    double ms = 0;
    while (rows_next(rows) > 0) {
        e->since_leaf = rows_int(rows, 0);
        if (rows_null(rows, 1)) /* it is read anew since */
            continue;
        ms += (double)rows_int(rows, 1);
        e->measured++;
    }
    if (e->measured >= ESTIMATE_PAGES_LEAST)
        e->seconds = ms > (double)e->measured ? ms / 1000 / (double)e->measured : 0.001;
    return rows_end(&rows);
}

int estimate_load(struct store *store, int64_t now_ms, struct estimate *ret) {
    struct estimate e = {.now_ms = now_ms, .since_leaf = INT64_MAX};
    int64_t workers = 0;
    int err = schedule_load(store, &e.schedule);
    if (!err)
        err = load_counts(store, &e);
    if (!err)
        err = db_int(store->db, &workers, "SELECT count(*) FROM worker WHERE ',' || kinds || ',' LIKE '%,read,%'", "");
    e.workers = (int)workers;
    if (!err)
        err = load_rate(store, &e);
    if (!err)
        *ret = e;
    return err;
}

/* ---- when it is done */

static int workers_at(const struct estimate *e, bool night) {
    return night || e->schedule.backlog_by_day > e->workers ? e->workers : e->schedule.backlog_by_day;
}

int64_t estimate_done_at(const struct estimate *e) {
    double usual = (double)e->usual, backlog = (double)e->backlog, ms = e->seconds * 1000;
    int64_t at = e->now_ms;
    if (usual + backlog <= 0)
        return at;
    if (ms <= 0 || e->workers <= 0)
        return ESTIMATE_NEVER;
    for (int i = 0; i < CHANGES_MOST; i++) {
        int64_t change = schedule_next_change(&e->schedule, at);
        double span = change == INT64_MAX ? 1e15 : (double)(change - at), took = usual * ms / e->workers;
        int readers = workers_at(e, schedule_is_night(&e->schedule, at));
        double took_backlog = readers ? backlog * ms / readers : 1e15;
        if (took <= span && (backlog <= 0 || took + took_backlog <= span))
            return at + (int64_t)(took + (backlog > 0 ? took_backlog : 0));
        if (change == INT64_MAX)
            return ESTIMATE_NEVER;
        double left = took < span ? span - took : 0;
        usual = took < span ? 0 : usual - span * e->workers / ms;
        backlog -= left * readers / ms;
        at = change;
    }
    return ESTIMATE_NEVER;
}

/* ---- in words */

void estimate_count_text(int64_t count, char out[COUNT_TEXT]) {
    char digits[COUNT_TEXT];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)count), n = 0;
    for (int i = 0; i < len && n < COUNT_TEXT - 2; i++) {
        out[n++] = digits[i];
        if (i + 1 < len && digits[i] != '-' && (len - i - 1) % 3 == 0)
            out[n++] = ',';
    }
    out[n] = 0;
}

void estimate_rate_text(double rate, char out[RATE_TEXT]) {
    if (rate >= 1)
        snprintf(out, RATE_TEXT, "%.1f pages a second", rate);
    else if (rate >= 1.0 / 60)
        snprintf(out, RATE_TEXT, "%.0f pages a minute", rate * 60);
    else
        snprintf(out, RATE_TEXT, "%.0f pages an hour", rate * 3600);
}

static void moment_text(int64_t moment_ms, const char *form, char out[64]) {
    time_t seconds = (time_t)(moment_ms / 1000);
    struct tm tm;
    localtime_r(&seconds, &tm);
    strftime(out, 64, form, &tm);
}

/* "04:20", "Tuesday 02:10", "12 December": no finer than it is known. */
static void done_text(int64_t done_ms, int64_t now_ms, char out[64]) {
    int64_t ahead = done_ms - now_ms;
    if (ahead > HOURS_2_MS)
        done_ms = (done_ms + TEN_MINUTES_MS / 2) / TEN_MINUTES_MS * TEN_MINUTES_MS;
    moment_text(done_ms, ahead < HOURS_20_MS ? "%H:%M" : ahead < WEEK_MS - 86400000ll ? "%A %H:%M" : "%-d %B", out);
}

/* The end of this night, or by day of the next. */
static int64_t night_ends_at(const struct estimate *e) {
    int64_t change = schedule_next_change(&e->schedule, e->now_ms);
    return change == INT64_MAX || schedule_is_night(&e->schedule, e->now_ms) ? change : schedule_next_change(&e->schedule, change);
}

static void print_rate(const struct estimate *e, FILE *out) {
    bool night = schedule_is_night(&e->schedule, e->now_ms);
    int readers = e->usual > 0 ? e->workers : workers_at(e, night);
    char rate[RATE_TEXT], when[64];
    estimate_rate_text((readers ? readers : e->workers) / e->seconds, rate);
    if (readers) {
        fprintf(out, "; about %s now", rate);
    } else {
        moment_text(schedule_next_change(&e->schedule, e->now_ms), "%H:%M", when);
        fprintf(out, "; none now, about %s from %s on", rate, when);
    }
}

static void print_done(const struct estimate *e, FILE *out) {
    int64_t done = estimate_done_at(e);
    char when[64];
    if (done == ESTIMATE_NEVER) {
        fputs("; that takes longer than can be said", out);
        return;
    }
    done_text(done, e->now_ms, when);
    if (done > night_ends_at(e))
        fprintf(out, "; not in one night: done about %s", when);
    else
        fprintf(out, "; done about %s", when);
}

static void print_waiting(const struct estimate *e, FILE *out) {
    int64_t all = e->usual + e->backlog;
    char count[COUNT_TEXT], backlog[COUNT_TEXT];
    estimate_count_text(all, count);
    estimate_count_text(e->backlog, backlog);
    fprintf(out, all == 1 ? "1 page waits to be read" : "%s pages wait to be read", count);
    if (schedule_has_hours(&e->schedule) && e->backlog == all)
        fputs(all == 1 ? " (backlog)" : " (all backlog)", out);
    else if (schedule_has_hours(&e->schedule) && e->backlog)
        fprintf(out, " (%s of them backlog)", backlog);
    if (!e->workers) {
        fputs("; no worker is there to read them\n", out);
        return;
    }
    if (e->seconds <= 0) {
        fprintf(out, "; when that will be done cannot be said yet: %s pages have been read lately\n", e->measured ? "too few" : "no");
        return;
    }
    print_rate(e, out);
    print_done(e, out);
    fputc('\n', out);
}

static void print_unopened(const struct estimate *e, FILE *out) {
    char count[COUNT_TEXT];
    estimate_count_text(e->unopened, count);
    bool one = e->unopened == 1;
    fprintf(out, "and %s file%s not opened yet: how many pages %s is not known\n", count, one ? " is" : "s are", one ? "it holds" : "they hold");
}

static void print_others(const struct estimate *e, FILE *out) {
    struct estimate others = *e;
    char count[COUNT_TEXT], when[64];
    others.backlog = 0;
    int64_t done = estimate_done_at(&others);
    if (!e->usual || done == ESTIMATE_NEVER)
        return;
    estimate_count_text(e->usual, count);
    done_text(done, e->now_ms, when);
    fprintf(out, "; the other %s page%s done about %s", count, e->usual == 1 ? " is" : "s are", when);
}

/* What the hours mean for what waits just now. */
static void print_hours(const struct estimate *e, FILE *out) {
    bool night = schedule_is_night(&e->schedule, e->now_ms);
    int readers = workers_at(e, night);
    char change[64];
    moment_text(schedule_next_change(&e->schedule, e->now_ms), "%H:%M", change);
    if (night) {
        fprintf(out, "the backlog is worked on until %s; what is left then waits for the next night\n", change);
    } else if (readers) {
        fprintf(out, "the backlog is worked on by %d of %d workers until %s, then by all\n", readers, e->workers, change);
    } else {
        fprintf(out, "the backlog waits until %s", change);
        print_others(e, out);
        fputc('\n', out);
    }
}

/* Whether print_rate() has said until when the backlog waits. */
static bool wait_is_said(const struct estimate *e) {
    return e->backlog && !e->usual && e->seconds > 0 && !workers_at(e, schedule_is_night(&e->schedule, e->now_ms));
}

void estimate_print(const struct estimate *e, const char *indent, FILE *out) {
    fputs(indent, out);
    if (e->usual + e->backlog)
        print_waiting(e, out);
    else
        fputs("no page waits to be read\n", out);
    if (e->unopened) {
        fputs(indent, out);
        print_unopened(e, out);
    }
    if (schedule_has_hours(&e->schedule) && e->workers && e->backlog + e->unopened_backlog && !wait_is_said(e)) {
        fputs(indent, out);
        print_hours(e, out);
    }
}

/* ---- large files */

int estimate_each_large(struct store *store, const struct estimate *e,
                        void (*take)(void *state, const char *reference, int64_t read, int64_t pages), void *state) {
    struct rows *rows = db_query(store->db,
                                 "WITH last AS (SELECT CAST(substr(what, 6) AS INTEGER) AS page FROM audit_leaf WHERE number >= ?1 AND"
                                 "  action = 'done' AND place = 'read' UNION SELECT subject FROM job INDEXED BY job_lent WHERE kind = 'read' AND"
                                 "  state = 'lent'),"
                                 " file AS (SELECT DISTINCT part_id FROM page WHERE id IN (SELECT page FROM last)),"
                                 " progress AS (SELECT part_id, count(*) AS pages, sum(state != 'waiting') AS read FROM page WHERE part_id IN"
                                 "  (SELECT part_id FROM file) GROUP BY part_id HAVING sum(state = 'waiting') > 0)"
                                 " SELECT printf(CASE WHEN t.parent_id IS NULL THEN 'R%06d' ELSE 'R%06d/%d' END, t.receipt_id, t.id), p.read,"
                                 "  max(p.pages, ifnull(t.page_count, 0)) AS pages FROM progress p JOIN part t ON t.id = p.part_id WHERE"
                                 "  max(p.pages, ifnull(t.page_count, 0)) >= ?2 ORDER BY t.id LIMIT 10",
                                 "ii", e->since_leaf, (int64_t)LARGE_PAGES_LEAST);
    while (rows_next(rows) > 0)
        take(state, rows_text(rows, 0), rows_int(rows, 1), rows_int(rows, 2));
    return rows_end(&rows);
}

/* The log is in the order of time: halving finds the place. */
int estimate_leaf_at(struct store *store, int64_t moment_ms, int64_t *ret_number) {
    int64_t low = 0, high = 0, at;
    int err = db_int(store->db, &high, "SELECT ifnull(max(number), -1) + 1 FROM audit_leaf", "");
    while (!err && low < high) {
        int64_t middle = low + (high - low) / 2;
        err = db_int(store->db, &at, "SELECT at FROM audit_leaf WHERE number >= ? ORDER BY number LIMIT 1", "i", middle);
        if (!err && at >= moment_ms)
            high = middle;
        else
            low = middle + 1;
    }
    if (!err)
        *ret_number = low;
    return err;
}
