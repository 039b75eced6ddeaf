#include "store/audit.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The frontier: roots of the complete subtrees, largest first, one for each bit of the size. */
struct tree {
    uint64_t size;
    uint8_t roots[64][AUDIT_HASH];
    int count;
};

static void hash_leaf(struct view leaf, uint8_t out[AUDIT_HASH]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, AUDIT_HASH);
    crypto_generichash_update(&state, (const uint8_t *)"\0", 1);
    crypto_generichash_update(&state, leaf.data, leaf.len);
    crypto_generichash_final(&state, out, AUDIT_HASH);
}

static void hash_node(const uint8_t left[AUDIT_HASH], const uint8_t right[AUDIT_HASH], uint8_t out[AUDIT_HASH]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, AUDIT_HASH);
    crypto_generichash_update(&state, (const uint8_t *)"\1", 1);
    crypto_generichash_update(&state, left, AUDIT_HASH);
    crypto_generichash_update(&state, right, AUDIT_HASH);
    crypto_generichash_final(&state, out, AUDIT_HASH);
}

static void tree_add(struct tree *tree, const uint8_t leaf[AUDIT_HASH]) {
    memcpy(tree->roots[tree->count++], leaf, AUDIT_HASH);
    for (uint64_t n = tree->size; n & 1; n >>= 1) {
        tree->count--;
        hash_node(tree->roots[tree->count - 1], tree->roots[tree->count], tree->roots[tree->count - 1]);
    }
    tree->size++;
}

/* RFC 6962 section 2.1: the root of the empty tree is the hash of nothing. */
static void tree_root(const struct tree *tree, uint8_t out[AUDIT_HASH]) {
    if (!tree->count) {
        crypto_generichash(out, AUDIT_HASH, NULL, 0, NULL, 0);
        return;
    }
    memcpy(out, tree->roots[tree->count - 1], AUDIT_HASH);
    for (int i = tree->count - 2; i >= 0; i--)
        hash_node(tree->roots[i], out, out);
}

static int tree_load(struct store *store, struct tree *ret) {
    struct rows *rows = db_query(store->db, "SELECT size, frontier FROM audit_tree WHERE id = 1", "");
    int err = rows_next(rows) > 0 ? 0 : ERR_DAMAGED;
    if (!err) {
        struct view frontier = rows_bytes(rows, 1);
        int64_t size = rows_int(rows, 0);
        int count = __builtin_popcountll((uint64_t)size);
        if (size < 0 || frontier.len != (size_t)count * AUDIT_HASH)
            err = ERR_DAMAGED;
        else if (count)
            memcpy(ret->roots, frontier.data, frontier.len);
        if (!err) {
            ret->size = (uint64_t)size;
            ret->count = count;
        }
    }
    int err2 = rows_end(&rows);
    return err2 ? err2 : err;
}

static int tree_save(struct store *store, const struct tree *tree) {
    return db_run(store->db, "UPDATE audit_tree SET size = ?, frontier = ? WHERE id = 1", "ib", (int64_t)tree->size,
                  view_of(tree->roots, (size_t)tree->count * AUDIT_HASH));
}

static void leaf_hash_of(int64_t number, int64_t at, const struct audit_entry *entry, uint8_t out[AUDIT_HASH]) {
    struct buf leaf = {0};
    wire_put_u64(&leaf, (uint64_t)number);
    wire_put_u64(&leaf, (uint64_t)at);
    wire_put_text(&leaf, entry->who);
    wire_put_text(&leaf, entry->action);
    wire_put_text(&leaf, entry->what);
    wire_put_text(&leaf, entry->place);
    wire_put_text(&leaf, entry->why);
    hash_leaf(buf_view(&leaf), out);
    buf_drop(&leaf);
}

int audit_add(struct store *store, const struct audit_entry *entry, int64_t *ret_number) {
    struct tree tree = {0};
    uint8_t hash[AUDIT_HASH];
    int err = tree_load(store, &tree);
    if (err)
        return err;
    int64_t number = (int64_t)tree.size, at = clock_now();
    err = db_run(store->db, "INSERT INTO audit_leaf(number, at, who, action, what, place, why) VALUES(?, ?, ?, ?, ?, ?, ?)",
                 "iittttt", number, at, entry->who, entry->action, entry->what, entry->place, entry->why ? entry->why : "");
    if (err)
        return err;
    leaf_hash_of(number, at, entry, hash);
    tree_add(&tree, hash);
    if (ret_number)
        *ret_number = number;
    return tree_save(store, &tree);
}

static void audit_keys(const struct store *store, uint8_t public_key[32], uint8_t secret_key[64]) {
    uint8_t seed[STORE_KEY_BYTES];
    store_derive(store, "caseaudt", seed);
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    sodium_memzero(seed, sizeof seed);
}

/* Neither can be taken for the other: the texts begin otherwise. */
static void text_message(struct view text, struct buf *out) {
    buf_add_text(out, "casefile text 1\n");
    buf_add(out, text.data, text.len);
}

void audit_sign_text(const struct store *store, struct view text, char ret_signature[AUDIT_SIGNATURE_TEXT], char ret_public_key[AUDIT_KEY_TEXT]) {
    uint8_t public_key[32], secret_key[64], signature[64];
    struct buf message = {0};
    text_message(text, &message);
    audit_keys(store, public_key, secret_key);
    crypto_sign_detached(signature, NULL, message.data, message.len, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    buf_drop(&message);
    sodium_bin2hex(ret_signature, AUDIT_SIGNATURE_TEXT, signature, sizeof signature);
    sodium_bin2hex(ret_public_key, AUDIT_KEY_TEXT, public_key, sizeof public_key);
}

bool audit_text_is_signed(const struct store *store, struct view text, const char *signature) {
    uint8_t public_key[32], secret_key[64], bytes[64];
    size_t len = 0;
    struct buf message = {0};
    if (sodium_hex2bin(bytes, sizeof bytes, signature, strlen(signature), NULL, &len, NULL) || len != sizeof bytes)
        return false;
    text_message(text, &message);
    audit_keys(store, public_key, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    bool good = crypto_sign_verify_detached(bytes, message.data, message.len, public_key) == 0;
    buf_drop(&message);
    return good;
}

static void head_message(const struct audit_head *head, struct buf *out) {
    buf_add_text(out, "casefile audit head 1\n");
    wire_put_u64(out, head->size);
    wire_put_u64(out, (uint64_t)head->at);
    buf_add(out, head->root, AUDIT_HASH);
}

int audit_sign(struct store *store, struct audit_head *ret) {
    struct tree tree = {0};
    struct audit_head head = {.at = clock_now()};
    uint8_t public_key[32], secret_key[64];
    struct buf message = {0};
    int err = tree_load(store, &tree);
    if (err)
        return err;
    head.size = tree.size;
    tree_root(&tree, head.root);
    head_message(&head, &message);
    audit_keys(store, public_key, secret_key);
    crypto_sign_detached(head.signature, NULL, message.data, message.len, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    buf_drop(&message);
    err = db_run(store->db, "INSERT OR IGNORE INTO audit_head(size, root, at, signature) VALUES(?, ?, ?, ?)", "ibib",
                 (int64_t)head.size, view_of(head.root, AUDIT_HASH), head.at, view_of(head.signature, 64));
    if (!err)
        *ret = head;
    return err;
}

static void head_from_row(struct rows *rows, struct audit_head *head) {
    struct view root = rows_bytes(rows, 1), signature = rows_bytes(rows, 3);
    *head = (struct audit_head){.size = (uint64_t)rows_int(rows, 0), .at = rows_int(rows, 2)};
    if (root.len == AUDIT_HASH)
        memcpy(head->root, root.data, AUDIT_HASH);
    if (signature.len == 64)
        memcpy(head->signature, signature.data, 64);
}

int audit_last_head(struct store *store, struct audit_head *ret) {
    struct rows *rows = db_query(store->db, "SELECT size, root, at, signature FROM audit_head ORDER BY size DESC LIMIT 1", "");
    int n = rows_next(rows);
    if (n > 0)
        head_from_row(rows, ret);
    int err = rows_end(&rows);
    return err ? err : n > 0 ? 0 : ERR_NOT_FOUND;
}

void audit_head_text(const struct audit_head *head, char out[AUDIT_HEAD_TEXT]) {
    char root[AUDIT_HASH * 2 + 1];
    sodium_bin2hex(root, sizeof root, head->root, AUDIT_HASH);
    snprintf(out, AUDIT_HEAD_TEXT, "%llu:%s", (unsigned long long)head->size, root);
}

/* One walk over leaves and signed heads together; tells the first thing that is wrong. */
struct verify {
    struct store *store;
    struct tree tree;
    struct rows *heads;
    int head_there;
    struct audit_head head;
    const char *printed;
    int printed_seen;
    uint8_t public_key[32];
};

static void verify_next_head(struct verify *v) {
    v->head_there = rows_next(v->heads) > 0;
    if (v->head_there)
        head_from_row(v->heads, &v->head);
}

static char *verify_heads_here(struct verify *v) {
    struct audit_head now = {.size = v->tree.size};
    char text[AUDIT_HEAD_TEXT];
    tree_root(&v->tree, now.root);
    audit_head_text(&now, text);
    if (v->printed && strcmp(text, v->printed) == 0)
        v->printed_seen = 1;
    while (v->head_there && v->head.size == v->tree.size) {
        struct buf message = {0};
        head_message(&v->head, &message);
        int bad = crypto_sign_verify_detached(v->head.signature, message.data, message.len, v->public_key);
        buf_drop(&message);
        if (bad)
            return mem_print("the signature of the head of %llu leaves is wrong", (unsigned long long)v->head.size);
        if (memcmp(v->head.root, now.root, AUDIT_HASH))
            return mem_print("one of the first %llu leaves was changed: the signed head does not fit",
                             (unsigned long long)v->head.size);
        verify_next_head(v);
    }
    return NULL;
}

static char *verify_leaves(struct verify *v) {
    struct rows *rows = db_query(v->store->db, "SELECT number, at, who, action, what, place, why FROM audit_leaf ORDER BY number", "");
    char *why = verify_heads_here(v);
    while (!why && rows_next(rows) > 0) {
        uint8_t hash[AUDIT_HASH];
        char *copies[5];
        if (rows_int(rows, 0) != (int64_t)v->tree.size) {
            why = mem_print("leaf %llu is missing", (unsigned long long)v->tree.size);
            break;
        }
        for (int i = 0; i < 5; i++)
            copies[i] = mem_text(rows_text(rows, i + 2));
        struct audit_entry entry = {copies[0], copies[1], copies[2], copies[3], copies[4]};
        leaf_hash_of(rows_int(rows, 0), rows_int(rows, 1), &entry, hash);
        for (int i = 0; i < 5; i++)
            free(copies[i]);
        tree_add(&v->tree, hash);
        why = verify_heads_here(v);
    }
    int err = rows_end(&rows);
    return why ? why : err ? mem_text("the leaves cannot be read") : NULL;
}

static char *verify_end(struct verify *v) {
    struct tree stored = {0};
    if (v->head_there)
        return mem_print("the tail is missing: a head of %llu leaves was signed, there are %llu",
                         (unsigned long long)v->head.size, (unsigned long long)v->tree.size);
    if (tree_load(v->store, &stored) || stored.size != v->tree.size ||
        memcmp(stored.roots, v->tree.roots, (size_t)stored.count * AUDIT_HASH))
        return mem_text("the stored tree does not fit the leaves");
    if (v->printed && !v->printed_seen)
        return mem_text("the printed head is not one of this log: leaves were changed or the tail was cut off");
    return NULL;
}

int audit_verify(struct store *store, const char *printed_head, uint64_t *ret_leaves, char **ret_why) {
    struct verify v = {.store = store, .printed = printed_head};
    uint8_t secret_key[64];
    audit_keys(store, v.public_key, secret_key);
    sodium_memzero(secret_key, sizeof secret_key);
    int err = db_script(store->db, "BEGIN"); /* one view of the log, while others append */
    if (err)
        return err;
    v.heads = db_query(store->db, "SELECT size, root, at, signature FROM audit_head ORDER BY size", "");
    verify_next_head(&v);
    char *why = verify_leaves(&v);
    if (!why)
        why = verify_end(&v);
    if (rows_end(&v.heads) && !why)
        why = mem_text("the signed heads cannot be read");
    db_rollback(store->db);
    *ret_leaves = v.tree.size;
    if (!why)
        return 0;
    *ret_why = why;
    return ERR_DAMAGED;
}
