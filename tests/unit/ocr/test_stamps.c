/* What lies fainter over the letters goes, and the letters below it stay. */
#include "ocr/stamps.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/page_typed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { W = 1000, H = 900, LETTER_PX = 26, PAPER = 200, THRESHOLD = 170 };

/* A page whose letters are so dark, without and with a framed stamp over them. */
struct stamped {
    PIX *grey, *bits, *letters; /* letters: the page's bits without the stamp */
};

static PIX *letters_make(int ink) {
    const struct typed how = {36, ink, true};
    PIX *grey = typed_paper(W, H, PAPER);
    typed_lines(grey, &how, 100, 12, 60);
    return grey;
}

static void darken(PIX *pix, int x, int y, int level) {
    l_uint32 there = 0;
    pixGetPixel(pix, x, y, &there);
    if ((int)there > level)
        pixSetPixel(pix, x, y, (l_uint32)level);
}

/* As ink on paper: what is darker below shows through. */
static void stamp_press(PIX *grey, int level) {
    for (int y = 300; y < 600; y++)
        for (int x = 300; x < 800; x++) {
            int in = x - 300 < 799 - x ? x - 300 : 799 - x, deep = y - 300 < 599 - y ? y - 300 : 599 - y;
            if (in < 14 || deep < 14)
                darken(grey, x, y, level);
        }
}

static struct stamped stamped_make(int ink, int stamp) {
    struct stamped s = {.grey = letters_make(ink)};
    s.letters = pixThresholdToBinary(s.grey, THRESHOLD);
    stamp_press(s.grey, stamp);
    s.bits = pixThresholdToBinary(s.grey, THRESHOLD);
    return s;
}

static void stamped_drop(struct stamped *s) {
    pixDestroy(&s->grey);
    pixDestroy(&s->bits);
    pixDestroy(&s->letters);
}

/* Ink of a that is not in b. */
static int only_in(PIX *a, PIX *b) {
    PIX *rest = pixSubtract(NULL, a, b);
    int pixels = typed_ink(rest);
    pixDestroy(&rest);
    return pixels;
}

static void a_stamp_goes_and_letters_stay(void **state) {
    (void)state;
    struct stamped s = stamped_make(20, 140);
    int stamp = only_in(s.bits, s.letters), letters = typed_ink(s.letters);
    assert_true(stamp > 10000);
    assert_true(stamps_fade(s.grey, s.bits, LETTER_PX));
    assert_true(only_in(s.bits, s.letters) * 50 < stamp);   /* hardly anything of it is left */
    assert_true(only_in(s.letters, s.bits) * 20 < letters); /* soft edges of the letters that it touches at most */
    PIX *grey = letters_make(20), *dark = pixThresholdToBinary(grey, 100);
    PIX *whole = pixThresholdToBinary(s.grey, 100);
    PIX *large = pixSelectBySize(whole, 3 * LETTER_PX, 3 * LETTER_PX, 8, L_SELECT_IF_BOTH, L_SELECT_IF_GTE, NULL);
    assert_int_equal(typed_ink(large), 0); /* nothing but letters is dark */
    assert_int_equal(only_in(dark, s.bits), 0);
    pixDestroy(&grey);
    pixDestroy(&dark);
    pixDestroy(&whole);
    pixDestroy(&large);
    stamped_drop(&s);
}

static void expect_untouched(struct stamped *s) {
    PIX *before = pixCopy(NULL, s->bits);
    assert_false(stamps_fade(s->grey, s->bits, LETTER_PX));
    assert_int_equal(only_in(before, s->bits) + only_in(s->bits, before), 0);
    pixDestroy(&before);
    stamped_drop(s);
}

/* A frame as dark as the letters is of the page. */
static void a_dark_frame_stays(void **state) {
    (void)state;
    struct stamped s = stamped_make(20, 20);
    expect_untouched(&s);
}

/* Where the letters are faint, the stamp cannot be told from them, and nothing may be lost. */
static void faint_letters_stay(void **state) {
    (void)state;
    struct stamped s = stamped_make(130, 140);
    expect_untouched(&s);
}

static void a_page_without_a_stamp_stays(void **state) {
    (void)state;
    struct stamped s = stamped_make(20, PAPER);
    expect_untouched(&s);
    s = (struct stamped){typed_paper(W, H, PAPER), pixCreate(W, H, 1), pixCreate(W, H, 1)}; /* nothing at all */
    expect_untouched(&s);
}

/* Without a height of letters nothing is larger than they. */
static void unknown_letters_are_left_alone(void **state) {
    (void)state;
    struct stamped s = stamped_make(20, 140);
    int ink = typed_ink(s.bits);
    assert_false(stamps_fade(s.grey, s.bits, 0));
    assert_int_equal(typed_ink(s.bits), ink);
    stamped_drop(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stamp_goes_and_letters_stay),
        cmocka_unit_test(a_dark_frame_stays),
        cmocka_unit_test(faint_letters_stay),
        cmocka_unit_test(a_page_without_a_stamp_stays),
        cmocka_unit_test(unknown_letters_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
