/* Separator sheets: Code 128, QR and Patch T, any way up; other bar codes and tables are none. */
#include "base/pix.h"
#include "ingest/separator.h"

#include <ctype.h>
#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zint.h>

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

/* Tones from lo to hi, with noise of so many levels to either side. */
static PIX *toned(PIX *pix, int lo, int hi, int noise) {
    PIX *out = pixCopy(NULL, pix);
    uint32_t seed = 12345;
    for (int y = 0; y < pixGetHeight(out); y++) {
        l_uint32 *line = pixGetData(out) + (size_t)y * (size_t)pixGetWpl(out);
        for (int x = 0; x < pixGetWidth(out); x++) {
            seed = seed * 1664525u + 1013904223u;
            int v = lo + (int)GET_DATA_BYTE(line, x) * (hi - lo) / 255 + (int)(seed >> 16) % (2 * noise + 1) - noise;
            SET_DATA_BYTE(line, x, (l_uint8)(v < 0 ? 0 : v > 255 ? 255 : v));
        }
    }
    return out;
}

static void expect_toned(PIX *pix, int lo, int hi, int noise, const char *answer) {
    PIX *out = toned(pix, lo, hi, noise), *half = pixScaleAreaMap(out, 0.6667f, 0.6667f);
    char payload[SEPARATOR_PAYLOAD_MOST] = "nothing";
    expect(out, 90, -3, answer);
    assert_true(separator_find(half, 200, payload));
    assert_string_equal(payload, answer);
    pixDestroy(&out);
    pixDestroy(&half);
}

static void faint_and_noisy(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_bars(pix, bars_separator, 460, 1080, 12);
    expect_toned(pix, 180, 245, 10, "SEP*01*02"); /* the toner is at its end */
    expect_toned(pix, 40, 215, 90, "SEP*01*02");
    pixDestroy(&pix);
    pix = sheet();
    draw_patch(pix, 160);
    draw_patch(pix, 3100);
    expect_toned(pix, 180, 245, 10, "PATCH-T");
    expect_toned(pix, 40, 215, 60, "PATCH-T");
    pixDestroy(&pix);
}

static void skewed_and_with_a_black_margin(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_bars(pix, bars_separator, 460, 1080, 12);
    fill(pix, 0, 0, 100, 3508);
    for (int turn = 0; turn < 360; turn += 90) {
        expect(pix, turn, 5, "SEP*01*02");
        expect(pix, turn, -5, "SEP*01*02");
    }
    PIX *faint = toned(pix, 190, 245, 6);
    fill(faint, 0, 0, 100, 3508);
    expect(faint, 0, 0, "SEP*01*02");
    pixDestroy(&faint);
    pixDestroy(&pix);
}

/* ---- codes of any text ------------------------------------------------------------------------------------------ */

static void draw_code(PIX *pix, int symbology, const char *text, int x, int y, int unit_px) {
    struct zint_symbol *symbol = ZBarcode_Create();
    char copy[128];
    snprintf(copy, sizeof copy, "%s", text);
    symbol->symbology = symbology;
    symbol->show_hrt = 0;
    assert_true(ZBarcode_Encode_and_Buffer_Vector(symbol, (unsigned char *)copy, 0, 0) < ZINT_ERROR);
    float k = (float)unit_px / 2; /* zint's vectors have two units to a module */
    int bars = symbology != BARCODE_QRCODE;
    for (const struct zint_vector_rect *r = symbol->vector->rectangles; r; r = r->next)
        fill(pix, x + (int)(r->x * k), y + (bars ? 0 : (int)(r->y * k)), (int)(r->width * k), bars ? 200 : (int)(r->height * k));
    ZBarcode_Delete(symbol);
}

static void expect_code(int symbology, const char *text, int unit_px, const char *answer) {
    PIX *pix = sheet();
    draw_code(pix, symbology, text, 300, 700, unit_px);
    expect(pix, 0, 0.5f, answer);
    expect(pix, 90, 0, answer);
    pixDestroy(&pix);
}

static void what_separators_carry(void **state) {
    (void)state;
    expect_code(BARCODE_CODE128, "CF1-S", 6, "CF1-S");
    expect_code(BARCODE_CODE128, "CF1-C-20177342-Kvisit_record-CBBAT43F", 3, "CF1-C-20177342-Kvisit_record-CBBAT43F"); /* 0.25 mm */
    expect_code(BARCODE_QRCODE, "CF1-B-17-50YG0KM4", 8, "CF1-B-17-50YG0KM4");
    expect_code(BARCODE_CODE128, "PATCHT", 6, "PATCHT");
    expect_code(BARCODE_CODE39, "CF1-S", 4, "CF1-S");
    expect_code(BARCODE_QRCODE, "Document separator", 8, "Document separator");
}

static void what_documents_carry(void **state) {
    static const char *const texts[] = {"9990214204", "LTR-4471", "https://www.example.org/SEP*01", "JJD000390007728472919", "XSEP*01*02", "cf1-s",
                                        "SEP-2024-118", "WIFI:S:Clinic;T:WPA;P:secret;;", "SEPARATORS LTD"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_code(BARCODE_QRCODE, texts[i], 8, NULL);
        expect_code(BARCODE_CODE128, texts[i], 4, NULL);
    }
}

/* Beside another maker's code, ours is the one that says something. */
static void ours_counts_beside_others(void **state) {
    (void)state;
    PIX *pix = sheet();
    draw_code(pix, BARCODE_QRCODE, "SEP*01*02", 300, 300, 10);
    draw_code(pix, BARCODE_QRCODE, "https://www.example.org/", 1500, 300, 10);
    draw_code(pix, BARCODE_QRCODE, "CF1-B-17-50YG0KM4", 900, 1500, 10);
    expect(pix, 0, 0, "CF1-B-17-50YG0KM4");
    expect(pix, 180, 0, "CF1-B-17-50YG0KM4");
    pixDestroy(&pix);
}

/* A file that says 72 dpi of a scan of 300. */
static void a_wrong_resolution(void **state) {
    (void)state;
    char payload[SEPARATOR_PAYLOAD_MOST] = "";
    PIX *pix = sheet();
    draw_patch(pix, 160);
    draw_patch(pix, 3100);
    assert_true(separator_find(pix, 72, payload));
    assert_string_equal(payload, "PATCH-T");
    assert_true(separator_find(pix, 1200, payload));
    pixDestroy(&pix);
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
        cmocka_unit_test(faint_and_noisy),
        cmocka_unit_test(skewed_and_with_a_black_margin),
        cmocka_unit_test(what_separators_carry),
        cmocka_unit_test(what_documents_carry),
        cmocka_unit_test(ours_counts_beside_others),
        cmocka_unit_test(a_wrong_resolution),
        cmocka_unit_test(odd_pictures_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
