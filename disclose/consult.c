#include "disclose/consult.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static bool is_one_of(const char *word, const char *list) {
    size_t len = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ',') && (at == list || at[-2] == ','))
            return true;
    return false;
}

int consultation_ask(struct store *store, const struct request *request, const struct consultation *asked, int64_t *ret_id) {
    struct buf sealed = {0};
    if (!is_one_of(asked->kind, CONSULTATION_KINDS) || !*asked->whom)
        return ERR_INPUT;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = request_seal(store, request->id, "consultation.whom", asked->whom, &sealed);
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO consultation(request_id, kind, sealed_whom, person_id, asked_day, asked_by, state) VALUES(?, ?, ?, ?, ?, ?, 'asked')", "itbtit",
                     request->id, asked->kind, buf_view(&sealed), asked->person_id ? asked->person_id : "", (int64_t)asked->asked, asked->asked_by);
    *ret_id = db_last_id(store->db);
    if (!err && strcmp(request->state, "approved") == 0)
        err = request_unapprove(store, request);
    if (!err)
        err = request_audit(store, request, asked->asked_by, strcmp(asked->kind, "consent") == 0 ? "asked for consent" : "consulted the originator", "");
    buf_drop(&sealed);
    return db_end(store->db, err);
}

int consultation_close(struct store *store, const struct request *request, const struct consultation *answer) {
    struct buf sealed = {0};
    int64_t open = 0;
    bool reason = strcmp(answer->state, "overridden") == 0 || strcmp(answer->state, "no reply") == 0;
    if (!is_one_of(answer->state, CONSULTATION_ANSWERS) || (reason && !*answer->views))
        return ERR_INPUT;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = db_int(store->db, &open, "SELECT state = 'asked' FROM consultation WHERE id = ? AND request_id = ?", "ii", answer->id, request->id);
    if (!err && !open)
        err = ERR_STATE;
    if (!err)
        err = request_seal(store, request->id, "consultation.views", answer->views, &sealed);
    if (!err)
        err = db_run(store->db, "UPDATE consultation SET state = ?, closed_day = ?, closed_by = ?, sealed_views = ? WHERE id = ?", "titbi", answer->state,
                     (int64_t)answer->closed, answer->closed_by, buf_view(&sealed), answer->id);
    if (!err)
        err = request_audit(store, request, answer->closed_by, "closed a consultation", answer->state);
    buf_drop(&sealed);
    return db_end(store->db, err);
}

static int consultation_give(struct store *store, const struct request *request, struct rows *rows,
                             int (*each)(void *state, const struct consultation *one), void *state) {
    struct buf whom = {0}, views = {0};
    int err = request_unseal(store, request->id, "consultation.whom", rows_bytes(rows, 2), &whom);
    if (!err)
        err = request_unseal(store, request->id, "consultation.views", rows_bytes(rows, 9), &views);
    struct consultation one = {.id = rows_int(rows, 0), .kind = rows_text(rows, 1), .whom = buf_text(&whom), .person_id = rows_text(rows, 3),
                               .asked = (int32_t)rows_int(rows, 4), .asked_by = rows_text(rows, 5), .state = rows_text(rows, 6),
                               .closed = rows_null(rows, 7) ? DATE_NONE : (int32_t)rows_int(rows, 7), .closed_by = rows_text(rows, 8), .views = buf_text(&views)};
    if (!err)
        err = each(state, &one);
    buf_wipe(&whom);
    buf_wipe(&views);
    return err;
}

int consultations_each(struct store *store, const struct request *request, int (*each)(void *state, const struct consultation *one), void *state) {
    struct rows *rows = db_query(store->db,
                                 "SELECT id, kind, sealed_whom, person_id, asked_day, asked_by, state, closed_day, closed_by, sealed_views FROM consultation"
                                 " WHERE request_id = ? ORDER BY id", "i", request->id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = consultation_give(store, request, rows, each, state);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

int consultations_obstacle(struct store *store, const struct request *request, char **ret_why) {
    struct rows *rows = db_query(store->db, "SELECT id, kind, asked_day FROM consultation WHERE request_id = ? AND state = 'asked' ORDER BY id LIMIT 1", "i", request->id);
    *ret_why = NULL;
    if (rows_next(rows) > 0) {
        char day[32];
        date_text_long((int32_t)rows_int(rows, 2), day);
        *ret_why = mem_print("consultation %lld (%s, asked on %s) is not answered: 'casefile request answer' closes it", (long long)rows_int(rows, 0),
                             rows_text(rows, 1), day);
    }
    return rows_end(&rows);
}
