/* release.c: the last step: the pack leaves the store, and the disclosure log says so. */
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "disclose/choose_documents.h"
#include "disclose/consult.h"
#include "disclose/pack.h"
#include "store/audit.h"
#include "store/pack_rows.h"
#include "store/seal.h"
#include "store/vault.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void release_drop(struct release *release) {
    free(release->pack_path);
    free(release->manifest_path);
    free(release->why);
    *release = (struct release){0};
}

/* The files that go out: one, or volumes. */
struct going {
    struct pack_volume *list;
    size_t count;
};

static char *volume_name(const struct going *going, size_t i) {
    return going->count == 1 ? mem_text("pack.pdf") : mem_print("pack-%zu.pdf", i + 1);
}

static json_t *files_json(const struct going *going) {
    json_t *files = json_array();
    for (size_t i = 0; i < going->count; i++) {
        char *name = volume_name(going, i);
        json_array_append_new(files, json_pack("{s:s, s:s, s:i, s:i, s:i}", "file", name, "sha256", going->list[i].hash, "first_page", (int)going->list[i].first_page, "last_page",
                                               (int)going->list[i].last_page, "pages_of_file", (int)going->list[i].page_count));
        free(name);
    }
    return files;
}

/* The manifest names no person: who asked and for whom stands in the sealed log. */
static char *manifest_text(const struct request *request, const struct pack_state *pack, const struct going *going, const struct release_order *order,
                           const struct release *release) {
    char when[CLOCK_TEXT];
    clock_text(clock_now(), when);
    json_t *json = json_pack("{s:s, s:I, s:o, s:s, s:s, s:I, s:s, s:s, s:s, s:I}", "request", request->name, "version", (json_int_t)pack->version, "files", files_json(going),
                             "sha256", pack->hash, "released_at", when, "pages", (json_int_t)pack->pages, "approved_by", request->approved_by, "released_by", order->who,
                             "audit_head", release->head, "audit_leaf", (json_int_t)release->leaf);
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(json);
    char *ended = mem_print("%s\n", text);
    free(text);
    return ended;
}

/* What is written is what was proved: the hash is taken again from the bytes that leave. */
static int hash_check(struct view bytes, const char *expected) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[crypto_hash_sha256_BYTES * 2 + 1];
    crypto_hash_sha256(hash, bytes.data, bytes.len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return strcmp(hex, expected) ? ERR_DAMAGED : 0;
}

static int disclosure_insert(struct store *store, const struct request *request, const struct pack_state *pack,
                             const struct release_order *order, struct release *release) {
    uint8_t key[STORE_KEY_BYTES];
    int64_t key_id;
    struct buf sealed = {0};
    int err = seal_key_of(store, "request", request->id, &key_id, key);
    if (!err) {
        seal_bytes(key, "disclosure.recipient", view_text(order->recipient), &sealed);
        err = db_run(store->db,
                     "INSERT INTO disclosure(request_id, pack_id, released_at, released_by, approved_by, how, sealed_recipient,"
                     " content_hash, basis, leaf) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "iiitttbtti", request->id, pack->id, clock_now(), order->who, request->approved_by, order->how, buf_view(&sealed),
                     pack->hash, order->basis, release->leaf);
        release->disclosure_id = db_last_id(store->db);
    }
    buf_drop(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

static int obstacle_identity(struct store *store, const struct request *request, char **ret_why) {
    int64_t proved = 0;
    int err = db_int(store->db, &proved, "SELECT EXISTS (SELECT 1 FROM request_event WHERE request_id = ? AND kind = 'identity confirmed')", "i", request->id);
    if (!err && !proved)
        *ret_why = mem_text("nobody has confirmed who asks: 'casefile request event REQUEST \"identity confirmed\" --note ...'");
    return err;
}

/* What may have come up since the approval. ERR_STATE with *ret_why. */
static int release_obstacle(struct store *store, const struct request *request, const struct pack_state *pack, char **ret_why) {
    int err = 0;
    if (strcmp(request->state, "approved"))
        *ret_why = mem_text("its decisions are not approved");
    else if (strcmp(pack->state, "proved"))
        *ret_why = mem_print("its last pack is not proved (it is %s): 'casefile request prove'", pack->state);
    if (!*ret_why)
        err = obstacle_identity(store, request, ret_why);
    if (!err && !*ret_why)
        err = consultations_obstacle(store, request, ret_why);
    return err ? err : *ret_why ? ERR_STATE : 0;
}

static int release_record(struct store *store, const struct request *request, const struct pack_state *pack,
                          const struct release_order *order, struct release *release) {
    char what[96];
    struct audit_head head;
    snprintf(what, sizeof what, "request %s pack %lld", request->name, (long long)pack->version);
    struct audit_entry entry = {order->who, "released", what, "disclosure", pack->hash};
    int err = audit_add(store, &entry, &release->leaf);
    if (!err)
        err = disclosure_insert(store, request, pack, order, release);
    if (!err)
        err = db_run(store->db, "UPDATE pack SET state = 'released' WHERE id = ? AND state = 'proved'", "i", pack->id);
    if (!err && db_changed(store->db) != 1)
        err = ERR_STATE;
    if (!err)
        err = db_run(store->db, "UPDATE request SET state = 'released' WHERE id = ? AND state = 'approved'", "i", request->id);
    if (!err && db_changed(store->db) != 1)
        err = ERR_STATE;
    if (!err)
        err = request_event_add(store, request, &(struct request_event){EVENT_RELEASED, date_today(), order->who, NULL});
    if (!err)
        err = documents_stand(store, request);
    if (!err)
        err = audit_sign(store, &head);
    if (!err)
        audit_head_text(&head, release->head);
    if (!err)
        err = db_run(store->db, "UPDATE disclosure SET head = ? WHERE id = ?", "ti", release->head, release->disclosure_id);
    return err;
}

/* What was looked for and not found, for whoever asks how it was made sure; nothing of what is withheld. */
static char *certificate_text(const struct request *request, const struct pack_state *pack, const struct release_order *order) {
    char when[CLOCK_TEXT];
    clock_text(clock_now(), when);
    return mem_print("Certificate of proof\n\n"
                     "Pack: %s, version %lld, %lld pages from the records, sha256 %s\n"
                     "Proved: %lld checks of the file and of its pages, %lld findings\n"
                     "Looked for everything that was decided to be covered in: the text as two unlike readers read it (Poppler; the content streams by our own\n"
                     "reader through qpdf), every page drawn and recognised, the bytes of the file and of each stream, names, labels, bookmarks and title. Each covered\n"
                     "area is of one colour but for the code of its reason. The file holds nothing but the kinds of objects that such packs are made of.\n"
                     "Approved by %s, who decided nothing in it; released by %s on %s.\n",
                     request->name, (long long)pack->version, (long long)pack->pages, pack->hash, (long long)pack->proofs, (long long)pack->findings, request->approved_by,
                     order->who, when);
}

static int text_write(const struct release_order *order, const char *name, const char *text) {
    char *path = mem_print("%s/%s", order->folder, name);
    int err = file_write_durable(path, view_text(text), 0600);
    free(path);
    return err;
}

/* The manifest is signed with the key of the audit log: the signature and the key stand beside it. */
static int manifest_write(struct store *store, const struct release_order *order, const char *manifest) {
    char signature[AUDIT_SIGNATURE_TEXT], key[AUDIT_KEY_TEXT];
    audit_sign_text(store, view_text(manifest), signature, key);
    char *signed_text = mem_print("%s\nEd25519 key %s\n", signature, key);
    int err = text_write(order, "manifest.json", manifest);
    if (!err)
        err = text_write(order, "manifest.json.sig", signed_text);
    free(signed_text);
    return err;
}

/* Every file is what was proved: the hash is taken again from the bytes that leave. */
static int volumes_check(struct store *store, const struct pack_state *pack, const struct going *going) {
    struct buf hashes = {0};
    int err = going->count ? 0 : ERR_STATE;
    for (size_t i = 0; i < going->count && !err; i++) {
        struct buf pdf = {0};
        err = covered_open(store, going->list[i].object_id, &pdf);
        if (!err)
            err = hash_check(buf_view(&pdf), going->list[i].hash);
        buf_print(&hashes, "%s\n", going->list[i].hash);
        buf_drop(&pdf);
    }
    if (!err)
        err = going->count > 1 ? hash_check(buf_view(&hashes), pack->hash) : strcmp(going->list[0].hash, pack->hash) ? ERR_DAMAGED : 0;
    buf_drop(&hashes);
    return err;
}

static int volumes_write(struct store *store, const struct going *going, const struct release_order *order) {
    int err = 0;
    for (size_t i = 0; i < going->count && !err; i++) {
        struct buf pdf = {0};
        char *name = volume_name(going, i), *path = mem_print("%s/%s", order->folder, name);
        err = covered_open(store, going->list[i].object_id, &pdf);
        if (!err)
            err = file_write_durable(path, buf_view(&pdf), 0600);
        buf_drop(&pdf);
        free(name);
        free(path);
    }
    return err;
}

/* The files first, then the row that says they went. */
static int release_write(struct store *store, const struct request *request, const struct pack_state *pack, const struct going *going, const struct release_order *order,
                         struct release *release) {
    char *first = volume_name(going, 0), *manifest = manifest_text(request, pack, going, order, release), *certificate = certificate_text(request, pack, order);
    release->pack_path = mem_print("%s/%s", order->folder, first);
    release->manifest_path = mem_print("%s/manifest.json", order->folder);
    release->files = going->count;
    int err = volumes_write(store, going, order);
    if (!err)
        err = manifest_write(store, order, manifest);
    if (!err)
        err = text_write(order, "certificate.txt", certificate);
    free(first);
    free(manifest);
    free(certificate);
    return err;
}

int pack_release(struct store *store, const struct request *request, const struct pack_state *pack, const struct release_order *order,
                 struct release *ret) {
    struct going going = {0};
    struct release release = {0};
    int err = release_obstacle(store, request, pack, &ret->why);
    if (!err)
        err = pack_volumes_load(store, pack->id, &going.list, &going.count);
    if (!err)
        err = volumes_check(store, pack, &going);
    if (!err)
        err = file_make_folder(order->folder);
    if (!err)
        err = db_begin(store->db);
    if (!err) {
        err = release_record(store, request, pack, order, &release);
        if (!err)
            err = release_write(store, request, pack, &going, order, &release);
        err = db_end(store->db, err);
    }
    free(going.list);
    if (err)
        release_drop(&release);
    else
        *ret = release;
    return err;
}
