/* PDF pages: scans taken as they are, text layers believed or not, everything else rendered, bad files
 * refused. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/pdf_pages.h"
#include "tests/unit/ocr/caught_pages.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/pdf_maker.h"

#include <leptonica/allheaders.h>
#include <qpdf/qpdf-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <zlib.h>

#include <cmocka.h>

#define FONT "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
#define PICTURE "/XObject << /Im0 5 0 R >>"
#define PLACED "q 200 0 0 100 0 0 cm /Im0 Do Q"

static struct caught caught;

static int open_caught(struct pdf_maker *pdf, struct view bytes) {
    struct page_sink sink = caught_sink(&caught);
    struct pdf_order order = {.bytes = bytes};
    int err = pdf_pages_open(&order, &sink);
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
    assert_int_equal(caught.pages[0].page.claimed.count, 3);
    assert_string_equal(caught.pages[0].page.claimed.list[1].text, "(else)");
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
    assert_int_equal(pixGetDepth(pix), bits); /* a sheet without colour is grey, however it was kept */
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
    /* black on white: ink and paper, as fine as recognition wants it */
    assert_int_equal((int)(page->picture.dpi + 0.5f), 300);
    assert_int_equal(page->picture.format, PICTURE_TIFF);
    assert_int_equal(page->claimed.count, 0);
    assert_true(caught.pages[0].had_pix);
    assert_int_equal(caught.notes, 0);
    caught_drop(&caught);
}

#define TEXT_LINES "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj 0 -15 Td (thank you for coming.) Tj ET "

static void greys_and_colours_beside_a_believed_layer_are_kept(void **state) {
    (void)state;
    static const struct {
        const char *more;
        int depth;
    } rows[] = {
        {"", 1},
        {"0 w 20 20 m 180 20 l S", 1},                                                /* a hairline is black */
        {"0.6 g BT /F1 8 Tf 20 20 Td (draft) Tj ET", 8},
        {"0.35 g BT /F1 8 Tf 20 20 Td (draft) Tj ET", 8},
        {"0.9 g 20 10 20 10 re f", 8},                                                /* a shaded cell */
        {"0 g 20 20 160 0.1 re f", 8},                                                /* too thin to be black at 300 dpi */
        {"0.8 0 0 rg BT /F1 8 Tf 20 20 Td (no) Tj ET", 32},
        {"1 1 0.8 rg 20 10 100 10 re f", 32},                                         /* a highlight */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pdf_maker pdf;
        struct buf content = {0};
        buf_print(&content, TEXT_LINES "%s", rows[i].more);
        assert_int_equal(open_caught(&pdf, pdf_one_page(&pdf, "", FONT, buf_text(&content), NULL, (struct view){0})), 0);
        assert_int_equal(caught.pages[0].page.source, WORDS_LAYER);
        PIX *pix = caught_pix();
        assert_int_equal(pixGetDepth(pix), rows[i].depth);
        pixDestroy(&pix);
        caught_drop(&caught);
        buf_drop(&content);
    }
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
    assert_int_equal(caught.notes, 1);
    assert_string_equal(caught.note, "page 1: the file holds text that is not seen on the page");
    caught_drop(&caught);
}

static void light_grey_words_are_seen(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "", FONT, TEXT_LINES "0.8 g BT /F1 10 Tf 20 20 Td (Confidential draft) Tj ET", NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_LAYER);
    assert_int_equal(caught.pages[0].page.words.count, 9);
    assert_string_equal(caught.pages[0].page.words.list[7].text, "Confidential");
    assert_int_equal(caught.notes, 0);
    caught_drop(&caught);
    file = pdf_one_page(&pdf, "", FONT, TEXT_LINES "0.99 g BT /F1 10 Tf 20 20 Td (x) Tj ET", NULL, (struct view){0});
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_NONE); /* one of eight that cannot be seen: more than one in ten */
    assert_int_equal(caught.pages[0].page.claimed.count, 8);
    caught_drop(&caught);
}

/* A photograph: many tones; a logo: two. Both 200 x 200 pixels, drawn 2.5 cm wide. */
static size_t regions_beside(bool photograph, struct box *ret) {
    struct buf samples = {0};
    for (int y = 0; y < 200; y++)
        for (int x = 0; x < 200; x++)
            buf_add_byte(&samples, photograph ? (uint8_t)((x + y) * 5 / 8 + (x * 7919 + y * 104729) % 13) : (x / 50 + y / 50) % 2 ? 255 : 90);
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "", FONT " " PICTURE,
                                    "BT /F1 8 Tf 10 85 Td (one two three four five six seven eight nine ten) Tj ET "
                                    "q 70 0 0 70 100 5 cm /Im0 Do Q",
                                    "/Type /XObject /Subtype /Image /Width 200 /Height 200 /BitsPerComponent 8 /ColorSpace /DeviceGray",
                                    buf_view(&samples));
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_LAYER);
    size_t count = caught.pages[0].regions;
    *ret = caught.pages[0].first_region;
    caught_drop(&caught);
    buf_drop(&samples);
    return count;
}

static void a_photograph_beside_a_believed_layer_is_a_region(void **state) {
    (void)state;
    struct box box;
    assert_int_equal(regions_beside(false, &box), 0);
    assert_int_equal(regions_beside(true, &box), 1);
    assert_true(box.x0 > 99 && box.x0 < 101 && box.x1 > 169 && box.x1 < 171);
    assert_true(box.y0 > 24 && box.y0 < 26 && box.y1 > 94 && box.y1 < 96);
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
    assert_int_equal(caught.pages[0].page.claimed.count, 6); /* what it says is compared with what is recognised */
    assert_string_equal(caught.pages[0].page.claimed.list[2].text, "hidden");
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
    struct pdf_maker pdf = {0};
    assert_int_equal(open_caught(&pdf, view_text("")), ERR_DAMAGED);
    assert_int_equal(open_caught(&pdf, view_text("%PDF-1.4\nnothing follows")), ERR_DAMAGED);
    assert_int_equal(caught.given, 0);
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [] /Count 0 >>");
    assert_int_equal(open_caught(&pdf, pdf_end(&pdf)), ERR_NO_PAGES);
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
    struct pdf_order order = {.bytes = file};
    assert_int_equal(pdf_pages_open(&order, &sink), ERR_TIME);
    assert_int_equal(caught.said, 3);
    assert_int_equal(caught.given, 2);
    caught_drop(&caught);
    buf_drop(&pdf.file);
}

/* ---- pages that cannot be shown as they are meant ---- */

static void expect_trouble(struct pdf_maker *pdf, struct view file, const char *part) {
    assert_int_equal(open_caught(pdf, file), 0);
    assert_int_equal(caught.given, 1);
    const struct opened_page *page = &caught.pages[0].page;
    if (!strstr(page->trouble, part))
        fail_msg("expected '%s', got '%s'", part, page->trouble);
    assert_int_equal(page->picture.format, PICTURE_NONE);
    assert_int_equal(page->picture.bytes.len, 0);
    caught_drop(&caught);
}

static struct view page_with(struct pdf_maker *pdf, const char *entries, const char *content,
                             const char *picture_entries, struct view picture) {
    struct buf page = {0};
    pdf_begin(pdf);
    pdf_object(pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    buf_print(&page,
              "<< /Type /Page /Parent 2 0 R %s /Resources << " FONT " " PICTURE " >> /Contents 4 0 R >>",
              entries);
    pdf_object(pdf, buf_text(&page));
    buf_drop(&page);
    pdf_stream(pdf, "", view_text(content));
    pdf_stream(pdf, picture_entries, picture);
    return pdf_end(pdf);
}

static void a_box_that_no_page_has_is_trouble(void **state) {
    (void)state;
    static const struct {
        const char *entries, *trouble;
    } boxes[] = {
        {"/MediaBox [0 0 0 0]", "size"},
        {"/MediaBox [0 0 nan 1e400]", "size"},
        {"/MediaBox [0 0 600]", "size"},
        {"/MediaBox [0 0 9999999 9999999]", ""},
        {"/MediaBox [0 0 595 842] /UserUnit 75000", "larger"},
        {"/MediaBox [0 0 595 842] /UserUnit -1", "size"},
    };
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        struct pdf_maker pdf;
        struct view file =
            page_with(&pdf, boxes[i].entries, "BT /F1 12 Tf 20 70 Td (words) Tj ET", "", view_text("x"));
        expect_trouble(&pdf, file, boxes[i].trouble);
    }
}

static void a_box_the_other_way_round_is_a_box(void **state) {
    (void)state;
    struct buf jpeg = sheet_jpeg(8);
    struct pdf_maker pdf;
    struct view file = page_with(&pdf, "/MediaBox [200 100 0 0]", PLACED, JPEG_GREY, buf_view(&jpeg));
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_true(view_equal(caught.pages[0].page.picture.bytes, buf_view(&jpeg)));
    assert_int_equal((int)caught.pages[0].page.width_pt, 200);
    caught_drop(&caught);
    buf_drop(&jpeg);
}

#define IMAGE(w, h, rest)                                                                                    \
    "/Type /XObject /Subtype /Image /Width " w " /Height " h                                                 \
    " /BitsPerComponent 8 /ColorSpace /DeviceGray " rest
#define SMALLER "q 150 0 0 80 20 10 cm /Im0 Do Q"

static void a_picture_that_cannot_be_decoded_is_trouble(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct buf jpeg = sheet_jpeg(8);
    struct view whole = buf_view(&jpeg), third = view_of(jpeg.data, jpeg.len * 2 / 3);
    static const char *const placed[2] = {PLACED, SMALLER};
    for (int i = 0; i < 2; i++) {
        const char *content = placed[i];
        expect_trouble(&pdf, pdf_one_page(&pdf, "", PICTURE, content, JPEG_GREY, third), "damaged");
        expect_trouble(
            &pdf,
            pdf_one_page(&pdf, "", PICTURE, content, JPEG_GREY, view_text("\xff\xd8\xff\xe0 no picture")),
            "damaged");
        expect_trouble(
            &pdf, pdf_one_page(&pdf, "", PICTURE, content, IMAGE("10", "10", "/Filter /NoSuchDecode"), whole),
            "not known");
        expect_trouble(
            &pdf,
            pdf_one_page(&pdf, "", PICTURE, content, IMAGE("32768", "32768", "/Filter /FlateDecode"), whole),
            "larger");
        expect_trouble(
            &pdf,
            pdf_one_page(&pdf, "", PICTURE, content, IMAGE("400", "200", "/Filter /FlateDecode"), whole),
            "damaged");
        expect_trouble(&pdf, pdf_one_page(&pdf, "", PICTURE, content, IMAGE("0", "200", ""), whole),
                       "damaged");
        expect_trouble(&pdf, pdf_one_page(&pdf, "", "/XObject << /Im0 55 0 R >>", content, NULL, whole),
                       "missing");
    }
    buf_drop(&jpeg);
}

static void a_picture_that_is_listed_and_not_drawn_does_no_harm(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "", PICTURE " " FONT,
                                    "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj (/Im0 Do) pop ET",
                                    IMAGE("10", "10", "/Filter /NoSuchDecode"), view_text("xxxx"));
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_string_equal(caught.pages[0].page.trouble, "");
    assert_true(caught.pages[0].page.picture.bytes.len > 0);
    caught_drop(&caught);
}

static void a_cut_group4_picture_is_trouble(void **state) {
    (void)state;
    struct buf strip = {0};
    PIX *pix = sheet(1);
    for (int y = 0; y < 200; y += 3)
        for (int x = y % 7; x < 400; x += 5)
            pixSetPixel(pix, x, y, 1);
    assert_int_equal(pix_encode_g4_strip(pix, &strip), 0);
    pixDestroy(&pix);
    struct pdf_maker pdf;
    static const char entries[] =
        "/Subtype /Image /Width 400 /Height 200 /BitsPerComponent 1 /ColorSpace /DeviceGray "
        "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 400 /Rows 200 >>";
    expect_trouble(&pdf, pdf_one_page(&pdf, "", PICTURE, PLACED, entries, view_of(strip.data, strip.len / 2)),
                   "damaged");
    assert_int_equal(open_caught(&pdf, pdf_one_page(&pdf, "", PICTURE, PLACED, entries, buf_view(&strip))),
                     0);
    assert_string_equal(caught.pages[0].page.trouble, "");
    caught_drop(&caught);
    buf_drop(&strip);
}

static void forms_that_hold_a_bad_picture_or_draw_without_end(void **state) {
    (void)state;
    struct pdf_maker pdf;
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << /XObject << /X 5 0 "
                     "R >> >> /Contents 4 0 R >>");
    pdf_stream(&pdf, "", view_text("/X Do"));
    pdf_stream(&pdf, "/Subtype /Form /BBox [0 0 200 100] /Resources << /XObject << /Y#31 6 0 R >> >>",
               view_text("q /Y1 Do Q"));
    pdf_stream(&pdf, IMAGE("100", "100", "/Filter /DCTDecode"), view_text("no picture at all"));
    expect_trouble(&pdf, pdf_end(&pdf), "damaged");
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << /XObject << /X 5 0 "
                     "R >> >> /Contents 4 0 R >>");
    pdf_stream(&pdf, "", view_text("/X Do"));
    for (int i = 5; i < 14; i++) { /* 10 to the 9th */
        char entries[120];
        snprintf(entries, sizeof entries,
                 "/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>", i + 1);
        pdf_stream(&pdf, entries, view_text("/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do"));
    }
    pdf_stream(&pdf, "/Subtype /Form /BBox [0 0 9 9]", view_text("0 0 9 9 re f"));
    expect_trouble(&pdf, pdf_end(&pdf), "more than the limit");
}

static void content_that_is_missing_damaged_or_a_bomb_is_trouble(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "", FONT, "BT ET", NULL, (struct view){0});
    char *place = memmem(file.data, file.len, "/Contents 4", 11);
    place[10] = '9';
    expect_trouble(&pdf, file, "content");
    static uint8_t zeros[1 << 20];
    struct buf once = deflated(zeros, sizeof zeros), many = {0};
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>");
    pdf_stream(&pdf, "/Filter /FlateDecode", view_of(once.data, once.len / 2));
    expect_trouble(&pdf, pdf_end(&pdf), "content");
    buf_drop(&once);
    /* 640 MB in two layers, without holding them: stored blocks of the first layer are themselves nearly all
     * alike */
    z_stream z = {0};
    assert_int_equal(deflateInit(&z, 6), Z_OK);
    uint8_t *room = mem_new(1 << 20);
    for (int i = 0; i <= 640; i++) {
        z.next_in = zeros;
        z.avail_in = i < 640 ? sizeof zeros : 0;
        do {
            z.next_out = room;
            z.avail_out = 1 << 20;
            deflate(&z, i < 640 ? Z_NO_FLUSH : Z_FINISH);
            buf_add(&many, room, (1u << 20) - z.avail_out);
        } while (!z.avail_out);
    }
    deflateEnd(&z);
    mem_free(&room);
    struct buf twice = deflated(many.data, many.len);
    assert_true(twice.len < 10000);
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>");
    pdf_stream(&pdf, "/Filter [/FlateDecode /FlateDecode]", buf_view(&twice));
    expect_trouble(&pdf, pdf_end(&pdf), "larger");
    buf_drop(&many);
    buf_drop(&twice);
}

/* ---- trees of pages ---- */

static void a_tree_that_is_too_deep_or_too_wide_is_refused(void **state) {
    (void)state;
    struct buf file = {0};
    buf_add_text(&file, "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    for (int i = 2; i < 30002; i++)
        buf_print(&file, "%d 0 obj\n<< /Type /Pages /Kids [%d 0 R] /Count 1 >>\nendobj\n", i, i + 1);
    buf_add_text(&file, "30002 0 obj\n<< /Type /Page /MediaBox [0 0 9 9] >>\nendobj\ntrailer\n<< /Size 30003 "
                        "/Root 1 0 R >>\n%%EOF\n");
    struct pdf_maker none = {0};
    assert_int_equal(open_caught(&none, buf_view(&file)), ERR_TOO_DEEP);
    assert_int_equal(caught.given, 0);
    buf_drop(&file);
    struct pdf_maker pdf;
    struct buf kids = {0};
    for (int level = 0; level < 2; level++) {
        buf_reset(&kids);
        if (level == 0)
            pdf_begin(&pdf);
        if (level == 0)
            pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
        buf_add_text(&kids, "<< /Type /Pages /Count 1000000 /Kids [");
        for (int i = 0; i < 1000; i++)
            buf_print(&kids, "%d 0 R ", level + 3);
        buf_add_text(&kids, "] >>");
        pdf_object(&pdf, buf_text(&kids));
    }
    pdf_object(&pdf, "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 99 99] >>");
    assert_int_equal(open_caught(&pdf, pdf_end(&pdf)), ERR_TOO_MANY);
    assert_int_equal(caught.given, 0);
    buf_drop(&kids);
}

static void pages_that_the_tree_names_and_that_are_gone(void **state) {
    (void)state;
    static const char page[] =
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << " FONT " >> /Contents 4 0 R >>";
    static const char *const roots[] = {
        "<< /Type /Pages /Kids [3 0 R 99 0 R] /Count 2 >>", /* one does not exist */
        "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",  /* it holds itself */
        "<< /Type /Pages /Kids [3 0 R] /Count 3 >>",
        "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 1 >>",
    };
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        struct pdf_maker pdf;
        pdf_begin(&pdf);
        pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
        pdf_object(&pdf, roots[i]);
        pdf_object(&pdf, page);
        pdf_stream(&pdf, "", view_text("BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj ET"));
        assert_int_equal(open_caught(&pdf, pdf_end(&pdf)), ERR_DAMAGED);
        assert_true(caught.given >= 1);
        assert_string_equal(caught.pages[0].page.trouble, "");
        assert_true(caught.pages[0].page.picture.bytes.len > 0);
        caught_drop(&caught);
    }
}

static void a_file_without_its_table_shows_its_pages_or_says_that_some_are_lost(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view file = pdf_one_page(&pdf, "", FONT, "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj ET", NULL,
                                    (struct view){0});
    char *table = memmem(file.data, file.len, "xref\n0 5", 8);
    memset(table, ' ', 4);
    assert_int_equal(open_caught(&pdf, file), 0);
    assert_int_equal(caught.given, 1);
    assert_string_equal(caught.pages[0].page.trouble, "");
    caught_drop(&caught);
    pdf_begin(&pdf); /* the same with a page that is in no tree */
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>");
    pdf_object(&pdf, "<< /Type\n/Page /Parent 9 0 R /MediaBox [0 0 200 100] >>");
    file = pdf_end(&pdf);
    table = memmem(file.data, file.len, "xref\n0 5", 8);
    memset(table, ' ', 4);
    assert_int_equal(open_caught(&pdf, file), ERR_DAMAGED);
    assert_int_equal(caught.given, 1);
    caught_drop(&caught);
}

/* ---- what the order says ---- */

static int want_even(void *state, uint32_t number) {
    (void)state;
    return number % 2 == 0;
}

static void pages_that_are_not_wanted_are_left_out(void **state) {
    (void)state;
    struct pdf_maker pdf;
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R 3 0 R 3 0 R 3 0 R 3 0 R] /Count 5 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>");
    for (int i = 0; i < 5; i++)
        pdf_object(&pdf, "null"); /* Poppler believes no more pages than objects */
    struct page_sink sink = caught_sink(&caught);
    sink.wanted = want_even;
    struct pdf_order order = {.bytes = pdf_end(&pdf)};
    assert_int_equal(pdf_pages_open(&order, &sink), 0);
    assert_int_equal(caught.said, 5);
    assert_int_equal(caught.given, 2);
    assert_int_equal(caught.pages[0].page.number, 2);
    assert_int_equal(caught.pages[1].page.number, 4);
    caught_drop(&caught);
    buf_drop(&pdf.file);
}

static void as_pictures_no_layer_is_believed(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct page_sink sink = caught_sink(&caught);
    struct pdf_order order = {.bytes = pdf_one_page(&pdf, "", FONT,
                                                    "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj ET", NULL,
                                                    (struct view){0}),
                              .as_picture = 1};
    assert_int_equal(pdf_pages_open(&order, &sink), 0);
    assert_int_equal(caught.pages[0].page.source, WORDS_NONE);
    assert_int_equal((int)(caught.pages[0].page.picture.dpi + 0.5f), 300);
    assert_int_equal(caught.pages[0].page.claimed.count, 0);
    caught_drop(&caught);
    buf_drop(&pdf.file);
}

/* Locked with qpdf: 256-bit AES; the password is UTF-8. */
static void a_password_opens_what_is_locked(void **state) {
    (void)state;
    struct pdf_maker pdf;
    struct view plain = pdf_one_page(&pdf, "", FONT, "BT /F1 12 Tf 20 70 Td (Dear Mrs Example,) Tj ET", NULL,
                                     (struct view){0});
    qpdf_data q = qpdf_init();
    assert_int_equal(qpdf_read_memory(q, "plain", (const char *)plain.data, plain.len, NULL), 0);
    qpdf_init_write_memory(q);
    qpdf_set_r6_encryption_parameters2(q, "of the s\xc3\xa9nder", "owner", QPDF_TRUE, QPDF_TRUE, QPDF_TRUE,
                                       QPDF_TRUE, QPDF_TRUE, QPDF_TRUE, qpdf_r3p_full, QPDF_TRUE);
    assert_int_equal(qpdf_write(q), 0);
    static const struct {
        const char *password;
        int err;
    } tries[] = {{NULL, ERR_LOCKED}, {"", ERR_LOCKED}, {"guess", ERR_LOCKED}, {"of the s\xc3\xa9nder", 0}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct page_sink sink = caught_sink(&caught);
        struct pdf_order order = {.bytes = view_of(qpdf_get_buffer(q), qpdf_get_buffer_length(q)),
                                  .password = tries[i].password};
        assert_int_equal(pdf_pages_open(&order, &sink), tries[i].err);
        assert_int_equal(caught.given, tries[i].err ? 0 : 1);
        if (!tries[i].err)
            assert_int_equal(caught.pages[0].page.words.count, 3);
        caught_drop(&caught);
    }
    qpdf_cleanup(&q);
    buf_drop(&pdf.file);
}

/* ---- fonts that copy as something else ---- */

static void table_of_a_font(const char *encoding, const char *table, enum word_source expected) {
    struct pdf_maker pdf;
    char font[200];
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << /Font << /F1 5 0 R "
                     ">> >> /Contents 4 0 R >>");
    pdf_stream(&pdf, "", view_text("BT /F1 12 Tf 20 70 Td (bade bade) Tj ET"));
    snprintf(font, sizeof font, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R %s >>",
             encoding);
    pdf_object(&pdf, font);
    pdf_stream(&pdf, "", view_text(table));
    assert_int_equal(open_caught(&pdf, pdf_end(&pdf)), 0);
    assert_int_equal(caught.pages[0].page.source, expected);
    caught_drop(&caught);
}

#define SPACE "1 begincodespacerange <00> <FF> endcodespacerange "

static void a_font_that_copies_as_other_letters_is_not_believed(void **state) {
    (void)state;
    table_of_a_font("", SPACE "4 beginbfchar <61> <0061> <62> <0062> <64> <0064> <65> <0065> endbfchar",
                    WORDS_LAYER);
    table_of_a_font("",
                    SPACE "1 beginbfrange <61> <7A> <0061> endbfrange 1 beginbfchar <20> <0020> endbfchar",
                    WORDS_LAYER);
    table_of_a_font("",
                    SPACE "1 beginbfrange <61> <7A> <0041> endbfrange 1 beginbfchar <20> <0020> endbfchar",
                    WORDS_LAYER);
    table_of_a_font("", SPACE "4 beginbfchar <61> <006F> <62> <0062> <64> <0064> <65> <0061> endbfchar",
                    WORDS_NONE);
    table_of_a_font("", SPACE "1 beginbfrange <61> <7A> <0062> endbfrange", WORDS_NONE);
    table_of_a_font("/Encoding /WinAnsiEncoding",
                    SPACE "1 beginbfrange <61> <63> [<0063> <0062> <0061>] endbfrange", WORDS_NONE);
    table_of_a_font("/Encoding << /Differences [97 /a /b /c /d /e] >>",
                    SPACE "2 beginbfrange <61> <64> <0061> <65> <65> <006F> endbfrange", WORDS_LAYER);
    table_of_a_font("/Encoding << /Differences [97 /o /b /c /d /u] >>",
                    SPACE
                    "5 beginbfchar <61> <006F> <62> <0062> <64> <0064> <65> <0075> <63> <0063> endbfchar",
                    WORDS_LAYER);
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
        cmocka_unit_test(greys_and_colours_beside_a_believed_layer_are_kept),
        cmocka_unit_test(words_that_nobody_can_see_are_left_out),
        cmocka_unit_test(light_grey_words_are_seen),
        cmocka_unit_test(a_photograph_beside_a_believed_layer_is_a_region),
        cmocka_unit_test(a_layer_that_is_not_what_is_shown_is_not_believed),
        cmocka_unit_test(a_layer_without_what_is_noted_on_the_page_is_not_believed),
        cmocka_unit_test(colour_is_kept_and_grey_is_grey),
        cmocka_unit_test(a_page_of_a_mile_is_rendered_within_the_limit),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(a_password_means_locked),
        cmocka_unit_test(the_sink_can_stop),
        cmocka_unit_test(a_box_that_no_page_has_is_trouble),
        cmocka_unit_test(a_box_the_other_way_round_is_a_box),
        cmocka_unit_test(a_picture_that_cannot_be_decoded_is_trouble),
        cmocka_unit_test(a_picture_that_is_listed_and_not_drawn_does_no_harm),
        cmocka_unit_test(a_cut_group4_picture_is_trouble),
        cmocka_unit_test(forms_that_hold_a_bad_picture_or_draw_without_end),
        cmocka_unit_test(content_that_is_missing_damaged_or_a_bomb_is_trouble),
        cmocka_unit_test(a_tree_that_is_too_deep_or_too_wide_is_refused),
        cmocka_unit_test(pages_that_the_tree_names_and_that_are_gone),
        cmocka_unit_test(a_file_without_its_table_shows_its_pages_or_says_that_some_are_lost),
        cmocka_unit_test(pages_that_are_not_wanted_are_left_out),
        cmocka_unit_test(as_pictures_no_layer_is_believed),
        cmocka_unit_test(a_password_opens_what_is_locked),
        cmocka_unit_test(a_font_that_copies_as_other_letters_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
