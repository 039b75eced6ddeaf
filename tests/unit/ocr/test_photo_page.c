/* Sheets in perspective: found, made flat, the way back; and what is no such photograph. */
#include "ocr/flatten.h"

#include "known_leaks.h"
#include "sheet_drawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct sheet_drawn tilted = {.width = 1200,
                                          .height = 1600,
                                          .depth = 8,
                                          .table = 70,
                                          .paper = 220,
                                          .ink = 40,
                                          .x = {240, 980, 1130, 90},
                                          .y = {150, 190, 1450, 1400},
                                          .lines_end = 0.9f};

static bool find(const struct sheet_drawn *sheet, struct photo_page *ret) {
    PIX *pix = sheet_draw(sheet);
    bool found = photo_page_find(pix, ret);
    pixDestroy(&pix);
    return found;
}

static void sheet_point(const double m[9], double u, double v, double *x, double *y) {
    double z = m[6] * u + m[7] * v + m[8];
    *x = (m[0] * u + m[1] * v + m[2]) / z;
    *y = (m[3] * u + m[4] * v + m[5]) / z;
}

static void flat_to_shown(const struct photo_page *page, double x, double y, double *sx, double *sy) {
    double m[9];
    for (int i = 0; i < 9; i++)
        m[i] = (double)page->to_shown[i];
    sheet_point(m, x, y, sx, sy);
}

/* How far, in pixels as shown, a typed line runs from the flat picture's rows over the sheet's width. */
static double row_error(const struct sheet_drawn *sheet, const struct photo_page *page, double v) {
    double m[9], to_flat[9], x, y, u0, v0, u1, v1;
    sheet_homography(sheet, m);
    for (int i = 0; i < 9; i++)
        to_flat[i] = (double)page->to_shown[i];
    sheet_point(m, 0.12, v, &x, &y);
    sheet_unpoint(to_flat, x, y, &u0, &v0);
    sheet_point(m, 0.88, v, &x, &y);
    sheet_unpoint(to_flat, x, y, &u1, &v1);
    assert_true(u1 > u0);
    return fabs(v1 - v0);
}

static void test_photo_page_tilted_sheet(void **state) {
    (void)state;
    struct photo_page page;
    assert_true(find(&tilted, &page));
    assert_int_equal(page.shown_w_px, 1200);
    assert_int_equal(page.shown_h_px, 1600);
    for (int i = 0; i < 4; i++) { /* the flat corners are the sheet's, a margin of 1 per cent aside */
        double x, y;
        flat_to_shown(&page, i == 1 || i == 2 ? page.width_px : 0, i >= 2 ? page.height_px : 0, &x, &y);
        assert_true(fabs(x - (double)tilted.x[i]) < 25 && fabs(y - (double)tilted.y[i]) < 25);
    }
    for (double v = 0.1; v < 0.95; v += 0.2)
        assert_true(row_error(&tilted, &page, v) < 3);
    assert_in_range(page.paper, 210, 225);
    assert_true(page.width_px > 700 && page.width_px < 1600 && page.height_px > 1000 &&
                page.height_px < 2200);
}

static void test_photo_page_colour_and_sideways(void **state) {
    (void)state;
    struct sheet_drawn sheet = tilted;
    struct photo_page page;
    sheet.depth = 32;
    assert_true(find(&sheet, &page));
    assert_true(row_error(&sheet, &page, 0.5) < 3);
    struct sheet_drawn lying = {.width = 1600,
                                .height = 1200,
                                .depth = 8,
                                .table = 70,
                                .paper = 220,
                                .ink = 40,
                                .x = {1450, 1410, 150, 200},
                                .y = {240, 980, 1130, 90},
                                .lines_end = 0.9f};
    assert_true(find(&lying, &page)); /* lines go down: no turn is put in */
    double x, y;
    flat_to_shown(&page, 0, 0, &x, &y);
    assert_true(x < 250 && y < 150);
}

static void test_photo_page_side_outside(void **state) {
    (void)state;
    struct sheet_drawn sheet = tilted;
    struct photo_page page;
    sheet.y[2] += 300;
    sheet.y[3] += 320;
    assert_true(find(&sheet, &page));
    for (double v = 0.1; v < 0.8; v += 0.2)
        assert_true(row_error(&sheet, &page, v) < 5);
}

static void test_photo_page_edges_unseen(void **state) {
    (void)state;
    struct sheet_drawn sheet = tilted;
    struct photo_page page;
    sheet.table = sheet.paper;
    sheet.y[1] += 60;
    sheet.y[2] -= 100; /* the right is farther away */
    assert_true(find(&sheet, &page));
    for (double v = 0.1; v < 0.95; v += 0.2)
        assert_true(row_error(&sheet, &page, v) < 5);
    sheet.lines_end = 0; /* nothing to go by */
    assert_false(find(&sheet, &page));
}

static void test_photo_page_scans_stay(void **state) {
    (void)state;
    struct photo_page page;
    struct sheet_drawn scan = tilted;
    for (int i = 0; i < 4; i++) { /* black borders of a scanner */
        scan.x[i] = i == 1 || i == 2 ? 1150 : 50;
        scan.y[i] = i >= 2 ? 1560 : 40;
    }
    scan.table = 20;
    assert_false(find(&scan, &page));
    scan.table = scan.paper;
    assert_false(find(&scan, &page));
    for (int i = 0; i < 4; i++) /* a lean that straightening takes out */
        scan.y[i] += (scan.x[i] - 600) * 0.03f;
    for (int i = 0; i < 4; i++)
        scan.x[i] -= (i >= 2 ? 760 : -760) * 0.03f;
    assert_false(find(&scan, &page));
}

static void test_photo_page_ink_beside_is_kept(void **state) {
    (void)state;
    struct sheet_drawn sheet = tilted;
    struct photo_page page;
    for (int i = 0; i < 4; i++)
        sheet.x[i] = 450 + (sheet.x[i] - 100) * 0.65f;
    sheet.note_x = 30;
    sheet.note_y = 700;
    assert_true(find(&sheet, &page));
    double flat[9], x, y;
    for (int i = 0; i < 9; i++)
        flat[i] = (double)page.to_shown[i];
    sheet_unpoint(flat, 30 + 400 * 0.12, 700 + 600 * 0.15, &x, &y);
    assert_true(x >= 0 && y >= 0 && x < page.width_px && y < page.height_px);
}

static void test_photo_page_other_pictures(void **state) {
    (void)state;
    struct photo_page page;
    PIX *bits = pixCreate(1000, 1400, 1), *small = pixCreate(200, 200, 8), *strip = pixCreate(4000, 320, 8);
    PIX *black = pixCreate(1000, 1400, 8);
    assert_false(photo_page_find(bits, &page));
    assert_false(photo_page_find(small, &page));
    assert_false(photo_page_find(strip, &page));
    assert_false(photo_page_find(black, &page));
    pixDestroy(&bits);
    pixDestroy(&small);
    pixDestroy(&strip);
    pixDestroy(&black);
}

static void test_flatten_whole_way(void **state) {
    (void)state;
    PIX *pix = sheet_draw(&tilted);
    struct photo_page page;
    assert_true(photo_page_find(pix, &page));
    PIX *flat = flatten_make(pix, &page);
    assert_non_null(flat);
    assert_int_equal(pixGetDepth(flat), 8);
    assert_int_equal(pixGetWidth(flat), page.width_px);
    assert_int_equal(pixGetHeight(flat), page.height_px);
    l_uint32 grey = 0;
    pixGetPixel(flat, page.width_px / 20, page.height_px / 2,
                &grey); /* the left margin is paper from top to bottom */
    assert_in_range(grey, 210, 225);
    pixGetPixel(flat, page.width_px / 20, page.height_px * 19 / 20, &grey);
    assert_in_range(grey, 210, 225);
    pixDestroy(&flat);
    pixDestroy(&pix);
}

/* Twice as large, 100 to the right and 50 down; then with a tilt. */
static void test_flatten_known_plane(void **state) {
    (void)state;
    struct photo_page page = {.to_shown = {2, 0, 100, 0, 2, 50, 0, 0, 1},
                              .width_px = 500,
                              .height_px = 400,
                              .shown_w_px = 1000,
                              .shown_h_px = 800,
                              .paper = 200};
    struct box back = flatten_back(&page, (struct box){10, 20, 30, 40});
    assert_float_equal(back.x0, 120, 0.01);
    assert_float_equal(back.y0, 90, 0.01);
    assert_float_equal(back.x1, 160, 0.01);
    assert_float_equal(back.y1, 130, 0.01);
    back = flatten_back(&page, (struct box){400, 300, 500, 400}); /* bounded by the picture */
    assert_float_equal(back.x1, 1000, 0.01);
    assert_float_equal(back.y1, 800, 0.01);
    PIX *pix = pixCreate(1000, 800, 8);
    for (int y = 0; y < 800; y++)
        for (int x = 0; x < 1000; x++)
            pixSetPixel(pix, x, y, (l_uint32)(x / 5));
    PIX *flat = flatten_make(pix, &page);
    l_uint32 grey = 0;
    pixGetPixel(flat, 100, 100, &grey);
    assert_int_equal(grey, 60);
    pixGetPixel(flat, 480, 100, &grey);
    assert_int_equal(grey, 200); /* outside: paper */
    pixDestroy(&flat);
    pixDestroy(&pix);
    page.to_shown[6] = 0.001f; /* the right is farther away */
    back = flatten_back(&page, (struct box){10, 20, 30, 40});
    assert_float_equal(back.x0, 120 / 1.01f, 0.01f);
    assert_float_equal(back.y0, 90 / 1.03f, 0.01f);
    assert_float_equal(back.x1, 160 / 1.03f, 0.01f);
    assert_float_equal(back.y1, 130 / 1.01f, 0.01f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_photo_page_tilted_sheet),
        cmocka_unit_test(test_photo_page_colour_and_sideways),
        cmocka_unit_test(test_photo_page_side_outside),
        cmocka_unit_test(test_photo_page_edges_unseen),
        cmocka_unit_test(test_photo_page_scans_stay),
        cmocka_unit_test(test_photo_page_ink_beside_is_kept),
        cmocka_unit_test(test_photo_page_other_pictures),
        cmocka_unit_test(test_flatten_whole_way),
        cmocka_unit_test(test_flatten_known_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
