/* Keys and sealed columns: what one key seals no other opens, and a destroyed key stays destroyed. */
#include "store/seal.h"
#include "tests/unit/store_fixture.h"

static const uint8_t key[STORE_KEY_BYTES] = {1, 2, 3};

static void sealed_bytes_come_back(void **state) {
    (void)state;
    struct buf sealed = {0}, plain = {0};
    buf_add_text(&plain, "before ");
    seal_bytes(key, "page.words", view_text("Tom Pendle lives here"), &sealed);
    assert_int_equal(sealed.len, 24 + 21 + 16); /* nonce, text, tag */
    assert_null(memmem(sealed.data, sealed.len, "Pendle", 6));
    assert_int_equal(seal_open(key, "page.words", buf_view(&sealed), &plain), 0);
    assert_string_equal(buf_text(&plain), "before Tom Pendle lives here");
    buf_drop(&sealed);
    buf_drop(&plain);
}

static void the_same_bytes_never_look_the_same(void **state) {
    (void)state;
    struct buf a = {0}, b = {0};
    seal_bytes(key, "x", view_text("same"), &a);
    seal_bytes(key, "x", view_text("same"), &b);
    assert_false(view_equal(buf_view(&a), buf_view(&b)));
    buf_drop(&a);
    buf_drop(&b);
}

static void changed_bytes_do_not_open(void **state) {
    (void)state;
    uint8_t other[STORE_KEY_BYTES] = {9};
    struct buf sealed = {0}, out = {0};
    buf_add_text(&out, "kept");
    seal_bytes(key, "flag", view_text("secret"), &sealed);
    assert_int_equal(seal_open(other, "flag", buf_view(&sealed), &out), ERR_SEAL);
    assert_int_equal(seal_open(key, "page.words", buf_view(&sealed), &out), ERR_SEAL); /* from another column */
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.data[i] ^= 1;
        assert_int_equal(seal_open(key, "flag", buf_view(&sealed), &out), ERR_SEAL);
        sealed.data[i] ^= 1;
        assert_int_equal(seal_open(key, "flag", view_of(sealed.data, i), &out), ERR_SEAL);
    }
    assert_string_equal(buf_text(&out), "kept"); /* nothing was added on failure */
    buf_drop(&sealed);
    buf_drop(&out);
}

static void an_owner_has_one_key(void **state) {
    struct store *store = ((struct place *)*state)->store;
    uint8_t a[STORE_KEY_BYTES], b[STORE_KEY_BYTES], c[STORE_KEY_BYTES];
    int64_t id_a, id_b, id_c;
    assert_int_equal(seal_key_of(store, "child", 5, &id_a, a), 0);
    assert_int_equal(seal_key_of(store, "child", 5, &id_b, b), 0);
    assert_int_equal(seal_key_of(store, "child", 6, &id_c, c), 0);
    assert_int_equal(id_a, id_b);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    assert_int_equal(seal_key_open(store, id_c, a), 0);
    assert_memory_equal(a, c, sizeof a);
    assert_int_equal(seal_key_open(store, 999, a), ERR_KEY);
    assert_int_equal(number(store, "SELECT count(*) FROM seal_key"), 2);
}

static void a_destroyed_key_is_never_made_again(void **state) {
    struct store *store = ((struct place *)*state)->store;
    uint8_t k[STORE_KEY_BYTES] = {0}, untouched[STORE_KEY_BYTES] = {0};
    int64_t id = 0, again = 44;
    assert_int_equal(seal_key_of(store, "child", 5, &id, k), 0);
    assert_int_equal(seal_key_destroy(store, "child", 5), 0);
    assert_int_equal(seal_key_of(store, "child", 5, &again, untouched), ERR_KEY);
    assert_int_equal(again, 44);
    assert_int_equal(seal_key_open(store, id, untouched), ERR_KEY);
    assert_int_equal(number(store, "SELECT count(*) FROM seal_key WHERE wrapped IS NULL AND destroyed_at > 0"), 1);
}

static void a_key_of_another_master_does_not_open(void **state) {
    struct place *place = *state;
    uint8_t k[STORE_KEY_BYTES];
    int64_t id;
    assert_int_equal(seal_key_of(place->store, "intake", 0, &id, k), 0);
    place->store->master[0] ^= 1;
    assert_int_equal(seal_key_open(place->store, id, k), ERR_SEAL);
}

static void a_column_key_is_not_the_object_key(void **state) {
    (void)state;
    uint8_t column[STORE_KEY_BYTES];
    seal_column_key(key, column);
    assert_memory_not_equal(column, key, sizeof column);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(sealed_bytes_come_back), T(the_same_bytes_never_look_the_same), T(changed_bytes_do_not_open),
                                       T(an_owner_has_one_key), T(a_destroyed_key_is_never_made_again),
                                       T(a_key_of_another_master_does_not_open), T(a_column_key_is_not_the_object_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
