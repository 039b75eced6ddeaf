/* One sheet in every way that TIFF, PNG and JPEG can keep it (tests/corpus/make_picture_files.py writes them): as a page it always looks
 * like its reference: not inverted, not turned, transparent parts white. */
#include "base/pix.h"
#include "ocr/picture_pages.h"
#include "tests/unit/ocr/caught_pages.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/ocr/seed_files.h"

#define FOLDER "tests/fuzz/corpus/fuzz_picture"

static struct caught caught;

static bool named_read(const char *name, struct buf *out) {
    char path[512];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    return seed_read(path, out);
}

/* "reference-" and what the name begins with. */
static PIX *reference_of(const char *name) {
    char file[512];
    struct buf bytes = {0};
    PIX *pix = NULL, *colour;
    int len = strncmp(name, "grey", 4) == 0 ? 4 : strncmp(name, "alpha", 5) == 0 ? 5 : (int)strcspn(name, "-");
    snprintf(file, sizeof file, FOLDER "/reference-%.*s.png", len, name);
    assert_true(seed_read(file, &bytes));
    assert_int_equal(pix_decode(buf_view(&bytes), 0, &pix), 0);
    colour = pixConvertTo32(pix);
    pixDestroy(&pix);
    buf_drop(&bytes);
    return colour;
}

static PIX *page_of(const char *name) {
    struct buf bytes = {0};
    PIX *pix = NULL, *colour = NULL;
    assert_true(named_read(name, &bytes));
    struct page_sink sink = caught_sink(&caught);
    struct picture_order order = {.bytes = buf_view(&bytes), .dpi = 200};
    int err = picture_pages_open(&order, &sink);
    const struct opened_page *page = &caught.pages[0].page;
    if (err == 0 && caught.given == 1 && !page->trouble[0] && pix_decode(page->picture.bytes, page->picture.turn, &pix) == 0)
        colour = pixConvertTo32(pix);
    pixDestroy(&pix);
    caught_drop(&caught);
    buf_drop(&bytes);
    return colour;
}

/* Mean difference of a channel; colours of a sheet kept in grey do not count. */
static double difference(PIX *a, PIX *b, bool grey) {
    double sum = 0;
    int w = pixGetWidth(a), h = pixGetHeight(a);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            l_int32 ra, ga, ba, rb, gb, bb;
            pixGetRGBPixel(a, x, y, &ra, &ga, &ba);
            pixGetRGBPixel(b, x, y, &rb, &gb, &bb);
            if (grey)
                sum += abs((ra * 3 + ga * 6 + ba) / 10 - (rb * 3 + gb * 6 + bb) / 10);
            else
                sum += (abs(ra - rb) + abs(ga - gb) + abs(ba - bb)) / 3.0;
        }
    return sum / ((double)w * h);
}

/* How far off a way of keeping it may be: few colours, four inks and JPEG are not exact. */
static double tolerance(const char *name) {
    static const struct {
        const char *part;
        double most;
    } rough[] = {{"alphagrey", 3}, {"grey2", 26}, {"grey4", 6}, {"grey-4", 9}, {"palette-4", 14}, {"cmyk", 22}, {"jpg", 5}, {"jpeg", 5}, {"palette-8", 5}, {".tif", 5}};
    for (size_t i = 0; i < sizeof rough / sizeof *rough; i++)
        if (strstr(name, rough[i].part))
            return rough[i].most;
    return strstr(name, "16") ? 1.5 : 0.6;
}

static bool looks_right(const char *name) {
    PIX *want = reference_of(name), *page = page_of(name);
    bool grey = strncmp(name, "alphagrey", 9) == 0, fine = false;
    double off = -1;
    if (page && pixGetWidth(page) == pixGetWidth(want) && pixGetHeight(page) == pixGetHeight(want)) {
        off = difference(page, want, grey);
        fine = off <= tolerance(name);
    }
    if (!fine || getenv("SHOW_DIFFERENCES"))
        print_error("%-40s %s (off by %.2f)\n", name, fine ? "fits" : page ? "DIFFERS" : "is no page", off);
    pixDestroy(&want);
    pixDestroy(&page);
    return fine;
}

static void every_way_of_keeping_it_looks_the_same(void **state) {
    (void)state;
    static const char *const words[] = {"colour-", "grey", "bits-", "alpha", NULL};
    struct seeds seeds = seeds_check(FOLDER, words, looks_right);
    assert_int_equal(seeds.bad, 0);
    assert_true(seeds.count >= 70);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_keeping_it_looks_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
