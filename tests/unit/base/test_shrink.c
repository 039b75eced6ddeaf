/* Grey pictures made smaller: each pixel is the mean of what it covers. */
#include "base/shrink.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <leptonica/allheaders.h>
#include <math.h>

#include <cmocka.h>

static unsigned noise(unsigned *seed) {
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16 & 0xFF;
}

static PIX *noisy(int w, int h) {
    unsigned seed = (unsigned)(w * 31 + h);
    PIX *pix = pixCreate(w, h, 8);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            pixSetPixel(pix, x, y, noise(&seed));
    return pix;
}

static double covered(double from, double to, int pixel) {
    double a = fmax(from, pixel), b = fmin(to, pixel + 1);
    return b > a ? b - a : 0;
}

/* By the definition, pixel by pixel, in floating point. */
static double mean_at(PIX *pix, double sidex, double sidey, int x, int y) {
    double sum = 0, weight = 0;
    for (int v = (int)(y * sidey); v < pixGetHeight(pix) && v < (y + 1) * sidey; v++)
        for (int u = (int)(x * sidex); u < pixGetWidth(pix) && u < (x + 1) * sidex; u++) {
            l_uint32 value;
            double w = covered(x * sidex, (x + 1) * sidex, u) * covered(y * sidey, (y + 1) * sidey, v);
            pixGetPixel(pix, u, v, &value);
            sum += value * w;
            weight += w;
        }
    return sum / weight;
}

static void check_means(int w, int h, float kx, float ky) {
    PIX *pix = noisy(w, h), *small = shrink_grey(pix, kx, ky);
    assert_non_null(small);
    assert_int_equal(pixGetWidth(small), (int)((float)w * kx + 0.001f));
    assert_int_equal(pixGetHeight(small), (int)((float)h * ky + 0.001f));
    for (int y = 0; y < pixGetHeight(small); y++)
        for (int x = 0; x < pixGetWidth(small); x++) {
            l_uint32 value;
            pixGetPixel(small, x, y, &value);
            double mean = mean_at(pix, 1 / (double)kx, 1 / (double)ky, x, y);
            if (fabs(value - mean) > 1.2)
                fail_msg("%dx%d by %.3f, %.3f at %d, %d: %u, not %.2f", w, h, (double)kx, (double)ky, x, y, value, mean);
        }
    pixDestroy(&small);
    pixDestroy(&pix);
}

static void each_pixel_is_the_mean_of_its_area(void **state) {
    (void)state;
    check_means(37, 41, 0.61f, 0.61f);
    check_means(64, 63, 0.5f, 0.5f);
    check_means(100, 99, 1 / 3.0f, 1 / 3.0f);
    check_means(101, 57, 0.87f, 0.93f);
    check_means(300, 7, 0.013f, 1);
    check_means(7, 300, 1, 1 / 60.0f);
}

static void one_to_one_is_the_same_picture(void **state) {
    (void)state;
    PIX *pix = noisy(53, 29), *small = shrink_grey(pix, 1, 1);
    l_int32 same = 0;
    pixEqual(pix, small, &same);
    assert_true(same);
    pixDestroy(&small);
    pixDestroy(&pix);
}

static void even_grey_stays_the_same_grey(void **state) {
    (void)state;
    for (int level = 0; level < 256; level += 51) {
        PIX *pix = pixCreate(211, 97, 8);
        pixSetAllArbitrary(pix, (l_uint32)level);
        for (float k = 0.05f; k < 1; k += 0.07f) {
            PIX *small = shrink_grey(pix, k, k);
            for (int y = 0; y < pixGetHeight(small); y++)
                for (int x = 0; x < pixGetWidth(small); x++) {
                    l_uint32 value;
                    pixGetPixel(small, x, y, &value);
                    assert_int_equal(value, level);
                }
            pixDestroy(&small);
        }
        pixDestroy(&pix);
    }
}

static void a_side_of_nothing_is_no_picture(void **state) {
    (void)state;
    PIX *pix = noisy(10, 10);
    assert_null(shrink_grey(pix, 0.05f, 1));
    assert_null(shrink_grey(pix, 1, 0.05f));
    pixDestroy(&pix);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pixel_is_the_mean_of_its_area),
        cmocka_unit_test(one_to_one_is_the_same_picture),
        cmocka_unit_test(even_grey_stays_the_same_grey),
        cmocka_unit_test(a_side_of_nothing_is_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
