#include "base/clock.h"
#include "filing/date_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Cuts at spaces and reads a date at the first word. */
static int32_t read_date(const char *text, size_t *ret_taken) {
    char copy[128];
    const char *pieces[8];
    size_t count = 0;
    char *save = NULL;
    int32_t day = DATE_NONE;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *p = strtok_r(copy, " ", &save); p && count < 8; p = strtok_r(NULL, " ", &save))
        pieces[count++] = p;
    *ret_taken = date_form_read(pieces, count, &day);
    return day;
}

static void test_british_forms(void **state) {
    (void)state;
    static const char *const forms[] = {
        "12/03/2011",    "12.3.11",       "12-03-2011",         "2011-03-12",      "12-Mar-11",
        "12 March 2011", "12th Mar 2011", "12th of March 2011", "March 12th 2011", "12 MARCH '11",
        "l2/O3/20l1",    "12 Marcb 2011", "(12/03/2011)",     "12l03/2011",      "12.O3~2011",
        "12/03'l1"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t taken;
        if (read_date(forms[i], &taken) != date_from(2011, 3, 12))
            fail_msg("%s is not read", forms[i]);
        assert_true(taken > 0);
    }
}

static void test_what_is_no_date(void **state) {
    (void)state;
    static const char *const forms[] = {"31/02/2011", "12/13/2011",       "12/03", "1234567",
                                        "March",      "12 Marching 2011", "",      "//",
                                        "1/2/3/4",    "12/03/20111",      "0/0/00"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t taken;
        read_date(forms[i], &taken);
        if (taken)
            fail_msg("%s is read", forms[i]);
    }
}

static void test_years_of_two_digits(void **state) {
    (void)state;
    size_t taken;
    assert_int_equal(read_date("1.2.96", &taken), date_from(1996, 2, 1));
    assert_int_equal(read_date("1.2.09", &taken), date_from(2009, 2, 1));
}

static void test_slips(void **state) {
    (void)state;
    int32_t day = date_from(2011, 3, 12);
    assert_true(date_form_is_near(day, date_from(2012, 3, 12)));
    assert_true(date_form_is_near(day, date_from(2011, 3, 21)));
    assert_true(date_form_is_near(day, date_from(2011, 12, 3)));
    assert_false(date_form_is_near(day, day));
    assert_false(date_form_is_near(day, date_from(2009, 7, 12)));
    assert_false(date_form_is_near(day, DATE_NONE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_british_forms), cmocka_unit_test(test_what_is_no_date),
        cmocka_unit_test(test_years_of_two_digits), cmocka_unit_test(test_slips)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
