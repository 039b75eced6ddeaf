#include "ingest/receive.h"

#include "base/clock.h"
#include "base/err.h"
#include "queue/next.h"
#include "store/audit.h"
#include "store/seal.h"
#include "store/vault.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void receipt_text(int64_t number, char out[RECEIPT_TEXT]) {
    snprintf(out, RECEIPT_TEXT, "R%06lld", (long long)number);
}

int receipt_number(const char *text, int64_t *ret) {
    const char *digits = *text == 'R' || *text == 'r' ? text + 1 : text;
    size_t len = strspn(digits, "0123456789");
    if (!len || len > 18 || digits[len])
        return ERR_INPUT;
    long long n = strtoll(digits, NULL, 10);
    if (n <= 0)
        return ERR_INPUT;
    *ret = n;
    return 0;
}

/* A part row to be. */
struct new_part {
    int64_t receipt, parent, same_as, child; /* child: whose it was said to be, or 0 */
    uint32_t ordinal;
    const char *name, *attached;
    struct view bytes;
    uint8_t hash[STORE_HASH_BYTES];
};

/* The part that has the same bytes and stands for these too. Not one that is in no record itself (in quarantine, put aside, scanned again). What
 * was said to be about a child equals only what was said to be about the same child. What lies in another thing equals what lies in the same
 * receipt, or what was filed by what it says: that would be filed the same again, but what names nobody is filed by what it came with. */
static int part_same(struct store *store, struct new_part *part) {
    part->same_as = 0;
    int err = db_int(store->db, &part->same_as,
                     "SELECT p.id FROM part p JOIN receipt r ON r.id = p.receipt_id WHERE p.content_hash = ?1 AND p.same_as IS NULL"
                     " AND p.state NOT IN ('quarantined', 'closed', 'rescanned', 'aside') AND (?2 = 0 OR r.child_id = ?2)"
                     " AND (?3 = 0 OR p.receipt_id = ?4 OR EXISTS(SELECT 1 FROM document d JOIN filing f ON f.document_id = d.id"
                     "  AND f.superseded_by IS NULL AND f.outcome = 'filed' WHERE d.part_id = p.id)) LIMIT 1", "biii",
                     view_of(part->hash, STORE_HASH_BYTES), part->child, part->parent, part->receipt);
    return err == ERR_NOT_FOUND ? 0 : err;
}

/* A duplicate keeps no bytes of its own: its name is sealed under the key of the one that it equals. */
static int part_seal_name(struct store *store, const struct new_part *part, int64_t object, struct buf *out) {
    uint8_t key[STORE_KEY_BYTES];
    if (part->same_as && db_int(store->db, &object, "SELECT object_id FROM part WHERE id = ?", "i", part->same_as))
        return ERR_DATABASE;
    int err = vault_column_key(store, object, key);
    if (!err)
        seal_bytes(key, "part.name", view_text(part->name), out);
    sodium_memzero(key, sizeof key);
    return err;
}

static int part_insert(struct store *store, const struct new_part *part, int64_t object, int64_t *ret_id) {
    struct buf name = {0};
    int err = part_seal_name(store, part, object, &name);
    if (!err)
        err = db_run(store->db,
                     "INSERT INTO part(receipt_id, parent_id, ordinal, kind, sealed_name, content_hash, bytes, object_id,"
                     " state, same_as, attached) VALUES(?, nullif(?, 0), ?, '', ?, ?, ?, nullif(?, 0), ?, nullif(?, 0), ?)",
                     "iiibbiitit", part->receipt, part->parent, (int64_t)part->ordinal, buf_view(&name),
                     view_of(part->hash, STORE_HASH_BYTES), (int64_t)part->bytes.len, object,
                     part->same_as ? "duplicate" : "waiting", part->same_as, part->attached ? part->attached : "");
    buf_drop(&name);
    if (err)
        return err;
    *ret_id = db_last_id(store->db);
    return db_run(store->db, "UPDATE receipt SET part_count = part_count + 1, part_bytes = part_bytes + ? WHERE id = ?", "ii",
                  (int64_t)part->bytes.len, part->receipt);
}

static int part_add(struct store *store, const struct new_part *part, struct sealed_file *file, int64_t *ret_id) {
    int64_t object = 0;
    int err = part->same_as ? 0 : vault_add(store, file, VAULT_ORIGINAL, "intake", 0, &object);
    if (!err)
        err = part_insert(store, part, object, ret_id);
    if (!err && !part->same_as)
        err = next_after_stored(store, *ret_id);
    return err;
}

static struct view source_token(struct store *store, const struct receive_order *order, uint8_t out[STORE_HASH_BYTES]) {
    if (!order->source)
        return (struct view){0};
    store_token(store, order->source, out);
    return view_of(out, STORE_HASH_BYTES);
}

static int receipt_add(struct store *store, const struct receive_order *order, int64_t *ret_number) {
    uint8_t token[STORE_HASH_BYTES];
    int err = db_run(store->db,
                     "INSERT INTO receipt(channel, received_at, received_by, source, profile, scanner, child_id, kind, priority, dpi)"
                     " VALUES(?, ?, ?, ?, ifnull(?, ''), ifnull(?, ''), nullif(?, 0), ifnull(?, ''), ?, ?)", "titbttitii",
                     order->channel, clock_now(), order->who, source_token(store, order, token), order->profile, order->scanner,
                     order->child, order->kind, (int64_t)order->priority, (int64_t)order->dpi);
    *ret_number = db_last_id(store->db);
    return err;
}

/* 1 when this very item has a receipt: the program was killed after the commit and before the source was let go. */
static int receipt_known(struct store *store, const struct receive_order *order, struct receipt *ret) {
    uint8_t token[STORE_HASH_BYTES];
    if (!order->source)
        return 0;
    int err = db_int(store->db, &ret->number, "SELECT id FROM receipt WHERE source = ?", "b", source_token(store, order, token));
    ret->again = !err;
    return err == ERR_NOT_FOUND ? 0 : err ? err : 1;
}

static int receive_audit(struct store *store, const struct receive_order *order, const struct receipt *receipt) {
    char what[64], why[64] = "";
    char number[RECEIPT_TEXT];
    receipt_text(receipt->number, number);
    snprintf(what, sizeof what, "receipt %s", number);
    if (receipt->same_as)
        snprintf(why, sizeof why, "same bytes as part %lld", (long long)receipt->same_as);
    struct audit_entry entry = {order->who, "received", what, order->channel, why};
    return audit_add(store, &entry, NULL);
}

int receive(struct store *store, const struct receive_order *order, struct receipt *ret) {
    struct new_part part = {.name = order->name, .bytes = order->bytes, .child = order->child};
    struct sealed_file file = {0};
    struct receipt receipt = {0};
    store_content_hash(store, part.bytes, part.hash); /* once: it may be large, and the second look is under the lock */
    int err = receipt_known(store, order, &receipt);
    if (err > 0)
        *ret = receipt;
    if (err)
        return err > 0 ? 0 : err;
    err = part_same(store, &part);
    if (!err && !part.same_as)
        err = vault_write(store, order->bytes, &file);
    if (!err)
        err = db_begin(store->db);
    if (err) {
        vault_discard(store, &file);
        return err;
    }
    /* Again under the lock: two copies may have come at the same moment. */
    int64_t before = part.same_as;
    err = part_same(store, &part);
    if (!err && before && !part.same_as)
        err = ERR_BUSY;
    if (!err)
        err = receipt_add(store, order, &receipt.number);
    part.receipt = receipt.number;
    if (!err)
        err = part_add(store, &part, &file, &receipt.part_id);
    receipt.same_as = part.same_as;
    if (!err)
        err = receive_audit(store, order, &receipt);
    /* A commit that fails may still have reached the disk: then the file stays for the sweep, which asks the rows. */
    if (err || part.same_as)
        vault_discard(store, &file);
    err = db_end(store->db, err);
    sodium_memzero(&file, sizeof file);
    if (err)
        return err;
    sodium_bin2hex(receipt.hash, sizeof receipt.hash, part.hash, 8);
    *ret = receipt;
    return 0;
}

/* What may come out of one receipt, however it is packed: archives in archives must end. */
#define RECEIPT_PARTS_MOST 120000
#define RECEIPT_BYTES_LEAST (2ll << 30)
#define RECEIPT_RATIO_MOST 50

static int receipt_has_room(struct store *store, const struct new_part *part) {
    struct rows *rows = db_query(store->db,
                                 "SELECT part_count, part_bytes, (SELECT bytes FROM part p WHERE p.receipt_id = r.id AND p.parent_id IS NULL)"
                                 " FROM receipt r WHERE id = ?", "i", part->receipt);
    int64_t parts = 0, bytes = 0, received = 0;
    if (rows_next(rows) > 0) {
        parts = rows_int(rows, 0);
        bytes = rows_int(rows, 1);
        received = rows_int(rows, 2);
    }
    int err = rows_end(&rows);
    if (!err && parts > RECEIPT_PARTS_MOST)
        err = ERR_TOO_MANY;
    if (!err && bytes > RECEIPT_BYTES_LEAST && bytes / RECEIPT_RATIO_MOST > received)
        err = ERR_TOO_LARGE;
    return err;
}

/* Where the part goes: 1 when it is there already. When its place holds other bytes (members that were locked are given now, or a later
 * version gives parts in another order), it goes behind the others, unless it stands among them. */
static int inner_place(struct store *store, struct new_part *part) {
    int64_t found = 0;
    int err = db_int(store->db, &found, "SELECT content_hash = ?3 FROM part WHERE parent_id = ?1 AND ordinal = ?2", "iib", part->parent,
                     (int64_t)part->ordinal, view_of(part->hash, STORE_HASH_BYTES));
    if (err == ERR_NOT_FOUND)
        return 0;
    if (err || found)
        return err ? err : 1;
    err = db_int(store->db, &found, "SELECT 1 FROM part WHERE content_hash = ?2 AND parent_id = ?1 LIMIT 1", "ib", part->parent,
                 view_of(part->hash, STORE_HASH_BYTES));
    if (err != ERR_NOT_FOUND)
        return err ? err : 1;
    err = db_int(store->db, &found, "SELECT max(ordinal) + 1 FROM part WHERE parent_id = ?", "i", part->parent);
    part->ordinal = (uint32_t)found;
    return err;
}

int receive_inner(struct store *store, const struct inner_part *inner) {
    struct new_part part = {.parent = inner->parent, .ordinal = inner->ordinal, .name = inner->name, .attached = inner->attached,
                            .bytes = inner->bytes};
    struct sealed_file file = {0};
    int64_t id;
    store_content_hash(store, part.bytes, part.hash);
    int err = db_int(store->db, &part.receipt, "SELECT receipt_id FROM part WHERE id = ?", "i", part.parent);
    int there = err ? err : inner_place(store, &part);
    if (there)
        return there < 0 ? there : 0;
    err = receipt_has_room(store, &part);
    if (!err)
        err = part_same(store, &part);
    if (!err && !part.same_as)
        err = vault_write(store, part.bytes, &file);
    if (!err)
        err = part_add(store, &part, &file, &id);
    sodium_memzero(&file, sizeof file);
    return err;
}
