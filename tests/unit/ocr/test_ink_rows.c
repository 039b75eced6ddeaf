/* Lines of dots under known slants. */
#include "ocr/ink_rows.h"

#include "base/mem.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* 40 lines, four dots high, of words, as a slant puts them. */
static struct ink lines_of(struct ink_slant slant) {
    enum { LINES = 40, THICK = 4, LONG = 90 };
    struct ink ink = {.width = 700, .height = 1000};
    ink.dots = mem_new(LINES * THICK * LONG * sizeof *ink.dots);
    for (int line = 0; line < LINES; line++)
        for (int i = 0; i < LONG * THICK; i++) {
            float x = (float)(i / THICK) * 7 - 310, row = (float)line * 22 - 430 + (float)(i % THICK);
            if ((i / THICK * 5 + line) % 7)
                ink.dots[ink.count++] = (struct ink_dot){x, row + x * (slant.slope + slant.change * row)};
        }
    return ink;
}

static void test_ink_rows_slants_are_found(void **state) {
    (void)state;
    static const struct ink_slant slants[] = {{0.05f, 0}, {0, 0.0002f}, {-0.12f, -0.00015f}, {0.3f, 0.0001f}};
    for (size_t i = 0; i < sizeof slants / sizeof *slants; i++) {
        struct ink ink = lines_of(slants[i]);
        float sharpness = 0;
        struct ink_slant found = ink_slant_find(&ink, &sharpness);
        assert_true(fabsf(found.slope - slants[i].slope) < 0.006f);
        assert_true(fabsf(found.change - slants[i].change) * 1000 < 0.02f);
        assert_true(sharpness > 2 * ink_sharpness(&ink, (struct ink_slant){slants[i].slope + 0.04f, 0}));
        ink_drop(&ink);
        assert_null(ink.dots);
    }
}

static void test_ink_rows_plain_lean(void **state) {
    (void)state;
    struct ink ink = lines_of((struct ink_slant){-0.04f, 0}), turned;
    float sharpness = 0;
    assert_true(fabsf(ink_lean(&ink, 0.1f, &sharpness).slope + 0.04f) < 0.004f);
    ink_turned(&ink, &turned); /* now they go down: rows across are blunt */
    assert_int_equal(turned.count, ink.count);
    assert_int_equal(turned.width, 1000);
    assert_true(ink_sharpness(&turned, (struct ink_slant){0.04f, 0}) < sharpness / 2);
    ink_drop(&ink);
    ink_drop(&turned);
}

static void test_ink_rows_ink_is_told_from_noise(void **state) {
    (void)state;
    enum { W = 300, H = 300 };
    struct thumb thumb = {.width = W, .height = H, .step = 4, .planes = 1};
    uint8_t *grey = mem_new(W * H), *paper = mem_new(W * H);
    memset(paper, 200, W * H);
    for (int i = 0; i < W * H; i++)
        grey[i] = (uint8_t)(i % W == 100 ? 60 : 196);
    struct ink ink;
    ink_find(grey, paper, &thumb, &ink);
    assert_int_equal(ink.count, H);
    assert_float_equal(ink.dots[0].x, -50, 0.01f);
    ink_drop(&ink);
    for (int i = 0; i < W * H; i++) /* poor light: grains as dark as thin ink */
        grey[i] = (uint8_t)(i % W == 100 ? 60 : 200 - i * 7919 % 61);
    ink_find(grey, paper, &thumb, &ink);
    assert_int_equal(ink.count, H);
    ink_drop(&ink);
    memset(paper, 20, W * H); /* black is no paper */
    memset(grey, 1, W * H);
    ink_find(grey, paper, &thumb, &ink);
    assert_int_equal(ink.count, 0);
    ink_drop(&ink);
    mem_free(&grey);
    mem_free(&paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ink_rows_slants_are_found),
        cmocka_unit_test(test_ink_rows_plain_lean),
        cmocka_unit_test(test_ink_rows_ink_is_told_from_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
