/* The picture that is recognised: a scan's letters keep their soft edges; specks, stamps and dark areas go. */
#include "base/pix.h"
#include "ocr/clean.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/page_typed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { W = 1600, H = 1400, DPI = 300, PAPER = 235, INK = 25 };

static PIX *scan_make(void) {
    const struct typed how = {44, INK, false};
    PIX *pix = typed_paper(W, H, PAPER);
    typed_lines(pix, &how, 200, 16, 70);
    return pix;
}

/* Cleaned, upright: at the size that its letters need. */
struct cleaned {
    PIX *pix;
    float scale;
};

static struct cleaned cleaned(PIX *shown, enum clean_way wanted) {
    struct clean_view view;
    struct clean_order order = {0};
    PIX *copy = pixCopy(NULL, shown);
    assert_true(clean_look(copy, CLEAN_FROM_ANY, DPI, &view));
    assert_int_equal(view.way, wanted);
    struct cleaned c = {clean_make(&view, &order), view.scale};
    assert_non_null(c.pix);
    clean_drop(&view);
    assert_true(fabsf((float)pixGetWidth(c.pix) - c.scale * (float)pixGetWidth(shown)) <= 1);
    assert_true(fabsf((float)pixGetHeight(c.pix) - c.scale * (float)pixGetHeight(shown)) <= 1);
    return c;
}

static int at(PIX *pix, int x, int y) {
    l_uint32 value = 0;
    pixGetPixel(pix, x, y, &value);
    return (int)value;
}

struct levels {
    int black, grey, white, all;
};

/* Of a part of the page, in pixels of the page as shown. */
static struct levels levels_in(const struct cleaned *c, int x, int y, int w, int h) {
    struct levels n = {0};
    for (int row = (int)((float)y * c->scale); row < (int)((float)(y + h) * c->scale); row++)
        for (int column = (int)((float)x * c->scale); column < (int)((float)(x + w) * c->scale); column++) {
            int v = at(c->pix, column, row);
            n.black += v == 0;
            n.white += v == 255;
            n.grey += v > 0 && v < 255;
            n.all++;
        }
    return n;
}

static void soft_edges_are_kept(void **state) {
    (void)state;
    PIX *shown = scan_make();
    struct cleaned c = cleaned(shown, CLEAN_SCAN);
    assert_int_equal(pixGetDepth(c.pix), 8);
    struct levels all = levels_in(&c, 0, 0, W, H), margin = levels_in(&c, 0, 0, W, 140);
    assert_true(all.black > 10000);         /* letters are black, */
    assert_true(all.grey * 20 > all.black); /* their edges are not, */
    assert_true(all.grey < 2 * all.black);
    assert_true(all.white > all.all * 8 / 10); /* and paper is white */
    assert_int_equal(margin.white, margin.all);
    pixDestroy(&shown);
    pixDestroy(&c.pix);
}

/* Letters of one size are recognised; small ones are left as they are. */
static void large_letters_are_made_smaller(void **state) {
    (void)state;
    static const struct {
        float size;
        float least, most; /* scale */
    } sizes[] = {{30, 0.999f, 1}, {44, 0.6f, 0.85f}, {60, 0.5f, 0.6f}, {100, 0.5f, 0.5f}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct typed how = {sizes[i].size, INK, false};
        PIX *shown = typed_paper(W, H, PAPER);
        typed_lines(shown, &how, 150, 10, (int)sizes[i].size + 20);
        struct cleaned c = cleaned(shown, CLEAN_SCAN);
        assert_true(c.scale >= sizes[i].least && c.scale <= sizes[i].most);
        pixDestroy(&shown);
        pixDestroy(&c.pix);
    }
}

/* Where letters are so large that a full stop is no speck. */
static void specks_go_and_full_stops_stay(void **state) {
    (void)state;
    const struct typed how = {84, INK, false};
    PIX *shown = typed_paper(W, H, PAPER);
    typed_lines(shown, &how, 260, 10, 110);
    for (int i = 0; i < 30; i++) {
        typed_rectangle(shown, 30 + 37 * i, 60, 3, 3, 40);
        typed_rectangle(shown, 30 + 37 * i, 100, 2, 3, 120);
    }
    typed_rectangle(shown, 1400, 60, 10, 10, 40);
    struct cleaned c = cleaned(shown, CLEAN_SCAN);
    struct levels margin = levels_in(&c, 0, 40, 1300, 90);
    assert_int_equal(margin.black, 0);
    assert_in_range(margin.white, margin.all - 40, margin.all); /* a shade of their edges */
    assert_true(levels_in(&c, 1380, 40, 50, 50).black >= 16);
    pixDestroy(&shown);
    pixDestroy(&c.pix);
}

static void a_stamp_is_white_and_letters_below_it_black(void **state) {
    (void)state;
    PIX *plain = scan_make(), *shown = pixCopy(NULL, plain);
    for (int y = 300; y < 700; y++)
        for (int x = 400; x < 1200; x++)
            if ((x < 416 || x >= 1184 || y < 316 || y >= 684) && at(shown, x, y) > 150)
                pixSetPixel(shown, x, y, 150);
    struct cleaned c = cleaned(shown, CLEAN_SCAN), wanted = cleaned(plain, CLEAN_SCAN);
    int left = 0, lost = 0, ink = 0;
    assert_true(c.scale == wanted.scale);
    for (int y = 0; y < pixGetHeight(c.pix); y++)
        for (int x = 0; x < pixGetWidth(c.pix); x++) {
            left += at(wanted.pix, x, y) == 255 && at(c.pix, x, y) < 128;
            lost += at(wanted.pix, x, y) == 0 && at(c.pix, x, y) > 128;
            ink += at(wanted.pix, x, y) == 0;
        }
    assert_true(left < 400); /* of 20,000 pixels */
    assert_true(lost * 500 < ink);
    pixDestroy(&plain);
    pixDestroy(&shown);
    pixDestroy(&c.pix);
    pixDestroy(&wanted.pix);
}

static void white_letters_are_turned_and_black(void **state) {
    (void)state;
    const struct typed light = {44, PAPER, true};
    PIX *shown = scan_make();
    typed_rectangle(shown, 100, 40, 1200, 80, 30);
    typed_write(shown, &light, 150, 95, "Record of the visit on Tuesday");
    struct cleaned c = cleaned(shown, CLEAN_SCAN);
    struct levels heading = levels_in(&c, 110, 52, 1180, 56);
    assert_true(heading.white > heading.all * 7 / 10 && heading.black > 2000);
    pixDestroy(&shown);
    pixDestroy(&c.pix);
}

static void a_page_of_bits_is_rid_of_borders_and_specks(void **state) {
    (void)state;
    PIX *grey = scan_make(), *bits = pixThresholdToBinary(grey, 128);
    typed_rectangle(bits, 800, 60, 3, 3, 1);
    typed_rectangle(bits, 0, 0, 40, H, 1); /* the shadow of a lid */
    struct clean_view view;
    struct clean_order order = {0}, plain = {.as_it_came = true};
    PIX *copy = pixCopy(NULL, bits);
    assert_true(clean_look(copy, CLEAN_FROM_ANY, DPI, &view));
    assert_int_equal(view.way, CLEAN_BITS);
    struct cleaned c = {clean_make(&view, &order), view.scale}, raw = {clean_make(&view, &plain), view.scale};
    l_int32 same = 0;
    pixEqual(view.shown, bits, &same);
    assert_true(same); /* it can be read as it came, too */
    assert_int_equal(pixGetDepth(c.pix), view.scale < 1 ? 8 : 1);
    struct levels margin = levels_in(&c, 0, 0, W, 140), raw_margin = levels_in(&raw, 0, 0, W, 140);
    assert_int_equal(margin.white, margin.all);
    assert_true(raw_margin.black > 30 * 140 / 2 && raw_margin.white < raw_margin.all);
    assert_true(levels_in(&c, 0, 180, W, H - 180).black > 5000);
    clean_drop(&view);
    pixDestroy(&grey);
    pixDestroy(&bits);
    pixDestroy(&c.pix);
    pixDestroy(&raw.pix);
}

/* Small letters keep all their greys: thresholded, they would be eaten. */
static void small_letters_are_not_thresholded(void **state) {
    (void)state;
    const struct typed how = {14, INK, false};
    PIX *shown = typed_paper(W, H, PAPER);
    typed_lines(shown, &how, 100, 40, 30);
    struct cleaned c = cleaned(shown, CLEAN_PHOTO);
    assert_int_equal(pixGetDepth(c.pix), 8);
    assert_true(c.scale == 1);
    assert_int_equal(levels_in(&c, 0, 0, W, 60).black, 0);
    pixDestroy(&shown);
    pixDestroy(&c.pix);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soft_edges_are_kept),
        cmocka_unit_test(large_letters_are_made_smaller),
        cmocka_unit_test(specks_go_and_full_stops_stay),
        cmocka_unit_test(a_stamp_is_white_and_letters_below_it_black),
        cmocka_unit_test(white_letters_are_turned_and_black),
        cmocka_unit_test(a_page_of_bits_is_rid_of_borders_and_specks),
        cmocka_unit_test(small_letters_are_not_thresholded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
