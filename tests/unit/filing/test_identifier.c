#include "filing/identifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_digits_that_look_like_letters(void **state) {
    (void)state;
    char out[IDENTIFIER_TEXT];
    assert_true(identifier_digits("l5709I5", out));
    assert_string_equal(out, "1570915");
    assert_true(identifier_digits("999-003 2165", out));
    assert_string_equal(out, "9990032165");
    assert_false(identifier_digits("BOILS", out)); /* no digit is sure */
    assert_false(identifier_digits("12345x7", out));
    assert_false(identifier_digits("12345678901234567890", out));
    assert_false(identifier_digits("", out));
    assert_true(identifier_upn("0B99200012OO0", out));
    assert_string_equal(out, "D899200012000");
    assert_false(identifier_upn("D8992000120", out));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_digits_that_look_like_letters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
