/* At which resolution a page is rendered, and how large a page is whose unit is not the point. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/pdf_pages.h"
#include "ocr/pdf_render.h"
#include "ocr/pdf_size.h"
#include "tests/unit/ocr/caught_pages.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/pdf_maker.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PICTURE "/XObject << /Im0 5 0 R >>"
#define FONT "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"

/* The page has 200 x 100 points; the picture says that it has w x h pixels. */
static float dpi_of(const char *page_entries, const char *content, const char *kind, int w, int h) {
    struct pdf_maker pdf;
    struct pdf_file *file;
    char entries[300];
    snprintf(entries, sizeof entries, "/Subtype /Image /Width %d /Height %d %s", w, h, kind);
    struct pdf_order order = {.bytes = pdf_one_page(&pdf, page_entries, PICTURE " " FONT, content, entries, view_text("none"))};
    assert_int_equal(pdf_file_open(&order, &file), 0);
    float dpi = pdf_size_dpi(file, 0, 300);
    pdf_file_drop(&file);
    buf_drop(&pdf.file);
    return dpi;
}

#define GREY "/BitsPerComponent 8 /ColorSpace /DeviceGray"
#define WHOLE "q 200 0 0 100 0 0 cm /Im0 Do Q "
#define LOGO "q 20 0 0 10 0 0 cm /Im0 Do Q "
#define STAMP "BT /F1 12 Tf 20 20 Td (Received) Tj ET "

static void assert_dpi(float dpi, int expected) {
    assert_int_equal((int)lroundf(dpi), expected);
}

static void pictures_decide_only_where_they_are_the_page(void **state) {
    (void)state;
    assert_dpi(dpi_of("", WHOLE STAMP, GREY, 667, 333), 240);
    assert_dpi(dpi_of("", WHOLE STAMP, GREY, 200, 100), 200); /* 72 dpi */
    assert_dpi(dpi_of("", WHOLE STAMP, GREY, 1667, 833), 300); /* 600 dpi */
    assert_dpi(dpi_of("", LOGO STAMP, GREY, 359, 179), 300);   /* a logo of 1,292 dpi */
    assert_dpi(dpi_of("", LOGO STAMP, GREY, 20, 10), 300);     /* or of 72 */
    assert_dpi(dpi_of("", STAMP, GREY, 20, 10), 300);
    assert_dpi(dpi_of("", WHOLE LOGO, GREY, 667, 333), 300); /* sharp in a corner */
}

static void much_text_over_a_picture_wants_its_own_resolution(void **state) {
    (void)state;
    struct buf content = {0};
    buf_add_text(&content, WHOLE);
    for (int i = 0; i < 20; i++)
        buf_add_text(&content, STAMP);
    assert_dpi(dpi_of("", buf_text(&content), GREY, 400, 200), 300);
    buf_drop(&content);
    assert_dpi(dpi_of("", WHOLE "no operator", GREY, 400, 200), 300);
}

static void letters_in_a_mask_are_shown_at_its_resolution(void **state) {
    (void)state;
    assert_dpi(dpi_of("", WHOLE STAMP, "/ImageMask true", 1111, 555), 400);
    assert_dpi(dpi_of("", WHOLE STAMP, "/ImageMask true", 1667, 833), 300);
    assert_dpi(dpi_of("", WHOLE STAMP, "/ImageMask true", 694, 347), 250);
}

static void a_unit_that_is_not_the_point_counts(void **state) {
    (void)state;
    assert_dpi(dpi_of("/UserUnit 2", WHOLE STAMP, GREY, 1389, 694), 250);
    static struct caught caught;
    struct pdf_maker pdf;
    struct page_sink sink = caught_sink(&caught);
    struct pdf_order order = {.bytes = pdf_one_page(&pdf, "/UserUnit 2", FONT, STAMP "0 0 20 20 re f", NULL, (struct view){0})};
    assert_int_equal(pdf_pages_open(&order, &sink), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal((int)page->width_pt, 400);
    assert_int_equal((int)page->height_pt, 200);
    assert_dpi(page->picture.dpi, 300);
    PIX *pix = NULL;
    assert_int_equal(pix_decode(page->picture.bytes, page->picture.turn, &pix), 0);
    assert_int_equal(pixGetWidth(pix), 1667);
    assert_int_equal(pixGetHeight(pix), 833);
    l_uint32 ink = 255, paper = 0;
    pixGetPixel(pix, 80, 760, &ink); /* 20 units are 167 pixels */
    pixGetPixel(pix, 1500, 100, &paper);
    assert_int_equal(ink, 0);
    assert_int_equal(paper, 255);
    pixDestroy(&pix);
    caught_drop(&caught);
    buf_drop(&pdf.file);
}

static void what_is_read_at_less_is_told(void **state) {
    (void)state;
    char *note = pdf_render_note(7, 300, 112.4f);
    assert_string_equal(note, "page 7 is too large for the usual 300 dpi: it is read at 112 dpi");
    free(note);
    assert_null(pdf_render_note(7, 300, 300));
    assert_null(pdf_render_note(7, 200, 240));
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_decide_only_where_they_are_the_page),
        cmocka_unit_test(much_text_over_a_picture_wants_its_own_resolution),
        cmocka_unit_test(letters_in_a_mask_are_shown_at_its_resolution),
        cmocka_unit_test(a_unit_that_is_not_the_point_counts),
        cmocka_unit_test(what_is_read_at_less_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
