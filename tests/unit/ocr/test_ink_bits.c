/* Ink counted by words of 32 pixels: the same sums as Leptonica's own. */
#include "ocr/ink_bits.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Blots of all sizes on an odd width, denser or thinner. */
static PIX *blots(unsigned seed, int count) {
    PIX *pix = pixCreate(333, 271, 1);
    for (int i = 0; i < count; i++) {
        seed = seed * 1664525 + 1013904223;
        int x = (int)(seed >> 8) % 333, y = (int)(seed >> 16) % 271, w = 1 + (int)(seed >> 4) % 9 * ((seed >> 28) == 1 ? 12 : 1);
        pixRasterop(pix, x, y, w, 1 + (int)(seed >> 20) % 5, PIX_SET, NULL, 0, 0);
    }
    return pix;
}

static int64_t count_of(PIX *pix) {
    l_int32 count = 0;
    pixCountPixels(pix, &count, NULL);
    return count;
}

static void parts_of_a_size_are_those_of_leptonica(void **state) {
    (void)state;
    for (unsigned seed = 1; seed < 40; seed++) {
        PIX *ink = blots(seed, 40 + (int)seed * 60), *left = pixCopy(NULL, ink);
        pixRasterop(left, 20, 30, 150, 101, PIX_CLR, NULL, 0, 0);
        struct ink_sizes sizes = {.least_px = 5, .most_px = 40};
        struct ink_sums sums;
        assert_int_equal(ink_bits_by_size(ink, left, &sizes, &sums), 0);
        PIX *small = pixSelectBySize(ink, 40, 40, 8, L_SELECT_IF_BOTH, L_SELECT_IF_LTE, NULL);
        PIX *text = pixSelectBySize(small, 5, 5, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GTE, NULL);
        PIX *both = pixAnd(NULL, text, left);
        assert_int_equal(sums.all, count_of(text));
        assert_int_equal(sums.left, count_of(both));
        assert_true(seed > 5 || sums.all > sums.left);
        pixDestroy(&both);
        pixDestroy(&text);
        pixDestroy(&small);
        pixDestroy(&left);
        pixDestroy(&ink);
    }
}

static void a_box_counts_its_own_pixels(void **state) {
    (void)state;
    PIX *ink = blots(7, 900);
    for (int i = 0; i < 200; i++) {
        struct pixel_box box = {i * 3 % 300, i * 7 % 250, i * 3 % 300 + 1 + i % 70, i * 7 % 250 + 1 + i % 23};
        assert_true(pixel_box_cut(ink, &box));
        BOX *b = boxCreate(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
        PIX *part = pixClipRectangle(ink, b, NULL);
        assert_int_equal(ink_bits_count(ink, &box), count_of(part));
        pixDestroy(&part);
        boxDestroy(&b);
    }
    struct pixel_box outside = {333, 0, 400, 20}, over = {-5, -5, 4000, 4000};
    assert_false(pixel_box_cut(ink, &outside));
    assert_true(pixel_box_cut(ink, &over));
    assert_int_equal(ink_bits_count(ink, &over), count_of(ink));
    pixDestroy(&ink);
}

static void boxes_in_points_become_pixels(void **state) {
    (void)state;
    const double plain[4] = {7.3, 14.4, 20, 28.9}, wild[4] = {-1e30, 0, 1e30, 1e300};
    struct pixel_box box = pixel_box_of(plain, 144);
    assert_int_equal(box.x0, 14);
    assert_int_equal(box.y0, 28);
    assert_int_equal(box.x1, 40);
    assert_int_equal(box.y1, 58);
    PIX *ink = blots(3, 10);
    box = pixel_box_of(wild, 300);
    assert_true(pixel_box_cut(ink, &box));
    assert_int_equal(box.x1, 333);
    assert_int_equal(box.y1, 271);
    pixDestroy(&ink);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_size_are_those_of_leptonica),
        cmocka_unit_test(a_box_counts_its_own_pixels),
        cmocka_unit_test(boxes_in_points_become_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
