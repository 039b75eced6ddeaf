/* Numbers, texts and bytes in a row of bytes: what is put in comes out, and reading never goes past the end. */
#include "base/err.h"
#include "base/wire.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void everything_comes_back(void **state) {
    (void)state;
    struct buf out = {0};
    wire_put_u8(&out, 255);
    wire_put_u32(&out, 0x12345678);
    wire_put_u64(&out, 0x1122334455667788u);
    wire_put_f32(&out, -2.5f);
    wire_put_bytes(&out, view_of("a\0b", 3));
    wire_put_text(&out, "Zoë");
    wire_put_text(&out, NULL);
    assert_memory_equal(out.data, "\xff\x78\x56\x34\x12\x88\x77", 7); /* little-endian on every machine */
    struct wire_reader in = wire_reader(buf_view(&out));
    assert_int_equal(wire_u8(&in), 255);
    assert_int_equal(wire_u32(&in), 0x12345678);
    assert_true(wire_u64(&in) == 0x1122334455667788u);
    assert_true(wire_f32(&in) == -2.5f);
    struct view bytes = wire_bytes(&in, 3);
    assert_true(view_equal(bytes, view_of("a\0b", 3)));
    char *text = wire_text(&in, 4), *empty = wire_text(&in, 0);
    assert_string_equal(text, "Zoë");
    assert_string_equal(empty, "");
    assert_int_equal(wire_end(&in), 0);
    free(text);
    free(empty);
    buf_drop(&out);
}

static void cut_anywhere_the_first_failure_sticks(void **state) {
    (void)state;
    struct buf out = {0};
    wire_put_u32(&out, 7);
    wire_put_text(&out, "text");
    wire_put_u64(&out, 9);
    for (size_t len = 0; len < out.len; len++) {
        uint8_t *cut = malloc(len ? len : 1);
        memcpy(cut, out.data, len);
        struct wire_reader in = wire_reader(view_of(cut, len));
        uint32_t n = wire_u32(&in);
        char *text = wire_text(&in, 100);
        assert_non_null(text);
        assert_true(wire_u64(&in) == 0); /* nothing of it is there */
        assert_true(len < 4 ? n == 0 : n == 7);
        assert_int_equal(wire_end(&in), ERR_PROTOCOL);
        assert_int_equal(wire_u8(&in), 0);
        free(text);
        free(cut);
    }
    buf_drop(&out);
}

static void lengths_that_lie(void **state) {
    (void)state;
    struct buf out = {0};
    wire_put_u32(&out, 0xffffffff);
    buf_add_text(&out, "abc");
    struct wire_reader in = wire_reader(buf_view(&out));
    assert_int_equal(wire_bytes(&in, SIZE_MAX).len, 0);
    assert_int_equal(in.err, ERR_PROTOCOL);
    buf_reset(&out);
    wire_put_text(&out, "four"); /* longer than allowed, although it is all there */
    in = wire_reader(buf_view(&out));
    char *text = wire_text(&in, 3);
    assert_string_equal(text, "");
    assert_int_equal(wire_end(&in), ERR_PROTOCOL);
    free(text);
    buf_drop(&out);
}

static void what_is_left_over_is_an_error(void **state) {
    (void)state;
    struct wire_reader in = wire_reader(view_of("\1\2", 2));
    assert_int_equal(wire_u8(&in), 1);
    assert_int_equal(wire_end(&in), ERR_PROTOCOL);
}

static void texts_without_zeros_and_numbers_that_are_some(void **state) {
    (void)state;
    static const float wrong[] = {NAN, INFINITY, -INFINITY};
    struct buf out = {0};
    wire_put_bytes(&out, view_of("a\0b", 3));
    struct wire_reader in = wire_reader(buf_view(&out));
    char *text = wire_text(&in, 10);
    assert_string_equal(text, "");
    assert_int_equal(in.err, ERR_PROTOCOL);
    free(text);
    for (int i = 0; i < 3; i++) {
        buf_reset(&out);
        wire_put_f32(&out, wrong[i]);
        in = wire_reader(buf_view(&out));
        assert_true(wire_f32(&in) == 0);
        assert_int_equal(in.err, ERR_PROTOCOL);
    }
    buf_drop(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_comes_back), cmocka_unit_test(cut_anywhere_the_first_failure_sticks),
                                       cmocka_unit_test(lengths_that_lie), cmocka_unit_test(what_is_left_over_is_an_error),
                                       cmocka_unit_test(texts_without_zeros_and_numbers_that_are_some)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
