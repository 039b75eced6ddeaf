#include "ocr/streaks.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static PIX *paper(void) {
    PIX *pix = pixCreate(800, 1000, 8);
    pixSetAllGray(pix, 230);
    return pix;
}

static void rule(PIX *pix, int x, int width, int grey) {
    for (int y = 0; y < 1000; y++)
        for (int k = 0; k < width; k++)
            pixSetPixel(pix, x + k, y, (l_uint32)grey);
}

static l_uint32 at(PIX *pix, int x, int y) {
    l_uint32 value = 0;
    pixGetPixel(pix, x, y, &value);
    return value;
}

static void test_streaks_are_removed_and_letters_stay(void **state) {
    (void)state;
    PIX *pix = paper();
    rule(pix, 300, 2, 160);
    for (int y = 500; y < 530; y++) /* a letter's stem that crosses it */
        for (int x = 296; x < 310; x++)
            pixSetPixel(pix, x, y, 20);
    assert_int_equal(streaks_remove(pix), 1);
    assert_int_equal(at(pix, 300, 100), 230);
    assert_int_equal(at(pix, 301, 900), 230);
    assert_int_equal(at(pix, 300, 510), 20);
    pixDestroy(&pix);
}

static void test_streaks_across_the_page(void **state) {
    (void)state;
    PIX *pix = paper();
    for (int x = 0; x < 800; x++)
        pixSetPixel(pix, x, 400, 170);
    assert_int_equal(streaks_remove(pix), 1);
    assert_int_equal(at(pix, 50, 400), 230);
    pixDestroy(&pix);
}

static void test_streaks_printed_rules_stay(void **state) {
    (void)state;
    PIX *pix = paper();
    rule(pix, 300, 3, 30);   /* black: printed */
    rule(pix, 500, 20, 180); /* wide: a shaded column */
    assert_int_equal(streaks_remove(pix), 0);
    assert_int_equal(at(pix, 301, 100), 30);
    assert_int_equal(at(pix, 510, 100), 180);
    pixDestroy(&pix);
}

static void test_streaks_other_pictures_are_left_alone(void **state) {
    (void)state;
    PIX *bits = pixCreate(800, 1000, 1), *small = pixCreate(50, 50, 8);
    assert_int_equal(streaks_remove(bits), 0);
    assert_int_equal(streaks_remove(small), 0);
    pixDestroy(&bits);
    pixDestroy(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streaks_are_removed_and_letters_stay),
        cmocka_unit_test(test_streaks_across_the_page),
        cmocka_unit_test(test_streaks_printed_rules_stay),
        cmocka_unit_test(test_streaks_other_pictures_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
