/* Words and regions of a page: encoded and decoded again, their text, and bytes that are no words. */
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
        .turn = 90, .quality = 3, .words = some_words(), .trouble = mem_text("faint"), .language = mem_text("eng")};
    regions_add(&reading.regions, somewhere, REGION_FAINT);
    page_reading_drop(&reading);
    assert_null(reading.trouble);
    assert_null(reading.language);
    assert_null(reading.regions.list);
    assert_int_equal(reading.words.count, 0);
    assert_int_equal(reading.turn, 0);
}

/* ---- words that go on on the next line */

static char *joined(const char *first, uint32_t first_line, const char *next, uint32_t next_line) {
    struct words words = {0};
    words_add(&words, somewhere, first_line, 0, 90, first);
    if (next)
        words_add(&words, somewhere, next_line, 0, 90, next);
    char *text = words_joined(&words, 0);
    words_drop(&words);
    return text;
}

static void expect_joined(const char *first, const char *next, const char *wanted) {
    char *text = joined(first, 3, next, 4);
    assert_string_equal(text ? text : "(not joined)", wanted);
    mem_free(&text);
}

static void a_broken_word_is_joined(void **state) {
    (void)state;
    expect_joined("foot-", "ball", "football");
    expect_joined("grand\xE2\x80\x90", "m\xC3\xB3ther.", "grandm\xC3\xB3ther."); /* U+2010 */
    expect_joined("a-b-", "c", "a-bc");
    expect_joined("Zo\xC3\xAB-", "\xC3\xA9t", "Zo\xC3\xAB\xC3\xA9t");
}

static void other_words_are_not_joined(void **state) {
    (void)state;
    expect_joined("foot", "ball", "(not joined)");
    expect_joined("Hughes-", "Pickup", "(not joined)"); /* a name of two parts keeps its hyphen */
    expect_joined("1990-", "1995", "(not joined)");
    expect_joined("--", "ball", "(not joined)");
    expect_joined("\xE2\x80\x90", "ball", "(not joined)");
    expect_joined("foot-", "-", "(not joined)");
    expect_joined("foot-", "\xC3\x89t", "(not joined)");
    expect_joined("foot-", NULL, "(not joined)");
    assert_null(joined("foot-", 3, "ball", 3)); /* on one line it is somebody's own hyphen and space */
}

/* ---- regions */

static void regions_come_back(void **state) {
    (void)state;
    struct regions regions = {0}, back;
    struct buf out = {0};
    for (int kind = 1; kind < REGION_KINDS; kind++)
        regions_add(&regions, (struct box){(float)kind, 2, 30.5f, 40}, (enum region_kind)kind);
    regions_encode(&regions, &out);
    assert_int_equal(regions_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.count, REGION_KINDS - 1);
    for (int kind = 1; kind < REGION_KINDS; kind++) {
        assert_int_equal(back.list[kind - 1].kind, kind);
        assert_true(back.list[kind - 1].box.x0 == (float)kind && back.list[kind - 1].box.y0 == 2);
        assert_true(back.list[kind - 1].box.x1 == 30.5f && back.list[kind - 1].box.y1 == 40);
    }
    regions_drop(&back);
    assert_null(back.list);
    for (size_t len = 0; len < out.len; len++) {
        assert_int_equal(regions_decode(view_of(out.data, len), &back), ERR_PROTOCOL);
        assert_null(back.list);
    }
    buf_add_byte(&out, 0);
    assert_int_equal(regions_decode(buf_view(&out), &back), ERR_PROTOCOL);
    regions_drop(&regions);
    buf_reset(&out);
    regions_encode(&regions, &out);
    assert_int_equal(regions_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.count, 0);
    buf_drop(&out);
}

static int decode_region(struct box box, uint8_t kind) {
    struct buf out = {0};
    struct regions back;
    wire_put_u32(&out, 1);
    wire_put_f32(&out, box.x0);
    wire_put_f32(&out, box.y0);
    wire_put_f32(&out, box.x1);
    wire_put_f32(&out, box.y1);
    wire_put_u8(&out, kind);
    int err = regions_decode(buf_view(&out), &back);
    assert_int_equal(back.count, err ? 0 : 1);
    regions_drop(&back);
    buf_drop(&out);
    return err;
}

static void regions_that_cannot_be_are_refused(void **state) {
    (void)state;
    struct buf out = {0};
    struct regions back;
    assert_int_equal(decode_region(somewhere, REGION_CUT), 0);
    assert_int_equal(decode_region(somewhere, 0), ERR_PROTOCOL);
    assert_int_equal(decode_region(somewhere, REGION_KINDS), ERR_PROTOCOL);
    assert_int_equal(decode_region(somewhere, 255), ERR_PROTOCOL);
    assert_int_equal(decode_region((struct box){30, 20, 10, 32}, REGION_CUT), ERR_PROTOCOL);
    assert_int_equal(decode_region((struct box){1, 30, 10, 20}, REGION_CUT), ERR_PROTOCOL);
    assert_int_equal(decode_region((struct box){1, 1, NAN, 2}, REGION_CUT), ERR_PROTOCOL);
    wire_put_u32(&out, PAGE_REGIONS_MOST + 1);
    assert_int_equal(regions_decode(buf_view(&out), &back), ERR_PROTOCOL);
    buf_drop(&out);
}

/* A page of dirt gives no endless list, and nothing of it is left out: the last region grows. */
static void too_many_regions_grow_together(void **state) {
    (void)state;
    struct regions regions = {0}, back;
    struct buf out = {0};
    for (int i = 0; i < PAGE_REGIONS_MOST; i++)
        regions_add(&regions, (struct box){100, 100, 110, 110}, REGION_FAINT);
    regions_add(&regions, (struct box){5, 300, 20, 310}, REGION_PICTURE);
    regions_add(&regions, (struct box){400, 7, 410, 20}, REGION_CUT);
    assert_int_equal(regions.count, PAGE_REGIONS_MOST);
    const struct box *last = &regions.list[PAGE_REGIONS_MOST - 1].box;
    assert_true(last->x0 == 5 && last->y0 == 7 && last->x1 == 410 && last->y1 == 310);
    assert_true(regions.list[0].box.x1 == 110);
    regions_encode(&regions, &out);
    assert_int_equal(regions_decode(buf_view(&out), &back), 0);
    assert_int_equal(back.count, PAGE_REGIONS_MOST);
    regions_drop(&back);
    regions_drop(&regions);
    buf_drop(&out);
}

static void each_kind_has_its_words(void **state) {
    (void)state;
    assert_string_equal(region_kind_text(REGION_HANDWRITING), "handwriting");
    assert_string_equal(region_kind_text(REGION_DOUBTFUL), "hard to read");
    for (int kind = 1; kind < REGION_KINDS; kind++)
        for (int other = 1; other <= kind; other++)
            assert_true(*region_kind_text((enum region_kind)kind) &&
                        (other == kind || strcmp(region_kind_text((enum region_kind)kind), region_kind_text((enum region_kind)other))));
    assert_string_equal(region_kind_text(0), "");
    assert_string_equal(region_kind_text(REGION_KINDS), "");
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
        cmocka_unit_test(a_broken_word_is_joined),
        cmocka_unit_test(other_words_are_not_joined),
        cmocka_unit_test(regions_come_back),
        cmocka_unit_test(regions_that_cannot_be_are_refused),
        cmocka_unit_test(too_many_regions_grow_together),
        cmocka_unit_test(each_kind_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
