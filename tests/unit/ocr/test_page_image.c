/* A page's picture as a PDF holds it: its own bytes where that can be, without what a camera noted. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/page_image.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static PIX *pix_drawn(int depth) {
    PIX *pix = pixCreate(64, 40, depth);
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 64; x++)
            pixSetPixel(pix, x, y, depth == 1 ? (l_uint32)(x / 8 + y / 8) & 1 : depth == 8 ? (l_uint32)(4 * x) & 255 : (l_uint32)(4 * x) << 24 | (l_uint32)(6 * y) << 16);
    return pix;
}

static struct buf jpeg_drawn(int depth) {
    struct buf out = {0};
    PIX *pix = pix_drawn(depth);
    assert_int_equal(pix_encode_jpeg(pix, 80, &out), 0);
    pixDestroy(&pix);
    return out;
}

static int make(enum picture_format format, const struct buf *bytes, struct page_image *ret) {
    struct picture picture = {.format = format, .bytes = buf_view(bytes), .dpi = 300};
    return page_image_make(&picture, ret);
}

/* Behind the start marker: a segment with what a camera noted, and a comment. */
static struct buf with_notes(const struct buf *jpeg) {
    static const char notes[] = "\xFF\xE1\x00\x10" "Exif\0\0SECRETAT" "\xFF\xFE\x00\x08" "SECRET";
    struct buf out = {0};
    buf_add(&out, jpeg->data, 2);
    buf_add(&out, notes, 18 + 10);
    buf_add(&out, jpeg->data + 2, jpeg->len - 2);
    return out;
}

static void a_jpeg_keeps_its_pixels_and_loses_its_notes(void **state) {
    (void)state;
    for (int depth = 8; depth <= 32; depth += 24) {
        struct buf jpeg = jpeg_drawn(depth), noted = with_notes(&jpeg);
        struct page_image image;
        PIX *before = NULL, *after = NULL;
        l_int32 same = 0;
        assert_non_null(memmem(noted.data, noted.len, "SECRET", 6));
        assert_int_equal(make(PICTURE_JPEG, &noted, &image), 0);
        assert_int_equal(image.format, IMAGE_JPEG);
        assert_int_equal(image.width_px, 64);
        assert_int_equal(image.height_px, 40);
        assert_int_equal(image.channels, depth == 8 ? 1 : 3);
        assert_null(memmem(image.bytes.data, image.bytes.len, "SECRET", 6));
        assert_int_equal(pix_decode(buf_view(&jpeg), 0, &before), 0);
        assert_int_equal(pix_decode(buf_view(&image.bytes), 0, &after), 0);
        pixEqual(before, after, &same);
        assert_true(same);
        pixDestroy(&before);
        pixDestroy(&after);
        page_image_drop(&image);
        buf_drop(&noted);
        buf_drop(&jpeg);
    }
}

static void a_png_keeps_its_data(void **state) {
    (void)state;
    struct buf png = {0};
    struct page_image image;
    PIX *pix = pix_drawn(32);
    assert_int_equal(pix_encode_png(pix, &png), 0);
    assert_int_equal(make(PICTURE_PNG, &png, &image), 0);
    assert_int_equal(image.format, IMAGE_ROWS);
    assert_int_equal(image.channels, 3);
    assert_int_equal(image.width_px, 64);
    assert_non_null(memmem(png.data, png.len, image.bytes.data, image.bytes.len)); /* one IDAT */
    page_image_drop(&image);
    pixDestroy(&pix);
    buf_drop(&png);
}

static void one_bit_becomes_group_4(void **state) {
    (void)state;
    PIX *pix = pix_drawn(1);
    struct buf tiff = {0}, png = {0};
    struct page_image from_tiff, from_png;
    assert_int_equal(pix_encode_tiff_g4(pix, &tiff), 0);
    assert_int_equal(pix_encode_png(pix, &png), 0);
    assert_int_equal(make(PICTURE_TIFF, &tiff, &from_tiff), 0);
    assert_int_equal(make(PICTURE_PNG, &png, &from_png), 0);
    assert_int_equal(from_tiff.format, IMAGE_G4);
    assert_true(view_equal(buf_view(&from_tiff.bytes), buf_view(&from_png.bytes)));
    assert_non_null(memmem(tiff.data, tiff.len, from_tiff.bytes.data, from_tiff.bytes.len));
    page_image_drop(&from_tiff);
    page_image_drop(&from_png);
    pixDestroy(&pix);
    buf_drop(&tiff);
    buf_drop(&png);
}

/* Of every length, and with every byte of its first 300 changed: an error or an image, never more. */
static void broken_pictures_do_no_harm(void **state) {
    (void)state;
    struct buf jpeg = jpeg_drawn(8), whole = with_notes(&jpeg);
    struct page_image image;
    int errors = 0, told = dup(STDERR_FILENO), quiet = open("/dev/null", O_WRONLY);
    pix_silence();
    dup2(quiet, STDERR_FILENO); /* libjpeg speaks of each */
    for (size_t len = 0; len < whole.len; len += 7) {
        struct picture picture = {.format = PICTURE_JPEG, .bytes = view_of(whole.data, len)};
        errors += page_image_make(&picture, &image) != 0;
        page_image_drop(&image);
    }
    assert_true(errors > 20);
    for (size_t i = 0; i < 300 && i < whole.len; i++) {
        uint8_t kept = whole.data[i];
        whole.data[i] ^= 0x55;
        if (make(PICTURE_JPEG, &whole, &image) == 0)
            assert_true(image.width_px > 0 && image.height_px > 0 && image.bytes.len > 0);
        page_image_drop(&image);
        whole.data[i] = kept;
    }
    dup2(told, STDERR_FILENO);
    close(told);
    close(quiet);
    buf_drop(&whole);
    buf_drop(&jpeg);
}

static void records_are_read_back_and_checked(void **state) {
    (void)state;
    struct page_image image = {.format = IMAGE_JPEG, .width_px = 64, .height_px = 40, .channels = 3}, back;
    struct buf record = {0};
    buf_add_text(&image.bytes, "pixels");
    page_image_encode(&image, &record);
    assert_int_equal(page_image_decode(buf_view(&record), &back), 0);
    assert_int_equal(back.width_px, 64);
    assert_int_equal(back.channels, 3);
    assert_true(view_equal(buf_view(&back.bytes), view_text("pixels")));
    page_image_drop(&back);
    for (size_t len = 0; len < record.len; len++)
        assert_int_equal(page_image_decode(view_of(record.data, len), &back), ERR_PROTOCOL);
    record.data[0] = IMAGE_G4; /* of three channels */
    assert_int_equal(page_image_decode(buf_view(&record), &back), ERR_PROTOCOL);
    record.data[0] = 17;
    assert_int_equal(page_image_decode(buf_view(&record), &back), ERR_PROTOCOL);
    buf_drop(&record);
    page_image_drop(&image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_keeps_its_pixels_and_loses_its_notes), cmocka_unit_test(a_png_keeps_its_data),
        cmocka_unit_test(one_bit_becomes_group_4),                     cmocka_unit_test(broken_pictures_do_no_harm),
        cmocka_unit_test(records_are_read_back_and_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
