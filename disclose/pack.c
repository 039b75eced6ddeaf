#include "disclose/pack.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "disclose/approve.h"
#include "disclose/choose_documents.h"
#include "queue/next.h"
#include "store/audit.h"
#include "store/pack_rows.h"
#include "store/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int pack_audit(struct store *store, const struct request *request, int64_t version, const char *who, const char *action) {
    char what[96];
    snprintf(what, sizeof what, "request %s pack %lld", request->name, (long long)version);
    struct audit_entry entry = {who, action, what, "disclosure", ""};
    return audit_add(store, &entry, NULL);
}

/* Approved as the row says it now, nothing standing in the way, and every chosen document with its flags up to date. */
static int pack_may_be_made(struct store *store, const struct rules *rules, const struct request *request) {
    int64_t approved;
    char *why = NULL;
    int err = db_int(store->db, &approved, "SELECT state = 'approved' FROM request WHERE id = ?", "i", request->id);
    if (!err && !approved)
        err = ERR_STATE;
    if (!err)
        err = documents_stand(store, request);
    if (!err)
        err = request_obstacle(store, rules, request, NULL, &why);
    free(why);
    return err;
}

static int pack_insert(struct store *store, const struct request *request, const char *who, int64_t *ret_pack, int64_t *ret_version) {
    int err = db_int(store->db, ret_version, "SELECT ifnull(max(version), 0) + 1 FROM pack WHERE request_id = ?", "i", request->id);
    if (!err)
        err = db_run(store->db, "INSERT INTO pack(request_id, version, state, made_at, made_by) VALUES(?, ?, 'covering', ?, ?)",
                     "iiit", request->id, *ret_version, clock_now(), who);
    *ret_pack = db_last_id(store->db);
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO pack_page(pack_id, ordinal, page_id) SELECT ?1, row_number() OVER (ORDER BY r.ordinal, p.place, p.id), p.id"
                     " FROM request_document r JOIN page p ON p.document_id = r.document_id"
                     " WHERE r.request_id = ?2 AND r.included = 1 AND p.picture_id IS NOT NULL",
                     "ii", *ret_pack, request->id);
    return err ? err : db_changed(store->db) ? 0 : ERR_STATE;
}

int pack_ask(struct store *store, const struct rules *rules, const struct request *request, const char *who, int64_t *ret_pack) {
    int64_t pack = 0, version = 0;
    if (strcmp(request->state, "approved"))
        return ERR_STATE;
    int err = db_begin(store->db);
    if (err)
        return err;
    err = pack_may_be_made(store, rules, request);
    if (!err)
        err = pack_insert(store, request, who, &pack, &version);
    if (!err)
        err = next_after_pack_asked(store, pack);
    if (!err)
        err = pack_audit(store, request, version, who, "asked for a pack");
    err = db_end(store->db, err);
    if (!err)
        *ret_pack = pack;
    return err;
}

static int proof_add(struct store *store, int64_t pack_id, const struct pack_volume *volume, int64_t first, int64_t last) {
    int err = db_run(store->db, "INSERT INTO proof(pack_id, volume, first_page, last_page, state) VALUES(?, ?, ?, ?, 'waiting')", "iiii", pack_id, (int64_t)volume->number,
                     first, last);
    return err ? err : next_after_proof_asked(store, db_last_id(store->db));
}

static int volume_proofs_add(struct store *store, int64_t pack_id, const struct pack_volume *volume) {
    int64_t pages = volume->page_count;
    int err = proof_add(store, pack_id, volume, 0, 0);
    for (int64_t first = 1; first <= pages && !err; first += PACK_PROOF_PAGES)
        err = proof_add(store, pack_id, volume, first, first + PACK_PROOF_PAGES - 1 < pages ? first + PACK_PROOF_PAGES - 1 : pages);
    return err;
}

static int proofs_add(struct store *store, int64_t pack_id) {
    struct pack_volume *volumes = NULL;
    size_t count = 0;
    int64_t bound;
    int err = db_int(store->db, &bound, "SELECT 1 FROM pack WHERE id = ? AND state IN ('bound', 'proved', 'refused')", "i", pack_id);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_STATE : err;
    err = db_run(store->db, "DELETE FROM proof WHERE pack_id = ?", "i", pack_id);
    if (!err)
        err = db_run(store->db, "UPDATE pack SET state = 'proving', reason = '' WHERE id = ?", "i", pack_id);
    if (!err)
        err = pack_volumes_load(store, pack_id, &volumes, &count);
    if (!err && !count)
        err = ERR_STATE;
    for (size_t i = 0; i < count && !err; i++)
        err = volume_proofs_add(store, pack_id, &volumes[i]);
    free(volumes);
    return err;
}

int pack_ask_proof(struct store *store, const struct request *request, int64_t pack_id, const char *who) {
    int err = db_begin(store->db);
    if (err)
        return err;
    err = proofs_add(store, pack_id);
    if (!err)
        err = pack_audit(store, request, pack_id, who, "asked for the proof");
    return db_end(store->db, err);
}

int pack_ask_rebuild(struct store *store, const struct request *request, int64_t pack_id, const char *who) {
    int err = db_begin(store->db);
    if (err)
        return err;
    err = db_run(store->db, "UPDATE pack SET rebuilt = 'asked' WHERE id = ? AND request_id = ? AND object_id IS NOT NULL", "ii", pack_id, request->id);
    if (!err && !db_changed(store->db))
        err = ERR_STATE;
    if (!err)
        err = next_after_rebuild_asked(store, pack_id);
    if (!err)
        err = pack_audit(store, request, pack_id, who, "asked for a rebuild");
    return db_end(store->db, err);
}

int pack_state_last(struct store *store, const struct request *request, struct pack_state *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT k.id, k.version, k.state, k.reason, k.content_hash,"
                                 " (SELECT count(*) FROM pack_page g WHERE g.pack_id = k.id),"
                                 " (SELECT count(*) FROM pack_page g WHERE g.pack_id = k.id AND g.object_id IS NOT NULL),"
                                 " (SELECT count(*) FROM proof f WHERE f.pack_id = k.id),"
                                 " (SELECT count(*) FROM proof f WHERE f.pack_id = k.id AND f.state = 'done'),"
                                 " (SELECT ifnull(sum(finding_count), 0) FROM proof f WHERE f.pack_id = k.id), k.rebuilt"
                                 " FROM pack k WHERE k.request_id = ? ORDER BY k.version DESC LIMIT 1", "i", request->id);
    int n = rows_next(rows);
    if (n > 0) {
        *ret = (struct pack_state){.id = rows_int(rows, 0), .version = rows_int(rows, 1), .reason = mem_text(rows_text(rows, 3)),
                                   .pages = rows_int(rows, 5), .covered = rows_int(rows, 6), .proofs = rows_int(rows, 7),
                                   .proofs_done = rows_int(rows, 8), .findings = rows_int(rows, 9)};
        snprintf(ret->state, sizeof ret->state, "%s", rows_text(rows, 2));
        snprintf(ret->hash, sizeof ret->hash, "%s", rows_text(rows, 4));
        snprintf(ret->rebuilt, sizeof ret->rebuilt, "%s", rows_text(rows, 10));
    }
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}

void pack_state_drop(struct pack_state *state) {
    mem_free(&state->reason);
}

static void findings_join(const struct findings *more, struct findings *all) {
    for (size_t i = 0; i < more->count; i++)
        findings_add(all, more->list[i].page, more->list[i].box, more->list[i].check, more->list[i].what);
}

int pack_findings(struct store *store, const struct request *request, int64_t pack_id, struct findings *ret) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    struct findings all = {0};
    int err = seal_key_of(store, "request", request->id, &key_id, key);
    if (err)
        return err;
    struct rows *rows = db_query(store->db, "SELECT sealed_findings FROM proof WHERE pack_id = ? AND finding_count > 0 ORDER BY volume, first_page",
                                 "i", pack_id);
    while (!err && rows_next(rows) > 0) {
        struct buf plain = {0};
        struct findings some = {0};
        err = seal_open(key, "proof.findings", rows_bytes(rows, 0), &plain);
        if (!err)
            err = findings_decode(buf_view(&plain), &some);
        if (!err)
            findings_join(&some, &all);
        findings_drop(&some);
        buf_wipe(&plain);
    }
    int err2 = rows_end(&rows);
    sodium_memzero(key, sizeof key);
    if (err || err2)
        findings_drop(&all);
    else
        *ret = all;
    return err ? err : err2;
}
