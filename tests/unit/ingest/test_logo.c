/* A signature's logo is no document; a photograph, a page and a screenshot always are. */
#include "ingest/logo.h"

#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct logo_facts in_text = {.attached = "inline", .has_content_id = 1};

static void fill(PIX *pix, int x, int y, int w, int h, l_uint32 colour) {
    BOX *box = boxCreate(x, y, w, h);
    pixSetInRectArbitrary(pix, box, colour);
    boxDestroy(&box);
}

static PIX *blank(int w, int h) {
    PIX *pix = pixCreate(w, h, 32);
    fill(pix, 0, 0, w, h, 0xffffff00u);
    return pix;
}

/* Takes pix. */
static int judged(PIX *pix, int jpeg, const struct logo_facts *facts) {
    struct buf bytes = {0};
    assert_int_equal(jpeg ? pix_encode_jpeg(pix, 80, &bytes) : pix_encode_png(pix, &bytes), 0);
    int logo = logo_likely(buf_view(&bytes), facts);
    buf_drop(&bytes);
    pixDestroy(&pix);
    return logo;
}

/* A crest in two colours and a line of letters beside it. */
static PIX *logo(int w, int h) {
    PIX *pix = blank(w, h);
    fill(pix, h / 8, h / 8, h * 3 / 4, h * 3 / 4, 0x00408000u);
    fill(pix, h / 4, h / 4, h / 2, h / 4, 0xffc00000u);
    for (int x = h; x < w - 14; x += 14)
        fill(pix, x, h / 2, 8, 14, 0x00408000u);
    return pix;
}

static PIX *photograph(int w, int h) {
    PIX *pix = pixCreate(w, h, 32);
    srand(5);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            l_uint32 colour;
            composeRGBPixel((x * 255 / w + rand() % 30) & 255, (y * 255 / h + rand() % 30) & 255, ((x + y) * 127 / (w + h) + rand() % 60) & 255, &colour);
            pixSetPixel(pix, x, y, colour);
        }
    return pix;
}

static PIX *lines_of_text(int w, int h) {
    PIX *pix = blank(w, h);
    for (int y = 8; y < h - 12; y += 18)
        for (int x = 8; x < w - 10; x += 9)
            fill(pix, x, y, 5, 9, 0x20202000u);
    return pix;
}

static void a_logo_is_no_document(void **state) {
    (void)state;
    assert_int_equal(judged(logo(240, 80), 0, &in_text), 1);
    assert_int_equal(judged(logo(600, 110), 1, &in_text), 1);
    assert_int_equal(judged(photograph(32, 32), 0, &in_text), 1); /* an icon */
    assert_int_equal(judged(blank(1, 1), 0, &in_text), 1);
    assert_int_equal(judged(blank(600, 1), 0, &in_text), 1); /* a spacer */
    struct logo_facts small = in_text;
    small.width_px = 200;
    small.height_px = 70;
    assert_int_equal(judged(logo(800, 280), 0, &small), 1); /* made for a fine screen */
    assert_int_equal(judged(logo(800, 280), 0, &in_text), 0);
}

static void a_tracking_pixel_is_no_document(void **state) {
    (void)state;
    assert_int_equal(logo_likely(view_of("GIF89a\1\0\1\0\x80\0\0", 13), &in_text), 1);
    assert_int_equal(logo_likely(view_of("GIF89a\x20\3\x58\2\x80\0\0", 13), &in_text), 0); /* 800 x 600, whatever it shows */
}

static void pictures_of_something_are_documents(void **state) {
    (void)state;
    assert_int_equal(judged(photograph(1200, 900), 1, &in_text), 0);
    assert_int_equal(judged(photograph(300, 150), 1, &in_text), 0); /* a small photograph */
    assert_int_equal(judged(blank(1240, 1754), 0, &in_text), 0);    /* a page, even an empty one */
    assert_int_equal(judged(lines_of_text(800, 600), 0, &in_text), 0);
    assert_int_equal(judged(lines_of_text(500, 120), 0, &in_text), 0); /* a cut-out of a chat */
}

static void what_is_attached_is_a_document(void **state) {
    (void)state;
    struct logo_facts attached = {.attached = "attachment"}, nothing = {0};
    assert_int_equal(judged(logo(240, 80), 0, &attached), 0);
    assert_int_equal(judged(logo(240, 80), 0, &nothing), 0);
}

static void in_doubt_it_is_a_document(void **state) {
    (void)state;
    struct buf bytes = {0};
    PIX *pix = logo(240, 80);
    assert_int_equal(pix_encode_png(pix, &bytes), 0);
    pixDestroy(&pix);
    assert_int_equal(logo_likely(view_of(bytes.data, bytes.len / 2), &in_text), 0); /* cut */
    assert_int_equal(logo_likely(view_of(bytes.data, 20), &in_text), 0);
    assert_int_equal(logo_likely(view_of(NULL, 0), &in_text), 0);
    assert_int_equal(logo_likely(view_text("no picture at all, only words"), &in_text), 0);
    buf_drop(&bytes);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_logo_is_no_document),          cmocka_unit_test(a_tracking_pixel_is_no_document),
        cmocka_unit_test(pictures_of_something_are_documents), cmocka_unit_test(what_is_attached_is_a_document),
        cmocka_unit_test(in_doubt_it_is_a_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
