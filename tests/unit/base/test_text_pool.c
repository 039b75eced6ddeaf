/* Texts that are kept once. */
#include "base/text_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void the_same_text_is_kept_once(void **state) {
    (void)state;
    struct text_pool *pool = text_pool_new();
    char *a = text_pool_put(pool, "Ashworth", 8), *b = text_pool_put(pool, "Ashworth and more", 8), *c = text_pool_put(pool, "Ashwort", 7);
    assert_ptr_equal(a, b);
    assert_string_equal(a, "Ashworth");
    assert_ptr_not_equal(a, c);
    assert_string_equal(c, "Ashwort");
    assert_string_equal(text_pool_put(pool, "", 0), "");
    assert_string_equal(text_pool_put(pool, NULL, 0), "");
    assert_ptr_equal(text_pool_put(pool, "", 0), text_pool_put(pool, "x", 0));
    assert_string_equal(text_pool_put(pool, "cut\0off", 7), "cut");
    text_pool_drop(&pool);
    assert_null(pool);
    text_pool_drop(&pool);
}

static void many_texts_are_found_again(void **state) {
    (void)state;
    enum { MANY = 200000 };
    static char *texts[MANY];
    char text[64];
    struct text_pool *pool = text_pool_new();
    for (int i = 0; i < MANY; i++) {
        int bytes = snprintf(text, sizeof text, "%d is a text of its own", i * 7919);
        texts[i] = text_pool_put(pool, text, (size_t)bytes);
    }
    for (int i = 0; i < MANY; i++) {
        int bytes = snprintf(text, sizeof text, "%d is a text of its own", i * 7919);
        assert_string_equal(texts[i], text);
        assert_ptr_equal(text_pool_put(pool, text, (size_t)bytes), texts[i]);
    }
    text_pool_drop(&pool);
}

static void room_is_zeroed_and_aligned(void **state) {
    (void)state;
    struct text_pool *pool = text_pool_new();
    for (size_t bytes = 1; bytes < 3000000; bytes = bytes * 3 + 1) {
        text_pool_put(pool, "odd", 3);
        unsigned char *room = text_pool_room(pool, bytes);
        assert_int_equal((uintptr_t)room % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(room[i], 0);
        memset(room, 0xA5, bytes);
    }
    text_pool_drop(&pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_text_is_kept_once),
        cmocka_unit_test(many_texts_are_found_again),
        cmocka_unit_test(room_is_zeroed_and_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
