/* act.c: acts: how decisions come into being, what they say of themselves, and how they are taken back. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/decide.h"
#include "store/audit.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_BYTES 4000

/* ---- what an act says */

static bool date_is_old(const struct reason_field *field, int32_t day) {
    return field->max_months && day + field->max_months * 31 < date_today();
}

static char *field_wrong(const struct rules *rules, const struct act_field *given) {
    const struct reason_field *field = rules_field(rules, given->name);
    int32_t day = date_from_iso(given->value);
    if (!field)
        return mem_print("no code demands a field '%s'", given->name);
    if (!*given->value || strlen(given->value) > FIELD_BYTES)
        return mem_print("'%s' says nothing, or too much", given->name);
    if (field->is_date && (day == DATE_NONE || day > date_today()))
        return mem_print("'%s' is a day that has been, written as 2026-01-31", given->name);
    if (field->is_date && date_is_old(field, day))
        return mem_print("'%s' is longer ago than %d months", given->name, field->max_months);
    return NULL;
}

int act_check(const struct rules *rules, const struct act *act, char **ret_why) {
    for (size_t i = 0; i < act->field_count; i++)
        if ((*ret_why = field_wrong(rules, &act->fields[i])))
            return ERR_INPUT;
    return 0;
}

static int detail_seal(struct store *store, int64_t request_id, const struct act *act, struct buf *out) {
    bool noted = act->note && *act->note;
    if (!noted && !act->field_count)
        return 0;
    json_t *detail = json_object(), *fields = json_object();
    for (size_t i = 0; i < act->field_count; i++)
        json_object_set_new(fields, act->fields[i].name, json_string(act->fields[i].value));
    json_object_set_new(detail, "note", json_string(noted ? act->note : ""));
    json_object_set_new(detail, "fields", fields);
    char *text = json_dumps(detail, JSON_COMPACT);
    json_decref(detail);
    int err = text ? request_seal(store, request_id, "act.detail", text, out) : ERR_INPUT; /* what is no UTF-8 cannot be kept */
    free(text);
    return err;
}

/* The detail of an act; an empty object when there is none. json_decref it. */
static int detail_open(struct store *store, int64_t request_id, struct view sealed, json_t **ret) {
    struct buf plain = {0};
    int err = request_unseal(store, request_id, "act.detail", sealed, &plain);
    if (!err)
        *ret = plain.len ? json_loadb((const char *)plain.data, plain.len, 0, NULL) : json_object();
    buf_wipe(&plain);
    return err ? err : *ret ? 0 : ERR_DAMAGED;
}

/* ---- beginning and ending */

int act_begin(struct store *store, const struct request *request, const char *kind, const struct act *act, struct act_under_way *ret) {
    struct buf sealed = {0};
    int err = detail_seal(store, request->id, act, &sealed);
    if (!err)
        err = db_run(store->db, "INSERT INTO act(request_id, kind, who, at, sealed_detail) VALUES(?, ?, ?, ?, ?)", "ittib", request->id, kind, act->who,
                     clock_now(), buf_view(&sealed));
    *ret = (struct act_under_way){store, request, db_last_id(store->db)};
    buf_drop(&sealed);
    return err;
}

int act_decide_flag(const struct act_under_way *act, int64_t flag_id, int cover, const char *code) {
    return db_run(act->store->db, "INSERT INTO decision(request_id, flag_id, cover, code, act_id) VALUES(?, ?, ?, ?, ?)", "iiiti", act->request->id, flag_id,
                  (int64_t)cover, code, act->id);
}

/* "12 flags" and a digest of which, and how: the leaf pins what was decided. */
static int act_digest(const struct act_under_way *act, char out[128], int64_t *ret_flag, int64_t *ret_count) {
    crypto_generichash_state hash;
    unsigned char digest[16];
    char hex[2 * sizeof digest + 1], one[160] = "";
    struct rows *rows = db_query(act->store->db, "SELECT flag_id, cover, code FROM decision WHERE act_id = ? ORDER BY flag_id", "i", act->id);
    crypto_generichash_init(&hash, NULL, 0, sizeof digest);
    for (*ret_count = 0; rows_next(rows) > 0; ++*ret_count) {
        *ret_flag = rows_int(rows, 0);
        snprintf(one, sizeof one, "%lld %lld %s\n", (long long)*ret_flag, (long long)rows_int(rows, 1), rows_text(rows, 2));
        crypto_generichash_update(&hash, (const unsigned char *)one, strlen(one));
    }
    int err = rows_end(&rows);
    crypto_generichash_final(&hash, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    one[strcspn(one, "\n")] = 0;
    if (*ret_count == 1)
        snprintf(out, 128, "flag %.80s", one);
    else
        snprintf(out, 128, "%lld flags, digest %s", (long long)*ret_count, hex);
    return err;
}

static int act_audit(const struct act_under_way *act, const char *why) {
    struct rows *rows = db_query(act->store->db, "SELECT who, kind FROM act WHERE id = ?", "i", act->id);
    char what[96];
    snprintf(what, sizeof what, "request %s act %lld", act->request->name, (long long)act->id);
    int err = rows_next(rows) > 0 ? 0 : ERR_NOT_FOUND;
    char *who = mem_text(rows_text(rows, 0)), *kind = mem_text(rows_text(rows, 1));
    int err2 = rows_end(&rows);
    struct audit_entry entry = {who, kind, what, "disclosure", why};
    if (!err && !err2)
        err = audit_add(act->store, &entry, NULL);
    free(who);
    free(kind);
    return err ? err : err2;
}

int act_end(const struct act_under_way *act, int64_t *ret_count) {
    struct db *db = act->store->db;
    char why[128];
    int64_t flag = 0, count = 0;
    int err = act_digest(act, why, &flag, &count);
    if (!err && !count) {
        err = db_run(db, "DELETE FROM act WHERE id = ?", "i", act->id);
        *ret_count = 0;
        return err;
    }
    if (!err)
        err = db_run(db,
                     "UPDATE decision SET superseded_by = (SELECT n.id FROM decision n WHERE n.act_id = ?1 AND n.flag_id = decision.flag_id)"
                     " WHERE request_id = ?2 AND superseded_by IS NULL AND act_id != ?1 AND flag_id IN (SELECT flag_id FROM decision WHERE act_id = ?1)",
                     "ii", act->id, act->request->id);
    if (!err)
        err = request_unapprove(act->store, act->request);
    if (!err)
        err = act_audit(act, why);
    if (!err)
        *ret_count = count;
    return err;
}

/* ---- taking back */

/* What stood before each decision of the act that still stands, as it was made or as an undoing has put it back; nothing: open again (cover -1). */
static int undo_decisions(const struct act_under_way *act, int64_t undone) {
    struct db *db = act->store->db;
    int err = db_run(db, "UPDATE act SET undoes = ? WHERE id = ?", "ii", undone, act->id);
    if (!err)
        err = db_run(db,
                     "INSERT INTO decision(request_id, flag_id, cover, code, act_id, restores) SELECT o.request_id, o.flag_id, ifnull(b.cover, -1), ifnull(b.code, ''),"
                     " ?2, ifnull(b.restores, b.id) FROM decision o JOIN decision d ON d.request_id = o.request_id AND d.flag_id = o.flag_id AND d.superseded_by IS NULL"
                     " AND ifnull(d.restores, d.id) = o.id LEFT JOIN decision b ON b.flag_id = o.flag_id AND b.superseded_by = o.id WHERE o.act_id = ?1",
                     "ii", undone, act->id);
    /* What the officer drew goes with the decision that drew it. */
    if (!err)
        err = db_run(db,
                     "UPDATE flag SET withdrawn = 1 WHERE finder = 'officer' AND id IN (SELECT flag_id FROM decision WHERE act_id = ? AND cover < 0)",
                     "i", act->id);
    return err;
}

int request_undo(struct store *store, const struct request *request, const char *who, int64_t *ret_count) {
    struct act_under_way act;
    const struct act said = {.who = who};
    int64_t last = 0;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = db_int(store->db, &last,
                 "SELECT a.id FROM act a WHERE a.request_id = ? AND a.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM act u WHERE u.undoes = a.id)"
                 " AND EXISTS (SELECT 1 FROM decision o JOIN decision d ON d.request_id = o.request_id AND d.flag_id = o.flag_id AND d.superseded_by IS NULL"
                 " AND ifnull(d.restores, d.id) = o.id WHERE o.act_id = a.id) ORDER BY a.id DESC LIMIT 1", "i", request->id);
    if (!err)
        err = act_begin(store, request, "undone", &said, &act);
    if (!err)
        err = undo_decisions(&act, last);
    if (!err)
        err = act_end(&act, ret_count);
    return db_end(store->db, err);
}

/* ---- history */

static void fields_print(json_t *fields, struct buf *out) {
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value)
        buf_print(out, "%s%s: %s", out->len ? "; " : "", name, json_string_value(value) ? json_string_value(value) : "");
}

static int history_give(struct store *store, const struct request *request, struct rows *rows, int (*each)(void *state, const struct act_row *act), void *state) {
    json_t *detail = NULL;
    struct buf fields = {0};
    struct act_row row = {.id = rows_int(rows, 0), .at = rows_int(rows, 1), .flags = rows_int(rows, 2), .undoes = rows_int(rows, 3),
                          .kind = rows_text(rows, 4), .who = rows_text(rows, 5), .cover = (int)rows_int(rows, 7), .code = rows_text(rows, 8)};
    int err = detail_open(store, request->id, rows_bytes(rows, 6), &detail);
    if (err)
        return err;
    const char *note = json_string_value(json_object_get(detail, "note"));
    fields_print(json_object_get(detail, "fields"), &fields);
    row.note = note ? note : "";
    row.fields = buf_text(&fields);
    err = each(state, &row);
    buf_wipe(&fields);
    json_decref(detail);
    return err;
}

int request_history(struct store *store, const struct request *request, int64_t flag_id, int (*each)(void *state, const struct act_row *act), void *state) {
    struct rows *rows = db_query(store->db,
                                 "SELECT a.id, a.at, (SELECT count(*) FROM decision n WHERE n.act_id = a.id), ifnull(a.undoes, 0), a.kind, a.who, a.sealed_detail,"
                                 " d.cover, ifnull(d.code, '') FROM act a LEFT JOIN decision d ON d.act_id = a.id AND d.flag_id = ?2"
                                 " WHERE a.request_id = ?1 AND (?2 = 0 OR d.id IS NOT NULL) ORDER BY a.id", "ii", request->id, flag_id);
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = history_give(store, request, rows, each, state);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

/* ---- what is lacking */

struct lacks {
    const struct rules *rules;
    char **list;
    int64_t *flags;
    size_t count;
};

static void lacks_add(struct lacks *lacks, const struct reason *reason, const struct reason_field *field, int64_t flags) {
    char *text = mem_print("%s: %s (%s)", reason->code, field->ask, field->name);
    for (size_t i = 0; i < lacks->count; i++)
        if (strcmp(lacks->list[i], text) == 0) {
            lacks->flags[i] += flags;
            free(text);
            return;
        }
    lacks->list = mem_grow(lacks->list, lacks->count + 1, sizeof *lacks->list);
    lacks->flags = mem_grow(lacks->flags, lacks->count + 1, sizeof *lacks->flags);
    lacks->list[lacks->count] = text;
    lacks->flags[lacks->count++] = flags;
}

static void lacks_of_code(struct lacks *lacks, json_t *fields, const char *code, int64_t flags) {
    struct reason_codes codes;
    if (rules_codes(lacks->rules, code, &codes))
        return;
    for (size_t i = 0; i < codes.count; i++)
        for (size_t k = 0; k < codes.list[i]->demand_count; k++) {
            const struct reason_field *field = rules_field(lacks->rules, codes.list[i]->demands[k]);
            const char *said = json_string_value(json_object_get(fields, field->name));
            if (!said || !*said || (field->is_date && date_is_old(field, date_from_iso(said))))
                lacks_add(lacks, codes.list[i], field, flags);
        }
}

int request_lacks(struct store *store, const struct rules *rules, const struct request *request, char ***ret, size_t *ret_count) {
    struct lacks lacks = {.rules = rules};
    struct rows *rows = db_query(store->db,
                                 "SELECT a.sealed_detail, d.code, count(*) FROM request_document r JOIN flag f ON f.document_id = r.document_id AND f.child_id = ?2"
                                 " AND f.withdrawn = 0 AND ifnull(f.request_id, ?1) = ?1 JOIN decision d ON d.flag_id = f.id AND d.request_id = ?1"
                                 " AND d.superseded_by IS NULL AND d.cover = 1 JOIN decision o ON o.id = ifnull(d.restores, d.id) JOIN act a ON a.id = o.act_id"
                                 " WHERE r.request_id = ?1 AND r.included = 1"
                                 " GROUP BY a.id, d.code", "ii", request->id, request->child_id);
    int err = 0;
    while (!err && rows_next(rows) > 0) {
        json_t *detail = NULL;
        err = detail_open(store, request->id, rows_bytes(rows, 0), &detail);
        if (!err)
            lacks_of_code(&lacks, json_object_get(detail, "fields"), rows_text(rows, 1), rows_int(rows, 2));
        json_decref(detail);
    }
    int err2 = rows_end(&rows);
    for (size_t i = 0; i < lacks.count; i++) {
        char *text = mem_print("%s, on %lld flag%s", lacks.list[i], (long long)lacks.flags[i], lacks.flags[i] == 1 ? "" : "s");
        free(lacks.list[i]);
        lacks.list[i] = text;
    }
    free(lacks.flags);
    *ret = lacks.list;
    *ret_count = lacks.count;
    return err ? err : err2;
}
