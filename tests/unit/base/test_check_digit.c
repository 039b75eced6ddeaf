#include "base/check_digit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_nhs_check_digit(void **state) {
    (void)state;
    assert_true(nhs_number_is_valid("9990032165"));
    assert_true(nhs_number_is_valid("9434765919")); /* the data dictionary's example */
    assert_false(nhs_number_is_valid("9434765918"));
    assert_false(nhs_number_is_valid("0000000000"));
    assert_false(nhs_number_is_valid("943476591"));
    assert_false(nhs_number_is_valid("94347659l9"));
}

static void test_upn_check_letter(void **state) {
    (void)state;
    assert_true(upn_is_valid("D899200012000"));
    assert_true(upn_is_valid("H899200022099"));
    assert_false(upn_is_valid("A899200012000"));
    assert_false(upn_is_valid("D899200012001"));
    assert_false(upn_is_valid("D89920001200I"));
    assert_false(upn_is_valid(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nhs_check_digit), cmocka_unit_test(test_upn_check_letter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
