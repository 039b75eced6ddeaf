/* Pictures in memory: what is encoded decodes to the same pixels; hostile bytes are errors. */
#include "base/err.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static PIX *grey_ramp(void) {
    PIX *pix = pixCreate(40, 20, 8);
    for (int y = 0; y < 20; y++)
        for (int x = 0; x < 40; x++)
            pixSetPixel(pix, x, y, (l_uint32)(x * 5 + y));
    return pix;
}

static PIX *bits_corner(void) {
    PIX *pix = pixCreate(70, 30, 1);
    for (int y = 0; y < 10; y++)
        for (int x = 0; x < 20; x++)
            pixSetPixel(pix, x, y, 1);
    return pix;
}

static l_uint32 pixel(PIX *pix, int x, int y) {
    l_uint32 value = 0;
    pixGetPixel(pix, x, y, &value);
    return value;
}

static void png_keeps_greys(void **state) {
    (void)state;
    PIX *pix = grey_ramp(), *back = NULL;
    struct buf png = {0};
    assert_int_equal(pix_encode_png(pix, &png), 0);
    assert_int_equal(pix_decode(buf_view(&png), 0, &back), 0);
    assert_int_equal(pixGetDepth(back), 8);
    assert_int_equal(pixel(back, 39, 19), 39 * 5 + 19);
    assert_int_equal(pixel(back, 3, 7), 22);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&png);
}

/* Noise packs badly: the data comes in many pieces. */
static void png_keeps_every_pixel(void **state) {
    (void)state;
    static const struct {
        int w, h, depth;
    } rows[] = {{1, 1, 8}, {1, 1, 32}, {701, 503, 8}, {701, 503, 32}, {3, 2000, 8}, {2000, 3, 32}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        PIX *pix = pixCreate(rows[i].w, rows[i].h, rows[i].depth), *back = NULL;
        l_uint32 *words = pixGetData(pix), seed = 5;
        for (int n = 0; n < pixGetWpl(pix) * rows[i].h; n++)
            words[n] = (seed = seed * 1664525 + 1013904223) & (rows[i].depth == 32 ? 0xFFFFFF00 : 0xFFFFFFFF);
        pixSetPadBits(pix, 0);
        pixSetResolution(pix, 300, 300);
        struct buf png = {0};
        assert_int_equal(pix_encode_png(pix, &png), 0);
        assert_int_equal(pix_decode(buf_view(&png), 0, &back), 0);
        l_int32 same = 0;
        assert_int_equal(pixGetDepth(back), rows[i].depth);
        assert_int_equal(pixEqual(pix, back, &same), 0);
        assert_true(same);
        assert_int_equal(pixGetXRes(back), 300);
        pixDestroy(&pix);
        pixDestroy(&back);
        buf_drop(&png);
    }
}

static void sums_of_a_row_are_those_of_its_pixels(void **state) {
    (void)state;
    static const int sides[] = {1, 3, 6, 32, 47, 100};
    PIX *pix = pixCreate(331, 1, 1);
    l_uint32 *row = pixGetData(pix), seed = 9;
    for (int i = 0; i < 331; i++)
        if ((seed = seed * 1664525 + 1013904223) >> 31)
            SET_DATA_BIT(row, i);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        int count = 331 / sides[i];
        uint32_t sums[331] = {0};
        pix_row_sums(row, sides[i], count, sums);
        for (int n = 0; n < count; n++) {
            uint32_t want = 0;
            for (int x = n * sides[i]; x < (n + 1) * sides[i]; x++)
                want += GET_DATA_BIT(row, x);
            assert_int_equal(sums[n], want);
        }
    }
    pixDestroy(&pix);
}

static void turning_is_clockwise(void **state) {
    (void)state;
    PIX *pix = bits_corner(), *back = NULL;
    struct buf tiff = {0};
    assert_int_equal(pix_encode_tiff_g4(pix, &tiff), 0);
    assert_int_equal(pix_decode(buf_view(&tiff), 90, &back), 0);
    assert_int_equal(pixGetWidth(back), 30);
    assert_int_equal(pixGetHeight(back), 70);
    assert_int_equal(pixel(back, 29, 0), 1); /* the top left corner is top right now */
    assert_int_equal(pixel(back, 0, 0), 0);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&tiff);
}

static void bits_stay_bits_with_ink_one(void **state) {
    (void)state;
    PIX *pix = bits_corner(), *back = NULL;
    struct buf tiff = {0}, png = {0};
    l_int32 same = 0;
    assert_int_equal(pix_encode_tiff_g4(pix, &tiff), 0);
    assert_int_equal(pix_decode(buf_view(&tiff), 0, &back), 0);
    pixEqual(pix, back, &same);
    assert_true(same);
    pixDestroy(&back);
    assert_int_equal(pix_encode_png(pix, &png), 0);
    assert_int_equal(pix_decode(buf_view(&png), 0, &back), 0);
    pixEqual(pix, back, &same);
    assert_true(same);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&tiff);
    buf_drop(&png);
}

static void strip_is_the_data_inside_the_tiff(void **state) {
    (void)state;
    PIX *pix = bits_corner();
    struct buf tiff = {0}, strip = {0};
    assert_int_equal(pix_encode_tiff_g4(pix, &tiff), 0);
    assert_int_equal(pix_encode_g4_strip(pix, &strip), 0);
    assert_true(strip.len > 4 && strip.len < tiff.len);
    assert_non_null(memmem(tiff.data, tiff.len, strip.data, strip.len));
    /* Group 4 ends with EOFB: 000000000001 twice, padded with zeros */
    uint32_t end = 0;
    for (size_t i = strip.len - 4; i < strip.len; i++)
        end = end << 8 | strip.data[i];
    while (end && !(end & 1))
        end >>= 1;
    assert_int_equal(end & 0xFFFFFF, 0x001001);
    pixDestroy(&pix);
    buf_drop(&tiff);
    buf_drop(&strip);
}

static void jpeg_is_near(void **state) {
    (void)state;
    PIX *pix = grey_ramp(), *back = NULL;
    struct buf jpeg = {0};
    assert_int_equal(pix_encode_jpeg(pix, 95, &jpeg), 0);
    assert_int_equal(pix_decode(buf_view(&jpeg), 0, &back), 0);
    assert_in_range(pixel(back, 20, 10), 100, 120);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&jpeg);
}

static void grey_from_colour(void **state) {
    (void)state;
    PIX *pix = pixCreate(8, 8, 32), *grey;
    pixSetAll(pix);
    grey = pix_grey(pix);
    assert_int_equal(pixGetDepth(grey), 8);
    assert_int_equal(pixel(grey, 4, 4), 255);
    pixDestroy(&pix);
    pixDestroy(&grey);
}

static void palette_becomes_plain(void **state) {
    (void)state;
    PIX *pix = pixCreate(16, 16, 4), *back = NULL;
    PIXCMAP *map = pixcmapCreate(4);
    pixcmapAddColor(map, 255, 255, 255);
    pixcmapAddColor(map, 200, 10, 10);
    pixSetColormap(pix, map);
    pixSetPixel(pix, 5, 5, 1);
    struct buf png = {0};
    assert_int_equal(pix_encode_png(pix, &png), 0);
    assert_int_equal(pix_decode(buf_view(&png), 0, &back), 0);
    assert_null(pixGetColormap(back));
    assert_int_equal(pixGetDepth(back), 32);
    assert_int_equal(pixel(back, 5, 5) >> 8, 0xC80A0A);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&png);
}

static void too_many_pixels_are_refused_by_the_header(void **state) {
    (void)state;
    /* a PNG whose header says 40,000 x 40,000, 1 bit, grey: the data need not be there */
    static const uint8_t png[] =
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x9c\x40\0\0\x9c\x40\1\0\0\0\0\x12\x34\x56\x78"
        "\0\0\0\0IEND\xae\x42\x60\x82";
    PIX *back = NULL;
    assert_int_equal(pix_decode(view_of(png, sizeof png - 1), 0, &back), ERR_TOO_LARGE);
    assert_null(back);
}

static void half_a_jpeg_is_damaged(void **state) {
    (void)state;
    PIX *pix = pixCreate(400, 400, 8), *back = NULL;
    struct buf jpeg = {0};
    for (int i = 0; i < 400 * 400; i++)
        pixSetPixel(pix, i % 400, i / 400, (l_uint32)(i * 7919 % 251));
    assert_int_equal(pix_encode_jpeg(pix, 90, &jpeg), 0);
    assert_int_equal(pix_decode(view_of(jpeg.data, jpeg.len / 2), 0, &back), ERR_DAMAGED);
    assert_null(back);
    pixDestroy(&pix);
    buf_drop(&jpeg);
}

static void cut_files_are_damaged(void **state) {
    (void)state;
    PIX *pix = grey_ramp(), *back = NULL;
    struct buf png = {0};
    pix_encode_png(pix, &png);
    for (size_t len = 0; len < 60; len++) {
        back = NULL;
        int err = pix_decode(view_of(png.data, len), 0, &back);
        assert_int_equal(err, ERR_DAMAGED);
        assert_null(back);
    }
    assert_int_equal(pix_decode(view_text("this is not a picture, whatever its name says"), 0, &back),
                     ERR_DAMAGED);
    pixDestroy(&pix);
    buf_drop(&png);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(png_keeps_greys),
        cmocka_unit_test(png_keeps_every_pixel),
        cmocka_unit_test(sums_of_a_row_are_those_of_its_pixels),
        cmocka_unit_test(turning_is_clockwise),
        cmocka_unit_test(bits_stay_bits_with_ink_one),
        cmocka_unit_test(strip_is_the_data_inside_the_tiff),
        cmocka_unit_test(jpeg_is_near),
        cmocka_unit_test(grey_from_colour),
        cmocka_unit_test(palette_becomes_plain),
        cmocka_unit_test(too_many_pixels_are_refused_by_the_header),
        cmocka_unit_test(half_a_jpeg_is_damaged),
        cmocka_unit_test(cut_files_are_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
