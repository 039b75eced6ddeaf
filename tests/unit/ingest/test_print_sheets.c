/* Printed sheets: rendered as a scanner would see them, every one is found again, any way up, and also when half of it is gone; what they say. */
#include "base/pix.h"
#include "ingest/print_sheets.h"
#include "ingest/separator.h"
#include "tests/unit/ocr/known_leaks.h"
#include "tests/unit/store_fixture.h"

#include <leptonica/allheaders.h>
#include <poppler.h>

#define DPI 200

static PopplerDocument *opened(const struct buf *pdf) {
    GBytes *bytes = g_bytes_new(pdf->data, pdf->len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    assert_non_null(document);
    return document;
}

static PIX *pix_of(cairo_surface_t *surface) {
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    cairo_surface_flush(surface);
    const uint8_t *data = cairo_image_surface_get_data(surface);
    PIX *pix = pixCreate(w, h, 8);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix), x, data[(size_t)y * (size_t)cairo_image_surface_get_stride(surface) + 4 * (size_t)x]);
    return pix;
}

/* The picture and the text (you free both) of a page. */
static PIX *rendered(const struct buf *pdf, int page_number, char **ret_text) {
    PopplerDocument *document = opened(pdf);
    PopplerPage *page = poppler_document_get_page(document, page_number);
    double w, h;
    poppler_page_get_size(page, &w, &h);
    assert_true(w > 595 && w < 596 && h > 841 && h < 842.5);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(w * DPI / 72), (int)(h * DPI / 72));
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, DPI / 72.0, DPI / 72.0);
    poppler_page_render(page, cairo);
    PIX *pix = pix_of(surface);
    *ret_text = poppler_page_get_text(page);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    g_object_unref(page);
    g_object_unref(document);
    return pix;
}

static void assert_found(PIX *pix, const char *payload) {
    char found[SEPARATOR_PAYLOAD_MOST] = "nothing";
    assert_true(separator_find(pix, DPI, found));
    assert_string_equal(found, payload);
    pixDestroy(&pix);
}

/* White over a part of the sheet, in parts of its width and height. */
static PIX *covered(PIX *pix, float x, float y, float w, float h) {
    PIX *copy = pixCopy(NULL, pix);
    float pw = (float)pixGetWidth(pix), ph = (float)pixGetHeight(pix);
    BOX *box = boxCreate((int)(x * pw), (int)(y * ph), (int)(w * pw), (int)(h * ph));
    pixSetInRect(copy, box);
    boxDestroy(&box);
    return copy;
}

static void assert_found_anyhow(PIX *pix, const char *payload) {
    for (int turn = 0; turn < 4; turn++)
        assert_found(pixRotateOrth(pix, turn), payload);
    assert_found(pixRotate(pix, 0.08f, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0), payload);
    assert_found(pixThresholdToBinary(pix, 128), payload);
    assert_found(covered(pix, 0, 0, 1, 0.5f), payload);    /* cut in half */
    assert_found(covered(pix, 0, 0.5f, 1, 0.5f), payload);
    assert_found(covered(pix, 0, 0, 0.5f, 1), payload);    /* folded */
    assert_found(covered(pix, 0.5f, 0, 0.5f, 1), payload);
}

/* Prints, looks at the sheet, and gives its text (you free it with g_free). */
static char *printed(void **state, const struct sheet_print *print) {
    struct store *store = ((struct place *)*state)->store;
    char payload[SHEET_PAYLOAD_MOST], *text = NULL;
    struct buf pdf = {0};
    assert_int_equal(sheets_print(store, print, &pdf), 0);
    sheet_payload(store, &print->sheet, payload);
    PIX *pix = rendered(&pdf, 0, &text);
    assert_found_anyhow(pix, payload);
    assert_non_null(strstr(text, payload));
    pixDestroy(&pix);
    buf_drop(&pdf);
    return text;
}

static void a_separator(void **state) {
    char *text = printed(state, &(struct sheet_print){.sheet.kind = SHEET_SEPARATOR, .copies = 1});
    assert_non_null(strstr(text, "SEPARATOR"));
    assert_non_null(strstr(text, "between two documents"));
    g_free(text);
}

static void a_cover_sheet(void **state) {
    char *text = printed(state, &(struct sheet_print){.sheet = {.kind = SHEET_COVER, .council_id = "20177342", .document_kind = "visit_record"},
                                                     .child_name = "Zoë O'Dwyer-Quill", .copies = 1});
    assert_non_null(strstr(text, "COVER SHEET"));
    assert_non_null(strstr(text, "Zoë O'Dwyer-Quill"));
    assert_non_null(strstr(text, "20177342"));
    assert_non_null(strstr(text, "visit record"));
    g_free(text);
}

static void a_batch_header(void **state) {
    struct batch batch = {.number = 17, .operator = "R. Okafor", .scanner = "fi-7160", .box = "B-2/1998", .sheets = 40, .separators = 6, .duplex = DUPLEX_TWO_PASS};
    char *text = printed(state, &(struct sheet_print){.sheet = {.kind = SHEET_BATCH, .batch = 17}, .batch = &batch, .copies = 1});
    static const char *const said[] = {"BATCH 17", "R. Okafor", "fi-7160", "B-2/1998", "40", "6", "two passes", "scan the fronts", "scan the backs"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        assert_non_null(strstr(text, said[i]));
    g_free(text);
}

static void what_was_not_said_is_not_there(void **state) {
    struct batch batch = {.number = 2, .operator = "", .scanner = "", .box = "", .sheets = -1, .separators = -1};
    char *text = printed(state, &(struct sheet_print){.sheet = {.kind = SHEET_BATCH, .batch = 2}, .batch = &batch, .copies = 1});
    assert_null(strstr(text, "Operator"));
    assert_null(strstr(text, "expected"));
    assert_null(strstr(text, "backs"));
    g_free(text);
}

/* The longest payload and endless words: still found, still on one page. */
static void the_longest(void **state) {
    char name[3000];
    struct sheet_print print = {.sheet.kind = SHEET_COVER, .child_name = name, .copies = 1};
    memset(name, 'W', sizeof name - 1);
    name[sizeof name - 1] = 0;
    memset(print.sheet.council_id, '7', sizeof print.sheet.council_id - 1);
    memset(print.sheet.document_kind, 'k', sizeof print.sheet.document_kind - 1);
    g_free(printed(state, &print));
}

static void copies(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct buf pdf = {0};
    char *text = NULL;
    struct sheet_print print = {.sheet.kind = SHEET_SEPARATOR, .copies = 3};
    assert_int_equal(sheets_print(store, &print, &pdf), 0);
    PopplerDocument *document = opened(&pdf);
    assert_int_equal(poppler_document_get_n_pages(document), 3);
    g_object_unref(document);
    PIX *pix = rendered(&pdf, 2, &text);
    assert_found(pix, "CF1-S");
    g_free(text);
    buf_drop(&pdf);
    print.copies = 0;
    assert_int_equal(sheets_print(store, &print, &pdf), ERR_INPUT);
    print.copies = 501;
    assert_int_equal(sheets_print(store, &print, &pdf), ERR_INPUT);
    assert_int_equal(pdf.len, 0);
}

int main(void) {
    pix_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_separator), cmocka_unit_test(a_cover_sheet), cmocka_unit_test(a_batch_header),
        cmocka_unit_test(what_was_not_said_is_not_there), cmocka_unit_test(the_longest), cmocka_unit_test(copies),
    };
    return cmocka_run_group_tests(tests, place_new, place_drop);
}
