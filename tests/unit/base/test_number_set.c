/* Numbers in rising order, each once. */
#include "base/number_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void kept_in_order_and_once(void **state) {
    (void)state;
    struct number_set set = {0};
    assert_false(number_set_has(&set, 7));
    static const int64_t added[] = {7, 3, INT64_MAX, 7, -2, 3, 5};
    for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
        number_set_add(&set, added[i]);
    static const int64_t wanted[] = {-2, 3, 5, 7, INT64_MAX};
    assert_int_equal(set.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_true(set.list[i] == wanted[i]);
        assert_true(number_set_has(&set, wanted[i]));
    }
    assert_false(number_set_has(&set, 4));
    number_set_drop(&set);
    assert_int_equal(set.count, 0);
    assert_false(number_set_has(&set, 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kept_in_order_and_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
