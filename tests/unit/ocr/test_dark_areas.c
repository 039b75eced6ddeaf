/* What is large and dark on a page: light letters on it are turned, borders and punched holes go, everything else stays. */
#include "base/pix.h"
#include "ocr/dark_areas.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/page_typed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { W = 1000, H = 1200, DPI = 200 };

static const struct typed letters = {30, 0, false}, light_letters = {30, 255, true};

static PIX *bits_of(PIX *grey) {
    PIX *bits = pixThresholdToBinary(grey, 128);
    pixDestroy(&grey);
    return bits;
}

/* A page with some lines, and more on it. */
static PIX *page_start(void) {
    PIX *grey = typed_paper(W, H, 255);
    typed_lines(grey, &letters, 700, 4, 50);
    return grey;
}

/* Settles a copy; you destroy it. */
static PIX *settled(PIX *bits, float dpi, struct dark_areas *found) {
    PIX *copy = pixCopy(NULL, bits);
    *found = dark_areas_settle(copy, dpi);
    return copy;
}

static int differences(PIX *a, PIX *b) {
    PIX *xor = pixXor(NULL, a, b);
    int pixels = typed_ink(xor);
    pixDestroy(&xor);
    return pixels;
}

static void expect_untouched(PIX *bits) {
    struct dark_areas found;
    PIX *after = settled(bits, DPI, &found);
    assert_int_equal(found.turned, 0);
    assert_int_equal(found.borders, 0);
    assert_int_equal(found.holes, 0);
    assert_int_equal(differences(bits, after), 0);
    pixDestroy(&after);
}

/* ---- letters on a dark ground */

static PIX *page_with_heading(void) {
    PIX *grey = page_start();
    typed_rectangle(grey, 100, 200, 800, 70, 0);
    typed_write(grey, &light_letters, 130, 245, "Record of the visit on Tuesday");
    return bits_of(grey);
}

static void white_on_black_is_turned(void **state) {
    (void)state;
    struct dark_areas found;
    PIX *bits = page_with_heading(), *after = settled(bits, DPI, &found), *wanted_grey = page_start();
    const struct typed dark = {30, 0, true};
    typed_write(wanted_grey, &dark, 130, 245, "Record of the visit on Tuesday");
    PIX *wanted = bits_of(wanted_grey);
    assert_int_equal(found.turned, 1);
    assert_int_equal(found.borders + found.holes, 0);
    assert_true(typed_ink_in(wanted, 100, 204, 800, 62) > 2000);
    assert_int_equal(differences(wanted, after), typed_ink_in(after, 100, 266, 800, 4)); /* a rest of the bar's edge */
    assert_true(typed_ink_in(after, 100, 200, 800, 10) == 0 && differences(wanted, after) <= 4 * 800);
    pixDestroy(&bits);
    pixDestroy(&after);
    pixDestroy(&wanted);
}

static void it_is_turned_on_a_page_on_its_side(void **state) {
    (void)state;
    for (int turn = 1; turn < 4; turn++) {
        struct dark_areas found;
        PIX *upright = page_with_heading(), *bits = pixRotateOrth(upright, turn), *after = settled(bits, DPI, &found);
        assert_int_equal(found.turned, 1);
        assert_true(typed_ink(bits) - typed_ink(after) > 40000);
        pixDestroy(&upright);
        pixDestroy(&bits);
        pixDestroy(&after);
    }
}

/* Fat letters that ran into each other in a bad scan: the white left in and between them is no text. */
static void words_that_ran_together_are_not_turned(void **state) {
    (void)state;
    const struct typed fat = {44, 0, true};
    PIX *grey = page_start();
    typed_write(grey, &fat, 100, 250, "RIBBLESHIRE COUNCIL RECORD");
    typed_write(grey, &fat, 100, 350, "meeting about the children");
    PIX *bits = bits_of(grey), *run = pixDilateBrick(NULL, bits, 3, 3);
    l_int32 letter_parts = 0, run_parts = 0;
    pixCountConnComp(bits, 8, &letter_parts);
    pixCountConnComp(run, 8, &run_parts);
    assert_true(run_parts + 50 < letter_parts);
    expect_untouched(run);
    pixDestroy(&bits);
    pixDestroy(&run);
}

/* ---- borders and holes */

static void borders_go(void **state) {
    (void)state;
    struct dark_areas found;
    PIX *grey = page_start();
    typed_rectangle(grey, 0, 0, 50, H, 0);
    typed_rectangle(grey, 0, H - 40, W, 40, 0);
    PIX *bits = bits_of(grey), *after = settled(bits, DPI, &found), *wanted = bits_of(page_start());
    assert_int_equal(found.borders, 1); /* they meet in the corner */
    assert_int_equal(found.turned + found.holes, 0);
    assert_int_equal(differences(after, wanted), 0);
    pixDestroy(&bits);
    pixDestroy(&after);
    grey = page_start();
    typed_rectangle(grey, 0, H - 40, W, 40, 0);
    bits = bits_of(grey);
    after = settled(bits, DPI, &found);
    assert_int_equal(found.borders, 1);
    assert_int_equal(differences(after, wanted), 0);
    pixDestroy(&bits);
    pixDestroy(&after);
    pixDestroy(&wanted);
}

static void disc(PIX *grey, int x, int y, int across) {
    for (int dy = 0; dy < across; dy++)
        for (int dx = 0; dx < across; dx++) {
            int a = 2 * dx + 1 - across, b = 2 * dy + 1 - across;
            if (a * a + b * b <= across * across)
                pixSetPixel(grey, x + dx, y + dy, 0);
        }
}

static void punched_holes_go(void **state) {
    (void)state;
    struct dark_areas found;
    PIX *grey = page_start();
    disc(grey, 60, 300, 48); /* 6 mm */
    disc(grey, 60, 930, 48);
    PIX *bits = bits_of(grey), *after = settled(bits, DPI, &found), *wanted = bits_of(page_start());
    assert_int_equal(found.holes, 2);
    assert_int_equal(found.turned + found.borders, 0);
    assert_true(typed_ink(bits) - typed_ink(wanted) > 3000);
    assert_true(differences(after, wanted) < 100); /* specks of their edges */
    pixDestroy(&bits);
    pixDestroy(&after);
    pixDestroy(&wanted);
}

/* ---- what stays */

static void discs_that_are_no_holes_stay(void **state) {
    (void)state;
    PIX *grey = page_start();
    disc(grey, 480, 450, 48);                    /* in the middle */
    disc(grey, 60, 300, 120);                    /* too large */
    disc(grey, 80, 930, 27);                     /* too small */
    typed_rectangle(grey, 900, 300, 48, 48, 0);  /* a square */
    typed_rectangle(grey, 900, 500, 48, 70, 0);
    PIX *bits = bits_of(grey);
    expect_untouched(bits);
    pixDestroy(&bits);
}

static void bars_and_photographs_stay(void **state) {
    (void)state;
    PIX *grey = page_start();
    typed_rectangle(grey, 100, 80, 800, 30, 0); /* a bar without letters */
    srand(3);
    typed_rectangle(grey, 300, 200, 400, 400, 0);
    for (int i = 0; i < 60; i++) { /* light parts of any size */
        int size = 2 << rand() % 6;
        typed_rectangle(grey, 310 + rand() % 300, 210 + rand() % 300, size, 2 + rand() % size, 255);
    }
    PIX *bits = bits_of(grey);
    expect_untouched(bits);
    pixDestroy(&bits);
}

/* The raster of a picture has as many dark parts as nobody punches holes. */
static void rasters_are_left_alone(void **state) {
    (void)state;
    PIX *grey = typed_paper(1800, 2000, 255);
    for (int y = 0; y < 25; y++)
        for (int x = 0; x < 22; x++)
            disc(grey, 40 + 78 * x, 40 + 78 * y, 48);
    PIX *bits = bits_of(grey);
    expect_untouched(bits);
    pixDestroy(&bits);
}

static void nothing_and_tiny_pictures_are_fine(void **state) {
    (void)state;
    static const int sizes[][2] = {{1, 1}, {5, 300}, {300, 5}, {40, 40}};
    PIX *blank = pixCreate(W, H, 1);
    expect_untouched(blank);
    pixDestroy(&blank);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int black = 0; black < 2; black++) {
            PIX *tiny = pixCreate(sizes[i][0], sizes[i][1], 1);
            if (black)
                pixSetAll(tiny);
            assert_int_equal(dark_areas_settle(tiny, 72).turned, 0);
            pixDestroy(&tiny);
        }
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_on_black_is_turned),
        cmocka_unit_test(it_is_turned_on_a_page_on_its_side),
        cmocka_unit_test(words_that_ran_together_are_not_turned),
        cmocka_unit_test(borders_go),
        cmocka_unit_test(punched_holes_go),
        cmocka_unit_test(discs_that_are_no_holes_stay),
        cmocka_unit_test(bars_and_photographs_stay),
        cmocka_unit_test(rasters_are_left_alone),
        cmocka_unit_test(nothing_and_tiny_pictures_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
