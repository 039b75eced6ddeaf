/* A bent sheet: its lines made straight, and the way back. */
#include "base/pix.h"
#include "ocr/uncurl.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WIDE = 1400, HIGH = 1900, LINES = 40, LETTER = 14, PITCH = 40, LEFT = 120, RIGHT = 1280 };

static int bend_at(int x, float depth) {
    float u = (float)(x - WIDE / 2) / (WIDE / 2);
    return (int)lroundf(depth * u * u);
}

/* Lines of small blocks, as letters are, along a parabola. */
static PIX *sheet_make(float depth) {
    PIX *pix = pixCreate(WIDE, HIGH, 8);
    pixSetAllGray(pix, 230);
    for (int line = 0; line < LINES; line++)
        for (int x = LEFT, n = 0; x + LETTER < RIGHT; x += LETTER + 5, n++) {
            if (n % 7 == 6)
                continue;
            BOX *box = boxCreate(x, 150 + line * PITCH + bend_at(x, depth), LETTER, 18 + (n * 5 + line) % 3 * 2);
            PIX *ink = pixCreate(LETTER, 24, 8);
            pixRasterop(pix, box->x, box->y, box->w, box->h, PIX_CLR, ink, 0, 0);
            pixDestroy(&ink);
            boxDestroy(&box);
        }
    return pix;
}

/* How far the first ink from the top lies apart, over the width. */
static int first_line_apart(PIX *pix) {
    int least = HIGH, most = 0;
    for (int x = LEFT + 60; x < RIGHT - 60; x++)
        for (int y = 0; y < pixGetHeight(pix); y++) {
            l_uint32 value;
            pixGetPixel(pix, x, y, &value);
            if (value < 120) {
                if (y < pixGetHeight(pix) / 3) {
                    least = y < least ? y : least;
                    most = y > most ? y : most;
                }
                break;
            }
        }
    return most - least;
}

static void bent_lines_become_straight(void **state) {
    (void)state;
    PIX *sheet = sheet_make(60);
    struct curl curl;
    PIX *straight = curl_straighten(sheet, &curl);
    assert_non_null(straight);
    assert_true(first_line_apart(sheet) >= 20);
    assert_true(first_line_apart(straight) <= first_line_apart(sheet) / 3);
    /* The first letter of the 21st line, found in the straight picture and brought back, lies where it was drawn. */
    int line = 20, x = WIDE / 2, y = 150 + line * PITCH + bend_at(x, 60), best = 1000;
    for (int guess = 0; guess < pixGetHeight(straight); guess += 4) {
        struct box box = {(float)x, (float)guess, (float)x + 10, (float)guess + 18};
        curl_back(&curl, &box, 1);
        int far = abs((int)box.y0 - y);
        best = far < best ? far : best;
    }
    assert_true(best <= 6);
    struct box two[2] = {{200, 400, 260, 420}, {1100, 400, 1160, 420}};
    curl_back(&curl, two, 2);
    assert_true(two[0].x1 > two[0].x0 && two[1].y1 > two[1].y0);
    assert_true(two[1].x0 - two[0].x0 > 600);
    pixDestroy(&straight);
    curl_drop(&curl);
    pixDestroy(&sheet);
}

static void straight_lines_are_left_alone(void **state) {
    (void)state;
    PIX *sheet = sheet_make(0), *empty = pixCreate(WIDE, HIGH, 8);
    struct curl curl;
    assert_null(curl_straighten(sheet, &curl));
    curl_drop(&curl);
    pixSetAllGray(empty, 230);
    assert_null(curl_straighten(empty, &curl)); /* nothing to tell it by */
    curl_drop(&curl);
    pixDestroy(&sheet);
    pixDestroy(&empty);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {cmocka_unit_test(bent_lines_become_straight), cmocka_unit_test(straight_lines_are_left_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
