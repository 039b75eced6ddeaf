/* Whether two texts say the same. */
#include "ingest/mail_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_same_in_another_dress(void **state) {
    (void)state;
    assert_false(mail_words_differ("", ""));
    assert_false(mail_words_differ("Dear Pat,\n\nJamie was seen *today* (12/03/2019).\n> Thanks",
                                   "Dear Pat\tJamie was\nseen today 12/03/2019 — THANKS"));
    assert_false(
        mail_words_differ("See our page <https://x.example/very/long?id=77777> and [cid:logo.png@01D] bye",
                          "See our page and bye"));
    assert_false(mail_words_differ("1. First\n2. Second", "First\nSecond"));
    assert_false(mail_words_differ("Write to Pat <pat@mail.example>", "Write to Pat"));
}

static void another_name_or_number(void **state) {
    (void)state;
    assert_true(mail_words_differ("I saw Jamie at the school today, and all was well",
                                  "I saw Robin at the school today, and all was well"));
    assert_true(mail_words_differ("LCS 7654321 please", "LCS please"));
    assert_true(mail_words_differ("He was not seen", "He was seen"));
    assert_true(mail_words_differ("Hello", "Hello. The meeting is on Monday at the office"));
}

static void a_word_or_two_on_one_side(void **state) {
    (void)state;
    assert_false(
        mail_words_differ("View this mail online. Dear all, see you", "Dear all, see you. View this mail"));
    assert_false(mail_words_differ("Dear all, see you on Monday", "Dear all, see you on Monday (picture)"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_in_another_dress),
        cmocka_unit_test(another_name_or_number),
        cmocka_unit_test(a_word_or_two_on_one_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
