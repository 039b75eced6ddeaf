/* Pages written as text, hOCR, ALTO and PDF, and read back with other readers: GLib's markup parser, Poppler, qpdf. */
#include "base/err.h"
#include "base/mem.h"
#include "ocr/read_output.h"

#include <poppler.h>
#include <qpdf/qpdf-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- what is written, and where */

struct caught_bytes {
    struct buf bytes;
    size_t most; /* then the disk is full; 0: never */
};

static int caught_write(void *state, struct view bytes) {
    struct caught_bytes *caught = state;
    if (caught->most && caught->bytes.len + bytes.len > caught->most)
        return ERR_NO_SPACE;
    buf_add(&caught->bytes, bytes.data, bytes.len);
    return 0;
}

static struct box box_at(float x, float y, float width) {
    return (struct box){x, y, x + width, y + 12};
}

static uint8_t grey_rows[] = { /* two rows of two grey pixels, each behind PNG's "none", deflated without compression */
    0x78, 0x01, 0x01, 0x06, 0x00, 0xF9, 0xFF, 0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0x04, 0xFE, 0x01, 0xFF};

/* "Tŷ a Gdańsk" on one line, "foot-" and "ball" broken over two, an Arabic word, in two blocks. */
static struct words words_of_many_scripts(void) {
    struct words words = {0};
    words_add(&words, box_at(72, 72, 20), 0, 0, 96, "T\xC5\xB7");
    words_add(&words, box_at(100, 72, 8), 0, 0, 90, "a");
    words_add(&words, box_at(115, 72, 50), 0, 0, 91, "Gda\xC5\x84sk");
    words_add(&words, box_at(171, 72, 30), 0, 0, 71, "foot-");
    words_add(&words, box_at(72, 90, 30), 1, 0, 72, "ball");
    words_add(&words, box_at(110, 90, 60), 1, 0, 73, "a<b>&\"c\"");
    words_add(&words, box_at(300, 200, 60), 2, 1, 80, "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85"); /* "salaam" */
    return words;
}

static struct page_image image_of_rows(void) {
    struct page_image image = {.format = IMAGE_ROWS, .width_px = 2, .height_px = 2, .channels = 1};
    image.bytes = (struct buf){grey_rows, sizeof grey_rows, 0}; /* borrowed */
    return image;
}

/* Writes the page and, in a second one, nothing. */
static int output_write(enum read_format format, const struct read_page *page, struct caught_bytes *caught) {
    struct read_output *output = NULL;
    struct words none = {0};
    struct read_page second = {.number = 2, .words = &none, .regions = page->regions, .language = ""};
    int err = read_output_begin(format, (struct read_target){caught_write, caught}, &output);
    if (err)
        return err;
    err = read_output_page(output, page);
    if (!err)
        err = read_output_page(output, &second);
    if (!err)
        return read_output_end(&output);
    read_output_drop(&output);
    return err;
}

struct sample {
    struct words words;
    struct regions regions;
    struct page_image image;
    struct read_page page;
};

static void sample_make(struct sample *s, uint16_t turn) {
    *s = (struct sample){.words = words_of_many_scripts(), .image = image_of_rows()};
    s->page = (struct read_page){.number = 1, .width_pt = 595, .height_pt = 842, .dpi = 144, .turn = turn, .words = &s->words,
                                 .regions = &s->regions, .language = "pol+eng", .image = &s->image};
}

static void sample_drop(struct sample *s) {
    words_drop(&s->words);
    regions_drop(&s->regions);
}

/* ---- text */

static void text_has_a_form_feed_between_pages(void **state) {
    (void)state;
    struct sample s;
    struct caught_bytes caught = {0};
    sample_make(&s, 0);
    assert_int_equal(output_write(READ_TEXT, &s.page, &caught), 0);
    assert_string_equal(buf_text(&caught.bytes),
                        "T\xC5\xB7 a Gda\xC5\x84sk foot-\nball a<b>&\"c\"\n\n\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85\n\f");
    buf_drop(&caught.bytes);
    sample_drop(&s);
}

static void formats_have_names(void **state) {
    (void)state;
    assert_int_equal(read_format_named("PDF"), READ_PDF);
    assert_int_equal(read_format_named("alto"), READ_ALTO);
    assert_int_equal(read_format_named("xml"), READ_ALTO);
    assert_int_equal(read_format_named("html"), READ_HOCR);
    assert_int_equal(read_format_named("tif"), READ_NONE);
    assert_string_equal(read_format_ending(READ_ALTO), "xml");
    assert_string_equal(read_format_ending(READ_TEXT), "txt");
}

/* ---- XML */

struct counted {
    int pages, lines, words, hyphens, regions;
    char *texts;  /* of every word, each with a bar behind it */
};

static void on_start(GMarkupParseContext *context, const char *name, const char **names, const char **values, void *data, GError **error) {
    (void)context;
    (void)error;
    struct counted *c = data;
    for (int i = 0; names[i]; i++) {
        if (strcmp(name, "String") == 0 && strcmp(names[i], "CONTENT") == 0) {
            char *longer = mem_print("%s%s|", c->texts, values[i]);
            free(c->texts);
            c->texts = longer;
        }
        c->pages += strcmp(values[i], "ocr_page") == 0;
        c->lines += strcmp(values[i], "ocr_line") == 0;
        c->words += strcmp(values[i], "ocrx_word") == 0;
        c->regions += strcmp(values[i], "ocr_textimage") == 0;
    }
    c->pages += strcmp(name, "Page") == 0;
    c->lines += strcmp(name, "TextLine") == 0;
    c->words += strcmp(name, "String") == 0;
    c->hyphens += strcmp(name, "HYP") == 0;
    c->regions += strcmp(name, "Illustration") == 0;
}

static struct counted markup_count(struct buf *bytes) {
    struct counted counted = {.texts = mem_text("")};
    GMarkupParser parser = {.start_element = on_start};
    GError *error = NULL;
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &counted, NULL);
    assert_true(g_markup_parse_context_parse(context, (char *)bytes->data, (gssize)bytes->len, &error));
    assert_true(g_markup_parse_context_end_parse(context, &error));
    g_markup_parse_context_free(context);
    return counted;
}

static void hocr_is_well_formed_and_has_every_word(void **state) {
    (void)state;
    struct sample s;
    struct caught_bytes caught = {0};
    sample_make(&s, 90);
    regions_add(&s.regions, box_at(10, 700, 200), REGION_HANDWRITING);
    assert_int_equal(output_write(READ_HOCR, &s.page, &caught), 0);
    struct counted c = markup_count(&caught.bytes);
    assert_int_equal(c.pages, 2);
    assert_int_equal(c.lines, 3);
    assert_int_equal(c.words, 7);
    assert_int_equal(c.regions, 2); /* both pages have it */
    const char *text = buf_text(&caught.bytes);
    assert_non_null(strstr(text, "title=\"bbox 0 0 1190 1684; ppageno 0; scan_res 144 144\"")); /* two pixels a point */
    assert_non_null(strstr(text, "title=\"bbox 144 144 184 168; x_wconf 96\">T\xC5\xB7</span>"));
    assert_non_null(strstr(text, "a&lt;b&gt;&amp;&quot;c&quot;"));
    assert_non_null(strstr(text, "textangle 90"));
    assert_non_null(strstr(text, "lang=\"pl\" xml:lang=\"pl\""));
    free(c.texts);
    buf_drop(&caught.bytes);
    sample_drop(&s);
}

static void alto_says_what_a_broken_word_is(void **state) {
    (void)state;
    struct sample s;
    struct caught_bytes caught = {0};
    sample_make(&s, 0);
    assert_int_equal(output_write(READ_ALTO, &s.page, &caught), 0);
    struct counted c = markup_count(&caught.bytes);
    assert_int_equal(c.pages, 2);
    assert_int_equal(c.lines, 3);
    assert_int_equal(c.words, 7);
    assert_int_equal(c.hyphens, 1);
    assert_string_equal(c.texts, "T\xC5\xB7|a|Gda\xC5\x84sk|foot|ball|a<b>&\"c\"|\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85|");
    const char *text = buf_text(&caught.bytes);
    assert_non_null(strstr(text, "CONTENT=\"foot\" WC=\"0.71\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"football\""));
    assert_non_null(strstr(text, "CONTENT=\"ball\" WC=\"0.72\" SUBS_TYPE=\"HypPart2\" SUBS_CONTENT=\"football\""));
    assert_non_null(strstr(text, "<SP HPOS=\"184\" VPOS=\"144\" WIDTH=\"16\" />"));
    /* A fifth of "foot-" is its hyphen: 30 points from 171 are 12 pixels at the end of 342 to 402. */
    assert_non_null(strstr(text, "<HYP HPOS=\"390\" VPOS=\"144\" WIDTH=\"12\" HEIGHT=\"24\" CONTENT=\"-\" />"));
    free(c.texts);
    buf_drop(&caught.bytes);
    sample_drop(&s);
}

static void characters_that_xml_forbids_are_replaced(void **state) {
    (void)state;
    struct sample s;
    struct caught_bytes caught = {0};
    sample_make(&s, 0);
    words_add(&s.words, box_at(72, 300, 30), 3, 2, 50, "a\x01\xEF\xBF\xBF" "b");
    assert_int_equal(output_write(READ_ALTO, &s.page, &caught), 0);
    struct counted c = markup_count(&caught.bytes);
    assert_non_null(strstr(c.texts, "|a\xEF\xBF\xBD\xEF\xBF\xBD" "b|"));
    free(c.texts);
    buf_drop(&caught.bytes);
    sample_drop(&s);
}

/* ---- PDF */

static char *pdf_text(struct buf *pdf, int page_index, double *ret_width) {
    GBytes *bytes = g_bytes_new(pdf->data, pdf->len);
    GError *error = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
    assert_non_null(document);
    assert_int_equal(poppler_document_get_n_pages(document), 2);
    PopplerPage *page = poppler_document_get_page(document, page_index);
    double height;
    poppler_page_get_size(page, ret_width, &height);
    char *text = poppler_page_get_text(page);
    g_object_unref(page);
    g_object_unref(document);
    g_bytes_unref(bytes);
    return text;
}

static void pdf_passes_qpdf(struct buf *pdf) {
    qpdf_data q = qpdf_init();
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    assert_int_equal(qpdf_read_memory(q, "test", (const char *)pdf->data, pdf->len, NULL), QPDF_SUCCESS);
    assert_int_equal(qpdf_check_pdf(q), QPDF_SUCCESS);
    assert_false(qpdf_more_warnings(q));
    qpdf_cleanup(&q);
}

static void pdf_gives_back_every_word(void **state) {
    (void)state;
    struct sample s;
    struct caught_bytes caught = {0};
    double width;
    sample_make(&s, 0);
    assert_int_equal(output_write(READ_PDF, &s.page, &caught), 0);
    pdf_passes_qpdf(&caught.bytes);
    char *text = pdf_text(&caught.bytes, 0, &width);
    assert_non_null(strstr(text, "T\xC5\xB7 a Gda\xC5\x84sk foot-"));
    assert_non_null(strstr(text, "ball a<b>&\"c\""));
    assert_non_null(strstr(text, "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85")); /* in the order that it is read, not that it is seen */
    assert_true(width > 594.9 && width < 595.1);
    free(text);
    text = pdf_text(&caught.bytes, 1, &width); /* of no known size: A4, empty */
    assert_string_equal(text, "");
    assert_true(width > 595 && width < 596);
    free(text);
    buf_drop(&caught.bytes);
    sample_drop(&s);
}

/* What a box of the upright page is on the page as shown. */
static struct box box_shown(struct box b, uint16_t turn, float width, float height) {
    return turn == 90    ? (struct box){b.y0, height - b.x1, b.y1, height - b.x0}
           : turn == 180 ? (struct box){width - b.x1, height - b.y1, width - b.x0, height - b.y0}
                         : (struct box){width - b.y1, b.x0, width - b.y0, b.x1};
}

static void pdf_word_is_at(struct buf *pdf, struct box upright) {
    GBytes *bytes = g_bytes_new(pdf->data, pdf->len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    PopplerPage *page = poppler_document_get_page(document, 0);
    PopplerRectangle *places = NULL;
    guint count = 0;
    assert_true(poppler_page_get_text_layout(page, &places, &count));
    assert_true(count > 3); /* the first is the first character: "T" of the word, half of its width */
    assert_true(places[0].x1 > upright.x0 - 0.5 && places[0].x1 < upright.x0 + 0.5);
    assert_true(places[0].y1 > upright.y0 - 4 && places[0].y2 < upright.y1 + 4);
    g_free(places);
    g_object_unref(page);
    g_object_unref(document);
    g_bytes_unref(bytes);
}

static void a_turned_page_is_shown_upright_and_reads_right(void **state) {
    (void)state;
    for (uint16_t turn = 90; turn < 360; turn = (uint16_t)(turn + 90)) {
        struct sample s;
        struct caught_bytes caught = {0};
        double width;
        sample_make(&s, turn);
        struct box first = s.words.list[0].box;
        for (size_t i = 0; i < s.words.count; i++)
            s.words.list[i].box = box_shown(s.words.list[i].box, turn, 595, 842);
        assert_int_equal(output_write(READ_PDF, &s.page, &caught), 0);
        pdf_passes_qpdf(&caught.bytes);
        char *text = pdf_text(&caught.bytes, 0, &width);
        assert_non_null(strstr(text, "T\xC5\xB7 a Gda\xC5\x84sk foot-\nball"));
        assert_int_equal((int)(width + 0.5), turn == 180 ? 595 : 842);
        pdf_word_is_at(&caught.bytes, first);
        free(text);
        buf_drop(&caught.bytes);
        sample_drop(&s);
    }
}

static void equal_pages_give_equal_bytes(void **state) {
    (void)state;
    for (int format = READ_TEXT; format <= READ_PDF; format++) {
        struct sample s;
        struct caught_bytes one = {0}, two = {0}, other = {0};
        sample_make(&s, 0);
        assert_int_equal(output_write((enum read_format)format, &s.page, &one), 0);
        assert_int_equal(output_write((enum read_format)format, &s.page, &two), 0);
        assert_true(view_equal(buf_view(&one.bytes), buf_view(&two.bytes)));
        words_add(&s.words, box_at(72, 300, 30), 3, 2, 50, "more");
        assert_int_equal(output_write((enum read_format)format, &s.page, &other), 0);
        assert_false(view_equal(buf_view(&one.bytes), buf_view(&other.bytes)));
        buf_drop(&one.bytes);
        buf_drop(&two.bytes);
        buf_drop(&other.bytes);
        sample_drop(&s);
    }
}

static void a_full_disk_is_told(void **state) {
    (void)state;
    for (int format = READ_TEXT; format <= READ_PDF; format++) {
        struct sample s;
        struct caught_bytes caught = {0};
        sample_make(&s, 0);
        assert_int_equal(output_write((enum read_format)format, &s.page, &caught), 0);
        size_t all = caught.bytes.len;
        for (size_t most = 1; most < all; most += 1 + all / 40) {
            buf_reset(&caught.bytes);
            caught.most = most;
            assert_int_equal(output_write((enum read_format)format, &s.page, &caught), ERR_NO_SPACE);
        }
        buf_drop(&caught.bytes);
        sample_drop(&s);
    }
}

/* "salaam", number 24 in Arabic digits, "bayt", from right to left. */
static void arabic_is_copied_as_it_is_read(void **state) {
    (void)state;
    static const char *const texts[] = {"\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85", "\xD9\xA2\xD9\xA4", "\xD8\xA8\xD9\x8A\xD8\xAA"};
    struct words words = {0};
    struct regions none = {0};
    struct caught_bytes caught = {0};
    double width;
    for (int i = 0; i < 3; i++)
        words_add(&words, box_at(300 - 50 * (float)i, 100, 40), 0, 0, 90, texts[i]);
    struct read_page page = {.number = 1, .width_pt = 595, .height_pt = 842, .words = &words, .regions = &none, .language = "ara"};
    assert_int_equal(output_write(READ_PDF, &page, &caught), 0);
    char *text = pdf_text(&caught.bytes, 0, &width);
    const char *at = text;
    for (int i = 0; i < 3; i++) {
        at = strstr(at, texts[i]);
        assert_non_null(at);
    }
    assert_null(strstr(text, "\xD9\xA4\xD9\xA2"));
    free(text);
    buf_drop(&caught.bytes);
    words_drop(&words);
}

static void more_letters_than_one_font_has(void **state) {
    (void)state;
    struct sample s;
    struct caught_bytes caught = {0};
    double width;
    sample_make(&s, 0);
    for (uint32_t i = 0; i < 600; i++) { /* Chinese characters from U+4E00 */
        uint32_t c = 0x4E00 + i;
        char text[4] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F)), 0};
        words_add(&s.words, box_at(72 + 14 * (float)(i % 30), 300 + 20 * (float)(i / 30), 12), 3 + i / 30, 2, 50, text);
    }
    assert_int_equal(output_write(READ_PDF, &s.page, &caught), 0);
    pdf_passes_qpdf(&caught.bytes);
    char *text = pdf_text(&caught.bytes, 0, &width);
    assert_non_null(strstr(text, "\xE4\xB8\x80"));
    assert_non_null(strstr(text, "\xE5\x81\x97")); /* U+5057, the last */
    free(text);
    buf_drop(&caught.bytes);
    sample_drop(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_a_form_feed_between_pages),
        cmocka_unit_test(formats_have_names),
        cmocka_unit_test(hocr_is_well_formed_and_has_every_word),
        cmocka_unit_test(alto_says_what_a_broken_word_is),
        cmocka_unit_test(characters_that_xml_forbids_are_replaced),
        cmocka_unit_test(pdf_gives_back_every_word),
        cmocka_unit_test(a_turned_page_is_shown_upright_and_reads_right),
        cmocka_unit_test(equal_pages_give_equal_bytes),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(arabic_is_copied_as_it_is_read),
        cmocka_unit_test(more_letters_than_one_font_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
