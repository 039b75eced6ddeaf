#include "disclose/bind.h"
#include "tests/unit/redact/pack_fixture.h"

#include <poppler.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct bound pack_of(struct fixture *fixture) {
    struct bound bound = {0};
    struct bind_order order = fixture_order(fixture);
    assert_int_equal(bind_pack(&order, &bound), 0);
    return bound;
}

static PopplerDocument *open_pack(const struct bound *bound) {
    GBytes *bytes = g_bytes_new_static(bound->pdf.data, bound->pdf.len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    assert_non_null(document);
    return document;
}

/* The text of a page (from 0) with single spaces. */
static char *page_text(PopplerDocument *document, int i) {
    PopplerPage *page = poppler_document_get_page(document, i);
    char *text = poppler_page_get_text(page);
    g_object_unref(page);
    for (char *p = text; *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    return text;
}

static void test_bind_order_of_pages(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = -1};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    assert_int_equal(fixture.loads, FIXTURE_PAGES); /* each page once */
    assert_true(bound.front_pages >= 2);
    assert_int_equal(bound.total_pages, bound.front_pages + FIXTURE_PAGES + 3); /* schedule, abbreviations, notice */
    assert_int_equal(poppler_document_get_n_pages(document), (int)bound.total_pages);
    char *letter = page_text(document, 0), *schedule = page_text(document, (int)bound.total_pages - 3);
    char *contents = page_text(document, 2), *chronology = page_text(document, 3), *glossary = page_text(document, (int)bound.total_pages - 2);
    assert_non_null(strstr(contents, "Late Entry"));
    assert_non_null(strstr(contents, "This is a copy"));
    assert_non_null(strstr(chronology, "12 March 2021"));
    assert_non_null(strstr(glossary, "social worker"));
    g_free(contents);
    g_free(chronology);
    g_free(glossary);
    assert_non_null(strstr(letter, "Dear Theo Kenyon,"));
    assert_non_null(strstr(letter, "It is about another person."));
    assert_non_null(strstr(letter, "3 April 2025"));
    assert_non_null(strstr(schedule, "Schedule of what is covered"));
    assert_non_null(strstr(schedule, "SAR-2025-0001-000003"));
    assert_non_null(strstr(schedule, "3P-WHEREABOUTS"));
    g_free(letter);
    g_free(schedule);
    g_object_unref(document);
    bound_drop(&bound);
}

static void test_bind_words_come_back_with_spaces(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = -1};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    for (int i = 0; i < FIXTURE_PAGES; i++) {
        char *text = page_text(document, (int)bound.front_pages + i);
        char *bates = mem_print("SAR-2025-0001-%06d", i + 1);
        assert_non_null(strstr(
            text, "Theo was seen at home on Tuesday. His remarks about school were brief; he will go back"));
        assert_non_null(strstr(text, bates));
        free(bates);
        g_free(text);
    }
    g_object_unref(document);
    bound_drop(&bound);
}

/* The number can be seen, below the page's picture: the unseen words' settings do not reach it. */
static void test_bind_number_is_seen(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = -1};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    PopplerPage *page = poppler_document_get_page(document, (int)bound.front_pages);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 600, 820);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    poppler_page_render(page, cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    size_t dark = 0, dark_above = 0;
    for (int y = 500; y < 820; y++)
        for (int x = 0; x < 600; x++) {
            unsigned char *row =
                cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
            *(y >= 800 ? &dark : &dark_above) += row[4 * x] < 128;
        }
    assert_in_range(dark, 50, 1500);
    assert_int_equal(dark_above, 0); /* and the words are not seen */
    cairo_surface_destroy(surface);
    g_object_unref(page);
    g_object_unref(document);
    bound_drop(&bound);
}

/* Letters beyond Windows-1252, and outside of the basic plane. */
static void test_bind_other_scripts(void **state) {
    (void)state;
    static const char *const lines[] = {"Łukasz Ćwiąkała i Żaneta", "Siân’s “café” – €5", "محمد 𝒜bc", NULL};
    struct fixture fixture = {.fail_page = -1, .lines = lines};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    char *text = page_text(document, (int)bound.front_pages);
    assert_non_null(strstr(text, "Łukasz Ćwiąkała i Żaneta"));
    assert_non_null(strstr(text, "Siân’s “café” – €5"));
    assert_non_null(strstr(text, "𝒜bc"));
    g_free(text);
    g_object_unref(document);
    bound_drop(&bound);
}

static void test_bind_leaves_out_words_in_covered_areas(void **state) {
    (void)state;
    /* The third line lies at 100 to 111 points: "secret" in the area, the first and the last word beside it.
     */
    static const char *const lines[] = {"one", "two", "before12345 secretly after", NULL};
    struct fixture fixture = {.fail_page = -1, .lines = lines};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    char *text = page_text(document, (int)bound.front_pages);
    assert_non_null(strstr(text, "before12345"));
    assert_null(strstr(text, "secret"));
    g_free(text);
    g_object_unref(document);
    bound_drop(&bound);
}

static void test_bind_labels_and_bookmarks(void **state) {
    (void)state;
    static const char *const titles[] = {"Letter", "How to read this pack", "Contents", "Chronology", "1. Letter, 12 March 2021", "2. Document 2",
                                         "Schedule of what is covered", "Abbreviations", "How we use information about you"};
    struct fixture fixture = {.fail_page = -1};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    PopplerPage *page = poppler_document_get_page(document, (int)bound.front_pages + 1);
    char *label = poppler_page_get_label(page), *title = poppler_document_get_title(document);
    assert_string_equal(label, "SAR-2025-0001-000002");
    assert_string_equal(title, "The records you asked for (SAR-2025-0001)");
    assert_true(poppler_document_get_creation_date(document) == -1);
    PopplerIndexIter *iter = poppler_index_iter_new(document);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        PopplerAction *action = poppler_index_iter_get_action(iter);
        assert_string_equal(action->any.title, titles[i]);
        poppler_action_free(action);
        assert_int_equal(poppler_index_iter_next(iter), i + 1 < sizeof titles / sizeof *titles);
    }
    poppler_index_iter_free(iter);
    g_free(label);
    g_free(title);
    g_object_unref(page);
    g_object_unref(document);
    bound_drop(&bound);
}

static void count_figures(PopplerStructureElementIter *iter, int *figures, int *sections) {
    do {
        PopplerStructureElement *element = poppler_structure_element_iter_get_element(iter);
        PopplerStructureElementIter *below = poppler_structure_element_iter_get_child(iter);
        *sections += poppler_structure_element_get_kind(element) == POPPLER_STRUCTURE_ELEMENT_SECTION;
        if (poppler_structure_element_get_kind(element) == POPPLER_STRUCTURE_ELEMENT_FIGURE) {
            char *alt = poppler_structure_element_get_alt_text(element);
            assert_non_null(alt);
            assert_non_null(strstr(alt, "withheld"));
            g_free(alt);
            ++*figures;
        }
        if (below)
            count_figures(below, figures, sections);
        poppler_structure_element_iter_free(below);
        g_object_unref(element);
    } while (poppler_structure_element_iter_next(iter));
}

/* For readers that read aloud: a section for each page, and each covered area says that something is withheld. */
static void test_bind_tags(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = -1};
    struct bound bound = pack_of(&fixture);
    PopplerDocument *document = open_pack(&bound);
    PopplerStructureElementIter *iter = poppler_structure_element_iter_new(document);
    int figures = 0, sections = 0;
    assert_non_null(iter);
    count_figures(iter, &figures, &sections);
    assert_int_equal(figures, FIXTURE_PAGES * 2);
    assert_int_equal(sections, (int)bound.total_pages);
    poppler_structure_element_iter_free(iter);
    g_object_unref(document);
    bound_drop(&bound);
}

static void test_bind_same_order_same_bytes(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = -1, .jpeg = 1};
    struct bound one = pack_of(&fixture), two = pack_of(&fixture);
    assert_true(view_equal(buf_view(&one.pdf), buf_view(&two.pdf)));
    assert_null(memmem(one.pdf.data, one.pdf.len, "CreationDate", 12));
    assert_null(memmem(one.pdf.data, one.pdf.len, "cairo", 5));
    bound_drop(&one);
    bound_drop(&two);
}

static void test_bind_page_that_fails(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = 1};
    struct bind_order order = fixture_order(&fixture);
    struct bound bound = {.total_pages = 99};
    assert_int_equal(bind_pack(&order, &bound), -1);
    assert_int_equal(bound.total_pages, 99); /* not touched on failure */
    assert_int_equal(fixture.loads, 2);
}

/* A pack of nothing but a letter, and one with a long index and schedule. */
static void test_bind_nothing_and_much(void **state) {
    (void)state;
    struct fixture fixture = {.fail_page = -1};
    struct bind_order order = fixture_order(&fixture);
    struct bound bound;
    order.page_count = 0;
    order.document_count = order.withheld_count = 0;
    assert_int_equal(bind_pack(&order, &bound), 0);
    assert_int_equal(bound.total_pages, bound.front_pages + 3);
    bound_drop(&bound);
    order = fixture_order(&fixture);
    order.withheld_count = 200;
    order.withheld = mem_grow(NULL, order.withheld_count, sizeof *order.withheld);
    for (size_t i = 0; i < order.withheld_count; i++)
        order.withheld[i] = fixture_withheld[i % 2];
    assert_int_equal(bind_pack(&order, &bound), 0);
    assert_true(bound.total_pages > bound.front_pages + FIXTURE_PAGES + 5);
    bound_drop(&bound);
    free(order.withheld);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bind_order_of_pages),
        cmocka_unit_test(test_bind_words_come_back_with_spaces),
        cmocka_unit_test(test_bind_number_is_seen),
        cmocka_unit_test(test_bind_other_scripts),
        cmocka_unit_test(test_bind_leaves_out_words_in_covered_areas),
        cmocka_unit_test(test_bind_labels_and_bookmarks),
        cmocka_unit_test(test_bind_tags),
        cmocka_unit_test(test_bind_same_order_same_bytes),
        cmocka_unit_test(test_bind_page_that_fails),
        cmocka_unit_test(test_bind_nothing_and_much),
    };
    pix_silence();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
