/* Words of a page: encoded and decoded again, their text, and bytes that are no words. */
#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"
#include "store/page.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct box somewhere = {10, 20, 30.5f, 32};

static struct words some_words(void) {
    struct words words = {0};
    words_add(&words, somewhere, 0, 0, 96, "Dear");
    words_add(&words, somewhere, 0, 0, 90, "Zoë,");
    words_add(&words, somewhere, 1, 0, 88, "thank");
    words_add(&words, somewhere, 2, 1, 100, "you");
    return words;
}

static void words_come_back(void **state) {
    (void)state;
    struct words words = some_words(), back;
    struct buf out = {0};
    words_encode(&words, &out);
    assert_int_equal(words_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.count, 4);
    assert_string_equal(back.list[1].text, "Zoë,");
    assert_int_equal(back.list[2].line, 1);
    assert_int_equal(back.list[3].block, 1);
    assert_int_equal(back.list[2].confidence, 88);
    assert_true(back.list[0].box.x1 == 30.5f && back.list[0].box.y0 == 20);
    words_drop(&words);
    words_drop(&back);
    assert_int_equal(back.count, 0);
    assert_null(back.list);
    buf_drop(&out);
}

static void text_has_lines_and_blocks(void **state) {
    (void)state;
    struct words words = some_words();
    struct buf out = {0};
    words_text(&words, &out);
    assert_string_equal(buf_text(&out), "Dear Zoë,\nthank\n\nyou");
    words_drop(&words);
    buf_drop(&out);
}

static void no_words_are_fine(void **state) {
    (void)state;
    struct words none = {0}, back;
    struct buf out = {0};
    words_encode(&none, &out);
    assert_int_equal(words_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.count, 0);
    words_text(&none, &out);
    buf_drop(&out);
}

static void every_cut_and_any_addition_is_an_error(void **state) {
    (void)state;
    struct words words = some_words(), back;
    struct buf out = {0};
    words_encode(&words, &out);
    for (size_t len = 0; len < out.len; len++) {
        assert_int_equal(words_decode(view_of(out.data, len), &back), ERR_PROTOCOL);
        assert_null(back.list);
    }
    buf_add_byte(&out, 0);
    assert_int_equal(words_decode(buf_view(&out), &back), ERR_PROTOCOL);
    words_drop(&words);
    buf_drop(&out);
}

static int decode_one(struct box box, uint8_t confidence, const char *text) {
    struct buf out = {0};
    struct words back;
    wire_put_u32(&out, 1);
    wire_put_f32(&out, box.x0);
    wire_put_f32(&out, box.y0);
    wire_put_f32(&out, box.x1);
    wire_put_f32(&out, box.y1);
    wire_put_u32(&out, 0);
    wire_put_u32(&out, 0);
    wire_put_u8(&out, confidence);
    wire_put_text(&out, text);
    int err = words_decode(buf_view(&out), &back);
    words_drop(&back);
    buf_drop(&out);
    return err;
}

static void words_that_cannot_be_are_refused(void **state) {
    (void)state;
    assert_int_equal(decode_one(somewhere, 100, "good"), 0);
    assert_int_equal(decode_one(somewhere, 101, "good"), ERR_PROTOCOL);
    assert_int_equal(decode_one(somewhere, 50, ""), ERR_PROTOCOL);
    assert_int_equal(decode_one(somewhere, 50, "bad\xff"), ERR_PROTOCOL);
    assert_int_equal(decode_one((struct box){30, 20, 10, 32}, 50, "inside out"), ERR_PROTOCOL);
    assert_int_equal(decode_one((struct box){1, 1, NAN, 2}, 50, "nowhere"), ERR_PROTOCOL);
}

static void a_count_that_cannot_be_true_asks_for_no_memory(void **state) {
    (void)state;
    struct buf out = {0};
    struct words back;
    wire_put_u32(&out, PAGE_WORDS_MOST + 1);
    assert_int_equal(words_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
}

static void a_long_word_is_cut_between_characters(void **state) {
    (void)state;
    struct buf text = {0}, out = {0};
    struct words words = {0}, back;
    buf_add_text(&text, "x");
    for (int i = 0; i < PAGE_WORD_BYTES; i++)
        buf_add_text(&text, "é");
    words_add(&words, somewhere, 0, 0, 1, buf_text(&text));
    assert_int_equal(strlen(words.list[0].text), PAGE_WORD_BYTES - 1);
    words_encode(&words, &out);
    assert_int_equal(words_decode(buf_view(&out), &back), 0);
    words_drop(&words);
    words_drop(&back);
    buf_drop(&text);
    buf_drop(&out);
}

static void a_reading_is_dropped_whole(void **state) {
    (void)state;
    struct page_reading reading = {
        .turn = 90, .quality = 3, .words = some_words(), .trouble = mem_text("faint")};
    page_reading_drop(&reading);
    assert_null(reading.trouble);
    assert_int_equal(reading.words.count, 0);
    assert_int_equal(reading.turn, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_back),
        cmocka_unit_test(text_has_lines_and_blocks),
        cmocka_unit_test(no_words_are_fine),
        cmocka_unit_test(every_cut_and_any_addition_is_an_error),
        cmocka_unit_test(words_that_cannot_be_are_refused),
        cmocka_unit_test(a_count_that_cannot_be_true_asks_for_no_memory),
        cmocka_unit_test(a_long_word_is_cut_between_characters),
        cmocka_unit_test(a_reading_is_dropped_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
