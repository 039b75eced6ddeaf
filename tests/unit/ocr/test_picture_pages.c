/* Pictures as pages: resolution, orientation, many pages in a TIFF, bad ones among good ones. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/picture_facts.h"
#include "ocr/picture_pages.h"
#include "ocr/raw_picture.h"
#include "tests/unit/ocr/caught_pages.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct caught caught;

static int open_caught(struct view bytes) {
    struct page_sink sink = caught_sink(&caught);
    return picture_pages_open(bytes, &sink);
}

static struct buf jpeg_of(int w, int h, int dpi) {
    struct buf out = {0};
    PIX *pix = pixCreate(w, h, 8);
    pixSetAll(pix);
    pixSetResolution(pix, dpi, dpi);
    assert_int_equal(pix_encode_jpeg(pix, 80, &out), 0);
    pixDestroy(&pix);
    return out;
}

static void a_jpeg_comes_as_its_own_bytes(void **state) {
    (void)state;
    struct buf jpeg = jpeg_of(600, 300, 150);
    assert_int_equal(open_caught(buf_view(&jpeg)), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(caught.said, 1);
    assert_int_equal(page->number, 1);
    assert_int_equal(page->picture.format, PICTURE_JPEG);
    assert_true(view_equal(page->picture.bytes, buf_view(&jpeg)));
    assert_true(page->picture.dpi == 150);
    assert_true(page->width_pt == 288 && page->height_pt == 144);
    assert_int_equal(page->source, WORDS_NONE);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void a_resolution_that_cannot_be_is_a4(void **state) {
    (void)state;
    struct buf jpeg = jpeg_of(400, 1169, 5000);
    assert_int_equal(open_caught(buf_view(&jpeg)), 0);
    assert_true(caught.pages[0].page.picture.dpi > 99.9f && caught.pages[0].page.picture.dpi < 100.1f);
    caught_drop(&caught);
    buf_drop(&jpeg);
    assert_true(picture_facts_sane_dpi(49, 1169, 10) > 99.9f);
    assert_true(picture_facts_sane_dpi(50, 1169, 10) == 50);
    assert_true(picture_facts_sane_dpi(1200, 1169, 10) == 1200);
    assert_true(picture_facts_sane_dpi(1201, 1169, 10) < 101);
}

/* The JPEG with an EXIF segment that says how it was held. */
static struct buf with_orientation(struct buf jpeg, uint8_t orientation) {
    uint8_t exif[] = "\xFF\xE1\0\x22"
                     "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
    struct buf out = {0};
    exif[4 + 6 + 8 + 2 + 8] = orientation;
    buf_add(&out, jpeg.data, 2);
    buf_add(&out, exif, 4 + 32);
    buf_add(&out, jpeg.data + 2, jpeg.len - 2);
    buf_drop(&jpeg);
    return out;
}

static void exif_orientation_becomes_the_turn(void **state) {
    (void)state;
    static const struct {
        uint8_t orientation;
        uint16_t turn;
    } ways[] = {{1, 0}, {2, 0}, {3, 180}, {6, 90}, {8, 270}, {5, 0}, {77, 0}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct buf jpeg = with_orientation(jpeg_of(600, 300, 150), ways[i].orientation);
        assert_int_equal(open_caught(buf_view(&jpeg)), 0);
        const struct opened_page *page = &caught.pages[0].page;
        assert_int_equal(page->picture.turn, ways[i].turn);
        assert_true(page->width_pt == (ways[i].turn % 180 ? 144 : 288));
        caught_drop(&caught);
        buf_drop(&jpeg);
    }
}

static void exif_that_points_nowhere_is_harmless(void **state) {
    (void)state;
    struct buf jpeg = with_orientation(jpeg_of(60, 30, 150), 6);
    uint8_t *directory = memmem(jpeg.data, jpeg.len, "II*\0", 4);
    memset(directory + 4, 0xFF, 4);
    assert_int_equal(picture_facts_jpeg(buf_view(&jpeg)).turn, 0);
    for (size_t len = 0; len < jpeg.len; len += 3) {
        uint8_t *copy = mem_new(len);
        memcpy(copy, jpeg.data, len);
        picture_facts_jpeg(view_of(copy, len));
        mem_free(&copy);
    }
    buf_drop(&jpeg);
}

static void a_png_says_pixels_per_metre(void **state) {
    (void)state;
    struct buf png = {0};
    PIX *pix = pixCreate(100, 100, 1);
    pixSetResolution(pix, 200, 200);
    pix_encode_png(pix, &png);
    assert_int_equal(open_caught(buf_view(&png)), 0);
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_PNG);
    assert_true(caught.pages[0].page.picture.dpi > 199.9f && caught.pages[0].page.picture.dpi < 200.1f);
    pixDestroy(&pix);
    caught_drop(&caught);
    buf_drop(&png);
}

/* Three pages: 1-bit; grey; 1-bit, as a fax with half as many rows to the inch. */
static struct buf three_pages(void) {
    PIXA *pages = pixaCreate(3);
    static const struct {
        int depth, w, h, across, down;
    } kinds[3] = {{1, 400, 200, 200, 200}, {8, 300, 100, 100, 100}, {1, 408, 98, 204, 98}};
    for (int i = 0; i < 3; i++) {
        PIX *pix = pixCreate(kinds[i].w, kinds[i].h, kinds[i].depth);
        if (kinds[i].depth == 8)
            pixSetAll(pix);
        pixSetPixel(pix, 10 * (i + 1), 5, kinds[i].depth == 8 ? 0 : 1);
        pixSetResolution(pix, kinds[i].across, kinds[i].down);
        pixaAddPix(pages, pix, L_INSERT);
    }
    l_uint8 *data = NULL;
    size_t len = 0;
    struct buf out = {0};
    assert_int_equal(pixaWriteMemMultipageTiff(&data, &len, pages), 0);
    buf_add(&out, data, len);
    lept_free(data);
    pixaDestroy(&pages);
    return out;
}

static void every_page_of_a_tiff_comes(void **state) {
    (void)state;
    struct buf tiff = three_pages();
    assert_int_equal(open_caught(buf_view(&tiff)), 0);
    assert_int_equal(caught.said, 3);
    assert_int_equal(caught.given, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct opened_page *page = &caught.pages[i].page;
        PIX *pix = NULL;
        l_uint32 ink = 77;
        assert_int_equal(page->number, i + 1);
        assert_string_equal(page->trouble, "");
        assert_int_equal(pix_decode(page->picture.bytes, page->picture.turn, &pix), 0);
        pixGetPixel(pix, 10 * ((int)i + 1), 5, &ink);
        assert_int_equal(ink, i == 1 ? 0 : 1);
        pixDestroy(&pix);
    }
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_TIFF);
    assert_true(caught.pages[0].page.width_pt == 144);
    assert_int_equal(caught.pages[1].page.picture.format, PICTURE_PNG);
    assert_true(caught.pages[2].page.width_pt == 144 && caught.pages[2].page.height_pt == 72);
    caught_drop(&caught);
    buf_drop(&tiff);
}

static void a_bad_page_does_not_lose_the_others(void **state) {
    (void)state;
    struct buf tiff = three_pages();
    /* the first page's strip: whatever it says about its length is wrong now */
    for (size_t at = 0; at + 12 < tiff.len; at++)
        if (tiff.data[at] == 0x03 && tiff.data[at + 1] == 0x01 && tiff.data[at + 2] == 3 &&
            tiff.data[at + 8] == 4) {
            tiff.data[at + 8] = 99; /* a compression that nobody knows */
            break;
        }
    assert_int_equal(open_caught(buf_view(&tiff)), 0);
    assert_int_equal(caught.given, 3);
    assert_string_not_equal(caught.pages[0].page.trouble, "");
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_NONE);
    assert_string_equal(caught.pages[1].page.trouble, "");
    assert_string_equal(caught.pages[2].page.trouble, "");
    caught_drop(&caught);
    buf_drop(&tiff);
}

static void bad_files_are_refused(void **state) {
    (void)state;
    assert_int_equal(open_caught(view_text("")), ERR_DAMAGED);
    assert_int_equal(open_caught(view_text("GIF89a and so on and so on")), ERR_DAMAGED);
    assert_int_equal(open_caught(view_of("\xFF\xD8\xFF\xE0 cut", 9)), ERR_DAMAGED);
    assert_int_equal(open_caught(view_of("II*\0\xFF\xFF\xFF\x7F", 8)), ERR_DAMAGED);
    static const uint8_t bomb[] =
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x9c\x40\0\0\x9c\x40\1\0\0\0\0\x12\x34\x56\x78"
        "\0\0\0\0IEND\xae\x42\x60\x82";
    assert_int_equal(open_caught(view_of(bomb, sizeof bomb - 1)), ERR_TOO_LARGE);
    assert_int_equal(caught.given, 0);
}

static void group4_is_wrapped(void **state) {
    (void)state;
    PIX *pix = pixCreate(64, 32, 1), *back = NULL;
    pixSetPixel(pix, 9, 9, 1);
    struct buf strip = {0}, tiff = {0};
    l_int32 same = 0;
    assert_int_equal(pix_encode_g4_strip(pix, &strip), 0);
    raw_picture_wrap_g4(buf_view(&strip), 64, 32, true, &tiff);
    assert_int_equal(pix_decode(buf_view(&tiff), 0, &back), 0);
    pixEqual(pix, back, &same);
    assert_true(same);
    pixDestroy(&pix);
    pixDestroy(&back);
    buf_drop(&strip);
    buf_drop(&tiff);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_comes_as_its_own_bytes),
        cmocka_unit_test(a_resolution_that_cannot_be_is_a4),
        cmocka_unit_test(exif_orientation_becomes_the_turn),
        cmocka_unit_test(exif_that_points_nowhere_is_harmless),
        cmocka_unit_test(a_png_says_pixels_per_metre),
        cmocka_unit_test(every_page_of_a_tiff_comes),
        cmocka_unit_test(a_bad_page_does_not_lose_the_others),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(group4_is_wrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
