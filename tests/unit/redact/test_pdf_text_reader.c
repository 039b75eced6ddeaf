#include "redact/pdf_text_reader.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char map[] =
    "/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <FF> endcodespacerange\n"
    "2 beginbfchar <01> <0041> <02> <0066006C> endbfchar\n"
    "3 beginbfrange <20> <7E> <0020> <80> <82> [<0141> <D83DDE00> <00E9>] <90> <91> <0391> endbfrange";

static const struct pdf_font *scope_font(void *state, const char *name) {
    return strcmp(name, "V0") == 0 ? state : NULL;
}

static bool scope_picture(void *state, const char *name) {
    (void)state;
    return strcmp(name, "Page") == 0;
}

static struct pdf_font font_of(const char *cmap) {
    struct pdf_font font = {.code_bytes = 1, .width = 0.5};
    for (int i = 0; i < 256; i++)
        font.widths[i] = 0.5;
    pdf_font_read_map(&font, view_text(cmap));
    font.readable = font.count > 0;
    return font;
}

static struct pdf_text read_with(struct pdf_font *font, const char *content) {
    struct pdf_scope scope = {scope_font, scope_picture, font};
    struct pdf_text text;
    pdf_text_read(view_text(content), &scope, 600, 800, &text);
    return text;
}

static const struct {
    const char *content, *text;
    unsigned troubles;
} cases[] = {
    {"BT /V0 10 Tf 1 0 0 1 50 700 Tm (Hello there) Tj ET", "Hello there", 0},
    {"BT /V0 10 Tf (\\001\\002\\200\\201\\202\\220\\221) Tj ET",
     "AflŁ\xF0\x9F\x98\x80\xC3\xA9\xCE\x91\xCE\x92", 0},
    {"BT /V0 10 Tf [(Ka) -20 (ren) -500 (Hill)] TJ ET", "Karen Hill", 0},
    {"BT /V0 10 Tf 12 TL 1 0 0 1 50 700 Tm (one) Tj T* (two) Tj (three) ' ET", "one\ntwo\nthree", 0},
    {"BT /V0 10 Tf 1 0 0 1 50 700 Tm (one) Tj ET BT 1 0 0 1 65 700 Tm (two) Tj ET", "onetwo", 0},
    {"BT /V0 10 Tf 1 0 0 1 50 700 Tm (one) Tj ET BT 1 0 0 1 70 700 Tm (two) Tj ET", "one two", 0},
    {"q 0.1 0 0 0.1 0 0 cm BT /V0 100 Tf 500 Tz (ab) Tj ET Q", "ab", 0},
    {"BT /V0 10 Tf <48 65 6C6c 6F> Tj ET % (not this)", "Hello", 0},
    {"BT /V0 10 Tf (a\\(b\\)(c)\\\n d) Tj ET", "a(b)(c) d", 0},
    {"BT /V0 10 Tf (\\377) Tj ET", "\xEF\xBF\xBD", PDF_TROUBLE_CODE},
    {"BT /V9 10 Tf (lost) Tj ET", "", PDF_TROUBLE_FONT},
    {"BT (lost) Tj ET", "", PDF_TROUBLE_FONT},
    {"BT /V0 10 Tf 1 0 0 1 900 700 Tm (out) Tj ET", "out", PDF_TROUBLE_OUTSIDE},
    {"/Span << /ActualText (Karen) >> BDC EMC", "", PDF_TROUBLE_OPERATOR},
    {"BI /W 1 ID x EI", "", PDF_TROUBLE_OPERATOR},
    {"q 600 0 0 800 0 0 cm /Page Do Q", "", 0},
    {"q 600 0 0 800 0 0 cm /Page Do Q 0 0 5 5 re f", "", PDF_TROUBLE_PAINTED},
    {"0 0 5 5 re f", "", 0},
    {"/Form Do", "", PDF_TROUBLE_FORM},
    {"q", "", PDF_TROUBLE_CONTENT},
    {"Q", "", PDF_TROUBLE_CONTENT},
    {"[1 2", "", PDF_TROUBLE_CONTENT},
    {"> } {", "", PDF_TROUBLE_OPERATOR},
};

static void test_pdf_text_reader_cases(void **state) {
    (void)state;
    struct pdf_font font = font_of(map);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pdf_text text = read_with(&font, cases[i].content);
        assert_string_equal(buf_text(&text.text), cases[i].text);
        if (text.troubles != cases[i].troubles)
            fail_msg("case %zu: troubles %u", i, text.troubles);
        pdf_text_drop(&text);
    }
    pdf_font_drop(&font);
}

/* Where characters stand, with a page that is moved, scaled and turned upside down as Cairo writes it. */
static void test_pdf_text_reader_places(void **state) {
    (void)state;
    struct pdf_font font = font_of(map);
    struct pdf_text text = read_with(&font, "1 0 0 -1 0 800 cm BT 10 0 0 -10 50 100 Tm /V0 1 Tf (ab) Tj ET");
    assert_int_equal(text.count, 2);
    struct box b = text.chars[1].box;
    assert_true(fabsf(b.x0 - 55) < 0.01f && fabsf(b.x1 - 60) < 0.01f);
    assert_true(fabsf(b.y0 - 92) < 0.01f && fabsf(b.y1 - 102) < 0.01f);
    assert_int_equal(text.chars[1].at, 1);
    pdf_text_drop(&text);
    pdf_font_drop(&font);
}

/* A character whose meaning is the empty text would be there and not be seen. */
static void test_pdf_text_reader_meaning_of_nothing(void **state) {
    (void)state;
    struct pdf_font font = font_of("1 beginbfchar <41> <> endbfchar");
    struct pdf_text text = read_with(&font, "BT /V0 10 Tf (A) Tj ET");
    assert_int_equal(text.troubles, PDF_TROUBLE_CODE);
    assert_int_equal(text.count, 1);
    pdf_text_drop(&text);
    pdf_font_drop(&font);
    font = font_of("no map at all");
    assert_false(font.readable);
    text = read_with(&font, "BT /V0 10 Tf (A) Tj ET");
    assert_int_equal(text.troubles, PDF_TROUBLE_FONT);
    pdf_text_drop(&text);
    pdf_font_drop(&font);
}

static void test_pdf_text_reader_two_byte_codes(void **state) {
    (void)state;
    struct pdf_font font = font_of("1 beginbfrange <0041> <0043> <0061> endbfrange");
    font.code_bytes = 2;
    struct pdf_text text = read_with(&font, "BT /V0 10 Tf <004100420043> Tj ET");
    assert_string_equal(buf_text(&text.text), "abc");
    assert_int_equal(text.troubles, 0);
    pdf_text_drop(&text);
    pdf_font_drop(&font);
}

static const struct pdf_font *no_font(void *state, const char *name) {
    (void)state;
    (void)name;
    return NULL;
}

static bool no_picture(void *state, const char *name) {
    (void)state;
    (void)name;
    return false;
}

/* Marks as our packs have them are read over; a layer, text in place of text, or any other dictionary is trouble. */
static void marks_of_content(void **state) {
    static const struct {
        const char *content;
        bool trouble;
    } marks[] = {
        {"/P <</MCID 0>> BDC EMC", false},        {"/Artifact BMC EMC", false},
        {"/Figure <</MCID 12>> BDC EMC", false},  {"/OC /L BDC EMC", true},
        {"/P <</ActualText (Jo)>> BDC EMC", true}, {"/P <</MCID 0 /Alt (Jo)>> BDC EMC", true},
        {"/Span <</MCID 0>> BDC EMC", true},      {"/P BMC EMC", true},
        {"<</MCID 0>> /P <<>> BDC", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        struct pdf_scope scope = {no_font, no_picture, NULL};
        struct pdf_text text;
        pdf_text_read(view_text(marks[i].content), &scope, 595, 842, &text);
        assert_int_equal((text.troubles & PDF_TROUBLE_OPERATOR) != 0, marks[i].trouble);
        pdf_text_drop(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_of_content),
        cmocka_unit_test(test_pdf_text_reader_cases),
        cmocka_unit_test(test_pdf_text_reader_places),
        cmocka_unit_test(test_pdf_text_reader_meaning_of_nothing),
        cmocka_unit_test(test_pdf_text_reader_two_byte_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
