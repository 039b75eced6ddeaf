/* A hidden text layer held against what was recognised. */
#include "ocr/layer_check.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct words words_of(const char *text) {
    struct words words = {0};
    char *copy = mem_text(text), *rest = NULL;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
        words_add(&words, (struct box){0, 0, 1, 1}, 0, 0, 90, w);
    free(copy);
    return words;
}

static struct layer_difference difference(const char *layer_text, const char *seen_text) {
    struct words layer = words_of(layer_text), seen = words_of(seen_text);
    struct layer_difference d = layer_compare(&layer, &seen);
    words_drop(&layer);
    words_drop(&seen);
    return d;
}

static void expect(struct layer_difference d, size_t words, size_t unseen, size_t run) {
    assert_int_equal(d.words, words);
    assert_int_equal(d.unseen, unseen);
    assert_int_equal(d.run, run);
}

#define LETTER "The children stayed with their grandmother until the summer holidays ended"

static void the_same_words_in_any_order(void **state) {
    (void)state;
    struct layer_difference d = difference(LETTER, "ended holidays SUMMER the until grandmother, their with stayed children The");
    expect(d, 11, 0, 0);
    assert_false(layer_differs(&d));
}

/* One slip in four characters is another recognition's. Of three letters one may differ. */
static void slips_are_not_counted(void **state) {
    (void)state;
    expect(difference("children", "chi1dren"), 1, 0, 0);
    expect(difference("grandmother", "grandrnothor"), 1, 1, 1); /* three slips: more than 11 / 4 */
    expect(difference("grandmother", "grandmothor."), 1, 0, 0);
    expect(difference("school", "sch001"), 1, 1, 1);
    expect(difference("the", "tbe"), 1, 0, 0);
    expect(difference("with", "wbth"), 1, 0, 0);
    expect(difference("with", "wbbh"), 1, 1, 1);
}

/* Each seen word stands for one of the layer. */
static void a_word_that_is_seen_once_counts_once(void **state) {
    (void)state;
    expect(difference("money money money", "money"), 3, 2, 2);
    expect(difference("money money money", "money money money"), 3, 0, 0);
    expect(difference("Harker Harkes", "Harker"), 2, 1, 1); /* nearly seen, but that was used */
}

static void short_words_say_nothing(void **state) {
    (void)state;
    expect(difference("I am 12 or so - of it ...", ""), 0, 0, 0);
    expect(difference("at 123 to", ""), 1, 1, 1);
}

static void the_longest_run_is_told(void **state) {
    (void)state;
    expect(difference("alpha bravo seen charlie delta echo at foxtrot seen golf", "seen seen"), 9, 7, 4);
}

static void six_in_a_row_are_a_difference(void **state) {
    (void)state;
    const char *same = LETTER " " LETTER " " LETTER " " LETTER;
    struct layer_difference d = difference(LETTER " " LETTER " paying forty thousand pounds every " LETTER " " LETTER, same);
    expect(d, 49, 5, 5);
    assert_false(layer_differs(&d));
    d = difference(LETTER " " LETTER " paying forty thousand pounds every month " LETTER " " LETTER, same);
    expect(d, 50, 6, 6);
    assert_true(layer_differs(&d));
}

static void a_fifth_of_the_words_is_a_difference(void **state) {
    (void)state;
    assert_false(layer_differs(&(struct layer_difference){.words = 15, .unseen = 3, .run = 1}));
    assert_true(layer_differs(&(struct layer_difference){.words = 14, .unseen = 3, .run = 1}));
    assert_false(layer_differs(&(struct layer_difference){.words = 2, .unseen = 2, .run = 2})); /* too few to say so */
    assert_false(layer_differs(&(struct layer_difference){0}));
    struct layer_difference d = difference("Dear Harker your son Tobias lives here", "Dear Example your girl Lilian sleeps here");
    expect(d, 7, 4, 3);
    assert_true(layer_differs(&d));
}

static void only_the_beginning_of_a_long_layer_is_looked_at(void **state) {
    (void)state;
    struct words layer = {0}, seen = {0};
    for (int i = 0; i < 3500; i++) {
        char text[24];
        snprintf(text, sizeof text, "word%d", i * 7919);
        words_add(&layer, (struct box){0, 0, 1, 1}, 0, 0, 90, text);
        if (i < 3000)
            words_add(&seen, (struct box){0, 0, 1, 1}, 0, 0, 90, text);
    }
    expect(layer_compare(&layer, &seen), 3000, 0, 0);
    words_drop(&layer);
    words_drop(&seen);
}

static void nothing_on_either_side(void **state) {
    (void)state;
    expect(difference("", ""), 0, 0, 0);
    expect(difference("", LETTER), 0, 0, 0);
    expect(difference(LETTER, ""), 11, 11, 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_words_in_any_order),
        cmocka_unit_test(slips_are_not_counted),
        cmocka_unit_test(a_word_that_is_seen_once_counts_once),
        cmocka_unit_test(short_words_say_nothing),
        cmocka_unit_test(the_longest_run_is_told),
        cmocka_unit_test(six_in_a_row_are_a_difference),
        cmocka_unit_test(a_fifth_of_the_words_is_a_difference),
        cmocka_unit_test(only_the_beginning_of_a_long_layer_is_looked_at),
        cmocka_unit_test(nothing_on_either_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
