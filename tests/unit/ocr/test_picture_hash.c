/* Two scans of one sheet differ in few bits, whatever the scanner did; other sheets in many. */
#include "ocr/picture_hash.h"

#include "base/pix.h"
#include "tests/unit/ocr/page_drawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SAME_MOST = 12 };

static uint64_t hash_of(unsigned seed) {
    PIX *pix = page_drawn(seed, 235, 30);
    uint64_t hash = picture_hash(pix, 150);
    pixDestroy(&pix);
    return hash;
}

/* The page in another scan; takes pix. */
static int distance_to(uint64_t hash, PIX *pix, float dpi) {
    int distance = picture_hash_distance(hash, picture_hash(pix, dpi));
    pixDestroy(&pix);
    return distance;
}

static void bits_that_differ_are_counted(void **state) {
    (void)state;
    assert_int_equal(picture_hash_distance(0, 0), 0);
    assert_int_equal(picture_hash_distance(0x8000000000000001u, 0), 2);
    assert_int_equal(picture_hash_distance(UINT64_MAX, 0), 64);
}

static void another_scan_is_near(void **state) {
    (void)state;
    uint64_t hash = hash_of(7);
    assert_true(hash != 0);
    PIX *page = page_drawn(7, 235, 30);
    page_grain(page, 12);
    assert_in_range(distance_to(hash, page, 150), 0, SAME_MOST);
    page = page_drawn(7, 190, 70); /* greyer paper, paler ink */
    assert_in_range(distance_to(hash, page, 150), 0, SAME_MOST);
    page = page_drawn(7, 235, 30);
    PIX *moved = pixTranslate(NULL, page, 24, -18, L_BRING_IN_WHITE); /* 4 and 3 mm */
    pixDestroy(&page);
    assert_in_range(distance_to(hash, moved, 150), 0, SAME_MOST);
    page = page_drawn(7, 235, 30);
    PIX *leaning = pixRotateAMGray(page, 1.7f * (float)M_PI / 180, 235);
    pixDestroy(&page);
    assert_in_range(distance_to(hash, leaning, 150), 0, SAME_MOST);
    page = page_drawn(7, 235, 30);
    PIX *finer = pixScale(page, 2, 2);
    pixDestroy(&page);
    assert_in_range(distance_to(hash, finer, 300), 0, SAME_MOST);
}

static void bilevel_is_near(void **state) {
    (void)state;
    uint64_t hash = hash_of(7);
    PIX *page = page_drawn(7, 235, 30), *bits = pixThresholdToBinary(page, 128);
    pixDestroy(&page);
    assert_int_equal(pixGetDepth(bits), 1);
    assert_in_range(distance_to(hash, bits, 150), 0, SAME_MOST);
}

static void a_stamp_changes_little(void **state) {
    (void)state;
    uint64_t hash = hash_of(7);
    PIX *page = page_drawn(7, 235, 30);
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 14; x++)
            page_letter(page, 860 + 14 * x, 160 + 24 * y, 60);
    page_fill(page, 850, 145, 220, 3, 60);
    page_fill(page, 850, 235, 220, 3, 60);
    assert_in_range(distance_to(hash, page, 150), 0, SAME_MOST + 6);
}

static void other_pages_are_far(void **state) {
    (void)state;
    uint64_t hashes[12];
    int all = 0, pairs = 0;
    for (unsigned i = 0; i < 12; i++)
        hashes[i] = hash_of(100 + i);
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < i; j++, pairs++) {
            int distance = picture_hash_distance(hashes[i], hashes[j]);
            assert_true(distance > SAME_MOST);
            all += distance;
        }
    assert_in_range(all / pairs, 22, 40);
}

static void nothing_has_no_hash(void **state) {
    (void)state;
    PIX *page = pixCreate(PAGE_W, PAGE_H, 8), *bits = pixCreate(PAGE_W, PAGE_H, 1), *tiny = pixCreate(3, 2, 32), *line = pixCreate(5000, 1, 8);
    page_fill(page, 0, 0, PAGE_W, PAGE_H, 240);
    assert_true(picture_hash(page, 150) == 0);
    assert_true(picture_hash(bits, 150) == 0);
    assert_true(picture_hash(tiny, 300) == 0);
    assert_true(picture_hash(line, 300) == 0);
    pixDestroy(&page);
    pixDestroy(&bits);
    pixDestroy(&tiny);
    pixDestroy(&line);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_that_differ_are_counted), cmocka_unit_test(another_scan_is_near), cmocka_unit_test(bilevel_is_near),
        cmocka_unit_test(a_stamp_changes_little),       cmocka_unit_test(other_pages_are_far),  cmocka_unit_test(nothing_has_no_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
