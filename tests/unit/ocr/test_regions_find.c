/* Parts of a page that no words tell of, or whose words nobody should rely on. */
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/regions_find.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/page_typed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { W = 1500, H = 1500, DPI = 300 }; /* 5 inches */

/* A typed line of the page, and the words that were read from it: so many letters of LETTER pixels. */
enum { LETTER = 20 };
static void put(PIX *pix, struct words *words, uint32_t line, uint8_t confidence, const char *text) {
    char *copy = mem_text(text), *rest = NULL;
    int x = 200, y = 200 + 70 * (int)line;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        int width = LETTER * (int)strlen(w);
        typed_rectangle(pix, x, y - 30, width, 30, 0); /* as much ink as letters at most have */
        words_add(words, (struct box){(float)x, (float)y - 30, (float)(x + width), (float)y}, line, 0, confidence, w);
        x += width + LETTER;
    }
    free(copy);
}

struct drawn {
    PIX *pix;
    struct words words;
};

static struct drawn drawn_make(uint8_t confidence) {
    struct drawn d = {.pix = typed_paper(W, H, 200)};
    put(d.pix, &d.words, 0, confidence, "Thank you for meeting us on Tuesday morning at");
    put(d.pix, &d.words, 1, confidence, "the family centre. We agreed that your son would");
    put(d.pix, &d.words, 2, confidence, "stay with his grandmother until the end of term.");
    return d;
}

static struct regions look(struct drawn *d) {
    struct regions regions = {0};
    regions_find(d->pix, &d->words, DPI, &regions);
    return regions;
}

static void drawn_drop(struct drawn *d, struct regions *regions) {
    pixDestroy(&d->pix);
    words_drop(&d->words);
    regions_drop(regions);
}

static void expect_none(struct drawn *d) {
    struct regions regions = look(d);
    assert_int_equal(regions.count, 0);
    drawn_drop(d, &regions);
}

/* One region of the kind, whose box is that one but for slack pixels. */
static void expect_one(struct drawn *d, enum region_kind kind, struct box box, float slack) {
    struct regions regions = look(d);
    assert_int_equal(regions.count, 1);
    const struct box *b = &regions.list[0].box;
    assert_int_equal(regions.list[0].kind, kind);
    assert_true(b->x0 >= box.x0 - slack && b->x0 <= box.x0 + slack && b->x1 >= box.x1 - slack && b->x1 <= box.x1 + slack);
    assert_true(b->y0 >= box.y0 - slack && b->y0 <= box.y0 + slack && b->y1 >= box.y1 - slack && b->y1 <= box.y1 + slack);
    drawn_drop(d, &regions);
}

/* ---- ink without words */

static void a_page_whose_words_were_read_has_none(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    expect_none(&d);
    d = (struct drawn){.pix = typed_paper(W, H, 200)};
    expect_none(&d);
}

/* Loops of a pen, 60 pixels high. */
static void scribble(PIX *pix, int x, int y, int width) {
    for (int i = 0; i < width * 8; i++) {
        double t = i / 8.0;
        int px = x + (int)(t + 9 * sin(t / 4)), py = y + (int)(30 - 28 * cos(t / 5 + 0.3 * sin(t / 31)));
        typed_rectangle(pix, px, py, 4, 4, 30);
    }
}

static void unread_strokes_are_handwriting(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    scribble(d.pix, 300, 700, 400);
    expect_one(&d, REGION_HANDWRITING, (struct box){295, 700, 712, 764}, 16);
}

static void also_on_a_page_of_bits(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    scribble(d.pix, 300, 700, 400);
    PIX *bits = pixThresholdToBinary(d.pix, 120), *before = pixCopy(NULL, bits);
    struct drawn other = {.pix = bits, .words = d.words};
    struct regions regions = look(&other);
    l_int32 same = 0;
    assert_int_equal(regions.count, 1);
    assert_int_equal(regions.list[0].kind, REGION_HANDWRITING);
    pixEqual(bits, before, &same);
    assert_true(same); /* only looked at */
    pixDestroy(&before);
    pixDestroy(&d.pix);
    drawn_drop(&other, &regions);
}

/* At a low resolution the same, in its own pixels. */
static void at_any_resolution(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    scribble(d.pix, 300, 700, 400);
    PIX *small = pixScaleAreaMap(d.pix, 1 / 3.0f, 1 / 3.0f);
    struct regions regions = {0};
    for (size_t i = 0; i < d.words.count; i++) {
        struct box *b = &d.words.list[i].box;
        *b = (struct box){b->x0 / 3, b->y0 / 3, b->x1 / 3, b->y1 / 3};
    }
    regions_find(small, &d.words, DPI / 3, &regions);
    assert_int_equal(regions.count, 1);
    assert_true(regions.list[0].box.x0 > 90 && regions.list[0].box.x1 < 250 && regions.list[0].box.y0 > 220);
    PIX *bits = pixThresholdToBinary(small, 120), *before = pixCopy(NULL, bits);
    l_int32 same = 0;
    regions_find(bits, &d.words, DPI / 3, &regions); /* appends */
    pixEqual(bits, before, &same);
    assert_true(same);
    assert_int_equal(regions.count, 2);
    pixDestroy(&bits);
    pixDestroy(&before);
    pixDestroy(&small);
    drawn_drop(&d, &regions);
}

static void a_logo_is_a_picture(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    typed_rectangle(d.pix, 800, 800, 180, 180, 40); /* 0.6 inches */
    typed_rectangle(d.pix, 840, 840, 60, 60, 200);
    expect_one(&d, REGION_PICTURE, (struct box){800, 800, 980, 980}, 12);
    d = drawn_make(95);
    for (int i = 0; i < 2000; i++) /* a ring, of thin strokes */
        typed_rectangle(d.pix, 900 + (int)(75 * cos(i / 318.0)), 900 + (int)(75 * sin(i / 318.0)), 5, 5, 40);
    expect_one(&d, REGION_PICTURE, (struct box){825, 825, 980, 980}, 12);
}

/* A head before a plain ground: what is dark in it are no rules, though they are as long. */
static void a_photograph_is_a_picture(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    for (int y = 0; y < 600; y++)
        for (int x = 0; x < 450; x++)
            pixSetPixel(d.pix, 500 + x, 600 + y, hypot((x - 225) / 130.0, (y - 240) / 180.0) < 1 ? 180 : 60);
    expect_one(&d, REGION_PICTURE, (struct box){500, 600, 950, 1200}, 12);
    d = drawn_make(95);
    typed_rectangle(d.pix, 500, 600, 450, 600, 40); /* all dark */
    expect_one(&d, REGION_PICTURE, (struct box){500, 600, 950, 1200}, 12);
}

static void bars_are_nothing(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    for (int i = 0; i < 6; i++)
        typed_rectangle(d.pix, 200, 600 + 130 * i, 1000, 10 + 22 * i, 20); /* up to 0.4 inches thick */
    expect_none(&d);
}

static void rules_frames_and_specks_are_nothing(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    typed_rectangle(d.pix, 150, 120, 1200, 6, 20); /* a frame with lines in it, as a form has */
    typed_rectangle(d.pix, 150, 1300, 1200, 6, 20);
    for (int x = 150; x <= 1350; x += 400)
        typed_rectangle(d.pix, x, 120, 6, 1186, 20);
    for (int y = 500; y < 1300; y += 200)
        typed_rectangle(d.pix, 150, y, 1200, 4, 20);
    srand(5);
    for (int i = 0; i < 400; i++)
        typed_rectangle(d.pix, rand() % W, rand() % H, 2, 2, 30);
    for (int y = 600; y < 680; y += 16) /* a half-tone ground */
        for (int x = 700; x < 1000; x += 16)
            typed_rectangle(d.pix, x, y, 3, 3, 30);
    expect_none(&d);
}

/* Shorter than a short word; the scanner's dirt along the sheet's edge. */
static void small_marks_and_edges_are_nothing(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    scribble(d.pix, 300, 700, 60);
    scribble(d.pix, 30, 900, 300);
    expect_none(&d);
}

/* What is paler than ink is paper. */
static void pale_shades_are_nothing(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    typed_rectangle(d.pix, 300, 700, 500, 300, 160);
    expect_none(&d);
}

/* ---- words that are not to be relied on */

static void low_words_on_a_good_page_are_a_hand(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    put(d.pix, &d.words, 5, 30, "wcll fhuyl");
    expect_one(&d, REGION_HANDWRITING, (struct box){200, 520, 400, 550}, 1);
}

/* One low word among good ones is mostly right; two short ones say little. */
static void one_low_word_on_a_good_page_is_nothing(void **state) {
    (void)state;
    struct drawn d = drawn_make(95);
    put(d.pix, &d.words, 5, 30, "Kirkbeckshire");
    put(d.pix, &d.words, 7, 30, "of nurses");
    put(d.pix, &d.words, 9, 30, "- , . | ; : ' _ ( )");
    expect_none(&d);
}

static void low_words_on_a_bad_page_are_doubtful(void **state) {
    (void)state;
    struct drawn d = drawn_make(60);
    put(d.pix, &d.words, 5, 30, "Kirkbeckshire");
    put(d.pix, &d.words, 7, 30, "of the"); /* five letters */
    put(d.pix, &d.words, 9, 50, "Ribbleshire Council");
    expect_one(&d, REGION_DOUBTFUL, (struct box){200, 520, 460, 550}, 1);
}

static void rows_end_at_good_words_and_lines(void **state) {
    (void)state;
    struct drawn d = drawn_make(60);
    put(d.pix, &d.words, 5, 30, "children school");
    d.words.list[d.words.count - 1].confidence = 90;
    put(d.pix, &d.words, 6, 30, "grandmother teacher");
    put(d.pix, &d.words, 7, 30, "holidays");
    struct regions regions = look(&d);
    assert_int_equal(regions.count, 3);
    assert_true(regions.list[0].box.x1 == 360 && regions.list[1].box.x1 == 580 && regions.list[2].box.y0 == 660);
    drawn_drop(&d, &regions);
}

static void odd_words_and_pictures_do_no_harm(void **state) {
    (void)state;
    struct drawn d = {.pix = typed_paper(1, 1, 0)};
    words_add(&d.words, (struct box){-50, -50, 5000, 5000}, 0, 0, 0, "x");
    expect_none(&d);
    d = (struct drawn){.pix = pixCreate(400, 400, 32)}; /* colours are not looked at, its words are */
    words_add(&d.words, (struct box){5, 5, 90, 20}, 0, 0, 10, "grandmother");
    expect_one(&d, REGION_DOUBTFUL, (struct box){5, 5, 90, 20}, 0);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_whose_words_were_read_has_none),
        cmocka_unit_test(unread_strokes_are_handwriting),
        cmocka_unit_test(also_on_a_page_of_bits),
        cmocka_unit_test(at_any_resolution),
        cmocka_unit_test(a_logo_is_a_picture),
        cmocka_unit_test(a_photograph_is_a_picture),
        cmocka_unit_test(bars_are_nothing),
        cmocka_unit_test(rules_frames_and_specks_are_nothing),
        cmocka_unit_test(small_marks_and_edges_are_nothing),
        cmocka_unit_test(pale_shades_are_nothing),
        cmocka_unit_test(low_words_on_a_good_page_are_a_hand),
        cmocka_unit_test(one_low_word_on_a_good_page_is_nothing),
        cmocka_unit_test(low_words_on_a_bad_page_are_doubtful),
        cmocka_unit_test(rows_end_at_good_words_and_lines),
        cmocka_unit_test(odd_words_and_pictures_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
