#include "disclose/disclosure_log.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/covered.h"
#include "store/pack_rows.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_to(const char *recipient, const char *wanted) {
    char *a = text_key(recipient), *b = text_key(wanted);
    bool found = strstr(a, b) != NULL;
    free(a);
    free(b);
    return found;
}

static int disclosure_give(struct store *store, struct rows *rows, const char *wanted, int (*each)(void *state, const struct disclosure *one), void *state) {
    struct buf recipient = {0}, why = {0};
    int64_t request_id = rows_int(rows, 1);
    int err = request_unseal(store, request_id, "disclosure.recipient", rows_bytes(rows, 6), &recipient);
    if (err == ERR_KEY) { /* the request's key was destroyed: that something went out is known for ever, to whom is not */
        buf_add_text(&recipient, "(destroyed)");
        err = 0;
    } else if (!err) {
        err = request_unseal(store, request_id, "recall.why", rows_bytes(rows, 16), &why);
    }
    struct disclosure one = {.id = rows_int(rows, 0), .released_at = rows_int(rows, 2), .released_by = rows_text(rows, 3), .approved_by = rows_text(rows, 4),
                             .how = rows_text(rows, 5), .recipient = buf_text(&recipient), .hash = rows_text(rows, 7), .basis = rows_text(rows, 8),
                             .request = rows_text(rows, 9), .version = rows_int(rows, 10), .leaf = rows_int(rows, 11), .pages = rows_int(rows, 12),
                             .head = rows_text(rows, 13), .recalled_at = rows_int(rows, 14), .recalled_by = rows_text(rows, 15), .recall_why = buf_text(&why)};
    if (!err && (!wanted || is_to(one.recipient, wanted)))
        err = each(state, &one);
    buf_wipe(&recipient);
    buf_wipe(&why);
    return err;
}

int disclosures_each(struct store *store, const char *recipient, int (*each)(void *state, const struct disclosure *one), void *state) {
    struct rows *rows = db_query(store->db,
                                 "SELECT d.id, d.request_id, d.released_at, d.released_by, d.approved_by, d.how, d.sealed_recipient, d.content_hash, d.basis, r.name,"
                                 " k.version, d.leaf, k.page_count, d.head, ifnull(x.at, 0), ifnull(x.who, ''), x.sealed_why FROM disclosure d"
                                 " JOIN request r ON r.id = d.request_id JOIN pack k ON k.id = d.pack_id LEFT JOIN recall x ON x.disclosure_id = d.id ORDER BY d.id", "");
    int err = 0;
    while (!err && rows_next(rows) > 0)
        err = disclosure_give(store, rows, recipient, each, state);
    int err2 = rows_end(&rows);
    return err ? err : err2;
}

/* ---- verifying */

struct verifying {
    struct store *store;
    int64_t count;
    char *why;
};

static int leaf_check(struct verifying *v, const struct disclosure *one) {
    char what[96];
    snprintf(what, sizeof what, "request %s pack %lld", one->request, (long long)one->version);
    struct rows *rows = db_query(v->store->db, "SELECT who, action, what, why FROM audit_leaf WHERE number = ?", "i", one->leaf);
    bool same = rows_next(rows) > 0 && strcmp(rows_text(rows, 0), one->released_by) == 0 && strcmp(rows_text(rows, 1), "released") == 0 &&
                strcmp(rows_text(rows, 2), what) == 0 && strcmp(rows_text(rows, 3), one->hash) == 0;
    int err = rows_end(&rows);
    if (!err && !same)
        v->why = mem_print("entry %lld of the disclosure log does not say what its leaf %lld of the audit log says", (long long)one->id, (long long)one->leaf);
    return err;
}

static int volume_check(struct verifying *v, const struct disclosure *one, const struct pack_volume *volume) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[crypto_hash_sha256_BYTES * 2 + 1];
    struct buf pdf = {0};
    int err = covered_open(v->store, volume->object_id, &pdf);
    if (!err) {
        crypto_hash_sha256(hash, pdf.data, pdf.len);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        if (strcmp(hex, volume->hash))
            v->why = mem_print("volume %u of the pack of entry %lld is not what was sent", volume->number, (long long)one->id);
    } else if (err == ERR_KEY) {
        err = 0; /* destroyed, as it may be */
    } else {
        v->why = mem_print("volume %u of the pack of entry %lld cannot be opened any more: %s", volume->number, (long long)one->id, err_text(err));
        err = 0;
    }
    buf_drop(&pdf);
    return err;
}

/* What the volumes' hashes come to has to be what was entered. */
static bool hashes_are(const struct pack_volume *volumes, size_t count, const char *wanted) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[crypto_hash_sha256_BYTES * 2 + 1];
    struct buf all = {0};
    if (count == 1)
        return strcmp(volumes[0].hash, wanted) == 0;
    for (size_t i = 0; i < count; i++)
        buf_print(&all, "%s\n", volumes[i].hash);
    crypto_hash_sha256(hash, all.data, all.len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    buf_drop(&all);
    return strcmp(hex, wanted) == 0;
}

static int pack_check(struct verifying *v, const struct disclosure *one) {
    struct pack_volume *volumes = NULL;
    size_t count = 0;
    int64_t pack = 0;
    int err = db_int(v->store->db, &pack, "SELECT pack_id FROM disclosure WHERE id = ?", "i", one->id);
    if (!err)
        err = pack_volumes_load(v->store, pack, &volumes, &count);
    if (!err && count && !hashes_are(volumes, count, one->hash))
        v->why = mem_print("the pack of entry %lld is not what was entered", (long long)one->id);
    for (size_t i = 0; i < count && !err && !v->why; i++)
        err = volume_check(v, one, &volumes[i]);
    free(volumes);
    return err;
}

static int one_verify(void *state, const struct disclosure *one) {
    struct verifying *v = state;
    v->count++;
    int err = v->why ? 0 : leaf_check(v, one);
    return err || v->why ? err : pack_check(v, one);
}

static int head_verify(void *state, const struct disclosure *one) {
    struct verifying *v = state;
    uint64_t leaves;
    char *why = NULL;
    if (v->why || !*one->head)
        return 0;
    int err = audit_verify(v->store, one->head, &leaves, &why);
    if (why)
        v->why = mem_print("the head that was printed for entry %lld is none of this log: %s", (long long)one->id, why);
    free(why);
    return why ? 0 : err;
}

int disclosures_verify(struct store *store, int64_t *ret_count, char **ret_why) {
    struct verifying v = {.store = store};
    uint64_t leaves;
    int err = audit_verify(store, NULL, &leaves, &v.why);
    if (!v.why && !err)
        err = disclosures_each(store, NULL, one_verify, &v);
    if (!v.why && !err)
        err = disclosures_each(store, NULL, head_verify, &v);
    *ret_count = v.count;
    *ret_why = v.why;
    return v.why ? ERR_DAMAGED : err;
}

int disclosure_of_hash(struct store *store, const char *hash, int64_t *ret_id) {
    return db_int(store->db, ret_id, "SELECT d.id FROM disclosure d JOIN pack_volume v ON v.pack_id = d.pack_id WHERE v.content_hash = ?", "t", hash);
}

bool manifest_is_signed(const struct store *store, struct view manifest, const char *signature) {
    char *first = mem_text_part(signature, strcspn(signature, "\r\n"));
    bool good = audit_text_is_signed(store, manifest, first);
    free(first);
    return good;
}

/* ---- recalling */

static int recall_save(struct store *store, const struct request *request, int64_t disclosure_id, const char *who, const char *why, int64_t *ret_leaf) {
    struct buf sealed = {0};
    char what[64];
    snprintf(what, sizeof what, "disclosure %lld", (long long)disclosure_id);
    struct audit_entry entry = {who, "recalled", what, "disclosure", ""};
    int err = request_seal(store, request->id, "recall.why", why, &sealed);
    if (!err)
        err = audit_add(store, &entry, ret_leaf);
    if (!err)
        err = db_run(store->db, "INSERT INTO recall(disclosure_id, at, who, sealed_why, leaf) VALUES(?, ?, ?, ?, ?)", "iitbi", disclosure_id, clock_now(), who,
                     buf_view(&sealed), *ret_leaf);
    if (!err)
        err = request_event_add(store, request, &(struct request_event){EVENT_RECALLED, date_today(), who, why});
    buf_drop(&sealed);
    return err;
}

int disclosure_recall(struct store *store, const struct rules *rules, int64_t disclosure_id, const char *who, const char *why, int64_t *ret_leaf) {
    struct request request = {0};
    int64_t recalled = 0;
    char *name = NULL;
    if (!why || !*why)
        return ERR_INPUT;
    int err = db_begin(store->db);
    if (err)
        return err;
    struct rows *rows = db_query(store->db, "SELECT r.name FROM disclosure d JOIN request r ON r.id = d.request_id WHERE d.id = ?", "i", disclosure_id);
    name = rows_next(rows) > 0 ? mem_text(rows_text(rows, 0)) : NULL;
    err = rows_end(&rows);
    if (!err && !name)
        err = ERR_NOT_FOUND;
    if (!err)
        err = db_int(store->db, &recalled, "SELECT count(*) FROM recall WHERE disclosure_id = ?", "i", disclosure_id);
    if (!err && recalled)
        err = ERR_STATE;
    if (!err)
        err = request_load(store, rules, name, &request);
    if (!err)
        err = recall_save(store, &request, disclosure_id, who, why, ret_leaf);
    request_drop(&request);
    free(name);
    return db_end(store->db, err);
}

int recall_facts(struct store *store, int64_t disclosure_id, struct recall_facts *ret) {
    struct rows *rows = db_query(store->db,
                                 "SELECT (SELECT count(DISTINCT p.document_id) FROM pack_page g JOIN page p ON p.id = g.page_id WHERE g.pack_id = d.pack_id),"
                                 " (SELECT count(*) FROM pack_page g WHERE g.pack_id = d.pack_id),"
                                 " (SELECT count(*) FROM decision x WHERE x.request_id = d.request_id AND x.superseded_by IS NULL AND x.cover = 1),"
                                 " (SELECT count(*) FROM decision x JOIN flag f ON f.id = x.flag_id WHERE x.request_id = d.request_id AND x.superseded_by IS NULL"
                                 " AND x.cover = 0 AND f.role IN ('family', 'third_party', 'other_child', 'unknown')) FROM disclosure d WHERE d.id = ?", "i", disclosure_id);
    int n = rows_next(rows);
    if (n > 0)
        *ret = (struct recall_facts){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2), rows_int(rows, 3)};
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}
