/* Each defect is seen, and what only looks like one is let be. */
#include "ocr/page_check.h"

#include "base/pix.h"
#include "tests/unit/ocr/page_drawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Takes pix. */
#define assert_defect(pix, wanted)                                                                                     \
    do {                                                                                                               \
        PIX *page_ = pix;                                                                                              \
        assert_string_equal(page_defect(page_, 150), wanted);                                                          \
        pixDestroy(&page_);                                                                                            \
    } while (0)

static PIX *scan(unsigned seed) {
    PIX *page = page_drawn(seed, 235, 30);
    page_grain(page, 6);
    return page;
}

static PIX *part_of(PIX *page, int x, int y, int w, int h) {
    BOX *box = boxCreate(x, y, w, h);
    PIX *part = pixClipRectangle(page, box, NULL);
    boxDestroy(&box);
    pixDestroy(&page);
    return part;
}

static void a_good_scan_is_fine(void **state) {
    (void)state;
    for (unsigned seed = 1; seed < 6; seed++)
        assert_defect(scan(seed), "");
    PIX *page = scan(3), *bits = pixThresholdToBinary(page, 128);
    pixDestroy(&page);
    assert_defect(bits, "");
    assert_defect(page_drawn(2, 190, 70), ""); /* recycled paper, a tired ribbon */
}

static void what_is_on_every_tray_is_fine(void **state) {
    (void)state;
    PIX *page = scan(4);
    page_fill(page, 0, 0, 12, PAGE_H, 60);         /* the lid's shadow */
    page_fill(page, 0, 560, 40, 36, 20);           /* punched holes */
    page_fill(page, 0, 1180, 40, 36, 20);
    page_fill(page, 0, 900, PAGE_W, 2, 40);        /* a form's rule, edge to edge */
    page_fill(page, 700, 150, 300, 120, 25);       /* a black crest */
    for (int y = 0; y < 60; y++)
        page_fill(page, PAGE_W - 60 + y, y, 60 - y, 1, 200); /* a dog's ear in the margin */
    assert_defect(page, "");
}

static void text_over_the_edge_is_cut(void **state) {
    (void)state;
    assert_defect(part_of(scan(4), 300, 0, PAGE_W - 300, PAGE_H), "cut");
    assert_defect(part_of(scan(4), 0, 0, PAGE_W - 300, PAGE_H), "cut");
    PIX *page = scan(4);
    page_fill(page, 0, 990, PAGE_W, 60, 235);
    for (int x = 140; x < 1100; x += 12)
        page_letter(page, x, 1010, 30);
    assert_defect(part_of(page, 0, 1016, PAGE_W, PAGE_H - 1016), "cut");
}

static void pale_ink_is_faint(void **state) {
    (void)state;
    PIX *page = page_drawn(5, 235, 212);
    page_grain(page, 2);
    assert_defect(page, "faint");
    assert_defect(page_drawn(5, 235, 150), "");
}

static void a_turned_corner_is_folded(void **state) {
    (void)state;
    PIX *page = scan(6);
    for (int y = 0; y < 400; y++) {
        int edge = 340 - y * 340 / 400;
        page_fill(page, 0, y, edge > 0 ? edge : 1, 1, 225);
        page_fill(page, edge, y, 9, 1, 150);
    }
    assert_defect(page, "folded");
}

static void black_is_dark(void **state) {
    (void)state;
    PIX *page = scan(6);
    page_fill(page, 0, 0, PAGE_W / 4, PAGE_H, 12);
    assert_defect(page, "dark");
    page = pixCreate(PAGE_W, PAGE_H, 8);
    assert_defect(page, "dark");
    PIX *bits = pixCreate(PAGE_W, PAGE_H, 1);
    pixSetAll(bits);
    assert_defect(bits, "dark");
}

static void soft_edges_are_blurred(void **state) {
    (void)state;
    PIX *page = scan(6), *soft = pixBlockconvGray(page, NULL, 4, 4);
    pixDestroy(&page);
    page = pixBlockconvGray(soft, NULL, 3, 3);
    pixDestroy(&soft);
    assert_defect(page, "blurred");
}

/* Shades all over, soft: no paper with writing on it. */
static void a_photograph_is_fine(void **state) {
    (void)state;
    PIX *page = pixCreate(PAGE_W, PAGE_H, 8);
    for (int y = 0; y < PAGE_H; y++)
        for (int x = 0; x < PAGE_W; x++)
            pixSetPixel(page, x, y, (l_uint32)(128 + 60 * sin(x / 70.0) + 50 * cos(y / 45.0 + x / 200.0)));
    assert_defect(page, "");
}

static void a_snippet_is_not_judged(void **state) {
    (void)state;
    assert_defect(pixCreate(2, 2, 8), "");
    assert_defect(pixCreate(40, 40, 1), "");
    assert_defect(pixCreate(4000, 2, 32), "");
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_scan_is_fine),       cmocka_unit_test(what_is_on_every_tray_is_fine), cmocka_unit_test(text_over_the_edge_is_cut),
        cmocka_unit_test(pale_ink_is_faint),         cmocka_unit_test(a_turned_corner_is_folded),     cmocka_unit_test(black_is_dark),
        cmocka_unit_test(soft_edges_are_blurred),    cmocka_unit_test(a_photograph_is_fine),          cmocka_unit_test(a_snippet_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
