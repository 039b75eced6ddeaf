/* Tesseract's pictures of lines stay uncompressed while that is switched on, what is recognised is the same,
 * and nobody else's pictures change. Run with OMP_THREAD_LIMIT=1, as the helper is. */
#include "ocr/line_pictures.h"

#include "base/pix.h"
#include "ocr/laid_out.h"
#include "tests/unit/ocr/caught_pages.h"
#include "tests/unit/ocr/known_leaks.h"

#include <leptonica/allheaders.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

#include <cmocka.h>

static const char letter[] = "Dear Mrs Example,\n\nThank you for meeting us on Tuesday morning.\n"
                             "The school would ring you every Friday.\n\nYours sincerely,\n\nPat Tester\n";

static struct caught laid;
static TessBaseAPI *api;

static int load(void **state) {
    (void)state;
    pix_silence();
    struct page_sink sink = caught_sink(&laid);
    api = TessBaseAPICreate();
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    return TessBaseAPIInit3(api, NULL, "eng") != 0 || laid_out_open("", letter, &sink) != 0;
}

static int unload(void **state) {
    (void)state;
    line_pictures_keep(false);
    caught_drop(&laid);
    TessBaseAPIEnd(api);
    TessBaseAPIDelete(api);
    return 0;
}

/* 8-bit, each pixel another grey than its neighbours. */
static PIX *greys(int width, int height) {
    PIX *pix = pixCreate(width, height, 8);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            pixSetPixel(pix, x, y, (l_uint32)((x * 7 + y * 13) & 255));
    return pix;
}

/* The form that pixWriteMem gave, and whether the same pixels come back. */
static int form_written(PIX *pix, int format, bool *same) {
    l_uint8 *data = NULL;
    size_t size = 0;
    l_int32 form = IFF_UNKNOWN, equal = 0;
    assert_int_equal(pixWriteMem(&data, &size, pix, format), 0);
    assert_int_equal(findFileFormatBuffer(data, &form), 0);
    PIX *back = pixReadMem(data, size);
    assert_non_null(back);
    assert_int_equal(pixEqual(pix, back, &equal), 0);
    *same = equal;
    pixDestroy(&back);
    lept_free(data);
    return form;
}

static void test_a_line_stays_plain(void **state) {
    (void)state;
    bool same = false;
    const int sizes[][2] = {{1, 1}, {3, 1}, {641, 48}, {2480, 61}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        PIX *pix = greys(sizes[i][0], sizes[i][1]);
        size_t before = line_pictures_kept();
        line_pictures_keep(true);
        assert_int_equal(form_written(pix, IFF_PNG, &same), IFF_SPIX);
        assert_true(same);
        assert_int_equal(line_pictures_kept(), before + 1);
        line_pictures_keep(false);
        assert_int_equal(form_written(pix, IFF_PNG, &same), IFF_PNG);
        assert_true(same);
        assert_int_equal(line_pictures_kept(), before + 1);
        pixDestroy(&pix);
    }
}

/* Byte for byte what Leptonica's own writer makes, on and off. */
static void test_other_forms_are_leptonicas(void **state) {
    (void)state;
    PIX *pix = greys(100, 40);
    const int forms[] = {IFF_PNM, IFF_TIFF_ZIP, IFF_BMP, IFF_SPIX};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        l_uint8 *off = NULL, *on = NULL;
        size_t off_len = 0, on_len = 0, before = line_pictures_kept();
        assert_int_equal(pixWriteMem(&off, &off_len, pix, forms[i]), 0);
        line_pictures_keep(true);
        assert_int_equal(pixWriteMem(&on, &on_len, pix, forms[i]), 0);
        line_pictures_keep(false);
        assert_int_equal(on_len, off_len);
        assert_memory_equal(on, off, off_len);
        assert_int_equal(line_pictures_kept(), before);
        lept_free(off);
        lept_free(on);
    }
    pixDestroy(&pix);
}

static void test_other_pictures_are_png(void **state) {
    (void)state;
    size_t before = line_pictures_kept();
    PIX *grey = greys(50, 20);
    PIX *others[] = {pixThresholdToBinary(grey, 128), pixConvertTo32(grey), pixThresholdTo4bpp(grey, 8, 1),
                     pixConvertGrayToColormap8(grey, 5)};
    line_pictures_keep(true);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        bool same = false;
        assert_non_null(others[i]);
        assert_int_equal(form_written(others[i], IFF_PNG, &same), IFF_PNG);
        assert_true(same);
        pixDestroy(&others[i]);
    }
    line_pictures_keep(false);
    assert_int_equal(line_pictures_kept(), before);
    pixDestroy(&grey);
}

static void test_bad_calls_fail_as_leptonicas(void **state) {
    (void)state;
    PIX *pix = greys(8, 8);
    l_uint8 *data = NULL;
    size_t size = 0;
    line_pictures_keep(true);
    assert_int_not_equal(pixWriteMem(NULL, &size, pix, IFF_PNG), 0);
    assert_int_not_equal(pixWriteMem(&data, NULL, pix, IFF_PNG), 0);
    assert_int_not_equal(pixWriteMem(&data, &size, NULL, IFF_PNG), 0);
    line_pictures_keep(false);
    assert_null(data);
    pixDestroy(&pix);
}

static void *other_thread(void *form) {
    PIX *pix = greys(20, 20);
    bool same = false;
    *(int *)form = form_written(pix, IFF_PNG, &same);
    pixDestroy(&pix);
    return form;
}

static void test_another_thread_is_left_alone(void **state) {
    (void)state;
    pthread_t thread;
    int form = IFF_UNKNOWN;
    line_pictures_keep(true);
    assert_int_equal(pthread_create(&thread, NULL, other_thread, &form), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    line_pictures_keep(false);
    assert_int_equal(form, IFF_PNG);
}

/* Words, boxes and confidences of the letter. To be freed. */
static char *recognised(PIX *pix) {
    TessBaseAPISetImage2(api, pix);
    TessBaseAPISetSourceResolution(api, 200);
    assert_int_equal(TessBaseAPIRecognize(api, NULL), 0);
    char *tsv = TessBaseAPIGetTsvText(api, 0);
    assert_non_null(tsv);
    char *copy = strdup(tsv);
    TessDeleteText(tsv);
    TessBaseAPIClear(api);
    return copy;
}

static void test_recognition_is_the_same(void **state) {
    (void)state;
    PIX *pix = NULL;
    assert_int_equal(pix_decode(laid.pages[0].page.picture.bytes, 0, &pix), 0);
    size_t before = line_pictures_kept();
    char *off = recognised(pix);
    assert_int_equal(line_pictures_kept(), before);
    line_pictures_keep(true);
    char *on = recognised(pix);
    line_pictures_keep(false);
    assert_non_null(strstr(off, "Tuesday"));
    assert_string_equal(on, off);
    /* Six lines, if the library compresses any at all: a tuned one does not. */
    size_t kept = line_pictures_kept() - before;
    if (kept == 0 && getenv("LD_LIBRARY_PATH"))
        print_message("Tesseract did not ask for line pictures: not Debian's library\n");
    else
        assert_in_range(kept, 5, 30);
    free(off);
    free(on);
    pixDestroy(&pix);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_stays_plain),
        cmocka_unit_test(test_other_forms_are_leptonicas),
        cmocka_unit_test(test_other_pictures_are_png),
        cmocka_unit_test(test_bad_calls_fail_as_leptonicas),
        cmocka_unit_test(test_another_thread_is_left_alone),
        cmocka_unit_test(test_recognition_is_the_same),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
