/* Letters that look like what they are called, and letters that do not. */
#include "base/mem.h"
#include "ocr/pdf_render.h"
#include "ocr/pdf_shapes.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/ocr/pdf_maker.h"

#include <leptonica/allheaders.h>
#include <poppler.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* table: what the codes copy as. */
static bool agrees(const char *font, const char *table, const char *text) {
    struct pdf_maker pdf;
    struct buf content = {0}, entries = {0};
    pdf_begin(&pdf);
    pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 100] /Resources << /Font << /F1 5 0 R "
                     ">> >> /Contents 4 0 R >>");
    buf_print(&content, "BT /F1 11 Tf 20 70 Td (%s) Tj ET", text);
    pdf_stream(&pdf, "", buf_view(&content));
    buf_print(&entries, "<< /Type /Font /Subtype /Type1 /BaseFont /%s /ToUnicode 6 0 R >>", font);
    pdf_object(&pdf, buf_text(&entries));
    pdf_stream(&pdf, "", view_text(table));
    struct view file = pdf_end(&pdf);
    GBytes *bytes = g_bytes_new_static(file.data, file.len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    assert_non_null(document);
    PopplerPage *page = poppler_document_get_page(document, 0);
    float dpi = 200;
    PIX *pix = pdf_render(page, &dpi), *ink = pixConvertTo1(pix, 170);
    bool agree = pdf_shapes_agree(page, ink, dpi);
    pixDestroy(&pix);
    pixDestroy(&ink);
    g_object_unref(page);
    g_object_unref(document);
    g_bytes_unref(bytes);
    buf_drop(&content);
    buf_drop(&entries);
    buf_drop(&pdf.file);
    return agree;
}

#define SPACE "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <20> <0020> endbfchar "
#define HONEST SPACE "2 beginbfrange <41> <5A> <0041> <61> <7A> <0061> endbfrange"
#define MOVED SPACE "2 beginbfrange <41> <59> <0042> <61> <79> <0062> endbfrange"
static const char sentence[] = "Jamie was seen alone in the bedroom and said that school was good.";

static void every_typeface_closes_the_same_letters(void **state) {
    (void)state;
    static const char *const fonts[] = {"Helvetica",      "Times-Roman",  "Courier",
                                        "Helvetica-Bold", "Times-Italic", "Courier-BoldOblique"};
    for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++)
        assert_true(agrees(fonts[i], HONEST, sentence));
}

static void other_letters_are_found_out(void **state) {
    (void)state;
    assert_false(agrees("Helvetica", MOVED, sentence));
    assert_false(agrees("Times-Roman", MOVED, sentence));
    /* shows one name, copies as another: J as R, l as o, k as b */
    assert_false(agrees(
        "Helvetica",
        SPACE
        "6 beginbfchar <4A> <0052> <6C> <006F> <6B> <0062> <69> <0069> <6E> <006E> <74> <0064> endbfchar",
        "Jlkin tlkt Jlkin"));
}

static void few_letters_say_nothing(void **state) {
    (void)state;
    assert_true(agrees("Helvetica", MOVED, "act"));
    assert_true(agrees("Helvetica", MOVED, "1 2 3"));
    assert_true(agrees("Helvetica", HONEST, " "));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_typeface_closes_the_same_letters),
        cmocka_unit_test(other_letters_are_found_out),
        cmocka_unit_test(few_letters_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
