/* PDF pages: scans taken as they are, text layers believed or not, everything else rendered, bad files
 * refused. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/pdf_pages.h"
#include "tests/unit/ocr/caught_pages.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/pdf_maker.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FONT "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
#define PICTURE "/XObject << /Im0 5 0 R >>"
#define PLACED "q 200 0 0 100 0 0 cm /Im0 Do Q"

static struct caught caught;

static int open_caught(struct pdf_maker *pdf, struct view bytes) {
    struct page_sink sink = caught_sink(&caught);
    int err = pdf_pages_open(bytes, &sink);
    buf_drop(&pdf->file);
    return err;
}

static l_uint32 pixel(PIX *pix, int x, int y) {
    l_uint32 value = 0;
    pixGetPixel(pix, x, y, &value);
    return value;
}

static PIX *caught_pix(void) {
    PIX *pix = NULL;
    const struct picture *p = &caught.pages[0].page.picture;
    assert_int_equal(pix_decode(p->bytes, p->turn, &pix), 0);
    return pix;
}

/* 400 x 200, white, a black corner of 100 x 50 at the top left. */
static PIX *sheet(int depth) {
    PIX *pix = pixCreate(400, 200, depth);
    BOX *corner = boxCreate(0, 0, 100, 50);
    if (depth == 1) {
        pixSetInRect(pix, corner);
    } else {
        pixSetAll(pix);
        pixClearInRect(pix, corner);
    }
    boxDestroy(&corner);
    return pix;
}

static struct buf sheet_jpeg(int depth) {
    struct buf jpeg = {0};
    PIX *pix = sheet(depth);
    assert_int_equal(pix_encode_jpeg(pix, 90, &jpeg), 0);
    pixDestroy(&pix);
    return jpeg;
}

#define JPEG_GREY                                                                                            \
    "/Type /XObject /Subtype /Image /Width 400 /Height 200 /BitsPerComponent 8 /ColorSpace /DeviceGray "     \
    "/Filter /DCTDecode"

static void a_jpeg_scan_comes_as_its_own_bytes(void **state) {
    (void)state;
    struct buf jpeg = sheet_jpeg(8);
    struct pdf_maker pdf;
    assert_int_equal(open_caught(&pdf, pdf_one_page(&pdf, "", PICTURE, PLACED, JPEG_GREY, buf_view(&jpeg))),
                     0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(caught.counts, 1);
    assert_int_equal(caught.said, 1);
    assert_int_equal(caught.given, 1);
    assert_int_equal(page->picture.format, PICTURE_JPEG);
    assert_true(view_equal(page->picture.bytes, buf_view(&jpeg)));
    assert_int_equal(page->picture.turn, 0);
    assert_int_equal((int)(page->picture.dpi + 0.5f), 144);
    assert_int_equal(page->source, WORDS_NONE);
    assert_string_equal(page->trouble, "");
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void rotate_becomes_the_pictures_turn(void **state) {
    (void)state;
    struct buf jpeg = sheet_jpeg(8);
    struct pdf_maker pdf;
    assert_int_equal(
        open_caught(&pdf, pdf_one_page(&pdf, "/Rotate 90", PICTURE, PLACED, JPEG_GREY, buf_view(&jpeg))), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(page->picture.turn, 90);
    assert_int_equal((int)page->width_pt, 100);
    assert_int_equal((int)page->height_pt, 200);
    assert_int_equal((int)(page->picture.dpi + 0.5f), 144);
    PIX *pix = caught_pix();
    assert_int_equal(pixGetWidth(pix), 200);
    assert_true(pixel(pix, 190, 10) < 50); /* the black corner is top right */
    assert_true(pixel(pix, 10, 10) > 200);
    pixDestroy(&pix);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void a_picture_placed_upside_down_is_turned(void **state) {
    (void)state;
    struct buf jpeg = sheet_jpeg(8);
    struct pdf_maker pdf;
    struct view file =
        pdf_one_page(&pdf, "", PICTURE, "q -200 0 0 -100 200 100 cm /Im0 Do Q", JPEG_GREY, buf_view(&jpeg));
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_JPEG);
    assert_int_equal(caught.pages[0].page.picture.turn, 180);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void expect_rendered(const char *page_entries, const char *content) {
    struct buf jpeg = sheet_jpeg(8);
    struct pdf_maker pdf;
    struct view file =
        pdf_one_page(&pdf, page_entries, PICTURE " " FONT, content, JPEG_GREY, buf_view(&jpeg));
    assert_int_equal(open_caught(&pdf, file), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_true(page->picture.bytes.len > 0);
    assert_false(view_equal(page->picture.bytes, buf_view(&jpeg)));
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void what_is_more_than_one_picture_is_rendered(void **state) {
    (void)state;
    expect_rendered("", "q -200 0 0 100 200 0 cm /Im0 Do Q");                      /* mirrored */
    expect_rendered("", "q 100 0 0 50 0 0 cm /Im0 Do Q");                          /* covers a quarter */
    expect_rendered("", "q 200 0 0 100 0 0 cm /Im0 Do Q 1 0 0 rg 5 5 50 50 re f"); /* painted over */
    expect_rendered("", PLACED " BT /F1 12 Tf 20 20 Td (seen) Tj ET");             /* text that shows */
    expect_rendered("", PLACED " " PLACED);
    expect_rendered("/Annots [ << /Type /Annot /Subtype /Square /Rect [5 5 50 50] /C [1 0 0] >> ]", PLACED);
    expect_rendered("/CropBox [0 0 100 50]", PLACED);
}

static void a_scan_with_an_invisible_layer_is_still_a_scan_to_be_recognised(void **state) {
    (void)state;
    struct buf jpeg = sheet_jpeg(8);
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "", PICTURE " " FONT,
                                    PLACED " BT 3 Tr /F1 12 Tf 20 20 Td (somebody \\(else\\) said) Tj ET",
                                    JPEG_GREY, buf_view(&jpeg));
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_JPEG);
    assert_int_equal(caught.pages[0].page.source, WORDS_NONE);
    assert_int_equal(caught.pages[0].page.words.count, 0);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

static void group4(const char *black_is_1, const char *decode, bool ink_in_corner) {
    char entries[300];
    struct buf strip = {0};
    PIX *pix = sheet(1), *back;
    assert_int_equal(pix_encode_g4_strip(pix, &strip), 0);
    pixDestroy(&pix);
    snprintf(entries, sizeof entries,
             "/Subtype /Image /Width 400 /Height 200 /BitsPerComponent 1 /ColorSpace /DeviceGray %s /Filter "
             "[/CCITTFaxDecode] /DecodeParms [<< /K -1 /Columns 400 /Rows 200 /BlackIs1 %s >>]",
             decode, black_is_1);
    struct pdf_maker pdf;
    assert_int_equal(open_caught(&pdf, pdf_one_page(&pdf, "", PICTURE, PLACED, entries, buf_view(&strip))),
                     0);
    assert_int_equal(caught.pages[0].page.picture.format, PICTURE_TIFF);
    back = caught_pix();
    assert_int_equal(pixGetDepth(back), 1);
    assert_int_equal(pixel(back, 20, 20), ink_in_corner);
    assert_int_equal(pixel(back, 300, 100), !ink_in_corner);
    pixDestroy(&back);
    caught_drop(&caught);
    buf_drop(&strip);
}

static void group4_both_ways_round(void **state) {
    (void)state;
    group4("false", "", true);
    group4("true", "", false);
    group4("true", "/Decode [1 0]", true);
    group4("false", "/Decode [1 0]", false);
}

static struct buf deflated(const uint8_t *data, size_t len) {
    struct buf out = {0};
    size_t bytes = 0;
    l_uint8 *packed = zlibCompress(data, len, &bytes);
    assert_non_null(packed);
    buf_add(&out, packed, bytes);
    lept_free(packed);
    return out;
}

static void flate(int bits, const char *space, int channels, enum picture_format format) {
    size_t stride = ((size_t)400 * (size_t)(bits * channels) + 7) / 8;
    uint8_t *rows = mem_new(stride * 200);
    memset(rows, 0xFF, stride * 200);
    for (size_t y = 0; y < 50; y++)
        memset(rows + y * stride, 0, stride / 4);
    struct buf data = deflated(rows, stride * 200);
    char entries[300];
    snprintf(
        entries, sizeof entries,
        "/Subtype /Image /Width 400 /Height 200 /BitsPerComponent %d /ColorSpace %s /Filter /FlateDecode",
        bits, space);
    struct pdf_maker pdf;
    assert_int_equal(open_caught(&pdf, pdf_one_page(&pdf, "", PICTURE, PLACED, entries, buf_view(&data))), 0);
    assert_int_equal(caught.pages[0].page.picture.format, format);
    assert_int_equal((int)(caught.pages[0].page.picture.dpi + 0.5f), 144);
    PIX *pix = caught_pix(), *grey = pix_grey(pix);
    assert_int_equal(pixGetDepth(pix), channels == 3 ? 32 : bits);
    assert_int_equal(pixel(grey, 20, 20), 0);
    assert_int_equal(pixel(grey, 300, 100), 255);
    assert_int_equal(pixel(grey, 20, 60), 255);
    pixDestroy(&grey);
    pixDestroy(&pix);
    caught_drop(&caught);
    mem_free(&rows);
    buf_drop(&data);
}

static void flate_of_all_kinds(void **state) {
    (void)state;
    flate(1, "/DeviceGray", 1, PICTURE_TIFF);
    flate(8, "/DeviceGray", 1, PICTURE_PNG);
    flate(8, "/DeviceRGB", 3, PICTURE_PNG);
}

static void a_text_layer_that_fits_its_ink_is_believed(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file = pdf_one_page(
        &pdf, "", FONT, "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj 0 -15 Td (thank you for coming.) Tj ET",
        NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(page->source, WORDS_LAYER);
    assert_int_equal(page->words.count, 7);
    const struct word *dear = &page->words.list[0], *thank = &page->words.list[3];
    assert_string_equal(dear->text, "Dear");
    assert_string_equal(page->words.list[2].text, "Example,");
    assert_string_equal(thank->text, "thank");
    assert_int_equal(dear->line, 0);
    assert_int_equal(thank->line, 1);
    assert_int_equal(dear->confidence, 100);
    assert_true(dear->box.x0 > 18 && dear->box.x0 < 22);
    assert_true(dear->box.y0 > 15 && dear->box.y1 < 36); /* the base line is 30 points below the top */
    assert_int_equal((int)(page->picture.dpi + 0.5f), 200);
    caught_drop(&caught);
}

static void words_that_nobody_can_see_are_left_out(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file =
        pdf_one_page(&pdf, "", FONT,
                     "BT /F1 8 Tf 10 80 Td (one two three four five six seven eight nine ten) Tj 0 -12 Td "
                     "(eleven twelve thirteen fourteen fifteen sixteen) Tj 0 -12 Td "
                     "(seventeen eighteen nineteen twenty) Tj 1 g 0 -20 Td (white) Tj ET",
                     NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(page->source, WORDS_LAYER);
    assert_int_equal(page->words.count, 20);
    assert_string_equal(page->words.list[19].text, "twenty");
    caught_drop(&caught);
}

static void a_layer_that_is_not_what_is_shown_is_not_believed(void **state) {
    (void)state;
    struct pdf_maker pdf;
    /* letters shown, but most of the words are white */
    struct view file = pdf_one_page(
        &pdf, "", FONT, "BT /F1 12 Tf 20 70 Td (shown words) Tj 1 g 0 -15 Td (hidden words are here) Tj ET",
        NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_NONE);
    assert_int_equal((int)(caught.pages[0].page.picture.dpi + 0.5f), 300);
    caught_drop(&caught);
    /* no vowels in seventy letters: a font whose characters are scrambled */
    file = pdf_one_page(&pdf, "", FONT,
                        "BT /F1 8 Tf 10 70 Td (Gzr dhvpx bqssz wq tkr qbc zrlp) Tj 0 -15 Td "
                        "(Gzr dhvpx bqssz wq tkr qbc zrlp Gzr dhvpx bqssz wq) Tj ET",
                        NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_NONE);
    caught_drop(&caught);
}

static void a_layer_without_what_is_noted_on_the_page_is_not_believed(void **state) {
    (void)state;
    static const char text[] =
        "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj 0 -15 Td (thank you for coming.) Tj ET";
    struct pdf_maker pdf;
    struct view file =
        pdf_one_page(&pdf, "/Annots [ << /Type /Annot /Subtype /Square /Rect [5 5 50 20] /C [1 0 0] >> ]",
                     FONT, text, NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_NONE);
    caught_drop(&caught);
    file =
        pdf_one_page(&pdf, "/Annots [ << /Type /Annot /Subtype /Link /Rect [5 5 50 20] /Border [0 0 0] >> ]",
                     FONT, text, NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_LAYER);
    caught_drop(&caught);
}

static void colour_is_kept_and_grey_is_grey(void **state) {
    (void)state;
    struct pdf_maker pdf;
    assert_int_equal(
        open_caught(&pdf, pdf_one_page(&pdf, "", "", "1 0 0 rg 20 20 50 50 re f", NULL, (struct view){0})),
        0);
    PIX *pix = caught_pix();
    assert_int_equal(pixGetDepth(pix), 32);
    pixDestroy(&pix);
    caught_drop(&caught);
    assert_int_equal(
        open_caught(&pdf, pdf_one_page(&pdf, "", "", "0.5 g 20 20 50 50 re f", NULL, (struct view){0})), 0);
    pix = caught_pix();
    assert_int_equal(pixGetDepth(pix), 8);
    pixDestroy(&pix);
    caught_drop(&caught);
}

static void a_page_of_a_mile_is_rendered_within_the_limit(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "/MediaBox [0 0 14400 14400]", "", "0 g 20 20 5000 5000 re f", NULL,
                                    (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    const struct opened_page *page = &caught.pages[0].page;
    assert_true(page->picture.bytes.len > 0);
    assert_true(page->picture.dpi < 40);
    caught_drop(&caught);
}

static void bad_files_are_refused(void **state) {
    (void)state;
    struct page_sink sink = caught_sink(&caught);
    assert_int_equal(pdf_pages_open(view_text(""), &sink), ERR_DAMAGED);
    assert_int_equal(pdf_pages_open(view_text("%PDF-1.4\nnothing follows"), &sink), ERR_DAMAGED);
    assert_int_equal(caught.given, 0);
    struct pdf_maker pdf;
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [] /Count 0 >>");
    assert_int_equal(open_caught(&pdf, pdf_end(&pdf)), ERR_DAMAGED);
}

static void a_password_means_locked(void **state) {
    (void)state;
    struct pdf_maker pdf;
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [] /Count 0 >>");
    pdf_end(&pdf);
    /* 40-bit standard security, keys that no empty password opens */
    const char *lock = "trailer\n<< /Size 3 /Root 1 0 R /ID [<00112233445566778899aabbccddeeff> "
                       "<00112233445566778899aabbccddeeff>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O "
                       "<0101010101010101010101010101010101010101010101010101010101010101> /U "
                       "<0202020202020202020202020202020202020202020202020202020202020202> >> >>\n";
    char *trailer = memmem(pdf.file.data, pdf.file.len, "trailer", 7),
         *table = memmem(pdf.file.data, pdf.file.len, "xref", 4);
    size_t place = (size_t)((uint8_t *)table - pdf.file.data);
    pdf.file.len = (size_t)((uint8_t *)trailer - pdf.file.data);
    buf_add_text(&pdf.file, lock);
    buf_print(&pdf.file, "startxref\n%zu\n%%%%EOF\n", place);
    assert_int_equal(open_caught(&pdf, buf_view(&pdf.file)), ERR_LOCKED);
}

static void the_sink_can_stop(void **state) {
    (void)state;
    struct pdf_maker pdf;
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R 3 0 R 3 0 R] /Count 3 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>");
    struct view file = pdf_end(&pdf);
    struct page_sink sink = caught_sink(&caught);
    caught.stop_at = 2;
    caught.stop_with = ERR_TIME;
    assert_int_equal(pdf_pages_open(file, &sink), ERR_TIME);
    assert_int_equal(caught.said, 3);
    assert_int_equal(caught.given, 2);
    caught_drop(&caught);
    buf_drop(&pdf.file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_scan_comes_as_its_own_bytes),
        cmocka_unit_test(rotate_becomes_the_pictures_turn),
        cmocka_unit_test(a_picture_placed_upside_down_is_turned),
        cmocka_unit_test(what_is_more_than_one_picture_is_rendered),
        cmocka_unit_test(a_scan_with_an_invisible_layer_is_still_a_scan_to_be_recognised),
        cmocka_unit_test(group4_both_ways_round),
        cmocka_unit_test(flate_of_all_kinds),
        cmocka_unit_test(a_text_layer_that_fits_its_ink_is_believed),
        cmocka_unit_test(words_that_nobody_can_see_are_left_out),
        cmocka_unit_test(a_layer_that_is_not_what_is_shown_is_not_believed),
        cmocka_unit_test(a_layer_without_what_is_noted_on_the_page_is_not_believed),
        cmocka_unit_test(colour_is_kept_and_grey_is_grey),
        cmocka_unit_test(a_page_of_a_mile_is_rendered_within_the_limit),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(a_password_means_locked),
        cmocka_unit_test(the_sink_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
