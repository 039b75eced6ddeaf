/* Pages that are scanned pictures, of every coding, colour and placing (tests/corpus/make_scan_pdfs.py writes them): what is taken
 * out of the file must look as Poppler shows it. */
#include "base/pix.h"
#include "ocr/pdf_render.h"
#include "ocr/pdf_scan.h"
#include "ocr/pdf_size.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/pdf_maker.h"

#include <gio/gio.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/ocr/seed_files.h"

#define FOLDER "tests/fuzz/corpus/fuzz_pdf_scan"

struct taken {
    struct buf file, bytes;
    struct picture picture;
    float size_pt[2];
    bool is;
};

static PopplerDocument *document_open(struct view bytes) {
    GBytes *data = g_bytes_new_static(bytes.data, bytes.len);
    PopplerDocument *document = poppler_document_new_from_bytes(data, NULL, NULL);
    g_bytes_unref(data);
    assert_non_null(document);
    return document;
}

static void page_size(struct view bytes, float size_pt[2]) {
    PopplerDocument *document = document_open(bytes);
    PopplerPage *page = poppler_document_get_page(document, 0);
    double w, h;
    poppler_page_get_size(page, &w, &h);
    size_pt[0] = (float)w;
    size_pt[1] = (float)h;
    g_object_unref(page);
    g_object_unref(document);
}

/* Upright, 32-bit; ret_dpi is what it was rendered at. */
static PIX *rendered(struct view bytes, float dpi) {
    PopplerDocument *document = document_open(bytes);
    PopplerPage *page = poppler_document_get_page(document, 0);
    PIX *pix = pdf_render(page, &dpi), *colour = pix ? pixConvertTo32(pix) : NULL;
    pixDestroy(&pix);
    g_object_unref(page);
    g_object_unref(document);
    assert_non_null(colour);
    return colour;
}

static void take(struct taken *t) {
    struct pdf_file *file;
    struct pdf_order order = {.bytes = buf_view(&t->file)};
    assert_int_equal(pdf_file_open(&order, &file), 0);
    page_size(buf_view(&t->file), t->size_pt);
    t->is = pdf_scan_take(file, 0, t->size_pt, &t->bytes, &t->picture);
    pdf_file_drop(&file);
}

static void taken_drop(struct taken *t) {
    buf_drop(&t->file);
    buf_drop(&t->bytes);
}

/* How different two pictures of one size are: the mean difference of a channel, and how many pixels in 1,000 differ by
 * more than 48 though no neighbour of theirs is like the other's pixel (an edge that lies half a pixel off is none). */
struct difference {
    double mean, odd;
};

static int channel_distance(l_uint32 a, l_uint32 b) {
    l_int32 ra, ga, ba, rb, gb, bb;
    extractRGBValues(a, &ra, &ga, &ba);
    extractRGBValues(b, &rb, &gb, &bb);
    return (abs(ra - rb) + abs(ga - gb) + abs(ba - bb)) / 3;
}

static int nearest(PIX *pix, int x, int y, l_uint32 to) {
    int least = 255;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            l_uint32 here = to;
            if (pixGetPixel(pix, x + dx, y + dy, &here) == 0 && channel_distance(here, to) < least)
                least = channel_distance(here, to);
        }
    return least;
}

static struct difference compare(PIX *a, PIX *b) {
    struct difference d = {0};
    int w = pixGetWidth(a), h = pixGetHeight(a);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            l_uint32 pa, pb;
            pixGetPixel(a, x, y, &pa);
            pixGetPixel(b, x, y, &pb);
            d.mean += channel_distance(pa, pb);
            d.odd += channel_distance(pa, pb) > 48 && nearest(b, x, y, pa) > 48;
        }
    d.mean /= (double)w * h;
    d.odd *= 1000.0 / ((double)w * h);
    return d;
}

static bool expect_like_rendered(const char *name, const struct taken *t) {
    PIX *pix = NULL;
    if (pix_decode(t->picture.bytes, t->picture.turn, &pix) != 0) {
        print_error("%s: the picture cannot be decoded\n", name);
        return false;
    }
    PIX *ours = pixConvertTo32(pix), *theirs = rendered(buf_view(&t->file), t->picture.dpi);
    int w = pixGetWidth(ours), h = pixGetHeight(ours);
    bool sized = abs(w - (int)pixGetWidth(theirs)) <= 1 && abs(h - (int)pixGetHeight(theirs)) <= 1;
    PIX *fit = pixScaleToSize(theirs, w, h);
    struct difference d = compare(ours, fit);
    double most = strstr(name, "cal") ? 8 : 5; /* Poppler takes the square root where a screen has 2.2 */
    bool fine = sized && d.mean < most && d.odd < 8;
    if (getenv("SHOW_DIFFERENCES") || !fine)
        print_error("%-36s %s %dx%d, rendered %dx%d: mean %.2f, odd %.2f of 1000\n", name, fine ? "fits" : "DIFFERS", w, h,
                    pixGetWidth(theirs), pixGetHeight(theirs), d.mean, d.odd);
    pixDestroy(&pix);
    pixDestroy(&ours);
    pixDestroy(&theirs);
    pixDestroy(&fit);
    return fine;
}

/* Kept bytes lie in the file as they are (not when they were packed once more), or behind the TIFF's wrapper. */
static bool expect_kept(const char *name, const struct taken *t) {
    struct view bytes = t->picture.bytes;
    size_t wrapper = t->picture.format == PICTURE_TIFF ? 8 + 2 + 8 * 12 + 4 : 0;
    bool in_file = bytes.len > wrapper && memmem(t->file.data, t->file.len, bytes.data + wrapper, bytes.len - wrapper);
    bool fine = in_file || strstr(name, "in-flate");
    if (!fine)
        print_error("%s: not the file's own bytes\n", name);
    return fine;
}

static bool file_fits(const char *name) {
    char path[512];
    struct taken t = {0};
    snprintf(path, sizeof path, FOLDER "/%s", name);
    assert_true(seed_read(path, &t.file));
    take(&t);
    bool fine = t.is != begins(name, "left-");
    if (!fine)
        print_error("%s: %s\n", name, t.is ? "was taken" : "was left");
    if (t.is && begins(name, "kept-"))
        fine = expect_kept(name, &t) && fine;
    if (t.is)
        fine = expect_like_rendered(name, &t) && fine;
    taken_drop(&t);
    return fine;
}

static void what_is_taken_looks_as_it_is_rendered(void **state) {
    (void)state;
    static const char *const words[] = {"kept-", "taken-", "left-", NULL};
    struct seeds seeds = seeds_check(FOLDER, words, file_fits);
    assert_int_equal(seeds.bad, 0);
    assert_true(seeds.count >= 120);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_looks_as_it_is_rendered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
