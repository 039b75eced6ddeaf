#include "disclose/request.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/audit.h"
#include "store/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void request_drop(struct request *request) {
    free(request->name);
    free(request->kind);
    free(request->pack);
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

int request_seal(struct store *store, int64_t request_id, const char *what, const char *text, struct buf *out) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    int err = seal_key_of(store, "request", request_id, &key_id, key);
    if (!err)
        seal_bytes(key, what, view_text(text), out);
    sodium_memzero(key, sizeof key);
    return err;
}

int request_unseal(struct store *store, int64_t request_id, const char *what, struct view sealed, struct buf *out) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    if (!sealed.len)
        return 0;
    int err = seal_key_of(store, "request", request_id, &key_id, key);
    if (!err)
        err = seal_open(key, what, sealed, out);
    sodium_memzero(key, sizeof key);
    return err;
}

const struct pack_rule *request_pack(const struct rules *rules, const struct request *request) {
    const struct pack_rule *pack = rules_pack(rules, request->pack);
    return pack ? pack : &rules->packs[0];
}

static bool request_is_rectification(const struct request *request) {
    return strcmp(request->kind, "rectification") == 0;
}

/* The rule of the clock that the request runs by. */
static const char *request_rule(const struct rules *rules, const struct request *request) {
    return request_is_rectification(request) ? "CLK-8" : request_pack(rules, request)->clock;
}

/* What an event makes of the request's state; NULL: nothing. */
static const char *event_state(enum event_kind kind) {
    switch (kind) {
    case EVENT_REFUSED:
        return "refused";
    case EVENT_WITHDRAWN:
        return "withdrawn";
    case EVENT_ANSWERED:
        return "answered";
    case EVENT_RELEASED:
        return "released";
    case EVENT_REOPENED:
        return "open";
    default:
        return NULL;
    }
}

int request_event_add(struct store *store, const struct request *request, const struct request_event *event) {
    struct buf sealed = {0};
    const char *state = event_state(event->kind);
    int err = event->note && *event->note ? request_seal(store, request->id, "request_event.note", event->note, &sealed) : 0;
    if (!err)
        err = db_run(store->db, "INSERT INTO request_event(request_id, day, kind, who, at, note, sealed_note) VALUES(?, ?, ?, ?, ?, '', ?)", "iittib",
                     request->id, (int64_t)event->day, event_text(event->kind), event->who, clock_now(), buf_view(&sealed));
    buf_drop(&sealed);
    if (!err && state)
        err = db_run(store->db, "UPDATE request SET state = ?, approved_by = CASE WHEN ?1 = 'open' THEN NULL ELSE approved_by END WHERE id = ?", "ti",
                     state, request->id);
    return err;
}

/* ---- reading them */

struct event_list {
    struct clock_event *list;
    size_t count;
};

static int events_load(struct store *store, int64_t request_id, struct event_list *ret) {
    struct rows *rows = db_query(store->db, "SELECT kind, day FROM request_event WHERE request_id = ? ORDER BY day, id", "i", request_id);
    *ret = (struct event_list){0};
    while (rows_next(rows) > 0) {
        ret->list = mem_grow(ret->list, ret->count + 1, sizeof *ret->list);
        struct clock_event *event = &ret->list[ret->count];
        event->day = (int32_t)rows_int(rows, 1);
        ret->count += event_from(rows_text(rows, 0), &event->kind) == 0;
    }
    int err = rows_end(&rows);
    if (err) {
        free(ret->list);
        *ret = (struct event_list){0};
    }
    return err;
}

static int event_give(struct store *store, int64_t request_id, struct rows *rows, int (*each)(void *state, const struct request_event *event), void *state) {
    struct request_event event = {.day = (int32_t)rows_int(rows, 1)};
    struct buf note = {0};
    int err = event_from(rows_text(rows, 0), &event.kind);
    buf_add_text(&note, rows_text(rows, 3));
    if (!err)
        err = request_unseal(store, request_id, "request_event.note", rows_bytes(rows, 4), &note);
    event.who = rows_text(rows, 2);
    event.note = buf_text(&note);
    if (!err)
        err = each(state, &event);
    buf_wipe(&note);
    return err;
}

int request_events(struct store *store, const struct request *request, int (*each)(void *state, const struct request_event *event), void *state) {
    struct rows *rows = db_query(store->db, "SELECT kind, day, who, note, sealed_note FROM request_event WHERE request_id = ? ORDER BY day, id", "i",
                                 request->id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = event_give(store, request->id, rows, each, state);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int request_event(struct store *store, const struct rules *rules, const struct request *request, const struct request_event *event,
                  const char **ret_why) {
    struct event_list events = {0};
    *ret_why = NULL;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = events_load(store, request->id, &events);
    if (!err)
        err = event_check(rules, request_rule(rules, request), events.list, events.count, (struct clock_event){event->kind, event->day}, date_today(), ret_why);
    if (!err)
        err = request_event_add(store, request, event);
    if (!err)
        err = request_audit(store, request, event->who, event_text(event->kind), ""); /* the note may speak of people; it stands with the event */
    free(events.list);
    return db_end(store->db, err);
}

int request_unapprove(struct store *store, const struct request *request) {
    int err = db_run(store->db,
                     "UPDATE request SET state = 'open', approved_by = NULL, approved_at = NULL WHERE id = ? AND state IN ('open', 'approved')", "i",
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

/* ---- loading */

static int32_t day_or_none(struct rows *rows, int column) {
    return rows_null(rows, column) ? DATE_NONE : (int32_t)rows_int(rows, column);
}

static int request_from(struct store *store, struct rows *rows, struct request *ret) {
    struct buf requester = {0};
    ret->id = rows_int(rows, 0);
    ret->child_id = rows_int(rows, 1);
    ret->name = mem_text(rows_text(rows, 2));
    ret->requester_kind = mem_text(rows_text(rows, 3));
    ret->state = mem_text(rows_text(rows, 4));
    ret->approved_by = mem_text(rows_text(rows, 5));
    ret->kind = mem_text(rows_text(rows, 7));
    ret->pack = mem_text(rows_text(rows, 8));
    ret->scope_from = day_or_none(rows, 9);
    ret->scope_until = day_or_none(rows, 10);
    int err = request_unseal(store, ret->id, "request.requester", rows_bytes(rows, 6), &requester);
    ret->requester = mem_text(buf_text(&requester));
    buf_wipe(&requester);
    return err;
}

int request_load(struct store *store, const struct rules *rules, const char *name, struct request *ret) {
    struct request request = {0};
    struct event_list events = {0};
    struct rows *rows = db_query(store->db,
                                 "SELECT id, child_id, name, requester_kind, state, ifnull(approved_by, ''), sealed_requester, kind, pack, scope_from,"
                                 " scope_until FROM request WHERE name = ? COLLATE NOCASE", "t", name);
    int err = rows_next(rows) > 0 ? request_from(store, rows, &request) : ERR_NOT_FOUND;
    int err2 = rows_end(&rows);
    err = err2 ? err2 : err;
    if (!err)
        err = events_load(store, request.id, &events);
    if (err) {
        request_drop(&request);
        return err;
    }
    request.clock = request_clock_read(rules, request_rule(rules, &request), events.list, events.count);
    free(events.list);
    *ret = request;
    return 0;
}
