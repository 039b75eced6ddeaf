#include "ocr/streaks.h"

#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/page_typed.h"

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

/* Text out of focus: rows of it are long, thin and grey, but now darker, now lighter, and with gaps between the words. */
static void expect_text_stays(int size, int wide, int blur) {
    const struct typed how = {(float)size, 40, size % 2 == 1};
    PIX *sharp = typed_paper(size * wide, size * 30, 230);
    typed_lines(sharp, &how, 3 * size, 12, 2 * size);
    PIX *blurred = pixBlockconv(sharp, blur, blur), *before = pixCopy(NULL, blurred);
    l_int32 same = 0;
    int found = streaks_remove(blurred);
    if (found)
        print_error("letters of %d pixels: %d streaks\n", size, found);
    assert_int_equal(found, 0);
    pixEqual(before, blurred, &same);
    assert_true(same);
    pixDestroy(&sharp);
    pixDestroy(&blurred);
    pixDestroy(&before);
}

/* Full lines, and such as leave half of the sheet empty. */
static void test_streaks_blurred_text_stays(void **state) {
    (void)state;
    for (int size = 14; size <= 56; size += 3)
        for (int blur = 1; blur <= 3; blur++) {
            expect_text_stays(size, 20, blur);
            expect_text_stays(size, 45, blur);
        }
}

/* Uneven dust is dust, as long as its depth does not swing as letters do. */
static void test_streaks_may_fade_a_little(void **state) {
    (void)state;
    PIX *pix = paper();
    for (int y = 0; y < 1000; y++)
        pixSetPixel(pix, 300, y, (l_uint32)(180 + y % 20));
    assert_int_equal(streaks_remove(pix), 1);
    assert_int_equal(at(pix, 300, 500), 230);
    pixDestroy(&pix);
}

/* A dotted rule out of focus: no gaps, but no dust. */
static void test_streaks_dotted_rules_stay(void **state) {
    (void)state;
    PIX *pix = paper();
    for (int y = 0; y < 1000; y++)
        for (int k = 0; k < 2; k++)
            pixSetPixel(pix, 300 + k, y, y / 8 % 2 ? 218 : 110);
    assert_int_equal(streaks_remove(pix), 0);
    assert_int_equal(at(pix, 300, 4), 110);
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
        cmocka_unit_test(test_streaks_blurred_text_stays),
        cmocka_unit_test(test_streaks_may_fade_a_little),
        cmocka_unit_test(test_streaks_dotted_rules_stay),
        cmocka_unit_test(test_streaks_other_pictures_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
