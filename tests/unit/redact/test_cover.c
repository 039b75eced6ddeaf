#include "base/err.h"
#include "base/pix.h"
#include "redact/cover.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define WIDTH_PT 600.0f
#define HEIGHT_PT 840.0f
#define DPI 150.0f
#define PX(pt) ((int)((pt)*DPI / 72))

/* A page of that many bits with a bar of ink for each word. */
static PIX *page_draw(const struct box *words, size_t count, int depth) {
    PIX *pix = pixCreate(PX(WIDTH_PT), PX(HEIGHT_PT), depth);
    if (depth != 1)
        pixSetAll(pix);
    for (size_t i = 0; i < count; i++)
        pixRasterop(pix, PX(words[i].x0), PX(words[i].y0), PX(words[i].x1) - PX(words[i].x0),
                    PX(words[i].y1) - PX(words[i].y0), depth == 1 ? PIX_SET : PIX_CLR, NULL, 0, 0);
    return pix;
}

static int cover(PIX *pix, struct cover_order order, struct covered_page *page, PIX **seen) {
    struct buf png = {0};
    assert_int_equal(pix_encode_png(pix, &png), 0);
    order.picture = (struct picture){PICTURE_PNG, buf_view(&png), DPI, 0};
    int err = cover_page(&order, page, seen);
    buf_drop(&png);
    return err;
}

static struct cover_order order_of(const struct box *boxes, size_t count) {
    return (struct cover_order){
        .width_pt = WIDTH_PT, .height_pt = HEIGHT_PT, .boxes = boxes, .box_count = count};
}

/* The part of the pixels in the box that are ink. */
static double ink_part(PIX *pix, const struct covered_page *page, struct box b) {
    PIX *grey = pixConvertTo8(pix, 0);
    float sx = (float)pixGetWidth(pix) / page->width_pt, sy = (float)pixGetHeight(pix) / page->height_pt;
    long dark = 0, all = 0;
    for (int y = (int)ceilf(b.y0 * sy); y < (int)(b.y1 * sy); y++)
        for (int x = (int)ceilf(b.x0 * sx); x < (int)(b.x1 * sx); x++) {
            l_uint32 level;
            pixGetPixel(grey, x, y, &level);
            dark += level < 64;
            all++;
        }
    pixDestroy(&grey);
    return all ? (double)dark / (double)all : -1;
}

static int on_grid(struct box b) {
    float parts = (b.x1 - b.x0) / COVER_GRID_PT;
    return fabsf(parts - roundf(parts)) < 0.01f;
}

static int holds(struct box outer, struct box inner) {
    return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1;
}

static void test_cover_paints_the_word_and_only_it(void **state) {
    (void)state;
    struct box words[] = {{100, 100, 140, 110}, {300, 100, 340, 110}};
    PIX *pix = page_draw(words, 2, 1), *seen = NULL;
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(words, 1), &page, &seen), 0);
    assert_int_equal(page.format, COVERED_G4);
    assert_int_equal(page.covered_count, 1);
    assert_true(holds(page.covered[0], words[0]));
    assert_true(on_grid(page.covered[0]));
    assert_true(page.covered[0].x1 - page.covered[0].x0 <= 60);
    assert_true(ink_part(seen, &page, page.covered[0]) == 1);
    assert_true(ink_part(seen, &page, words[1]) > 0.9);
    assert_true(ink_part(seen, &page, (struct box){180, 90, 290, 120}) == 0);
    assert_int_equal(page.width_px, pixGetWidth(seen));
    assert_int_equal(page.words.count, 0);
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

/* What the grid asks for is taken where it covers nothing of the neighbour. */
static void test_cover_spares_the_neighbour(void **state) {
    (void)state;
    struct box words[] = {
        {200, 100, 240, 110}, {243.5f, 100, 280, 110}, {200, 200, 240, 210}, {160, 200, 196.5f, 210}};
    struct box hidden[] = {words[0], words[2]};
    PIX *pix = page_draw(words, 4, 1), *seen = NULL;
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(hidden, 2), &page, &seen), 0);
    assert_int_equal(page.covered_count, 2);
    assert_true(holds(page.covered[0], words[0]) && holds(page.covered[1], words[2]));
    assert_true(page.covered[0].x1 <= words[1].x0 + 0.5f);
    assert_true(page.covered[1].x0 >= words[3].x1 - 0.5f);
    assert_true(on_grid(page.covered[0]) && on_grid(page.covered[1]));
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

/* What is under a box must not be told by the bytes: two pages that differ only there are the same. */
static void test_cover_leaves_nothing_of_the_source(void **state) {
    (void)state;
    struct box box = {100, 100, 180, 116}, left = {102, 102, 130, 110}, right = {140, 101, 178, 114};
    for (int depth = 1; depth <= 32; depth = depth == 1 ? 8 : depth == 8 ? 32 : 64) {
        PIX *one = page_draw(&left, 1, depth), *two = page_draw(&right, 1, depth), *seen = NULL;
        struct covered_page a, b;
        assert_int_equal(cover(one, order_of(&box, 1), &a, &seen), 0);
        pixDestroy(&seen);
        assert_int_equal(cover(two, order_of(&box, 1), &b, &seen), 0);
        pixDestroy(&seen);
        assert_int_equal(a.format, COVERED_G4);
        assert_true(view_equal(buf_view(&a.bytes), buf_view(&b.bytes)));
        covered_page_drop(&a);
        covered_page_drop(&b);
        pixDestroy(&one);
        pixDestroy(&two);
    }
}

/* Names of different lengths get boxes of the same width. */
static void test_cover_hides_the_length(void **state) {
    (void)state;
    struct box words[] = {{100, 100, 126, 109}, {100, 200, 132, 209}};
    PIX *pix = page_draw(words, 2, 1), *seen = NULL;
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(words, 2), &page, &seen), 0);
    assert_int_equal(page.covered_count, 2);
    assert_true(fabsf((page.covered[0].x1 - page.covered[0].x0) - 36) < 0.01f);
    assert_true(fabsf((page.covered[1].x1 - page.covered[1].x0) - 36) < 0.01f);
    assert_true(page.covered[0].y1 - page.covered[0].y0 >= COVER_HEIGHT_PT - 0.01f);
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

static void test_cover_joins_neighbours_on_a_line(void **state) {
    (void)state;
    struct box words[] = {
        {100, 100, 140, 110}, {144, 100, 170, 110}, {100, 130, 140, 140}, {400, 100, 440, 110}};
    PIX *pix = page_draw(words, 4, 1), *seen = NULL;
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(words, 4), &page, &seen), 0);
    assert_int_equal(page.covered_count, 3);
    assert_true(holds(page.covered[0], words[0]) && holds(page.covered[0], words[1]));
    for (size_t i = 0; i < page.covered_count; i++)
        assert_true(on_grid(page.covered[i]));
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

static void test_cover_at_the_edge_stays_on_the_page(void **state) {
    (void)state;
    struct box words[] = {{585, 835, 600, 840}, {0, 0, 3, 3}, {700, 10, 720, 20}};
    PIX *pix = page_draw(words, 2, 1), *seen = NULL;
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(words, 3), &page, &seen), 0);
    assert_int_equal(page.covered_count, 2); /* the third is not on the page */
    for (size_t i = 0; i < 2; i++) {
        struct box b = page.covered[i];
        assert_true(b.x0 >= 0 && b.y0 >= 0 && b.x1 <= WIDTH_PT && b.y1 <= HEIGHT_PT && on_grid(b));
        assert_true(ink_part(seen, &page, b) == 1);
    }
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

static void test_cover_whole_page(void **state) {
    (void)state;
    struct box word = {100, 100, 140, 110};
    PIX *pix = page_draw(&word, 1, 8), *seen = NULL;
    struct covered_page page;
    struct cover_order order = order_of(NULL, 0);
    order.whole_page = 1;
    assert_int_equal(cover(pix, order, &page, &seen), 0);
    assert_true(ink_part(seen, &page, (struct box){0, 0, WIDTH_PT, HEIGHT_PT}) == 1);
    assert_true(page.bytes.len < 5000);
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

/* A page that lies on its side: boxes come as it is shown, the result stands upright. */
static void test_cover_turns(void **state) {
    (void)state;
    struct box word = {100, 200, 110, 260}; /* read from below to above when shown */
    PIX *pix = page_draw(&word, 1, 1), *seen = NULL;
    struct covered_page page;
    struct cover_order order = order_of(&word, 1);
    order.turn = 90;
    assert_int_equal(cover(pix, order, &page, &seen), 0);
    assert_true(page.width_pt == HEIGHT_PT && page.height_pt == WIDTH_PT);
    assert_true(pixGetWidth(seen) > pixGetHeight(seen));
    struct box upright = {HEIGHT_PT - 260, 100, HEIGHT_PT - 200, 110};
    assert_int_equal(page.covered_count, 1);
    assert_true(holds(page.covered[0], upright));
    assert_true(page.covered[0].x1 - page.covered[0].x0 < 90);
    assert_true(ink_part(seen, &page, page.covered[0]) == 1);
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

/* A leaning page: the ink of the word, straightened, lies within the box. */
static void test_cover_straightens(void **state) {
    (void)state;
    struct box word = {60, 100, 100, 110};
    PIX *straight = page_draw(&word, 1, 1), *seen = NULL;
    float lean = 2.0f, c = cosf(lean * (float)M_PI / 180), s = sinf(lean * (float)M_PI / 180);
    PIX *leaning = pixRotate(straight, lean * (float)M_PI / 180, L_ROTATE_SAMPLING, L_BRING_IN_WHITE, 0, 0);
    float x = 80 - WIDTH_PT / 2, y = 105 - HEIGHT_PT / 2;
    float mid_x = WIDTH_PT / 2 + x * c - y * s, mid_y = HEIGHT_PT / 2 + x * s + y * c;
    float w = 40 * c + 10 * s, h = 10 * c + 40 * s;
    struct box shown = {mid_x - w / 2, mid_y - h / 2, mid_x + w / 2, mid_y + h / 2};
    struct covered_page page;
    struct cover_order order = order_of(&shown, 1);
    order.skew_deg = lean;
    assert_int_equal(cover(leaning, order, &page, &seen), 0);
    assert_int_equal(page.covered_count, 1);
    assert_true(holds(page.covered[0], word));
    assert_true(page.covered[0].y1 - page.covered[0].y0 < 15);
    PIX *rest = pixCopy(NULL, seen); /* no ink is left outside of the box */
    struct box b = page.covered[0];
    float scale = (float)pixGetWidth(seen) / page.width_pt;
    pixRasterop(rest, (int)(b.x0 * scale) - 1, (int)(b.y0 * scale) - 1, (int)((b.x1 - b.x0) * scale) + 3,
                (int)((b.y1 - b.y0) * scale) + 3, PIX_CLR, NULL, 0, 0);
    l_int32 ink = -1;
    pixCountPixels(rest, &ink, NULL);
    assert_int_equal(ink, 0);
    pixDestroy(&rest);
    pixDestroy(&straight);
    pixDestroy(&leaning);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

/* A photograph stays a photograph, and its box is black after JPEG too. */
static void test_cover_photograph(void **state) {
    (void)state;
    PIX *pix = pixCreate(PX(WIDTH_PT), PX(HEIGHT_PT), 8), *seen = NULL;
    for (int y = 0; y < pixGetHeight(pix); y++)
        for (int x = 0; x < pixGetWidth(pix); x++)
            pixSetPixel(pix, x, y, (l_uint32)(60 + 120 * y / pixGetHeight(pix) + (x / 40 % 2) * 40));
    struct box word = {100, 100, 140, 110};
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(&word, 1), &page, &seen), 0);
    assert_int_equal(page.format, COVERED_JPEG_GREY);
    assert_memory_equal(page.bytes.data, "\xFF\xD8", 2);
    assert_true(ink_part(seen, &page, page.covered[0]) == 1);
    assert_true(ink_part(seen, &page, (struct box){200, 400, 500, 700}) == 0);
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

/* Fax pixels are not square: 204 by 98 dots per inch. */
static void test_cover_uneven_pixels(void **state) {
    (void)state;
    PIX *pix = pixCreate(1700, 1143, 1), *seen = NULL;
    pixRasterop(pix, 283, 136, 114, 14, PIX_SET, NULL, 0, 0);
    struct box word = {100, 100, 140, 110};
    struct covered_page page;
    assert_int_equal(cover(pix, order_of(&word, 1), &page, &seen), 0);
    assert_true(fabsf((float)page.width_px / WIDTH_PT - (float)page.height_px / HEIGHT_PT) < 0.1f);
    assert_true(ink_part(seen, &page, page.covered[0]) == 1);
    assert_true(ink_part(seen, &page, (struct box){0, 130, 600, 800}) == 0);
    pixDestroy(&pix);
    pixDestroy(&seen);
    covered_page_drop(&page);
}

static void test_cover_damaged_picture(void **state) {
    (void)state;
    struct covered_page page = {.width_px = 77};
    PIX *seen = NULL;
    struct box word = {100, 100, 140, 110};
    struct cover_order order = order_of(&word, 1);
    order.picture = (struct picture){PICTURE_JPEG, view_text("this is no picture, and long enough"), DPI, 0};
    assert_int_equal(cover_page(&order, &page, &seen), ERR_DAMAGED);
    order.width_pt = NAN;
    assert_int_equal(cover_page(&order, &page, &seen), ERR_DAMAGED);
    assert_null(seen);
    assert_int_equal(page.width_px, 77); /* not touched on failure */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cover_paints_the_word_and_only_it),
        cmocka_unit_test(test_cover_spares_the_neighbour),
        cmocka_unit_test(test_cover_leaves_nothing_of_the_source),
        cmocka_unit_test(test_cover_hides_the_length),
        cmocka_unit_test(test_cover_joins_neighbours_on_a_line),
        cmocka_unit_test(test_cover_at_the_edge_stays_on_the_page),
        cmocka_unit_test(test_cover_whole_page),
        cmocka_unit_test(test_cover_turns),
        cmocka_unit_test(test_cover_straightens),
        cmocka_unit_test(test_cover_photograph),
        cmocka_unit_test(test_cover_uneven_pixels),
        cmocka_unit_test(test_cover_damaged_picture),
    };
    pix_silence();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
