/* HEIC and AVIF: pictures made with libheif's own encoders, and files that are none. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/picture_pages.h"
#include "tests/unit/ocr/caught_pages.h"

#include <leptonica/allheaders.h>
#include <libheif/heif.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* What the encoder that makes the test's pictures keeps for the life of a program. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libx265\n";
}

static struct caught caught;

static int open_caught(struct view bytes) {
    struct page_sink sink = caught_sink(&caught);
    struct picture_order order = {.bytes = bytes};
    return picture_pages_open(&order, &sink);
}

static struct heif_error writer(struct heif_context *context, const void *data, size_t len, void *out) {
    (void)context;
    buf_add(out, data, len);
    return (struct heif_error){heif_error_Ok, heif_suberror_Unspecified, ""};
}

/* 128 x 64, white, a red quarter at the top left. */
static struct heif_image *quarter_new(void) {
    struct heif_image *image = NULL;
    int stride = 0;
    assert_int_equal(
        heif_image_create(128, 64, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image).code,
        heif_error_Ok);
    assert_int_equal(heif_image_add_plane(image, heif_channel_interleaved, 128, 64, 8).code, heif_error_Ok);
    uint8_t *rows = heif_image_get_plane(image, heif_channel_interleaved, &stride);
    for (int y = 0; y < 64; y++) {
        memset(rows + y * stride, 0xFF, 128 * 3);
        for (int x = 0; y < 32 && x < 64; x++)
            memcpy(rows + y * stride + 3 * x, "\xFF\0\0", 3);
    }
    return image;
}

static bool heic_of(enum heif_compression_format format, int pictures, struct buf *out) {
    struct heif_context *context = heif_context_alloc();
    struct heif_encoder *encoder = NULL;
    bool fine = heif_context_get_encoder_for_format(context, format, &encoder).code == heif_error_Ok;
    for (int i = 0; i < pictures && fine; i++) {
        struct heif_image *image = quarter_new();
        struct heif_image_handle *handle = NULL;
        heif_encoder_set_lossy_quality(encoder, 90);
        fine = heif_context_encode_image(context, image, encoder, NULL, &handle).code == heif_error_Ok;
        heif_image_handle_release(handle);
        heif_image_release(image);
    }
    struct heif_writer to = {.writer_api_version = 1, .write = writer};
    if (fine)
        fine = heif_context_write(context, &to, out).code == heif_error_Ok;
    heif_encoder_release(encoder);
    heif_context_free(context);
    return fine;
}

static void expect_quarter(uint32_t n) {
    PIX *pix = NULL;
    l_int32 r, g, b;
    const struct picture *p = &caught.pages[n].page.picture;
    assert_string_equal(caught.pages[n].page.trouble, "");
    assert_int_equal(pix_decode(p->bytes, p->turn, &pix), 0);
    assert_int_equal(pixGetWidth(pix), 128);
    assert_int_equal(pixGetHeight(pix), 64);
    pixGetRGBPixel(pix, 20, 10, &r, &g, &b);
    assert_true(r > 200 && g < 60 && b < 60);
    pixGetRGBPixel(pix, 100, 50, &r, &g, &b);
    assert_true(r > 230 && g > 230 && b > 230);
    pixDestroy(&pix);
}

static void every_picture_of_the_top_level_comes(void **state) {
    (void)state;
    static const enum heif_compression_format formats[] = {heif_compression_HEVC, heif_compression_AV1};
    for (int i = 0; i < 2; i++) {
        struct buf heic = {0};
        assert_true(heic_of(formats[i], i + 1, &heic));
        assert_int_equal(open_caught(buf_view(&heic)), 0);
        assert_int_equal(caught.said, i + 1);
        assert_int_equal(caught.given, i + 1);
        for (uint32_t n = 0; n < (uint32_t)i + 1; n++)
            expect_quarter(n);
        assert_true(caught.pages[0].page.width_pt > 841 && caught.pages[0].page.width_pt < 842); /* A4 */
        caught_drop(&caught);
        buf_drop(&heic);
    }
}

static void a_size_that_cannot_be_is_refused(void **state) {
    (void)state;
    struct buf heic = {0};
    assert_true(heic_of(heif_compression_HEVC, 1, &heic));
    uint8_t *size = memmem(heic.data, heic.len, "ispe", 4);
    assert_non_null(size);
    assert_int_equal(open_caught(buf_view(&heic)), 0);
    assert_int_equal(caught.pages[0].page.picture.turn, 0);
    caught_drop(&caught);
    memcpy(size + 8, "\0\0\x75\x30\0\0\x75\x30", 8); /* 30,000 x 30,000 */
    assert_int_equal(open_caught(buf_view(&heic)), ERR_TOO_LARGE);
    assert_int_equal(caught.given, 0);
    buf_drop(&heic);
}

static void what_is_cut_is_damaged(void **state) {
    (void)state;
    struct buf heic = {0};
    assert_true(heic_of(heif_compression_HEVC, 1, &heic));
    for (size_t part = 1; part < 10; part++) {
        assert_int_equal(open_caught(view_of(heic.data, heic.len * part / 10)), ERR_DAMAGED);
        assert_int_equal(caught.given, 0);
    }
    buf_drop(&heic);
    static const char nothing[400] = "\0\0\0\x18"
                                     "ftypheic\0\0\0\0mif1heic";
    assert_int_equal(open_caught(view_of(nothing, sizeof nothing)), ERR_DAMAGED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_of_the_top_level_comes),
        cmocka_unit_test(a_size_that_cannot_be_is_refused),
        cmocka_unit_test(what_is_cut_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
