/* request_open.c: a new request. */
#include "base/clock.h"
#include "base/err.h"
#include "disclose/choose_documents.h"

#include <stdio.h>
#include <string.h>

static int request_name_new(struct store *store, const char *prefix, int32_t received, char out[32]) {
    int year, month, day;
    int64_t count;
    char like[32];
    date_parts(received, &year, &month, &day);
    snprintf(like, sizeof like, "%s-%d-%%", prefix, year);
    int err = db_int(store->db, &count, "SELECT count(*) FROM request WHERE name LIKE ?", "t", like);
    snprintf(out, 32, "%s-%d-%04lld", prefix, year, (long long)count + 1);
    return err;
}

static int request_insert(struct store *store, const struct request_order *order, struct request *request) {
    struct buf sealed = {0};
    int err = db_run(store->db,
                     "INSERT INTO request(name, child_id, requester_kind, sealed_requester, state, opened_at, opened_by, kind, pack)"
                     " VALUES(?, ?, ?, x'', 'open', ?, ?, ?, ?)",
                     "titittt", request->name, order->child_id, order->requester_kind, clock_now(), order->who, request->kind, request->pack);
    request->id = db_last_id(store->db);
    if (!err && order->scope_from && order->scope_from != DATE_NONE)
        err = db_run(store->db, "UPDATE request SET scope_from = ? WHERE id = ?", "ii", (int64_t)order->scope_from, request->id);
    if (!err && order->scope_until && order->scope_until != DATE_NONE)
        err = db_run(store->db, "UPDATE request SET scope_until = ? WHERE id = ?", "ii", (int64_t)order->scope_until, request->id);
    if (!err)
        err = request_seal(store, request->id, "request.requester", order->requester, &sealed);
    if (!err)
        err = db_run(store->db, "UPDATE request SET sealed_requester = ? WHERE id = ?", "bi", buf_view(&sealed), request->id);
    buf_drop(&sealed);
    return err;
}

/* Which kind of pack: what was said, or the first that is for who asks. */
static int order_pack(const struct rules *rules, const struct request_order *order, const char **ret) {
    for (size_t i = 0; i < rules->pack_count; i++) {
        const struct pack_rule *pack = &rules->packs[i];
        if (rules_pack_is_for(pack, order->requester_kind) && (!order->pack || strcmp(order->pack, pack->name) == 0)) {
            *ret = pack->name;
            return 0;
        }
    }
    return ERR_INPUT;
}

static int request_begin(struct store *store, const struct rules *rules, const struct request_order *order, struct request *request) {
    const struct request_event received = {EVENT_RECEIVED, order->received, order->who, order->scope};
    const struct request_event identity = {EVENT_IDENTITY_CONFIRMED, order->received, order->who, order->identity};
    int err = request_insert(store, order, request);
    request->child_id = order->child_id;
    if (!err)
        err = request_event_add(store, request, &received);
    if (!err && order->identity)
        err = request_event_add(store, request, &identity);
    if (!err)
        err = request_audit(store, request, order->who, "opened", "");
    struct request loaded;
    if (!err)
        err = request_load(store, rules, request->name, &loaded);
    if (!err) {
        int64_t count;
        err = strcmp(request->kind, "rectification") == 0 ? 0 : documents_choose(store, &loaded, &count);
        request_drop(&loaded);
    }
    return err;
}

int request_open(struct store *store, const struct rules *rules, const struct request_order *order, struct request *ret) {
    char name[32];
    const char *pack = "";
    struct request request = {.name = name, .kind = (char *)(uintptr_t)(order->kind ? order->kind : "access")};
    const bool rectification = strcmp(request.kind, "rectification") == 0;
    int err = rectification ? 0 : order_pack(rules, order, &pack);
    request.pack = (char *)(uintptr_t)pack;
    if (!err)
        err = db_begin(store->db);
    if (err)
        return err;
    err = request_name_new(store, rectification ? "RECT" : "SAR", order->received, name);
    if (!err)
        err = request_begin(store, rules, order, &request);
    err = db_end(store->db, err);
    return err ? err : request_load(store, rules, name, ret);
}
