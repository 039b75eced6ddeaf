#include "disclose/approve.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/choose_documents.h"
#include "disclose/consistency.h"
#include "disclose/consult.h"
#include "disclose/same_text.h"

#include <stdlib.h>
#include <string.h>

/* The standing decisions on flags of chosen documents. ?1 request, ?2 child. */
#define STANDING                                                                                                                                     \
    " FROM request_document r JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1" \
    " JOIN decision d ON d.request_id = ?1 AND d.flag_id = f.id AND d.superseded_by IS NULL AND d.cover >= 0 WHERE r.request_id = ?1 AND r.included = 1"

/* The first number that a query gives; no row: nothing. */
static int first_of(struct store *store, const struct request *request, const char *sql, int64_t *ret, bool *ret_any) {
    struct rows *rows = db_query(store->db, sql, "ii", request->id, request->child_id);
    *ret_any = rows_next(rows) > 0;
    *ret = *ret_any ? rows_int(rows, 0) : 0;
    return rows_end(&rows);
}

static int obstacle_documents(struct store *store, const struct request *request, char **ret_why) {
    int64_t document;
    bool any;
    int err = first_of(store, request,
                       "SELECT d.id FROM request_document r JOIN document d ON d.id = r.document_id"
                       " WHERE r.request_id = ? AND r.included = 1 AND d.state != 'ready' AND ?2 IS NOT NULL LIMIT 1", &document, &any);
    if (!err && any)
        *ret_why = mem_print("document %lld is being worked on: wait until it is ready", (long long)document);
    if (!err && !any)
        err = first_of(store, request, "SELECT document_id FROM request_document WHERE request_id = ? AND included = 0 AND who = '' AND ?2 IS NOT NULL LIMIT 1",
                       &document, &any);
    if (!err && any && !*ret_why)
        *ret_why = mem_print("document %lld was found outside of the record and nobody has said whether it is part of the answer", (long long)document);
    return err;
}

static int obstacle_undecided(struct store *store, const struct request *request, char **ret_why) {
    struct flags_count count;
    int64_t flag;
    bool any;
    int err = request_flags_count(store, request, &count);
    if (err || !count.undecided)
        return err;
    err = first_of(store, request,
                   "SELECT f.id FROM request_document r JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0"
                   " AND ifnull(f.request_id, ?1) = ?1 WHERE r.request_id = ?1 AND r.included = 1 AND NOT EXISTS (SELECT 1 FROM decision d"
                   " WHERE d.request_id = ?1 AND d.flag_id = f.id AND d.superseded_by IS NULL AND d.cover >= 0) LIMIT 1", &flag, &any);
    if (!err && any)
        *ret_why = count.undecided == 1 ? mem_print("flag %lld is not decided yet", (long long)flag)
                                        : mem_print("flag %lld and %lld more are not decided yet", (long long)flag, (long long)count.undecided - 1);
    return err;
}

static char *codes_obstacle(const struct rules *rules, const char *code, int64_t flag) {
    struct reason_codes codes;
    bool of_law = false;
    if (rules_codes(rules, code, &codes))
        return mem_print("flag %lld has the code %s, which reasons.conf no longer knows", (long long)flag, code);
    for (size_t i = 0; i < codes.count; i++) {
        of_law |= !codes.list[i]->local_only;
        if (codes.list[i]->blocks)
            return mem_print("flag %lld has the code %s, which blocks the release", (long long)flag, codes.list[i]->code);
    }
    return of_law ? NULL
                  : mem_print("flag %lld has only the code %s: a policy creates no exemption; pair it with a code of the law, such as %s+3P-SOURCE", (long long)flag, code,
                              code);
}

static int obstacle_codes(struct store *store, const struct rules *rules, const struct request *request, char **ret_why) {
    struct rows *rows = db_query(store->db, "SELECT d.code, min(f.id)" STANDING " GROUP BY d.code", "ii", request->id, request->child_id);
    while (!*ret_why && rows_next(rows) > 0)
        *ret_why = codes_obstacle(rules, rows_text(rows, 0), rows_int(rows, 1));
    int err = rows_end(&rows);
    if (err || *ret_why)
        return err;
    rows = db_query(store->db, "SELECT DISTINCT code, document_id FROM request_document WHERE request_id = ? AND included = 0 AND code != ''", "i", request->id);
    while (!*ret_why && rows_next(rows) > 0) {
        const struct reason *reason = rules_reason(rules, rows_text(rows, 0));
        if (reason && reason->blocks)
            *ret_why = mem_print("document %lld is left out with the code %s, which blocks the release by this route", (long long)rows_int(rows, 1), reason->code);
    }
    return rows_end(&rows);
}

static int obstacle_fields(struct store *store, const struct rules *rules, const struct request *request, char **ret_why) {
    char **list = NULL;
    size_t count = 0;
    int err = request_lacks(store, rules, request, &list, &count);
    if (!err && count == 1)
        *ret_why = mem_print("it is not said yet: %s ('casefile request complete')", list[0]);
    else if (!err && count)
        *ret_why = mem_print("it is not said yet: %s; and %zu more ('casefile request lacks' lists them, 'casefile request complete' answers)", list[0], count - 1);
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
    return err;
}

static int obstacle_same_person(struct store *store, const struct request *request, const char *who, char **ret_why) {
    struct rows *rows = db_query(store->db, "SELECT f.id" STANDING " AND EXISTS (SELECT 1 FROM decision o JOIN act a ON a.id = o.act_id WHERE o.id IN (d.id, d.restores) AND a.who = ?3) LIMIT 1", "iit",
                                 request->id, request->child_id, who);
    if (rows_next(rows) > 0)
        *ret_why = mem_print("%s decided flag %lld: a second person must approve", who, (long long)rows_int(rows, 0));
    int err = rows_end(&rows);
    if (err || *ret_why)
        return err ? err : ERR_REFUSED;
    rows = db_query(store->db, "SELECT document_id FROM request_document WHERE request_id = ? AND who = ? LIMIT 1", "it", request->id, who);
    if (rows_next(rows) > 0)
        *ret_why = mem_print("%s said of document %lld whether it is in or out: a second person must approve", who, (long long)rows_int(rows, 0));
    err = rows_end(&rows);
    return err ? err : *ret_why ? ERR_REFUSED : 0;
}

int request_obstacle(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why) {
    *ret_why = NULL;
    int err = obstacle_documents(store, request, ret_why);
    if (!err && !*ret_why)
        err = obstacle_undecided(store, request, ret_why);
    if (!err && !*ret_why)
        err = obstacle_codes(store, rules, request, ret_why);
    if (!err && !*ret_why)
        err = obstacle_fields(store, rules, request, ret_why);
    if (!err && !*ret_why)
        err = consultations_obstacle(store, request, ret_why);
    if (!err && !*ret_why)
        err = consistency_obstacle(store, request, ret_why);
    if (!err && !*ret_why && who)
        err = obstacle_same_person(store, request, who, ret_why);
    return err ? err : *ret_why ? ERR_STATE : 0;
}

/* What has to be looked at again before anybody can approve; it stays whatever is said of the approval. */
static int approve_prepare(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why) {
    int64_t left_out = 0, places = 0;
    int err = documents_leave_out(store, request, who, &left_out);
    if (err)
        return err;
    if (left_out) {
        *ret_why = mem_print("%lld documents are no longer filed to this child and were left out: look again", (long long)left_out);
        return 0;
    }
    err = request_obstacle(store, rules, request, who, ret_why);
    if (!err)
        err = same_text_propose(store, request, &places);
    if (!err && places)
        *ret_why = mem_print("words that are covered elsewhere stood open in %lld places: they are flagged now, decide on them", (long long)places);
    return err;
}

/* All under the lock: what is approved is what was looked at. */
int request_approve(struct store *store, const struct rules *rules, const struct request *request, const char *who, char **ret_why) {
    *ret_why = NULL;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = approve_prepare(store, rules, request, who, ret_why);
    if (!err && *ret_why) {
        err = db_end(store->db, 0);
        return err ? err : ERR_STATE;
    }
    if (!err)
        err = db_run(store->db, "UPDATE request SET state = 'approved', approved_by = ?, approved_at = ? WHERE id = ? AND state IN ('open', 'approved')", "tii", who,
                     clock_now(), request->id);
    if (!err && !db_changed(store->db))
        err = ERR_REFUSED;
    if (!err)
        err = request_audit(store, request, who, "approved", "");
    return db_end(store->db, err);
}
