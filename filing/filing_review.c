#include "filing/filing_review.h"

#include "base/clock.h"
#include "base/err.h"
#include "filing/filing_rows.h"
#include "store/audit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define Z95 1.959964 /* of the standard normal distribution */

/* Day 0 of base/clock.h is 1 January 1970, a Thursday. */
int32_t review_week(int32_t day) {
    return day - (int32_t)(((int64_t)day + 3) % 7 + 7) % 7;
}

/* ---- the week's sample */

int sample_draw(struct store *store, int32_t today, int64_t wanted) {
    int32_t week = review_week(today) - 7;
    int64_t drawn = 0;
    int err = store_meta(store, "filing sample", &drawn);
    if (err || !wanted || drawn >= week)
        return err;
    int64_t from = (int64_t)week * CLOCK_DAY;
    err = db_begin(store->db);
    if (err)
        return err;
    err = db_run(store->db,
                 "INSERT OR IGNORE INTO filing_check(filing_id, week, made_at) SELECT id, ?, ? FROM filing WHERE outcome = 'filed' AND"
                 " made_by = '" FILING_BY_MACHINE "' AND made_at >= ? AND made_at < ? ORDER BY random() LIMIT ?", "iiiii", (int64_t)week, clock_now(), from,
                 from + 7 * CLOCK_DAY, wanted);
    if (!err)
        err = store_meta_set(store, "filing sample", week);
    return db_end(store->db, err);
}

int sample_decide(struct store *store, int64_t document_id, bool right, const char *who) {
    int64_t filing;
    char what[64];
    int err = db_int(store->db, &filing, "SELECT id FROM filing WHERE document_id = ? AND superseded_by IS NULL AND outcome = 'filed' AND made_by = '" FILING_BY_MACHINE "'",
                     "i", document_id);
    if (!err)
        err = db_run(store->db, "INSERT OR IGNORE INTO filing_check(filing_id, week, made_at) SELECT id, 0, ? FROM filing WHERE id = ?", "ii", clock_now(), filing);
    if (!err)
        err = db_run(store->db, "UPDATE filing_check SET result = ?, decided_by = ?, decided_at = ? WHERE filing_id = ?", "ttii", right ? "right" : "wrong", who,
                     clock_now(), filing);
    snprintf(what, sizeof what, "document %lld", (long long)document_id);
    struct audit_entry entry = {who, right ? "filing said to be right" : "filing said to be wrong", what, "filing", ""};
    return err ? err : audit_add(store, &entry, NULL);
}

/* ---- alarms */

int alarm_clear(struct store *store, int64_t document_id, int64_t child_id, const char *why, const char *who) {
    char what[64];
    if (!why || !*why)
        return ERR_INPUT;
    int err = db_run(store->db, "UPDATE alarm SET state = 'belongs', decided_by = ?, decided_at = ?, why = ? WHERE document_id = ? AND child_id = ? AND state = 'open'",
                     "titii", who, clock_now(), why, document_id, child_id);
    if (!err && !db_changed(store->db))
        err = ERR_NOT_FOUND;
    snprintf(what, sizeof what, "document %lld", (long long)document_id);
    struct audit_entry entry = {who, "alarm cleared", what, "filing", why};
    return err ? err : audit_add(store, &entry, NULL);
}

/* ---- the report */

#define FIRST "filing f WHERE f.made_at >= ?1 AND f.made_at < ?2 AND NOT EXISTS(SELECT 1 FROM filing g WHERE g.document_id = f.document_id AND g.id < f.id AND g.outcome = 'filed')"

int review_load(struct store *store, int64_t from, int64_t to, struct review *ret) {
    static const char *const sql[] = {
        "SELECT count(*) FROM " FIRST " AND f.outcome = 'filed' AND f.made_by = '" FILING_BY_MACHINE "'",
        "SELECT count(*) FROM " FIRST " AND f.outcome = 'filed' AND " FILING_BY_PERSON("f.made_by"),
        "SELECT count(*) FROM " FIRST " AND f.outcome = 'filed' AND f.made_by IN ('" FILING_BY_SHEET "', '" FILING_BY_INTAKE "')",
        "SELECT count(*) FROM filing f WHERE f.made_at >= ?1 AND f.made_at < ?2 AND f.superseded_by IS NULL AND f.outcome NOT IN ('filed', 'outside')",
        "SELECT count(*) FROM filing f JOIN filing g ON g.id = f.superseded_by WHERE f.made_at >= ?1 AND f.made_at < ?2 AND f.outcome = 'filed' AND"
        " f.made_by = '" FILING_BY_MACHINE "' AND " FILING_BY_PERSON("g.made_by"),
        "SELECT count(*) FROM filing_check c JOIN filing f ON f.id = c.filing_id WHERE f.made_at >= ?1 AND f.made_at < ?2 AND c.week != 0 AND c.result != ''",
        "SELECT count(*) FROM filing_check c JOIN filing f ON f.id = c.filing_id WHERE f.made_at >= ?1 AND f.made_at < ?2 AND c.week != 0 AND c.result = 'wrong'",
    };
    int64_t *const into[] = {&ret->automatic, &ret->by_person, &ret->by_context, &ret->waiting, &ret->changed, &ret->checked, &ret->wrong};
    int err = 0;
    *ret = (struct review){0};
    for (size_t i = 0; i < sizeof sql / sizeof *sql && !err; i++)
        err = db_int(store->db, into[i], sql[i], "ii", from, to);
    return err;
}

void review_interval(int64_t k, int64_t n, double *ret_low, double *ret_high) {
    *ret_low = 0;
    *ret_high = 1;
    if (n <= 0)
        return;
    double p = (double)k / (double)n, z2 = Z95 * Z95 / (double)n;
    double middle = (p + z2 / 2) / (1 + z2), half = Z95 / (1 + z2) * sqrt(p * (1 - p) / (double)n + z2 / (4 * (double)n));
    *ret_low = k ? fmax(0, middle - half) : 0;
    *ret_high = k < n ? fmin(1, middle + half) : 1;
}

int review_age(struct store *store, int64_t now, int64_t *ret_median, int64_t *ret_longest, int64_t *ret_count) {
#define WAITING "filing WHERE superseded_by IS NULL AND outcome NOT IN ('filed', 'outside')"
    int64_t at = now, first = now;
    int err = db_int(store->db, ret_count, "SELECT count(*) FROM " WAITING, "");
    if (!err && *ret_count) {
        err = db_int(store->db, &at, "SELECT made_at FROM " WAITING " ORDER BY made_at DESC LIMIT 1 OFFSET ?", "i", *ret_count / 2);
        if (!err)
            err = db_int(store->db, &first, "SELECT min(made_at) FROM " WAITING, "");
    }
#undef WAITING
    *ret_median = (now - at) / CLOCK_DAY;
    *ret_longest = (now - first) / CLOCK_DAY;
    return err;
}
