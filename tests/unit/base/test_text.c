/* UTF-8, the forms that texts are compared in, and distance. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text, *fold, *key;
} forms[] = {
    {"", "", ""},
    {"Hughes-Pickup,", "hughes-pickup,", "hughespickup"},
    {"ZOË", "zoe", "zoe"},
    {"Zoe\xcc\x88", "zoe", "zoe"},                     /* decomposed */
    {"O\xe2\x80\x99Neill", "o'neill", "oneill"},       /* typographic apostrophe */
    {"O\xc2\xb4Neill", "o'neill", "oneill"},           /* an acute accent of its own, taken for one */
    {"O`Neill", "o'neill", "oneill"},
    {"Smith\xe2\x80\x91Jones", "smith-jones", "smithjones"}, /* a hyphen that does not break */
    {"a\xc2\xa0z", "a z", "az"},                       /* a space that does not break */
    {"Stra\xc3\x9f" "e", "strasse", "strasse"},
    {"\xef\xac\x81sh", "fish", "fish"},                /* ligature fi */
    {"\xef\xbc\xa1\xef\xbc\x91", "a1", "a1"},          /* full width */
    {"Siân Llŷr", "sian llyr", "sianllyr"},
    {"943 476 5919", "943 476 5919", "9434765919"},
    {"SMITH\xff", "smith\xef\xbf\xbd", "smith"},       /* a broken byte keeps nothing else from being folded */
    {"\xc3", "\xef\xbf\xbd", ""},
};

static void folded_and_keyed(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char *fold = text_fold(forms[i].text), *key = text_key(forms[i].text);
        assert_string_equal(fold, forms[i].fold);
        assert_string_equal(key, forms[i].key);
        char *again = text_fold(fold);
        assert_string_equal(again, fold); /* folding what is folded changes nothing */
        free(again);
        free(fold);
        free(key);
    }
}

static void characters_one_by_one(void **state) {
    (void)state;
    const char *at = "a\xc3\xab\xe2\x82\xac\xf0\x9f\x98\x80\xff\xc0\x80\xed\xa0\x80";
    static const uint32_t wanted[] = {'a', 0xEB, 0x20AC, 0x1F600, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_int_equal(text_next(&at), wanted[i]);
    while (text_next(&at))
        ;
    assert_int_equal(*at, 0);
    assert_int_equal(text_next(&at), 0); /* and stays at the end */
    struct buf out = {0};
    text_put(&out, 0x20AC);
    text_put(&out, 0x1F600);
    assert_string_equal(buf_text(&out), "\xe2\x82\xac\xf0\x9f\x98\x80");
    buf_drop(&out);
    assert_true(text_is_utf8(view_text("Zoë")));
    assert_true(text_is_utf8((struct view){0}));
    assert_false(text_is_utf8(view_text("Zo\xeb")));
    assert_false(text_is_utf8(view_of("\xe2\x82", 2)));
}

static void kinds_of_characters(void **state) {
    (void)state;
    assert_true(text_is_letter('a') && text_is_letter(0xEB) && !text_is_letter('1') && !text_is_letter('-'));
    assert_true(text_is_upper('A') && text_is_upper(0xCB) && !text_is_upper('a') && !text_is_upper(0xEB));
    assert_true(text_is_digit('7') && !text_is_digit(0x0661) && !text_is_digit('a'));
}

static void names_that_would_fool_a_reader(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *shown;
    } cases[] = {{"Zoë.pdf", "Zoë.pdf"}, {"a\nb\x1b[31m", "a\\x0Ab\\x1B[31m"}, {"\xff", "\\xFF"}, {"fdp.\xe2\x80\xae" "exe", "fdp.\\u{202E}exe"},
                 {"a\xe2\x80\xa8z", "a\\u{2028}z"}, {"\xc2\x85", "\\x85"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *shown = text_printable(view_text(cases[i].bytes));
        assert_string_equal(shown, cases[i].shown);
        free(shown);
    }
    char *zero = text_printable(view_of("a\0b", 3));
    assert_string_equal(zero, "a\\x00b");
    free(zero);
}

static void distances(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int most, wanted;
    } cases[] = {{"", "", 2, 0}, {"tidswell", "tidswell", 2, 0}, {"tidswell", "tidswel", 2, 1}, {"tidswell", "tdiswell", 2, 1},
                 {"tidswell", "tidswald", 2, 2}, {"tidswell", "pendle", 2, 3}, {"", "abc", 2, 3}, {"", "ab", 2, 2}, {"zoë", "zoe", 2, 1},
                 {"abcdef", "badcfe", 3, 3}, {"a", "b", 0, 1}, {"a", "a", 0, 0}, {"abc", "ca", 3, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(text_distance(cases[i].a, cases[i].b, cases[i].most), cases[i].wanted);
        assert_int_equal(text_distance(cases[i].b, cases[i].a, cases[i].most), cases[i].wanted);
    }
    char longest[400];
    memset(longest, 'x', 399);
    longest[399] = 0;
    assert_int_equal(text_distance(longest, longest, 2), 0); /* however long: no end is run over */
    assert_int_equal(text_distance(longest, "x", 2), 3);
}

static void cut_between_characters(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t most, wanted;
    } cases[] = {{"", 4, 0}, {"abcd", 4, 4}, {"abcde", 4, 4}, {"Zo\xc3\xab", 3, 2}, {"Zo\xc3\xab", 4, 4}, {"a\xf0\x9f\x98\x80", 4, 1},
                 {"\x80\x80\x80\x80\x80\x80", 4, 4} /* no UTF-8: anywhere */};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(text_cut(cases[i].text, strlen(cases[i].text), cases[i].most), cases[i].wanted);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(folded_and_keyed), cmocka_unit_test(characters_one_by_one),
                                       cmocka_unit_test(kinds_of_characters), cmocka_unit_test(names_that_would_fool_a_reader),
                                       cmocka_unit_test(distances), cmocka_unit_test(cut_between_characters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
