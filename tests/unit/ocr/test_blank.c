/* Blank pages: nothing, dirt and what shines through are blank; one digit is not. */
#include "ocr/recognise.h"

#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static PIX *paper(void) {
    PIX *pix = pixCreate(2480, 3508, 8);
    srand(3);
    for (int y = 0; y < 3508; y++)
        for (int x = 0; x < 2480; x++)
            pixSetPixel(pix, x, y, (l_uint32)(225 + rand() % 24));
    return pix;
}

static void fill(PIX *pix, int x, int y, int w, int h, int grey) {
    BOX *box = boxCreate(x, y, w, h);
    pixSetInRectArbitrary(pix, box, (l_uint32)grey);
    boxDestroy(&box);
}

static void plain_paper_is_blank(void **state) {
    (void)state;
    PIX *pix = paper();
    assert_true(ocr_page_is_blank(pix, 300));
    pixDestroy(&pix);
}

static void what_shines_through_and_dirt_are_blank(void **state) {
    (void)state;
    PIX *pix = paper();
    for (int y = 400; y < 3000; y += 60)
        for (int x = 300; x < 2100; x += 30)
            fill(pix, x, y, 15, 25, 205);
    for (int i = 0; i < 50; i++)
        fill(pix, 200 + rand() % 2000, 200 + rand() % 3000, 4, 4, 20);
    fill(pix, 0, 1500, 60, 60, 0); /* a punched hole at the edge */
    assert_true(ocr_page_is_blank(pix, 300));
    pixDestroy(&pix);
}

static void one_digit_is_not_blank(void **state) {
    (void)state;
    PIX *pix = paper();
    fill(pix, 1200, 3300, 6, 32, 30);
    assert_false(ocr_page_is_blank(pix, 300));
    pixDestroy(&pix);
}

static void grey_writing_is_not_blank(void **state) {
    (void)state;
    PIX *pix = paper();
    fill(pix, 600, 800, 200, 10, 120);
    assert_false(ocr_page_is_blank(pix, 300));
    pixDestroy(&pix);
}

static void bits_are_judged_too(void **state) {
    (void)state;
    PIX *pix = pixCreate(2480, 3508, 1);
    for (int i = 0; i < 300; i++)
        pixSetPixel(pix, 200 + rand() % 2000, 200 + rand() % 3000, 1);
    assert_true(ocr_page_is_blank(pix, 300));
    BOX *box = boxCreate(1200, 1700, 8, 34);
    pixSetInRect(pix, box);
    assert_false(ocr_page_is_blank(pix, 300));
    boxDestroy(&box);
    pixDestroy(&pix);
}

static void colour_is_judged_too(void **state) {
    (void)state;
    PIX *pix = pixCreate(600, 800, 32);
    pixSetAll(pix);
    assert_true(ocr_page_is_blank(pix, 72));
    BOX *box = boxCreate(300, 300, 40, 30);
    pixSetInRectArbitrary(pix, box, 0x2040C000u);
    assert_false(ocr_page_is_blank(pix, 72));
    boxDestroy(&box);
    pixDestroy(&pix);
}

static void a_dark_picture_is_not_blank(void **state) {
    (void)state;
    PIX *pix = pixCreate(600, 800, 8);
    assert_false(ocr_page_is_blank(pix, 72));
    pixDestroy(&pix);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_paper_is_blank),
        cmocka_unit_test(what_shines_through_and_dirt_are_blank),
        cmocka_unit_test(one_digit_is_not_blank),
        cmocka_unit_test(grey_writing_is_not_blank),
        cmocka_unit_test(bits_are_judged_too),
        cmocka_unit_test(colour_is_judged_too),
        cmocka_unit_test(a_dark_picture_is_not_blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
