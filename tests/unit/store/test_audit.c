/* The audit log: what is changed, taken out, cut off or put in afterwards is told. */
#include "base/wire.h"
#include "store/audit.h"
#include "tests/unit/store_fixture.h"

#include <sodium.h>

static void add(struct store *store, const char *what) {
    struct audit_entry entry = {"officer", "read", what, "web", ""};
    assert_int_equal(audit_add(store, &entry, NULL), 0);
}

static void some_leaves(struct store *store, int count) {
    char what[32];
    for (int i = 0; i < count; i++) {
        snprintf(what, sizeof what, "document %d", i);
        add(store, what);
    }
}

/* 0 when it verifies; else the reason, which has to hold the words. */
static void assert_verify(struct store *store, const char *printed, const char *words) {
    uint64_t leaves = 0;
    char *why = NULL;
    int err = audit_verify(store, printed, &leaves, &why);
    if (!words) {
        if (why)
            print_message("%s\n", why);
        assert_int_equal(err, 0);
        assert_null(why);
        assert_int_equal((int64_t)leaves, number(store, "SELECT count(*) FROM audit_leaf"));
    } else {
        assert_int_equal(err, ERR_DAMAGED);
        assert_non_null(why);
        if (!strstr(why, words))
            print_message("said: %s\n", why);
        assert_non_null(strstr(why, words));
    }
    free(why);
}

static void node(const uint8_t *left, const uint8_t *right, uint8_t *out) {
    uint8_t bytes[65] = {1};
    memcpy(bytes + 1, left, 32);
    memcpy(bytes + 33, right, 32);
    crypto_generichash(out, 32, bytes, sizeof bytes, NULL, 0);
}

/* RFC 6962: MTH by its own definition, for the roots that the log gives. */
static void tree_hash(uint8_t (*leaves)[32], size_t n, uint8_t *out) {
    uint8_t left[32], right[32];
    size_t k = 1;
    if (n == 1) {
        memcpy(out, leaves[0], 32);
        return;
    }
    while (k * 2 < n)
        k *= 2;
    tree_hash(leaves, k, left);
    tree_hash(leaves + k, n - k, right);
    node(left, right, out);
}

static void leaf_hash(struct store *store, int64_t n, uint8_t *out) {
    struct buf leaf = {0};
    struct rows *rows = db_query(store->db, "SELECT at FROM audit_leaf WHERE number = ?", "i", n);
    assert_int_equal(rows_next(rows), 1);
    wire_put_u8(&leaf, 0);
    wire_put_u64(&leaf, (uint64_t)n);
    wire_put_u64(&leaf, (uint64_t)rows_int(rows, 0));
    assert_int_equal(rows_end(&rows), 0);
    static const char *const texts[] = {"officer", "read", "document 1", "web", ""};
    for (int i = 0; i < 5; i++)
        wire_put_text(&leaf, texts[i]);
    crypto_generichash(out, 32, leaf.data, leaf.len, NULL, 0);
    buf_drop(&leaf);
}

static void roots_are_those_of_rfc_6962(void **state) {
    struct store *store = ((struct place *)*state)->store;
    uint8_t leaves[20][32], wanted[32];
    struct audit_head head;
    assert_int_equal(audit_sign(store, &head), 0);
    crypto_generichash(wanted, 32, NULL, 0, NULL, 0);
    assert_memory_equal(head.root, wanted, 32);
    for (size_t n = 0; n < 20; n++) {
        add(store, "document 1");
        leaf_hash(store, (int64_t)n, leaves[n]);
        assert_int_equal(audit_sign(store, &head), 0);
        assert_int_equal(head.size, n + 1);
        tree_hash(leaves, n + 1, wanted);
        assert_memory_equal(head.root, wanted, 32);
    }
    assert_verify(store, NULL, NULL);
}

static void an_untouched_log_verifies(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct audit_head head, last;
    char text[AUDIT_HEAD_TEXT];
    assert_int_equal(audit_last_head(store, &last), ERR_NOT_FOUND);
    assert_verify(store, NULL, NULL);
    some_leaves(store, 11);
    assert_int_equal(audit_sign(store, &head), 0);
    some_leaves(store, 2);
    audit_head_text(&head, text);
    assert_memory_equal(text, "11:", 3);
    assert_int_equal(strlen(text), 3 + 64);
    assert_verify(store, text, NULL);
    assert_int_equal(audit_last_head(store, &last), 0);
    assert_int_equal(last.size, 11);
    assert_memory_equal(last.root, head.root, AUDIT_HASH);
    assert_int_equal(audit_sign(store, &head), 0);
    assert_int_equal(audit_sign(store, &head), 0); /* signing the same head twice is fine */
    assert_int_equal(number(store, "SELECT count(*) FROM audit_head"), 2);
    assert_verify(store, text, NULL);
}

static void leaves_are_numbered(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct audit_entry entry = {"machine", "received", "receipt R000001", "scan folder", NULL};
    int64_t n = -1;
    assert_int_equal(audit_add(store, &entry, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(audit_add(store, &entry, &n), 0);
    assert_int_equal(n, 1);
    assert_row_text(store, "SELECT who || '|' || action || '|' || what || '|' || place || '|' || why FROM audit_leaf WHERE number = 1",
                    "machine|received|receipt R000001|scan folder|");
}

static void signed_log(struct store *store) {
    struct audit_head head;
    some_leaves(store, 6);
    assert_int_equal(audit_sign(store, &head), 0);
    some_leaves(store, 3);
    assert_int_equal(audit_sign(store, &head), 0);
}

static void every_changed_column_is_told(void **state) {
    static const char *const changes[][2] = {
        {"UPDATE audit_leaf SET who = 'other' WHERE number = 4", "UPDATE audit_leaf SET who = 'officer'"},
        {"UPDATE audit_leaf SET action = 'wrote' WHERE number = 0", "UPDATE audit_leaf SET action = 'read'"},
        {"UPDATE audit_leaf SET what = 'document 9' WHERE number = 4", "UPDATE audit_leaf SET what = 'document 4' WHERE number = 4"},
        {"UPDATE audit_leaf SET place = 'x' WHERE number = 5", "UPDATE audit_leaf SET place = 'web'"},
        {"UPDATE audit_leaf SET why = 'because' WHERE number = 2", "UPDATE audit_leaf SET why = ''"},
        {"UPDATE audit_leaf SET at = at + 1 WHERE number = 3", "UPDATE audit_leaf SET at = at - 1 WHERE number = 3"}};
    struct store *store = ((struct place *)*state)->store;
    signed_log(store);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        run(store, changes[i][0]);
        assert_verify(store, NULL, "was changed");
        run(store, changes[i][1]);
        assert_verify(store, NULL, NULL);
    }
}

static void texts_moved_between_columns_are_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct audit_entry entry = {"ab", "c", "x", "y", ""};
    struct audit_head head;
    assert_int_equal(audit_add(store, &entry, NULL), 0);
    assert_int_equal(audit_sign(store, &head), 0);
    run(store, "UPDATE audit_leaf SET who = 'a', action = 'bc'");
    assert_verify(store, NULL, "was changed");
}

static void a_missing_leaf_is_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    signed_log(store);
    run(store, "DELETE FROM audit_leaf WHERE number = 4");
    assert_verify(store, NULL, "leaf 4 is missing");
    run(store, "UPDATE audit_leaf SET number = number - 1 WHERE number > 4");
    assert_verify(store, NULL, "was changed");
}

static void a_cut_tail_is_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    signed_log(store);
    run(store, "DELETE FROM audit_leaf WHERE number >= 7");
    assert_verify(store, NULL, "the tail is missing");
}

/* Whoever can write the database can cut the signed heads and the tree as well; the printed head still tells. */
static void a_printed_head_pins_the_tail(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct audit_head head;
    char text[AUDIT_HEAD_TEXT];
    some_leaves(store, 4);
    run(store, "CREATE TABLE kept AS SELECT * FROM audit_tree");
    some_leaves(store, 5);
    assert_int_equal(audit_sign(store, &head), 0);
    audit_head_text(&head, text);
    run(store, "DELETE FROM audit_leaf WHERE number >= 4; DELETE FROM audit_head;"
               "UPDATE audit_tree SET size = 4, frontier = (SELECT frontier FROM kept)");
    assert_verify(store, NULL, NULL); /* nothing in the store tells */
    assert_verify(store, text, "printed head");
    assert_verify(store, "4:abc", "printed head");
}

static void wrong_signatures_and_trees_are_told(void **state) {
    struct place *place = *state;
    struct store *store = place->store;
    signed_log(store);
    run(store, "UPDATE audit_head SET at = at + 1 WHERE size = 6");
    assert_verify(store, NULL, "signature of the head of 6");
    run(store, "UPDATE audit_head SET at = at - 1 WHERE size = 6");
    assert_verify(store, NULL, NULL);
    run(store, "UPDATE audit_head SET signature = x'00' WHERE size = 9");
    assert_verify(store, NULL, "signature");
    run(store, "DELETE FROM audit_head WHERE size = 9; UPDATE audit_tree SET frontier = zeroblob(64)");
    assert_verify(store, NULL, "stored tree");
    run(store, "UPDATE audit_tree SET frontier = x''"); /* nine leaves and no tree: not taken for zeros */
    assert_verify(store, NULL, "stored tree");
    struct audit_entry entry = {"officer", "read", "document 1", "web", ""};
    assert_int_equal(audit_add(store, &entry, NULL), ERR_DAMAGED);
    run(store, "UPDATE audit_tree SET size = -1, frontier = zeroblob(2048)");
    assert_int_equal(audit_add(store, &entry, NULL), ERR_DAMAGED);
    assert_int_equal(number(store, "SELECT count(*) FROM audit_leaf"), 9);
}

static void heads_that_cannot_be_read_are_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    signed_log(store);
    run(store, "DROP TABLE audit_head");
    assert_verify(store, NULL, "signed heads cannot be read");
}

/* Leaf and tree go together, or not at all. */
static void a_rolled_back_leaf_leaves_no_trace(void **state) {
    struct store *store = ((struct place *)*state)->store;
    some_leaves(store, 2);
    assert_int_equal(db_begin(store->db), 0);
    some_leaves(store, 3);
    db_rollback(store->db);
    assert_verify(store, NULL, NULL);
    assert_int_equal(number(store, "SELECT size FROM audit_tree"), 2);
    struct audit_entry nobody = {NULL, "read", "document 1", "web", ""};
    assert_int_equal(db_begin(store->db), 0);
    int err = audit_add(store, &nobody, NULL);
    assert_int_equal(err, ERR_EXISTS); /* the table wants to know who: a constraint */
    db_end(store->db, err);
    some_leaves(store, 1);
    assert_verify(store, NULL, NULL);
}

static void a_head_signed_with_another_key_is_told(void **state) {
    struct place *place = *state;
    struct audit_head head;
    some_leaves(place->store, 3);
    place->store->master[5] ^= 1;
    assert_int_equal(audit_sign(place->store, &head), 0);
    place->store->master[5] ^= 1;
    assert_verify(place->store, NULL, "signature");
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(roots_are_those_of_rfc_6962), T(an_untouched_log_verifies), T(leaves_are_numbered), T(every_changed_column_is_told),
        T(texts_moved_between_columns_are_told), T(a_missing_leaf_is_told), T(a_cut_tail_is_told), T(a_printed_head_pins_the_tail),
        T(wrong_signatures_and_trees_are_told), T(heads_that_cannot_be_read_are_told), T(a_rolled_back_leaf_leaves_no_trace),
        T(a_head_signed_with_another_key_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
