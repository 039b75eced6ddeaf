/* Separator sheets: Code 128, QR and Patch T, any way up; other bar codes and tables are none. */
#include "base/pix.h"
#include "ingest/separator.h"

#include <ctype.h>
#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Bars (capitals) and spaces, a is one unit: "SEP*01*02" and "LTR-4471" in Code 128. */
static const char bars_separator[] =
    "BaAbAdBaCaAcAcBaAcCaCaBaBbAcAbAbCaBbAbCbBaBbAcAbAbCaBbBbCbAaCbBaAbBcCaAaB";
static const char bars_letter[] = "BaAbAdAcBaCaBaCcAaBcAaCaAbBaCbAaCaDaAcBaCaAbBaAdDcAaAaBcCaAaB";

static const char *const qr_separator[21] = {
    "#######.#.###.#######", "#.....#.#.#...#.....#", "#.###.#.##..#.#.###.#", "#.###.#...#.#.#.###.#",
    "#.###.#.##.##.#.###.#", "#.....#..##...#.....#", "#######.#.#.#.#######", ".........#...........",
    "#..#######.#.#..#.###", "#...#...#..###..#....", "####..#..#.##..#..#..", "###.##.##.#.###.#####",
    ".#.#..##..#######.#..", "........##..###.#..##", "#######.##.#....#.#.#", "#.....#.#.....#.#.#.#",
    "#.###.#.##...########", "#.###.#.#.#.#######..", "#.###.#...####....###", "#.....#..####...##.#.",
    "#######.##..##..##.#.",
};

static PIX *sheet(void) {
    PIX *pix = pixCreate(2480, 3508, 8);
    pixSetAll(pix);
    return pix;
}

static void fill(PIX *pix, int x, int y, int w, int h) {
    BOX *box = boxCreate(x, y, w, h);
    pixClearInRect(pix, box);
    boxDestroy(&box);
}

static void draw_bars(PIX *pix, const char *bars, int x, int y, int unit_px) {
    for (; *bars; bars++) {
        int w = (tolower(*bars) - 'a' + 1) * unit_px;
        if (isupper(*bars))
            fill(pix, x, y, w, 375);
        x += w;
    }
}

static void draw_qr(PIX *pix, int x, int y, int unit_px) {
    for (int r = 0; r < 21; r++)
        for (int c = 0; c < 21; c++)
            if (qr_separator[r][c] == '#')
                fill(pix, x + c * unit_px, y + r * unit_px, unit_px, unit_px);
}

static void draw_patch(PIX *pix, int y) {
    static const int bars_px[4] = {24, 60, 24, 60};
    for (int i = 0; i < 4; i++) {
        fill(pix, 375, y, 1730, bars_px[i]);
        y += bars_px[i] + 24;
    }
}

static void expect(PIX *pix, int turn, float lean_deg, const char *answer) {
    char payload[SEPARATOR_PAYLOAD_MOST] = "untouched";
    PIX *turned = pixRotateOrth(pix, turn / 90);
    PIX *leaning = pixRotate(turned, lean_deg * 0.0174533f, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
    bool found = separator_find(leaning, 300, payload);
    assert_int_equal(found, answer != NULL);
    assert_string_equal(payload, answer ? answer : "untouched");
    pixDestroy(&turned);
    pixDestroy(&leaning);
}

static void code128_any_way_up(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_bars(pix, bars_separator, 460, 1080, 12);
    for (int turn = 0; turn < 360; turn += 90)
        expect(pix, turn, 0.8f, "SEP*01*02");
    pixDestroy(&pix);
}

static void qr_any_way_up(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_qr(pix, 860, 1700, 36);
    for (int turn = 0; turn < 360; turn += 90)
        expect(pix, turn, -1.5f, "SEP*07*03");
    pixDestroy(&pix);
}

static void patch_t_any_way_up(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_patch(pix, 160);
    draw_patch(pix, 3100);
    for (int turn = 0; turn < 360; turn += 90)
        expect(pix, turn, 1.0f, "PATCH-T");
    pixDestroy(&pix);
}

static void a_code_says_more_than_a_patch(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_patch(pix, 160);
    draw_patch(pix, 3100);
    draw_bars(pix, bars_separator, 460, 1080, 12);
    expect(pix, 180, 0, "SEP*01*02");
    pixDestroy(&pix);
}

static void bits_and_less_resolution(void **state) {
    (void)state;
    char payload[SEPARATOR_PAYLOAD_MOST];
    PIX *pix = sheet();
    draw_bars(pix, bars_separator, 460, 1080, 12);
    PIX *bits = pixThresholdToBinary(pix, 128), *half = pixScaleAreaMap2(pix);
    assert_true(separator_find(bits, 300, payload));
    assert_string_equal(payload, "SEP*01*02");
    assert_true(separator_find(half, 150, payload));
    pixDestroy(&pix);
    pixDestroy(&bits);
    pixDestroy(&half);
}

static void what_is_no_separator(void **state) {
    (void)state;
    PIX *pix = sheet();
    expect(pix, 0, 0, NULL);
    draw_bars(pix, bars_letter, 460, 1080, 12); /* a letter with its own bar code */
    expect(pix, 0, 0, NULL);
    pixDestroy(&pix);
    pix = sheet();
    draw_patch(pix, 160); /* one patch only */
    expect(pix, 0, 0, NULL);
    pixDestroy(&pix);
    pix = sheet();
    for (int y = 200; y < 3200; y += 48) /* a table ruled as thick as a patch's narrow bars */
        fill(pix, 300, y, 1900, 24);
    expect(pix, 0, 0, NULL);
    pixDestroy(&pix);
}

static void a_code_that_shines_through_is_none(void **state) {
    (void)state;
    PIX *pix = sheet(), *back;
    draw_bars(pix, bars_separator, 460, 1080, 12);
    back = pixFlipLR(NULL, pix);
    pixMultConstantGray(back, 0.12f);
    pixAddConstantGray(back, 205);
    expect(back, 0, 0, NULL);
    pixDestroy(&pix);
    pixDestroy(&back);
}

static void odd_pictures_are_none(void **state) {
    (void)state;
    char payload[SEPARATOR_PAYLOAD_MOST];
    PIX *pix = pixCreate(10, 4000, 1);
    assert_false(separator_find(pix, 300, payload));
    pixDestroy(&pix);
    pix = sheet();
    assert_false(separator_find(pix, 0, payload));
    assert_false(separator_find(pix, 1e9f, payload));
    pixDestroy(&pix);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code128_any_way_up),
        cmocka_unit_test(qr_any_way_up),
        cmocka_unit_test(patch_t_any_way_up),
        cmocka_unit_test(a_code_says_more_than_a_patch),
        cmocka_unit_test(bits_and_less_resolution),
        cmocka_unit_test(what_is_no_separator),
        cmocka_unit_test(a_code_that_shines_through_is_none),
        cmocka_unit_test(odd_pictures_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
