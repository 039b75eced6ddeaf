#include "disclose/decide.h"

#include "base/err.h"
#include "base/mem.h"
#include "disclose/same_text.h"
#include "store/flag_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The flags of the chosen documents, each with its standing decision. ?1 request, ?2 child. */
#define FLAGS_OF_REQUEST                                                                                                                             \
    " FROM request_document r JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2 AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1" \
    " LEFT JOIN decision d ON d.request_id = ?1 AND d.flag_id = f.id AND d.superseded_by IS NULL"
#define CHOSEN " WHERE r.request_id = ?1 AND r.included = 1"
/* What an earlier request of the same kind decided on the flag, where there was one (?3: 1). */
#define EARLIER                                                                                                                                      \
    " LEFT JOIN decision e ON e.id = CASE WHEN ?3 THEN (SELECT max(o.id) FROM decision o JOIN request q ON q.id = o.request_id WHERE o.flag_id = f.id" \
    " AND o.superseded_by IS NULL AND o.cover >= 0 AND o.request_id < ?1 AND q.child_id = ?2 AND EXISTS (SELECT 1 FROM request m WHERE m.id = ?1"     \
    " AND m.pack = q.pack AND m.requester_kind = q.requester_kind)) END"

/* ---- lists */

/* 1 when there is an earlier request whose decisions may be proposed again. */
static int earlier_is(struct store *store, const struct request *request, int64_t *ret) {
    return db_int(store->db, ret, "SELECT EXISTS (SELECT 1 FROM request WHERE child_id = ? AND id < ?)", "ii", request->child_id, request->id);
}

static void decided_from(struct rows *rows, struct decided_flag *flag) {
    *flag = (struct decided_flag){
        .flag_id = rows_int(rows, 0),
        .document_id = rows_int(rows, 1),
        .page_id = rows_int(rows, 2),
        .page_number = (uint32_t)rows_int(rows, 3),
        .decided = !rows_null(rows, 7) && rows_int(rows, 7) >= 0,
    };
    bool earlier = !flag->decided && !rows_null(rows, 12);
    int from = flag->decided ? 7 : earlier ? 12 : 0;
    flag->cover = (int)rows_int(rows, from ? from : 5);
    snprintf(flag->code, sizeof flag->code, "%s", rows_text(rows, from ? from + 1 : 4));
    snprintf(flag->type, sizeof flag->type, "%s", rows_text(rows, 6));
    snprintf(flag->role, sizeof flag->role, "%s", rows_text(rows, 10));
    snprintf(flag->finder, sizeof flag->finder, "%s", rows_text(rows, 11));
    snprintf(flag->who, sizeof flag->who, "%s", flag->decided ? rows_text(rows, 9) : "");
    snprintf(flag->earlier, sizeof flag->earlier, "%s", earlier ? rows_text(rows, 14) : "");
}

int request_flags_part(struct store *store, const struct request *request, const struct flags_part *part, struct decided_flag **ret, size_t *ret_count) {
    int64_t earlier = 0;
    struct decided_flag *list = NULL;
    size_t n = 0, room = 0;
    int err = earlier_is(store, request, &earlier);
    if (err)
        return err;
    struct rows *rows = db_query(store->db,
                                 "SELECT f.id, f.document_id, f.page_id, p.number, f.code, f.cover, f.type, d.cover, d.code, a.who, f.role, f.finder,"
                                 " e.cover, e.code, (SELECT name FROM request WHERE id = e.request_id)" FLAGS_OF_REQUEST
                                 " JOIN page p ON p.id = f.page_id LEFT JOIN decision w ON w.id = ifnull(d.restores, d.id) LEFT JOIN act a ON a.id = w.act_id" EARLIER CHOSEN
                                 " AND (?4 = 0 OR r.document_id = ?4) ORDER BY r.ordinal, p.place, p.id, f.id LIMIT ?5 OFFSET ?6",
                                 "iiiiii", request->id, request->child_id, earlier, part->document_id, part->most ? (int64_t)part->most : (int64_t)-1,
                                 (int64_t)part->first);
    while (rows_next(rows) > 0) {
        if (n == room)
            list = mem_grow(list, room = room ? room * 2 : 64, sizeof *list);
        decided_from(rows, &list[n++]);
    }
    err = rows_end(&rows);
    if (err) {
        free(list);
        return err;
    }
    *ret = list;
    *ret_count = n;
    return 0;
}

int request_flags(struct store *store, const struct request *request, struct decided_flag **ret, size_t *ret_count) {
    return request_flags_part(store, request, &(struct flags_part){0}, ret, ret_count);
}

int request_flags_count(struct store *store, const struct request *request, struct flags_count *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT count(*), sum(d.id IS NULL OR d.cover < 0), sum(CASE WHEN d.cover >= 0 THEN d.cover ELSE f.cover END)" FLAGS_OF_REQUEST CHOSEN,
                                 "ii", request->id, request->child_id);
    *ret = (struct flags_count){0};
    if (rows_next(rows) > 0)
        *ret = (struct flags_count){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2)};
    return rows_end(&rows);
}

/* ---- deciding */

int decision_check(const struct rules *rules, const struct decision *decision) {
    struct reason_codes codes;
    int err = rules_codes(rules, decision->code, &codes);
    return err ? err : codes.list[0]->withholds == (decision->cover != 0) ? 0 : ERR_INPUT;
}

static int flag_is_there(struct store *store, const struct request *request, int64_t flag_id) {
    int64_t there;
    return db_int(store->db, &there, "SELECT 1" FLAGS_OF_REQUEST CHOSEN " AND f.id = ?3", "iii", request->id, request->child_id, flag_id);
}

int request_decide(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, int64_t flag_id,
                   const struct decision *decision) {
    struct act_under_way under_way;
    int64_t count;
    int err = decision_check(rules, decision);
    if (!err)
        err = db_begin(store->db);
    if (err)
        return err;
    err = flag_is_there(store, request, flag_id);
    if (!err)
        err = act_begin(store, request, decision->cover ? "decided to cover" : "decided to release", act, &under_way);
    if (!err)
        err = act_decide_flag(&under_way, flag_id, decision->cover, decision->code);
    if (!err)
        err = act_end(&under_way, &count);
    return db_end(store->db, err);
}

int request_decide_text(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, int64_t flag_id,
                        const struct decision *decision, int64_t *ret_count) {
    struct act_under_way under_way;
    int64_t count = 0;
    int err = decision_check(rules, decision);
    if (!err)
        err = db_begin(store->db);
    if (err)
        return err;
    err = flag_is_there(store, request, flag_id);
    if (!err)
        err = act_begin(store, request, decision->cover ? "decided to cover" : "decided to release", act, &under_way);
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO decision(request_id, flag_id, cover, code, act_id) SELECT ?1, f.id, ?4, ?5, ?6" FLAGS_OF_REQUEST CHOSEN
                     " AND (f.id = ?3 OR f.text_token = (SELECT text_token FROM flag WHERE id = ?3))",
                     "iiiiti", request->id, request->child_id, flag_id, (int64_t)decision->cover, decision->code, under_way.id);
    if (!err)
        err = act_end(&under_way, &count);
    err = db_end(store->db, err);
    if (!err)
        *ret_count = count;
    return err;
}

int request_accept_all(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, int64_t *ret_count) {
    struct act_under_way under_way;
    int64_t same, earlier = 0, count = 0;
    (void)rules;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = same_text_propose(store, request, &same);
    if (!err)
        err = earlier_is(store, request, &earlier);
    if (!err)
        err = act_begin(store, request, "accepted as proposed", act, &under_way);
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO decision(request_id, flag_id, cover, code, act_id) SELECT ?1, f.id, ifnull(e.cover, f.cover), ifnull(e.code, f.code), ?4"
                     FLAGS_OF_REQUEST EARLIER CHOSEN " AND (d.id IS NULL OR d.cover < 0)",
                     "iiii", request->id, request->child_id, earlier, under_way.id);
    if (!err)
        err = act_end(&under_way, &count);
    err = db_end(store->db, err);
    if (!err)
        *ret_count = count;
    return err;
}

int request_complete(struct store *store, const struct rules *rules, const struct request *request, const struct act *act, const char *code,
                     int64_t *ret_count) {
    struct act_under_way under_way;
    struct reason_codes codes;
    int64_t count = 0;
    int err = rules_codes(rules, code, &codes);
    if (!err)
        err = db_begin(store->db);
    if (err)
        return err;
    err = act_begin(store, request, "completed", act, &under_way);
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO decision(request_id, flag_id, cover, code, act_id) SELECT ?1, f.id, d.cover, d.code, ?4" FLAGS_OF_REQUEST CHOSEN
                     " AND d.cover >= 0 AND (d.code = ?3 OR '+' || d.code || '+' LIKE '%+' || ?3 || '+%')",
                     "iiti", request->id, request->child_id, code, under_way.id);
    if (!err)
        err = act_end(&under_way, &count);
    err = db_end(store->db, err);
    if (!err)
        *ret_count = count;
    return err;
}
