/* Leaks planted in packs, one at a time: each must be found, and a clean pack must have no finding. */
#include "base/err.h"
#include "redact/cover.h"
#include "redact/cover_label.h"
#include "redact/prove.h"
#include "tests/unit/redact/pack_fixture.h"

#include <qpdf/qpdf-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static char *withheld[] = {"Karen Hill", "Marek", "07700 900123", "Łukasz Nowak", "Jo"};
static struct fixture plain = {.fail_page = -1, .jpeg = 1};

static struct bound pack_of(struct fixture *fixture) {
    struct bound bound = {0};
    struct bind_order order = fixture_order(fixture);
    assert_int_equal(bind_pack(&order, &bound), 0);
    return bound;
}

static struct prove_order order_for(const struct bound *bound) {
    struct prove_order order = {.pdf = buf_view(&bound->pdf), .withheld = withheld, .withheld_count = 5};
    order.area_count = FIXTURE_PAGES * 2;
    order.areas = mem_grow(NULL, order.area_count, sizeof *order.areas);
    for (size_t i = 0; i < order.area_count; i++) {
        order.areas[i] = (struct prove_area){.page = bound->front_pages + (uint32_t)i / 2 + 1, .box = i % 2 ? fixture_area_2 : fixture_area};
    }
    return order;
}

static struct findings prove(const struct bound *bound) {
    struct findings found;
    struct prove_order order = order_for(bound);
    assert_int_equal(prove_pack(&order, &found), 0);
    free(order.areas);
    return found;
}

static size_t count_of(const struct findings *found, const char *check, const char *what) {
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++)
        count += strcmp(found->list[i].check, check) == 0 && strstr(found->list[i].what, what) != NULL;
    return count;
}

static void expect(const struct findings *found, const char *check, const char *what) {
    if (count_of(found, check, what))
        return;
    for (size_t i = 0; i < found->count; i++)
        print_message("page %u %s: %s\n", found->list[i].page, found->list[i].check, found->list[i].what);
    fail_msg("no finding \"%s: %s\"", check, what);
}

/* No finding may itself tell what is withheld. */
static void expect_silent(const struct findings *found) {
    for (size_t i = 0; i < found->count; i++) {
        assert_null(strcasestr(found->list[i].what, "karen"));
        assert_null(strcasestr(found->list[i].what, "marek"));
    }
}

/* ---- altered packs ---- */

static qpdf_data pdf_open(const struct bound *bound) {
    qpdf_data pdf = qpdf_init();
    qpdf_silence_errors(pdf);
    assert_int_equal(qpdf_read_memory(pdf, "test", (const char *)bound->pdf.data, bound->pdf.len, NULL), 0);
    return pdf;
}

static void pdf_write(qpdf_data pdf, struct bound *bound, int keep_unreferenced) {
    struct buf before = bound->pdf;
    bound->pdf = (struct buf){0};
    assert_int_equal(qpdf_init_write_memory(pdf), 0);
    qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
    qpdf_set_deterministic_ID(pdf, 1);
    qpdf_set_linearization(pdf, !keep_unreferenced);
    qpdf_set_preserve_unreferenced_objects(pdf, keep_unreferenced);
    assert_int_equal(qpdf_write(pdf) & QPDF_ERRORS, 0);
    buf_add(&bound->pdf, qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
    qpdf_cleanup(&pdf);
    buf_drop(&before);
}

/* Written just as packs are, so that only the planted thing differs. Takes pdf; the bytes take the place of
 * bound's. */
static void pdf_save(qpdf_data pdf, struct bound *bound, int keep_unreferenced) {
    pdf_write(pdf, bound, keep_unreferenced);
    for (int i = 0; i < 2 && !keep_unreferenced; i++)
        pdf_write(pdf_open(bound), bound, 0);
}

static qpdf_oh stream_of(qpdf_data pdf, const char *text) {
    qpdf_oh stream = qpdf_oh_new_stream(pdf), none = qpdf_oh_new_null(pdf);
    qpdf_oh_replace_stream_data(pdf, stream, (const unsigned char *)text, strlen(text), none, none);
    return stream;
}

static qpdf_oh page_of(qpdf_data pdf, const struct bound *bound) {
    return qpdf_get_page_n(pdf, bound->front_pages);
}

/* A pack with this content added to its first covered page. */
static struct findings prove_with_content(const char *content) {
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    qpdf_oh_append_item(pdf, qpdf_oh_get_key(pdf, page_of(pdf, &bound), "/Contents"),
                        stream_of(pdf, content));
    pdf_save(pdf, &bound, 0);
    struct findings found = prove(&bound);
    bound_drop(&bound);
    return found;
}

/* A pack with this key in its catalogue ('c'), first covered page ('p'), information ('i') or first bookmark
 * ('b'). */
static struct findings prove_with_key(char where, const char *key, const char *value) {
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    qpdf_oh root = qpdf_get_root(pdf), holder = root;
    if (where == 'p')
        holder = page_of(pdf, &bound);
    if (where == 'i')
        holder = qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Info");
    if (where == 'b')
        holder = qpdf_oh_get_key(pdf, qpdf_oh_get_key(pdf, root, "/Outlines"), "/First");
    qpdf_oh_replace_key(pdf, holder, key, qpdf_oh_parse(pdf, value));
    pdf_save(pdf, &bound, 0);
    struct findings found = prove(&bound);
    bound_drop(&bound);
    return found;
}

static void test_prove_clean(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    struct findings found = prove(&bound);
    for (size_t i = 0; i < found.count; i++)
        print_message("page %u %s: %s\n", found.list[i].page, found.list[i].check, found.list[i].what);
    assert_int_equal(found.count, 0);
    findings_drop(&found);
    bound_drop(&bound);
}

/* Names and words in letters that need other fonts and composite encodings are no unknown constructs. */
static void test_prove_clean_in_other_scripts(void **state) {
    (void)state;
    static const char *const lines[] = {"Łukaszowi Ćwiąkale", "Αλέξανδρος Žižka", "محمد", NULL};
    struct fixture fixture = {.fail_page = -1, .lines = lines};
    struct bind_order order = fixture_order(&fixture);
    struct bound bound;
    order.letter = (char[]){"Dear Żaneta Ćwiąkała-Őry 王,\nCyngor Sir Ŵyrddin – Gwasanaethau Plant\n"};
    assert_int_equal(bind_pack(&order, &bound), 0);
    struct findings found = prove(&bound);
    for (size_t i = 0; i < found.count; i++)
        print_message("page %u %s: %s\n", found.list[i].page, found.list[i].check, found.list[i].what);
    assert_int_equal(found.count, 0);
    findings_drop(&found);
    bound_drop(&bound);
}

/* Rewriting alone is not a leak: the altered packs below are found for what was planted. */
static void test_prove_clean_when_rewritten(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    pdf_save(pdf_open(&bound), &bound, 0);
    struct findings found = prove(&bound);
    assert_int_equal(found.count, 0);
    findings_drop(&found);
    bound_drop(&bound);
}

/* A code that is drawn where the area is wide enough, and only there. */
static void test_prove_codes_are_drawn(void **state) {
    (void)state;
    PIX *white = pixCreate(1200, 1600, 1), *seen = NULL;
    l_uint8 *png = NULL;
    size_t size = 0;
    assert_int_equal(pixWriteMemPng(&png, &size, white, 0), 0);
    struct box boxes[] = {{100, 100, 300, 130}, {100, 200, 110, 212}, {100, 300, 300, 330}, {290, 320, 420, 350}};
    struct cover_code codes[] = {{"3P-CHILD"}, {"3P-CHILD"}, {"3P-CHILD"}, {"SW-HARM"}};
    struct cover_order order = {.picture = {.format = PICTURE_PNG, .bytes = view_of(png, size), .dpi = 144}, .width_pt = 600, .height_pt = 800, .boxes = boxes, .box_count = 4,
                                .codes = codes};
    struct covered_page page = {0};
    assert_int_equal(cover_page(&order, &page, &seen), 0);
    assert_int_equal(page.covered_count, 4);
    assert_string_equal(page.labels[0].text, "3P-CHILD");
    assert_true(page.labels[0].box.x0 > page.covered[0].x0 && page.labels[0].box.x1 < page.covered[0].x1);
    for (int i = 1; i < 4; i++) /* too narrow; two that run into each other */
        assert_string_equal(page.labels[i].text, "");
    pixDestroy(&seen);
    pixDestroy(&white);
    lept_free(png);
    covered_page_drop(&page);
    uint8_t drawn_size = 0;
    assert_null(cover_label_draw("3P-UNREASONABLE", 20, 8, &drawn_size)); /* no room */
    assert_null(cover_label_draw_sized("X", 255));
}

/* Where a code should be and is not, or another is, something else may be. */
static void test_prove_codes_are_expected(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    struct findings found;
    struct prove_order order = order_for(&bound);
    order.first_page = order.last_page = bound.front_pages + 1;
    order.areas[0].label = (struct covered_label){.box = {124, 102, 160, 110}, .size = 6, .text = "DUP"};
    assert_int_equal(prove_pack(&order, &found), 0);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.list[0].what, "what a covered area shows is not its code");
    findings_drop(&found);
    free(order.areas);
    bound_drop(&bound);
}

static void test_prove_text_under_a_box(void **state) {
    (void)state;
    /* The area begins 120 points from the left and 100 from the top of a page of 820 points. */
    struct findings found = prove_with_content("BT 3 Tr /V0 8 Tf 1 0 0 1 122 710 Tm (Karen Hill) Tj ET");
    expect(&found, "poppler text", "withheld text 1 can be read");
    expect(&found, "content streams", "withheld text 1 can be read");
    expect(&found, "poppler text", "text lies in a covered area");
    expect(&found, "content streams", "text lies in a covered area");
    assert_int_equal(count_of(&found, "structure", ""), 0);
    expect_silent(&found);
    findings_drop(&found);
}

/* Not a withheld text, but text under a box all the same. */
static void test_prove_any_text_under_a_box(void **state) {
    (void)state;
    struct findings found = prove_with_content("BT 0 Tr /V0 8 Tf 1 0 0 1 122 710 Tm (his aunt) Tj ET");
    expect(&found, "poppler text", "text lies in a covered area");
    expect(&found, "content streams", "text lies in a covered area");
    findings_drop(&found);
}

static const struct {
    const char *content;
    size_t number;
} hidden_texts[] = {
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm (K a r e n  H i l l) Tj ET", 1}, /* letters apart */
    {"BT /V0 8 Tf 20 Tc 1 0 0 1 50 300 Tm (Marek) Tj ET", 2},        /* the same, by character spacing */
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm (met Ka-) Tj 0 -12 Td (ren Hill there) Tj ET", 1}, /* over a line's end */
    {"BT /V0 8 Tf 12 TL 1 0 0 1 50 300 Tm (Ma-) Tj (rek) ' ET", 2},
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm [(Ma) -20 (r) 30 (ek)] TJ ET", 2},
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm <4D4152454B> Tj ET", 2},             /* hexadecimal, capitals */
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm 0 0 (K\\141ren\\040Hill) \" ET", 1}, /* escapes */
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm (\\(07700\\) 900 123) Tj ET", 3},
    {"BT /V0 8 Tf 1 0 0 1 50 300 Tm (with Jo.) Tj ET", 5},         /* short, on a page with areas */
    {"BT /V0 0.1 Tf 1 0 0 1 50 300 Tm (Marek) Tj ET", 2},          /* tiny */
    {"1 g BT 0 Tr /V0 8 Tf 1 0 0 1 50 300 Tm (Marek's) Tj ET", 2}, /* white */
};

static void test_prove_disguised_text(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof hidden_texts / sizeof *hidden_texts; i++) {
        char *what = mem_print("withheld text %zu can be read", hidden_texts[i].number);
        struct findings found = prove_with_content(hidden_texts[i].content);
        expect(&found, "content streams", what);
        expect_silent(&found);
        findings_drop(&found);
        free(what);
    }
}

/* Words that only look like a withheld one. */
static void test_prove_ordinary_words_pass(void **state) {
    (void)state;
    struct findings found = prove_with_content(
        "BT /V0 8 Tf 1 0 0 1 50 300 Tm (tamareks, jo, Joan, Karen, hillside 07700 900124) Tj ET");
    assert_int_equal(found.count, 0);
    findings_drop(&found);
}

static void test_prove_optional_content(void **state) {
    (void)state;
    struct findings found =
        prove_with_content("/OC /MC0 BDC BT /V0 8 Tf 1 0 0 1 50 300 Tm (Marek) Tj ET EMC");
    expect(&found, "content streams", "operator in the content");
    expect(&found, "content streams", "withheld text 2 can be read");
    findings_drop(&found);
    found = prove_with_key('c', "/OCProperties", "<< /OCGs [] /D << /OFF [] >> >>");
    expect(&found, "structure", "unknown construct: /OCProperties");
    findings_drop(&found);
}

static void test_prove_annotation(void **state) {
    (void)state;
    struct findings found = prove_with_key(
        'p', "/Annots", "[<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (Karen Hill) >>]");
    expect(&found, "structure", "unknown construct: /Annots");
    assert_true(found.count && found.list[0].page > 1); /* the page is named */
    expect_silent(&found);
    findings_drop(&found);
}

static const struct {
    char where;
    const char *key, *value, *check, *what;
} keys[] = {
    {'c', "/Names", "<< /EmbeddedFiles << /Names [(a.txt) << /Type /Filespec >>] >> >>", "structure",
     "/Names"},
    {'c', "/AcroForm", "<< /Fields [] >>", "structure", "/AcroForm"},
    {'c', "/OpenAction", "<< /S /JavaScript /JS (app.alert(1)) >>", "structure", "/OpenAction"},
    {'c', "/StructTreeRoot", "<< /Type /StructTreeRoot /RoleMap << /A /B >> >>", "structure", "/RoleMap"},
    {'c', "/StructTreeRoot", "<< /Type /StructTreeRoot /ParentTree << /Nums [0 (Karen Hill)] >> >>", "structure", "unknown construct"},
    {'c', "/StructTreeRoot", "<< /Type /StructTreeRoot /K << /Type /StructElem /S /Document /K [<< /Type /StructElem /S /Sect /K [<< /Type /StructElem /S /Figure"
                             " /Alt (Karen Hill) /K [1] >>] >>] >> >>", "bytes", "withheld text 1 can be read in a title"},
    {'c', "/Lang", "(Marek)", "bytes", "withheld text 2 can be read in a title"},
    {'c', "/PageLabels", "<< /Nums [0 << /P (Karen Hill ) /S /D >>] >>", "bytes",
     "withheld text 1 can be read in a title, label"},
    {'c', "/PageLabels", "<< /Nums [0 << /P (Karen Hill ) /S /D >>] >>", "poppler text", "in a page's label"},
    {'p', "/Thumb", "<< /Type /XObject >>", "structure", "/Thumb"},
    {'p', "/AA", "<< >>", "structure", "/AA"},
    {'p', "/PieceInfo", "<< /X << /Private (Marek) >> >>", "structure", "/PieceInfo"},
    {'p', "/CropBox", "[100 100 200 200]", "structure", "/CropBox"},
    {'p', "/KarenHill", "1", "structure", "unknown construct"},
    {'i', "/Author", "(Karen Hill)", "structure", "/Author"},
    {'i', "/Title", "(About Karen Hill)", "bytes", "withheld text 1 can be read in a title"},
    {'i', "/Title", "<FEFF004B006100720065006E002000480069006C006C>", "bytes",
     "withheld text 1 can be read in a title"},
    {'i', "/Title", "<FFFE4B006100720065006E002000480069006C006C00>", "bytes",
     "withheld text 1 can be read in a title"},
    {'b', "/Title", "<FEFF01410075006B00610073007A0020004E006F00770061006B>", "bytes",
     "withheld text 4 can be read in a title"},
    {'b', "/Title", "(Letter from marek@post.example and Marek)", "bytes",
     "withheld text 2 can be read in a title"},
    {'b', "/A", "<< /S /URI /URI (x) >>", "structure", "/A"},
    {'b', "/Dest", "[(Marek) /Fit]", "structure", "/Dest"},
};

static void test_prove_keys_and_texts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct findings found = prove_with_key(keys[i].where, keys[i].key, keys[i].value);
        expect(&found, keys[i].check, keys[i].what);
        expect_silent(&found);
        findings_drop(&found);
    }
}

static void test_prove_metadata(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    qpdf_oh_replace_key(pdf, qpdf_get_root(pdf), "/Metadata",
                        stream_of(pdf, "<x:xmpmeta><dc:creator>Karen Hill</dc:creator></x:xmpmeta>"));
    pdf_save(pdf, &bound, 0);
    struct findings found = prove(&bound);
    expect(&found, "structure", "/Metadata");
    expect(&found, "bytes", "withheld text 1 can be read in a stream");
    findings_drop(&found);
    bound_drop(&bound);
}

static void test_prove_earlier_revision(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    const uint8_t *at = memmem(bound.pdf.data, bound.pdf.len, "/Root ", 6);
    int root = atoi((const char *)at + 6), start = 0;
    const uint8_t *first = memmem(bound.pdf.data, bound.pdf.len, "/Type /XRef", 11);
    while (first > bound.pdf.data && memcmp(first, " obj", 4) != 0)
        first--;
    while (first > bound.pdf.data && first[-1] != '\n')
        first--;
    start = (int)(first - bound.pdf.data);
    size_t xref = bound.pdf.len;
    buf_print(&bound.pdf,
              "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 500 /Root %d 0 R /Prev %d "
              ">>\nstartxref\n%zu\n%%%%EOF\n",
              root, start, xref);
    struct findings found = prove(&bound);
    expect(&found, "structure", "the file holds more than its objects");
    findings_drop(&found);
    bound_drop(&bound);
}

static void test_prove_bytes_after_the_end(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    buf_add_text(&bound.pdf, "% Karen Hill\n");
    struct findings found = prove(&bound);
    expect(&found, "structure", "the file holds more than its objects");
    expect(&found, "bytes", "withheld text 1 can be read in the file's bytes");
    findings_drop(&found);
    bound_drop(&bound);
}

static void test_prove_object_that_nothing_refers_to(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    stream_of(pdf, "an old note about Marek, deflated when it is written, so that its bytes do not show it");
    pdf_save(pdf, &bound, 1);
    assert_null(memmem(bound.pdf.data, bound.pdf.len, "Marek", 5));
    struct findings found = prove(&bound);
    expect(&found, "structure", "an object that nothing refers to");
    expect(&found, "bytes", "withheld text 2 can be read in a stream");
    findings_drop(&found);
    bound_drop(&bound);
}

static void test_prove_font_without_meaning(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    qpdf_oh fonts = qpdf_oh_get_key(pdf, qpdf_oh_get_key(pdf, page_of(pdf, &bound), "/Resources"), "/Font");
    qpdf_oh_remove_key(pdf, qpdf_oh_get_key(pdf, fonts, "/V0"), "/ToUnicode");
    pdf_save(pdf, &bound, 0);
    struct findings found = prove(&bound);
    expect(&found, "structure", "a font without /ToUnicode");
    expect(&found, "content streams", "font whose characters have no known meaning");
    findings_drop(&found);
    bound_drop(&bound);
}

static void test_prove_glyph_that_draws(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    qpdf_oh fonts = qpdf_oh_get_key(pdf, qpdf_oh_get_key(pdf, page_of(pdf, &bound), "/Resources"), "/Font");
    qpdf_oh shapes = qpdf_oh_get_key(pdf, qpdf_oh_get_key(pdf, fonts, "/V0"), "/CharProcs");
    qpdf_oh_replace_key(pdf, shapes, "/g", stream_of(pdf, "500 0 0 0 500 700 d1 0 0 500 700 re f"));
    pdf_save(pdf, &bound, 0);
    struct findings found = prove(&bound);
    expect(&found, "structure", "a glyph that draws something");
    findings_drop(&found);
    bound_drop(&bound);
}

static void test_prove_painted_and_second_picture(void **state) {
    (void)state;
    struct findings found = prove_with_content("0 g 50 50 100 20 re f");
    expect(&found, "content streams", "something is painted on the page's picture");
    findings_drop(&found);
    found = prove_with_content("q 100 0 0 100 50 50 cm /Page Do Q");
    expect(&found, "content streams", "more than one picture");
    findings_drop(&found);
    found = prove_with_content("q 5000 0 0 5000 0 0 cm /Page Do Q");
    expect(&found, "content streams", "reaches outside the page");
    findings_drop(&found);
    found = prove_with_content("/Other Do");
    expect(&found, "content streams", "drawn by name");
    findings_drop(&found);
    found = prove_with_content("q (unfinished");
    expect(&found, "content streams", "");
    findings_drop(&found);
}

/* A JPEG that carries a comment. */
static int load_with_comment(void *state, uint32_t i, struct covered_page *ret) {
    int err = fixture_load(state, i, ret);
    if (err || ret->format != COVERED_JPEG_GREY)
        return err;
    struct buf with = {0};
    buf_add(&with, ret->bytes.data, 2);
    buf_add(&with,
            "\xFF\xFE\x00\x0C"
            "Marek Nowk",
            14);
    buf_add(&with, ret->bytes.data + 2, ret->bytes.len - 2);
    buf_drop(&ret->bytes);
    ret->bytes = with;
    return 0;
}

static void test_prove_picture_with_a_comment(void **state) {
    (void)state;
    struct bind_order order = fixture_order(&plain);
    struct bound bound;
    order.load_page = load_with_comment;
    assert_int_equal(bind_pack(&order, &bound), 0);
    struct findings found = prove(&bound);
    expect(&found, "structure", "a picture carries more than the picture");
    findings_drop(&found);
    bound_drop(&bound);
}

/* ---- pages ---- */

struct reading {
    int calls;
    const char *const *says; /* words */
    int err;
};

static int fake_recognise(void *state, struct Pix *pix, float width_pt, float height_pt, struct words *ret) {
    struct reading *reading = state;
    reading->calls++;
    assert_int_equal(pixGetDepth(pix), 8);
    assert_true(width_pt > 500 && height_pt > 700);
    assert_int_equal(pixGetWidth(pix), (int)(width_pt * 200 / 72 + 0.999f));
    for (uint32_t i = 0; !reading->err && reading->says[i]; i++)
        words_add(ret, (struct box){50 + 40 * (float)i, 300, 80 + 40 * (float)i, 310}, 0, 0, 90,
                  reading->says[i]);
    return reading->err;
}

static struct findings prove_pages(const struct bound *bound, struct reading *reading, uint32_t first,
                                   uint32_t last) {
    struct findings found;
    struct prove_order order = order_for(bound);
    order.first_page = first;
    order.last_page = last;
    order.recognise = reading ? fake_recognise : NULL;
    order.state = reading;
    assert_int_equal(prove_pack(&order, &found), 0);
    free(order.areas);
    return found;
}

static void test_prove_recognition(void **state) {
    (void)state;
    static const char *const harmless[] = {"Theo", "went", "home", NULL}, *const leak[] = {"with", "Ma-",
                                                                                           "rek,", NULL};
    struct bound bound = pack_of(&plain);
    struct reading reading = {.says = harmless};
    struct findings found = prove_pages(&bound, &reading, 1, bound.total_pages);
    assert_int_equal(reading.calls, (int)bound.total_pages);
    assert_int_equal(found.count, 0);
    reading = (struct reading){.says = leak};
    found = prove_pages(&bound, &reading, bound.front_pages + 1, bound.front_pages + 2);
    assert_int_equal(reading.calls, 2);
    assert_int_equal(count_of(&found, "recognition", "withheld text 2 can be read"), 2);
    assert_int_equal(found.list[0].page, bound.front_pages + 1);
    findings_drop(&found);
    reading = (struct reading){.says = harmless, .err = ERR_DAMAGED};
    found = prove_pages(&bound, &reading, 1, 1);
    assert_int_equal(reading.calls, 1);
    expect(&found, "recognition", "could not be recognised");
    findings_drop(&found);
    bound_drop(&bound);
}

/* Pixels left under a box that can be seen through. */
static void test_prove_area_of_more_than_one_colour(void **state) {
    (void)state;
    struct fixture open = {.fail_page = -1, .see_through = 1};
    struct bound bound = pack_of(&open);
    struct findings found =
        prove_pages(&bound, NULL, bound.front_pages + 1, bound.front_pages + FIXTURE_PAGES);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.list[0].check, "covered area");
    assert_int_equal(found.list[0].page, bound.front_pages + 2);
    assert_true(found.list[0].box.x0 == fixture_area.x0);
    findings_drop(&found);
    bound_drop(&bound);
}

/* ---- what is searched ---- */

static void test_prove_allowed_texts(void **state) {
    (void)state;
    char *texts[] = {"Kenyon", "Theo", "Karen Hill"}, *allowed[] = {"Theo Kenyon"};
    struct bound bound = pack_of(&plain);
    struct findings found;
    struct prove_order order = order_for(&bound);
    order.withheld = texts;
    order.withheld_count = 3;
    assert_int_equal(prove_pack(&order, &found), 0); /* the letter is addressed to Theo Kenyon */
    expect(&found, "poppler text", "withheld text 1 can be read");
    expect(&found, "content streams", "withheld text 2 can be read");
    findings_drop(&found);
    order.allowed = allowed;
    order.allowed_count = 1;
    assert_int_equal(prove_pack(&order, &found), 0);
    assert_int_equal(found.count, 0);
    free(order.areas);
    bound_drop(&bound);
}

/* "131.25" in a drawing is no date of birth "13.1.25". */
static void test_prove_coordinates_are_no_text(void **state) {
    (void)state;
    struct bound bound = pack_of(&plain);
    qpdf_data pdf = pdf_open(&bound);
    unsigned char *bytes = NULL;
    size_t len = 0;
    char digits[16] = "";
    assert_int_equal(qpdf_oh_get_page_content_data(pdf, qpdf_get_page_n(pdf, 0), &bytes, &len), 0);
    for (size_t i = 0; i + 8 < len && strlen(digits) < 5; i++) {
        int whole, part, used = 0;
        char copy[9] = {0};
        memcpy(copy, bytes + i, 8);
        if ((!i || bytes[i - 1] == ' ' || bytes[i - 1] == '\n') && sscanf(copy, "%3d.%3d%n", &whole, &part, &used) == 2 && used >= 6)
            snprintf(digits, sizeof digits, "%.3s%.2s", copy, strchr(copy, '.') + 1);
    }
    free(bytes);
    qpdf_cleanup(&pdf);
    assert_int_equal(strlen(digits), 5);
    struct findings found;
    struct prove_order order = order_for(&bound);
    char *dates[] = {digits};
    order.withheld = dates;
    order.withheld_count = 1;
    assert_int_equal(prove_pack(&order, &found), 0);
    assert_int_equal(count_of(&found, "bytes", "in a stream"), 0);
    findings_drop(&found);
    free(order.areas);
    bound_drop(&bound);
}

static void test_prove_not_a_pack(void **state) {
    (void)state;
    struct findings found = {.count = 7};
    struct prove_order order = {
        .pdf = view_text("%PDF-1.5\nnothing"), .withheld = withheld, .withheld_count = 5};
    assert_int_equal(prove_pack(&order, &found), ERR_DAMAGED);
    assert_int_equal(found.count, 0);
    struct bound bound = pack_of(&plain);
    order = order_for(&bound);
    order.pdf.len = order.pdf.len / 2;
    assert_int_equal(prove_pack(&order, &found), ERR_DAMAGED);
    order.pdf.len = bound.pdf.len;
    order.first_page = order.last_page = bound.total_pages + 1;
    assert_int_equal(prove_pack(&order, &found), ERR_INPUT);
    free(order.areas);
    bound_drop(&bound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prove_clean),
        cmocka_unit_test(test_prove_codes_are_drawn),
        cmocka_unit_test(test_prove_codes_are_expected),
        cmocka_unit_test(test_prove_clean_in_other_scripts),
        cmocka_unit_test(test_prove_clean_when_rewritten),
        cmocka_unit_test(test_prove_text_under_a_box),
        cmocka_unit_test(test_prove_any_text_under_a_box),
        cmocka_unit_test(test_prove_disguised_text),
        cmocka_unit_test(test_prove_ordinary_words_pass),
        cmocka_unit_test(test_prove_optional_content),
        cmocka_unit_test(test_prove_annotation),
        cmocka_unit_test(test_prove_keys_and_texts),
        cmocka_unit_test(test_prove_metadata),
        cmocka_unit_test(test_prove_earlier_revision),
        cmocka_unit_test(test_prove_bytes_after_the_end),
        cmocka_unit_test(test_prove_object_that_nothing_refers_to),
        cmocka_unit_test(test_prove_font_without_meaning),
        cmocka_unit_test(test_prove_glyph_that_draws),
        cmocka_unit_test(test_prove_painted_and_second_picture),
        cmocka_unit_test(test_prove_picture_with_a_comment),
        cmocka_unit_test(test_prove_recognition),
        cmocka_unit_test(test_prove_area_of_more_than_one_colour),
        cmocka_unit_test(test_prove_allowed_texts),
        cmocka_unit_test(test_prove_coordinates_are_no_text),
        cmocka_unit_test(test_prove_not_a_pack),
    };
    pix_silence();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
