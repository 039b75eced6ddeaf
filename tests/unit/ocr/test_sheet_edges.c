/* Corners of sheets whose corners are known; thumbs and planes. */
#include "ocr/plane.h"
#include "ocr/sheet_edges.h"

#include "base/mem.h"

#include "known_leaks.h"
#include "sheet_drawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct sheet_drawn sheet_on_table = {.width = 400,
                                                  .height = 520,
                                                  .depth = 8,
                                                  .table = 90,
                                                  .paper = 210,
                                                  .ink = 50,
                                                  .x = {80, 330, 370, 30},
                                                  .y = {50, 60, 480, 460},
                                                  .lines_end = 0.9f};

static bool edges_of(const struct sheet_drawn *sheet, struct sheet_edges *ret) {
    PIX *pix = sheet_draw(sheet);
    struct thumb thumb;
    thumb_make(pix, 600, &thumb); /* as it is */
    bool found = sheet_edges_find(&thumb, ret);
    thumb_drop(&thumb);
    pixDestroy(&pix);
    return found;
}

static void corners_are(const struct sheet_drawn *sheet, const struct sheet_edges *edges, float within_px) {
    for (int i = 0; i < 4; i++) {
        assert_true(fabsf(edges->x[i] - sheet->x[i]) < within_px);
        assert_true(fabsf(edges->y[i] - sheet->y[i]) < within_px);
    }
}

static void test_sheet_edges_corners(void **state) {
    (void)state;
    struct sheet_edges edges;
    assert_true(edges_of(&sheet_on_table, &edges));
    corners_are(&sheet_on_table, &edges, 2);
    for (int i = 0; i < 4; i++)
        assert_true(edges.seen[i] && edges.support[i] > 0.8f);
}

static void test_sheet_edges_bright_table(void **state) {
    (void)state;
    struct sheet_drawn sheet = sheet_on_table;
    struct sheet_edges edges;
    sheet.table = 190;
    assert_true(edges_of(&sheet, &edges));
    corners_are(&sheet, &edges, 3);
    sheet.table = 235; /* brighter than the paper */
    assert_true(edges_of(&sheet, &edges));
    corners_are(&sheet, &edges, 3);
}

static void test_sheet_edges_corner_outside(void **state) {
    (void)state;
    struct sheet_drawn sheet = sheet_on_table;
    struct sheet_edges edges;
    sheet.x[2] = 460;
    assert_true(edges_of(&sheet, &edges));
    corners_are(&sheet, &edges, 6);
}

static void test_sheet_edges_none(void **state) {
    (void)state;
    struct sheet_drawn sheet = sheet_on_table;
    struct sheet_edges edges;
    sheet.table = sheet.paper;
    bool found = edges_of(&sheet, &edges);
    for (int i = 0; found && i < 4; i++)
        assert_true(edges.support[i] < 0.8f);
    sheet.lines_end = 0;
    assert_false(edges_of(&sheet, &edges));
}

static void test_thumb_sizes_and_closing(void **state) {
    (void)state;
    PIX *pix = pixCreate(3000, 4000, 32);
    pixSetAllArbitrary(pix, 0xc8643200);
    struct thumb thumb, half;
    thumb_make(pix, 1000, &thumb);
    assert_int_equal(thumb.width, 750);
    assert_int_equal(thumb.height, 1000);
    assert_int_equal(thumb.plane[0][5000], 0xc8);
    assert_int_equal(thumb.plane[2][5000], 0x32);
    thumb_halve(&thumb, &half);
    assert_int_equal(half.width, 375);
    assert_float_equal(half.step, 8, 0.001f);
    uint8_t *grey = thumb_grey(&half);
    assert_int_equal(grey[1000], (0xc8 * 3 + 0x64 * 5 + 0x32 * 2) / 10);
    mem_free(&grey);
    thumb_drop(&half);
    thumb_drop(&thumb);
    pixDestroy(&pix);
    uint8_t row[20] = {9, 9, 9, 1, 1, 9, 9, 9, 9, 9, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9};
    thumb_spread_bright(row, 20, 1, 3);
    assert_int_equal(row[3], 9);
    assert_int_equal(row[12], 1);
    thumb_spread_dark(row, 20, 1, 3);
    assert_int_equal(row[4], 9);  /* thinner than the window: closed */
    assert_int_equal(row[10], 1); /* wider: as it was */
    assert_int_equal(row[9], 9);
}

static void test_plane_there_and_back(void **state) {
    (void)state;
    struct plane plane =
        plane_of((struct ray){1, 0.1, 0.2}, (struct ray){-0.1, 1, 0.3}, (struct ray){0.05, 0.02, 1});
    struct plane back, one;
    assert_true(plane_inverse(&plane, &back));
    one = plane_times(&plane, &back);
    for (int i = 0; i < 9; i++)
        assert_true(fabs(one.m[i] - (i % 4 == 0)) < 1e-9);
    struct plane_point there, home;
    assert_true(plane_map(&plane, (struct plane_point){0.3, -0.2}, &there));
    assert_true(plane_map(&back, there, &home));
    assert_true(fabs(home.x - 0.3) < 1e-9 && fabs(home.y + 0.2) < 1e-9);
    assert_false(plane_map(&plane, (struct plane_point){-6, 0}, &there)); /* behind the camera */
    struct plane none = {{0}};
    assert_false(plane_inverse(&none, &back));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sheet_edges_corners),        cmocka_unit_test(test_sheet_edges_bright_table),
        cmocka_unit_test(test_sheet_edges_corner_outside), cmocka_unit_test(test_sheet_edges_none),
        cmocka_unit_test(test_thumb_sizes_and_closing),    cmocka_unit_test(test_plane_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
