/* Rising order, and each number once. */
#include "base/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void each_number_once_in_rising_order(void **state) {
    (void)state;
    uint32_t list[] = {9, 2, 2, UINT32_MAX, 0, 9, 2};
    static const uint32_t wanted[] = {0, 2, 9, UINT32_MAX};
    assert_int_equal(order_once(list, sizeof list / sizeof list[0]), 4);
    assert_memory_equal(list, wanted, sizeof wanted);
}

static void what_is_in_order_stays(void **state) {
    (void)state;
    uint32_t list[] = {1, 5, 7};
    static const uint32_t wanted[] = {1, 5, 7};
    assert_int_equal(order_once(list, 3), 3);
    assert_memory_equal(list, wanted, sizeof wanted);
}

static void no_numbers_stay_none(void **state) {
    (void)state;
    assert_int_equal(order_once(NULL, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_once_in_rising_order),
        cmocka_unit_test(what_is_in_order_stays),
        cmocka_unit_test(no_numbers_stay_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
