#include "disclose/choose_documents.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/mail_chains.h"
#include "queue/next.h"
#include "store/flag_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The day that a document tells of, or was written, or came; dated ones in scope only. */
#define DAY_OF_DOCUMENT "ifnull(d.event_day, ifnull(d.written_day, c.received_at / 86400000))"
/* Documents that are filed to the child ?2. */
#define FILED_TO_CHILD                                                                                                                \
    " EXISTS (SELECT 1 FROM filing f JOIN filing_child k ON k.filing_id = f.id AND k.child_id = ?2 AND k.chosen = 1"                 \
    " WHERE f.document_id = d.id AND f.superseded_by IS NULL AND f.outcome = 'filed')"

/* By the day that they tell of; what has no day keeps its place behind what came with it. */
static int documents_order(struct store *store, int64_t request_id) {
    return db_run(store->db,
                  "UPDATE request_document SET ordinal = n.place FROM (SELECT r.document_id AS id, row_number() OVER (ORDER BY " DAY_OF_DOCUMENT
                  ", p.receipt_id, p.id, d.ordinal) AS place FROM request_document r JOIN document d ON d.id = r.document_id JOIN part p ON p.id = d.part_id"
                  " JOIN receipt c ON c.id = p.receipt_id WHERE r.request_id = ?1) n WHERE request_id = ?1 AND document_id = n.id", "i", request_id);
}

/* What an officer of an earlier request of the same kind covered by hand: proposed again. The sealed text goes with its page, not with the request. */
static int earlier_propose(struct store *store, const struct request *request) {
    return db_run(store->db,
                  "INSERT INTO flag(document_id, child_id, page_id, type, role, code, cover, finder, sealed, request_id, person_token, text_token)"
                  " SELECT f.document_id, f.child_id, f.page_id, f.type, f.role, e.code, 1, 'earlier', f.sealed, ?1, f.person_token, f.text_token"
                  " FROM request_document r JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0 AND f.finder = 'officer'"
                  " JOIN request q ON q.id = f.request_id AND q.id = (SELECT max(q2.id) FROM request q2 WHERE q2.child_id = ?2 AND q2.id < ?1 AND q2.pack = ?3"
                  " AND q2.requester_kind = ?4) JOIN decision e ON e.flag_id = f.id AND e.request_id = q.id AND e.superseded_by IS NULL AND e.cover = 1"
                  " WHERE r.request_id = ?1 AND NOT EXISTS (SELECT 1 FROM flag g WHERE g.request_id = ?1 AND g.page_id = f.page_id AND g.finder = 'earlier'"
                  " AND g.sealed = f.sealed)",
                  "iitt", request->id, request->child_id, request->pack, request->requester_kind);
}

static int tokens_fill(struct store *store, int64_t request_id) {
    struct rows *rows = db_query(store->db,
                                 "SELECT DISTINCT r.document_id FROM request_document r JOIN flag f ON f.document_id = r.document_id AND f.text_token IS NULL"
                                 " AND f.person_token IS NULL WHERE r.request_id = ?", "i", request_id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = flag_tokens_fill(store, rows_int(rows, 0));
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int documents_choose(struct store *store, const struct request *request, int64_t *ret_count) {
    int err = db_run(store->db,
                     "INSERT OR IGNORE INTO request_document(request_id, document_id, ordinal, included, reason)"
                     " SELECT ?1, d.id, 0, 1, 'in the record' FROM document d JOIN part p ON p.id = d.part_id JOIN receipt c ON c.id = p.receipt_id"
                     " WHERE d.state = 'ready' AND" FILED_TO_CHILD " AND " DAY_OF_DOCUMENT " BETWEEN ?3 AND ?4",
                     "iiii", request->id, request->child_id, request->scope_from == DATE_NONE ? INT32_MIN : (int64_t)request->scope_from,
                     request->scope_until == DATE_NONE ? INT32_MAX : (int64_t)request->scope_until);
    *ret_count = db_changed(store->db);
    if (!err && *ret_count)
        err = documents_order(store, request->id);
    if (!err && *ret_count)
        err = earlier_propose(store, request);
    return err ? err : tokens_fill(store, request->id);
}

int request_gather(struct store *store, const struct request *request, const char *who, int64_t *ret_count) {
    int64_t added = 0;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = documents_choose(store, request, &added);
    if (!err && added)
        err = request_unapprove(store, request);
    if (!err && added)
        err = request_audit(store, request, who, "documents added", "");
    err = db_end(store->db, err);
    if (!err)
        *ret_count = added;
    return err;
}

/* ---- once only */

static int document_out(struct store *store, const struct request *request, int64_t document, const char *reason) {
    return db_run(store->db,
                  "UPDATE request_document SET included = 0, code = 'DUP', who = 'machine', reason = ? WHERE request_id = ? AND document_id = ? AND included = 1", "tii",
                  reason, request->id, document);
}

/* Papers that a person has called the same: the one with fewer pages goes, of equal ones the later. */
static int papers_reduce(struct store *store, const struct request *request) {
    return db_run(store->db,
                  "UPDATE request_document SET included = 0, code = 'DUP', who = 'machine', reason = 'the same paper as document ' || n.kept FROM"
                  " (SELECT CASE WHEN a.pages < b.pages OR (a.pages = b.pages AND a.id > b.id) THEN a.id ELSE b.id END AS gone,"
                  " CASE WHEN a.pages < b.pages OR (a.pages = b.pages AND a.id > b.id) THEN b.id ELSE a.id END AS kept FROM near_duplicate d"
                  " JOIN (SELECT r.document_id AS id, count(*) AS pages FROM request_document r JOIN page p ON p.document_id = r.document_id"
                  " WHERE r.request_id = ?1 AND r.included = 1 GROUP BY r.document_id) a ON a.id = d.document_id"
                  " JOIN (SELECT r.document_id AS id, count(*) AS pages FROM request_document r JOIN page p ON p.document_id = r.document_id"
                  " WHERE r.request_id = ?1 AND r.included = 1 GROUP BY r.document_id) b ON b.id = d.other_id WHERE d.state = 'same') n"
                  " WHERE request_id = ?1 AND document_id = n.gone AND included = 1", "i", request->id);
}

static int mails_reduce(struct store *store, const struct request *request, int64_t *ret_count) {
    struct mail_chains chains;
    int err = mail_chains_find(store, request, &chains);
    for (size_t i = 0; i < chains.count && !err; i++) {
        char reason[64];
        snprintf(reason, sizeof reason, "its whole text is quoted in document %lld", (long long)chains.list[i].whole);
        err = document_out(store, request, chains.list[i].part, reason);
        *ret_count += err ? 0 : db_changed(store->db);
    }
    mail_chains_drop(&chains);
    return err;
}

int documents_reduce(struct store *store, const struct request *request, const char *who, int64_t *ret_count) {
    int64_t count = 0;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = papers_reduce(store, request);
    count = db_changed(store->db);
    if (!err)
        err = mails_reduce(store, request, &count);
    if (!err && count)
        err = request_unapprove(store, request);
    if (!err && count)
        err = request_audit(store, request, who, "left out copies", "");
    err = db_end(store->db, err);
    if (!err)
        *ret_count = count;
    return err;
}

/* ---- by hand */

/* What is in nobody's record of this child has no flags for this child yet. */
static int document_bring(struct store *store, const struct request *request, const struct document_choice *choice) {
    int64_t flagged = 0, there = 0;
    int err = db_int(store->db, &there, "SELECT EXISTS (SELECT 1 FROM request_document WHERE request_id = ? AND document_id = ?)", "ii", request->id, choice->document_id);
    if (!err && !there)
        err = db_int(store->db, &there, "SELECT 1 FROM document WHERE id = ?", "i", choice->document_id);
    if (!err)
        err = db_run(store->db,
                     "INSERT OR IGNORE INTO request_document(request_id, document_id, ordinal, included, reason, origin) SELECT ?1, d.id, 0, 0, 'added by hand',"
                     " CASE WHEN" FILED_TO_CHILD " THEN 'record' ELSE 'hand' END FROM document d WHERE d.id = ?3",
                     "iii", request->id, request->child_id, choice->document_id);
    if (!err)
        err = db_int(store->db, &flagged,
                     "SELECT origin = 'record' OR EXISTS (SELECT 1 FROM flag WHERE document_id = ?3 AND child_id = ?2) FROM request_document WHERE request_id = ?1"
                     " AND document_id = ?3", "iii", request->id, request->child_id, choice->document_id);
    if (!err && !flagged && choice->included)
        err = next_after_filed(store, choice->document_id);
    return err;
}

static int choice_note(struct store *store, const struct request *request, const struct document_choice *choice) {
    if (!choice->note || !*choice->note)
        return 0;
    char *note = mem_print("document %lld %s: %s", (long long)choice->document_id, choice->included ? "taken in" : "left out", choice->note);
    struct request_event event = {EVENT_NOTE, date_today() < request->clock.received ? request->clock.received : date_today(), choice->who, note};
    int err = request_event_add(store, request, &event);
    free(note);
    return err;
}

static int choice_save(struct store *store, const struct request *request, const struct document_choice *choice) {
    char what[64];
    snprintf(what, sizeof what, "document %lld%s%s", (long long)choice->document_id, choice->included ? "" : " ", choice->included ? "" : choice->code);
    int err = document_bring(store, request, choice);
    if (!err)
        err = db_run(store->db, "UPDATE request_document SET included = ?, code = ?, who = ?, reason = ? WHERE request_id = ? AND document_id = ?", "itttii",
                     (int64_t)choice->included, choice->included ? "" : choice->code, choice->who, choice->included ? "taken in by hand" : "left out by hand", request->id,
                     choice->document_id);
    if (!err)
        err = documents_order(store, request->id);
    if (!err)
        err = choice_note(store, request, choice);
    if (!err)
        err = request_unapprove(store, request);
    return err ? err : request_audit(store, request, choice->who, choice->included ? "took a document in" : "left a document out", what);
}

int request_choose(struct store *store, const struct rules *rules, const struct request *request, const struct document_choice *choice) {
    const struct reason *reason = choice->included ? NULL : rules_reason(rules, choice->code);
    if (!choice->included && (!reason || !reason->withholds))
        return ERR_INPUT;
    int err = db_begin(store->db);
    return err ? err : db_end(store->db, choice_save(store, request, choice));
}

/* ---- what was chosen and is no longer right */

int documents_leave_out(struct store *store, const struct request *request, const char *who, int64_t *ret_count) {
    int err = db_run(store->db,
                     "UPDATE request_document SET included = 0, who = 'machine', reason = 'no longer filed to this child' WHERE request_id = ?1 AND included = 1"
                     " AND origin = 'record' AND document_id NOT IN (SELECT d.id FROM document d WHERE" FILED_TO_CHILD ")",
                     "ii", request->id, request->child_id);
    *ret_count = db_changed(store->db);
    if (err || !*ret_count)
        return err;
    err = request_unapprove(store, request);
    return err ? err : request_audit(store, request, who, "left out what was filed to others", "");
}

int documents_stand(struct store *store, const struct request *request) {
    int64_t bad;
    int err = db_int(store->db, &bad,
                     "SELECT count(*) FROM request_document r JOIN document d ON d.id = r.document_id WHERE r.request_id = ?1 AND r.included = 1"
                     " AND (d.state != 'ready' OR (r.origin = 'record' AND NOT" FILED_TO_CHILD ")"
                     " OR EXISTS (SELECT 1 FROM page p WHERE p.document_id = d.id AND p.state = 'waiting'))",
                     "ii", request->id, request->child_id);
    return err ? err : bad ? ERR_STATE : 0;
}
