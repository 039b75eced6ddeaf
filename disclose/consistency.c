#include "disclose/consistency.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <string.h>

/* Documents of this request (d) and of what went out before (o) that are the same, or the same paper. ?1: this request. */
#define SHARED                                                                                                                                   \
    "WITH shared(mine, theirs, other) AS (SELECT r.document_id, x.document_id, x.request_id FROM request_document r JOIN request_document x"    \
    " ON x.document_id = r.document_id WHERE r.request_id = ?1 AND r.included = 1 AND x.included = 1 AND x.request_id != ?1"                    \
    " AND EXISTS (SELECT 1 FROM disclosure s WHERE s.request_id = x.request_id)"                                                                \
    " UNION SELECT r.document_id, x.document_id, x.request_id FROM near_duplicate n JOIN request_document r ON r.document_id IN (n.document_id, n.other_id)" \
    " JOIN request_document x ON x.document_id IN (n.document_id, n.other_id) AND x.document_id != r.document_id"                               \
    " WHERE n.state = 'same' AND r.request_id = ?1 AND r.included = 1 AND x.included = 1 AND x.request_id != ?1"                                \
    " AND EXISTS (SELECT 1 FROM disclosure s WHERE s.request_id = x.request_id))"
/* A covering flag c of request cr on document cd; no flag with the same text on the page of the other document is covered there. */
#define NOT_COVERED_IN(request, document)                                                                                                        \
    " AND c.text_token IS NOT NULL AND c.role NOT IN ('subject', 'other_child') AND NOT EXISTS (SELECT 1 FROM flag o JOIN page op ON op.id = o.page_id" \
    " JOIN decision od ON od.flag_id = o.id AND od.request_id = " request " AND od.superseded_by IS NULL AND od.cover = 1"                      \
    " WHERE o.document_id = " document " AND op.number = p.number AND (o.text_token = c.text_token OR o.type = 'PASSAGE'))"

static int differences(struct store *store, const struct request *request, bool covered_here, int (*each)(void *state, const struct difference *one),
                       void *state) {
    struct rows *rows =
        covered_here
            ? db_query(store->db,
                       SHARED " SELECT c.id, s.mine, p.number, q.name, q.id, EXISTS (SELECT 1 FROM difference x WHERE x.request_id = ?1 AND x.flag_id = c.id"
                              " AND x.other_request = q.id) FROM shared s JOIN request q ON q.id = s.other JOIN flag c ON c.document_id = s.mine AND c.withdrawn = 0"
                              " JOIN decision d ON d.flag_id = c.id AND d.request_id = ?1 AND d.superseded_by IS NULL AND d.cover = 1 JOIN page p ON p.id = c.page_id"
                              " WHERE 1" NOT_COVERED_IN("s.other", "s.theirs") " ORDER BY s.mine, p.place, c.id", "i", request->id)
            : db_query(store->db,
                       SHARED " SELECT c.id, s.mine, p.number, q.name, q.id, EXISTS (SELECT 1 FROM difference x WHERE x.request_id = ?1 AND x.flag_id = c.id"
                              " AND x.other_request = q.id) FROM shared s JOIN request q ON q.id = s.other JOIN flag c ON c.document_id = s.theirs AND c.withdrawn = 0"
                              " JOIN decision d ON d.flag_id = c.id AND d.request_id = s.other AND d.superseded_by IS NULL AND d.cover = 1 JOIN page p ON p.id = c.page_id"
                              " WHERE 1" NOT_COVERED_IN("?1", "s.mine") " ORDER BY s.mine, p.place, c.id", "i", request->id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        struct difference one = {rows_int(rows, 0), rows_int(rows, 1), (uint32_t)rows_int(rows, 2), covered_here, rows_text(rows, 3), rows_int(rows, 4),
                                 rows_int(rows, 5) != 0};
        err = each(state, &one);
    }
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int consistency_each(struct store *store, const struct request *request, int (*each)(void *state, const struct difference *one), void *state) {
    int err = differences(store, request, true, each, state);
    return err ? err : differences(store, request, false, each, state);
}

static int obstacle_first(void *state, const struct difference *one) {
    char **why = state;
    if (!one->stands && !*why)
        *why = mem_print("page %u of document %lld: what flag %lld covers is %s ('casefile request check' lists all)", one->page, (long long)one->document_id,
                         (long long)one->flag_id, one->covered_here ? "covered here and went out open before" : "open here and was covered in what went out before");
    return 0;
}

int consistency_obstacle(struct store *store, const struct request *request, char **ret_why) {
    *ret_why = NULL;
    return consistency_each(store, request, obstacle_first, ret_why);
}

struct wanted {
    int64_t flag_id, other_id;
    const char *other;
};

static int wanted_find(void *state, const struct difference *one) {
    struct wanted *wanted = state;
    if (one->flag_id == wanted->flag_id && strcasecmp(one->other, wanted->other) == 0)
        wanted->other_id = one->other_id;
    return 0;
}

int consistency_let_stand(struct store *store, const struct request *request, int64_t flag_id, const char *other, const char *who, const char *why) {
    struct wanted wanted = {flag_id, 0, other};
    struct buf sealed = {0};
    if (!why || !*why)
        return ERR_INPUT;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = consistency_each(store, request, wanted_find, &wanted);
    if (!err && !wanted.other_id)
        err = ERR_NOT_FOUND;
    if (!err)
        err = request_seal(store, request->id, "difference.why", why, &sealed);
    if (!err)
        err = db_run(store->db, "INSERT OR IGNORE INTO difference(request_id, flag_id, other_request, who, at, sealed_why) VALUES(?, ?, ?, ?, ?, ?)", "iiitib",
                     request->id, flag_id, wanted.other_id, who, clock_now(), buf_view(&sealed));
    if (!err)
        err = request_audit(store, request, who, "let a difference stand", other);
    buf_drop(&sealed);
    return db_end(store->db, err);
}
