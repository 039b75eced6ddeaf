#include "ocr/join_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A word of 8 units a letter, 20 high. */
static void put(struct words *words, uint32_t block, uint32_t line, float x, float y, const char *text) {
    struct box box = {x, y, x + 8 * (float)strlen(text), y + 20};
    words_add(words, box, line, block, 90, text);
}

static char *text_of(const struct words *words) {
    struct buf out = {0};
    words_text(words, &out);
    buf_text(&out);
    return (char *)out.data;
}

static void expect_text(struct words *words, const char *wanted) {
    char *text = text_of(words);
    assert_string_equal(text, wanted);
    free(text);
    words_drop(words);
}

static void test_join_lines_cut_in_two(void **state) {
    (void)state;
    struct words words = {0};
    for (uint32_t i = 0; i < 3; i++)
        put(&words, 0, i, 100, 100 + 30 * (float)i, (const char *[]){"alpha", "gamma", "epsil"}[i]);
    for (uint32_t i = 0; i < 3; i++)
        put(&words, 1, 3 + i, 148, 101 + 30 * (float)i, (const char *[]){"beta", "delta", "zeta"}[i]);
    lines_join(&words);
    assert_int_equal(words.list[1].line, 0);
    assert_int_equal(words.list[2].line, 1);
    expect_text(&words, "alpha beta\ngamma delta\nepsil zeta");
}

static void test_join_lines_columns_stay(void **state) {
    (void)state;
    struct words words = {0};
    for (uint32_t i = 0; i < 3; i++)
        put(&words, 0, i, 100, 100 + 30 * (float)i, "left");
    for (uint32_t i = 0; i < 3; i++)
        put(&words, 1, 3 + i, 100 + 32 + 25, 100 + 30 * (float)i, "right"); /* more than a word's room */
    lines_join(&words);
    expect_text(&words, "left\nleft\nleft\n\nright\nright\nright");
}

static void test_join_lines_nothing(void **state) {
    (void)state;
    struct words words = {0};
    lines_join(&words);
    assert_int_equal(words.count, 0);
    words_drop(&words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join_lines_cut_in_two),
        cmocka_unit_test(test_join_lines_columns_stay),
        cmocka_unit_test(test_join_lines_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
