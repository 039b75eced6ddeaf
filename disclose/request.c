#include "disclose/request.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/due.h"
#include "store/audit.h"
#include "store/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void request_drop(struct request *request) {
    free(request->name);
    free(request->requester);
    free(request->requester_kind);
    free(request->state);
    free(request->approved_by);
    *request = (struct request){0};
}

int request_audit(struct store *store, const struct request *request, const char *who, const char *action,
                         const char *why) {
    char what[96];
    snprintf(what, sizeof what, "request %s", request->name);
    struct audit_entry entry = {who, action, what, "disclosure", why};
    return audit_add(store, &entry, NULL);
}

static int requester_seal(struct store *store, int64_t request_id, const char *requester, struct buf *out) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    int err = seal_key_of(store, "request", request_id, &key_id, key);
    if (!err)
        seal_bytes(key, "request.requester", view_text(requester), out);
    sodium_memzero(key, sizeof key);
    return err;
}

static int request_name_new(struct store *store, int32_t received, char out[32]) {
    int year, month, day;
    int64_t count;
    char like[32];
    date_parts(received, &year, &month, &day);
    snprintf(like, sizeof like, "SAR-%d-%%", year);
    int err = db_int(store->db, &count, "SELECT count(*) FROM request WHERE name LIKE ?", "t", like);
    snprintf(out, 32, "SAR-%d-%04lld", year, (long long)count + 1);
    return err;
}

static int event_insert(struct store *store, int64_t request_id, const char *kind, int32_t day, const char *who,
                        const char *note) {
    return db_run(store->db, "INSERT INTO request_event(request_id, day, kind, who, at, note) VALUES(?, ?, ?, ?, ?, ?)",
                  "iittit", request_id, (int64_t)day, kind, who, clock_now(), note ? note : "");
}

int request_unapprove(struct store *store, const struct request *request) {
    int err = db_run(store->db,
                     "UPDATE request SET state = 'open', approved_by = NULL, approved_at = NULL WHERE id = ? AND state != 'released'", "i",
                     request->id);
    if (!err && !db_changed(store->db))
        err = ERR_REFUSED; /* what was sent cannot be changed: that takes a new request */
    if (err)
        return err;
    return db_run(store->db,
                  "UPDATE pack SET state = 'failed', reason = 'a decision was taken after this pack was asked for'"
                  " WHERE request_id = ? AND state NOT IN ('released', 'failed')",
                  "i", request->id);
}

/* All documents of the record that are ready and not chosen yet, oldest receipt first. Copies were linked when they came and have none. */
static int documents_choose(struct store *store, int64_t request_id, int64_t child_id) {
    return db_run(store->db,
                  "INSERT OR IGNORE INTO request_document(request_id, document_id, ordinal, included, reason)"
                  " SELECT ?1, d.id, (SELECT ifnull(max(ordinal), 0) FROM request_document WHERE request_id = ?1)"
                  " + row_number() OVER (ORDER BY p.receipt_id, p.id, d.ordinal), 1, 'in the record'"
                  " FROM document d JOIN part p ON p.id = d.part_id"
                  " JOIN filing f ON f.document_id = d.id AND f.superseded_by IS NULL AND f.outcome = 'filed'"
                  " JOIN filing_child c ON c.filing_id = f.id AND c.child_id = ?2 AND c.chosen = 1"
                  " WHERE d.state = 'ready'",
                  "ii", request_id, child_id);
}

static int request_insert(struct store *store, const struct request_order *order, const char *name, int64_t *ret_id) {
    struct buf sealed = {0};
    int err = db_run(store->db,
                     "INSERT INTO request(name, child_id, requester_kind, sealed_requester, state, opened_at, opened_by)"
                     " VALUES(?, ?, ?, x'', 'open', ?, ?)",
                     "titit", name, order->child_id, order->requester_kind, clock_now(), order->who);
    *ret_id = db_last_id(store->db);
    if (!err)
        err = requester_seal(store, *ret_id, order->requester, &sealed);
    if (!err)
        err = db_run(store->db, "UPDATE request SET sealed_requester = ? WHERE id = ?", "bi", buf_view(&sealed), *ret_id);
    buf_drop(&sealed);
    return err;
}

int request_open(struct store *store, const struct rules *rules, const struct request_order *order, struct request *ret) {
    char name[32];
    struct request named = {.name = name};
    int64_t id = 0;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = request_name_new(store, order->received, name);
    if (!err)
        err = request_insert(store, order, name, &id);
    if (!err)
        err = event_insert(store, id, "received", order->received, order->who, "");
    if (!err)
        err = documents_choose(store, id, order->child_id);
    if (!err)
        err = request_audit(store, &named, order->who, "opened", "");
    err = db_end(store->db, err);
    return err ? err : request_load(store, rules, name, ret);
}

int request_gather(struct store *store, const struct request *request, const char *who, int64_t *ret_count) {
    int64_t added = 0;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = documents_choose(store, request->id, request->child_id);
    added = db_changed(store->db);
    if (!err && added)
        err = request_unapprove(store, request);
    if (!err && added)
        err = request_audit(store, request, who, "documents added", "");
    err = db_end(store->db, err);
    if (!err)
        *ret_count = added;
    return err;
}

/* The clock, always from the events (CLK-1, CLK-2). */
static int request_clock(struct store *store, const struct rules *rules, struct request *request) {
    struct rows *rows = db_query(store->db, "SELECT kind, day FROM request_event WHERE request_id = ? ORDER BY id", "i", request->id);
    while (rows_next(rows) > 0) {
        if (strcmp(rows_text(rows, 0), "received") == 0)
            request->received = (int32_t)rows_int(rows, 1);
        else if (strcmp(rows_text(rows, 0), "extended") == 0)
            request->extended = 1;
    }
    request->due = due_date(rules, request->received, request->extended ? 3 : 1);
    return rows_end(&rows);
}

static int requester_open(struct store *store, struct request *request, struct view sealed) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    struct buf plain = {0};
    int err = seal_key_of(store, "request", request->id, &key_id, key);
    if (!err)
        err = seal_open(key, "request.requester", sealed, &plain);
    if (!err)
        request->requester = mem_text(buf_text(&plain));
    buf_wipe(&plain);
    sodium_memzero(key, sizeof key);
    return err;
}

int request_load(struct store *store, const struct rules *rules, const char *name, struct request *ret) {
    struct request request = {0};
    struct rows *rows = db_query(store->db,
                                 "SELECT id, child_id, name, requester_kind, state, ifnull(approved_by, ''), sealed_requester"
                                 " FROM request WHERE name = ? COLLATE NOCASE", "t", name);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    if (!err) {
        request.id = rows_int(rows, 0);
        request.child_id = rows_int(rows, 1);
        request.name = mem_text(rows_text(rows, 2));
        request.requester_kind = mem_text(rows_text(rows, 3));
        request.state = mem_text(rows_text(rows, 4));
        request.approved_by = mem_text(rows_text(rows, 5));
        err = requester_open(store, &request, rows_bytes(rows, 6));
    }
    int err2 = rows_end(&rows);
    err = err2 ? err2 : err;
    if (!err)
        err = request_clock(store, rules, &request);
    if (err)
        request_drop(&request);
    else
        *ret = request;
    return err;
}

int request_event(struct store *store, const struct request *request, const char *kind, int32_t day, const char *who,
                  const char *note) {
    int err = db_begin(store->db);
    if (err)
        return err;
    err = event_insert(store, request->id, kind, day, who, note);
    if (!err)
        err = request_audit(store, request, who, kind, ""); /* the note may speak of people; it stands with the event */
    return db_end(store->db, err);
}
