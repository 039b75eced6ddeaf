/* A text cut into tokens: where they are, what is told of them. */
#include "redact/tag_text.h"
#include "tests/unit/redact/model_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void cut(struct tag_text *text, const char *bytes) {
    tag_text_cut(text, model, bytes, strlen(bytes));
}

static const struct tag_type *type_at(const struct tag_text *text, size_t i) {
    assert_true(i < text->token_count);
    return &text->types[text->tokens[i].type];
}

static void tokens_know_their_place(void **state) {
    (void)state;
    struct tag_text text = {0};
    static const char bytes[] = "Ms O\xE2\x80\x99Neill rang.\nIo\xC8\x9B\x75lescu 07700";
    cut(&text, bytes);
    static const char *const wanted[] = {"Ms", "O", "\xE2\x80\x99", "Neill", "rang", ".", "Io\xC8\x9B\x75lescu", "07700"};
    assert_int_equal(text.token_count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < text.token_count; i++) {
        assert_int_equal(text.tokens[i].end - text.tokens[i].begin, strlen(wanted[i]));
        assert_memory_equal(bytes + text.tokens[i].begin, wanted[i], strlen(wanted[i]));
    }
    assert_int_equal(type_at(&text, 2)->sign, '\'');
    assert_int_equal(type_at(&text, 6)->form, TAG_FORM_CAPITAL);
    assert_int_equal(type_at(&text, 7)->form, TAG_FORM_NUMBER);
    assert_int_equal(text.tokens[6].lines, 1);
    assert_true(text.tokens[0].begins);
    assert_false(text.tokens[6].begins);
    tag_text_drop(&text);
}

static void forms_of_words(void **state) {
    (void)state;
    struct tag_text text = {0};
    cut(&text, "rang Rang RANG McDonald A1 I");
    static const enum tag_form wanted[] = {TAG_FORM_LOWER, TAG_FORM_CAPITAL, TAG_FORM_CAPITALS, TAG_FORM_MIXED, TAG_FORM_DIGITS, TAG_FORM_CAPITAL};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(type_at(&text, i)->form, wanted[i]);
    assert_int_equal(type_at(&text, 0)->word, type_at(&text, 2)->word);
    assert_int_not_equal(type_at(&text, 0)->word, type_at(&text, 3)->word);
    tag_text_drop(&text);
}

static void folding(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"\xC3\x89MILE", "\xC3\xA9mile"}, {"\xC5\x81UKASZ", "\xC5\x82ukasz"}, {"\xC8\x98TEFAN", "\xC8\x99tefan"},
                                           {"\xC5\xBB\x41K", "\xC5\xBC\x61k"}, {"\xC3\x97", "\xC3\x97"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char out[32];
        size_t n = tag_text_fold(pairs[i][0], strlen(pairs[i][0]), out, sizeof out);
        assert_int_equal(n, strlen(pairs[i][1]));
        assert_memory_equal(out, pairs[i][1], n);
    }
    char small[3];
    assert_int_equal(tag_text_fold("abcdef", 6, small, sizeof small), 3);
}

static void seen_elsewhere(void **state) {
    (void)state;
    struct tag_text text = {0};
    cut(&text, "Hope rang. We hope that Will comes.");
    assert_int_equal(text.tokens[0].seen, 1);  /* Hope: in small letters */
    assert_int_equal(text.tokens[6].seen, 2);  /* Will: with a capital within a sentence */
    assert_int_equal(text.tokens[1].seen, 1);
    tag_text_drop(&text);
}

static void long_paragraphs_are_parted(void **state) {
    (void)state;
    struct tag_text text = {0};
    char *bytes = calloc(1, 40000), *at = bytes;
    for (int i = 0; i < 3000; i++)
        at = stpcpy(at, i % 40 == 39 ? "word. Next " : "word ");
    cut(&text, bytes);
    size_t run = 0, longest = 0;
    for (size_t i = 0; i < text.token_count; i++) {
        run = text.tokens[i].begins ? 1 : run + 1;
        longest = run > longest ? run : longest;
    }
    assert_true(longest < TAG_SEQUENCE_MOST && longest > 100);
    free(bytes);
    tag_text_drop(&text);
}

static void nothing_to_cut(void **state) {
    (void)state;
    struct tag_text text = {0};
    cut(&text, "");
    assert_int_equal(text.token_count, 0);
    cut(&text, " \n\n\t ");
    assert_int_equal(text.token_count, 0);
    cut(&text, "\xC3"); /* half a letter */
    assert_int_equal(text.token_count, 1);
    assert_int_equal(text.tokens[0].end, 1);
    tag_text_drop(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_know_their_place), cmocka_unit_test(forms_of_words), cmocka_unit_test(folding), cmocka_unit_test(seen_elsewhere),
        cmocka_unit_test(long_paragraphs_are_parted), cmocka_unit_test(nothing_to_cut),
    };
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
