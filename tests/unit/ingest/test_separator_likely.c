/* Which pages of known words are worth looking at for the code of a separator sheet. */
#include "ingest/separator_likely.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <zint.h>

#include <cmocka.h>

/* A4 at 300 dpi, 1-bit. */
static PIX *page(void) {
    return pixCreate(2480, 3508, 1);
}

static void fill(PIX *pix, int x, int y, int w, int h) {
    pixRasterop(pix, x, y, w, h, PIX_SET, NULL, 0, 0);
}

/* A code as zint draws it, unit_px to a module, bars 120 pixels high. */
static void draw_code(PIX *pix, int symbology, const char *text, int unit_px) {
    struct zint_symbol *symbol = ZBarcode_Create();
    symbol->symbology = symbology;
    assert_true(ZBarcode_Encode(symbol, (const unsigned char *)text, 0) < ZINT_ERROR);
    for (int row = 0; row < symbol->rows; row++)
        for (int at = 0; at < symbol->width; at++)
            if (symbol->encoded_data[row][at / 8] >> at % 8 & 1)
                fill(pix, 301 + at * unit_px, 407 + row * unit_px, unit_px, symbol->rows == 1 ? 120 : unit_px);
    ZBarcode_Delete(symbol);
}

static bool likely(PIX *pix, const struct words *words) {
    bool answer = separator_likely(pix, 300, words);
    pixDestroy(&pix);
    return answer;
}

static void codes_are_looked_at(void **state) {
    (void)state;
    static const struct {
        int symbology, unit_px;
        const char *text;
    } rows[] = {
        {BARCODE_CODE128, 4, "CF1-S"},     {BARCODE_CODE128, 6, "SEP*01*02"}, {BARCODE_CODE39, 4, "PATCHT"},
        {BARCODE_CODE93, 5, "SEPARATOR"},  {BARCODE_QRCODE, 8, "CF1-S"},      {BARCODE_QRCODE, 14, "CF1-C-11095723-ABCDEFGH"},
    };
    const struct words none = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        PIX *pix = page();
        draw_code(pix, rows[i].symbology, rows[i].text, rows[i].unit_px);
        assert_true(likely(pix, &none));
    }
    PIX *pix = page(); /* Patch T */
    for (int i = 0, y = 500; i < 4; i++, y += (i % 2 ? 24 : 60) + 24)
        fill(pix, 375, y, 1730, i % 2 ? 60 : 24);
    assert_true(likely(pix, &none));
}

static void frames_rules_and_words_are_not(void **state) {
    (void)state;
    struct words words = {0};
    PIX *pix = page();
    for (int i = 0; i < 40; i++) { /* a table, rules of 1 point */
        fill(pix, 200, 300 + i * 60, 2000, 4);
        fill(pix, 200 + i * 50, 300, i % 5 ? 0 : 4, 2344);
    }
    for (int i = 0; i < 20; i++) { /* text: solid where the layer says that there is a word */
        words_add(&words, (struct box){60 + 24 * (float)i, 620, 80 + 24 * (float)i, 632}, 0, 0, 100, "word");
        fill(pix, (int)(words.list[i].box.x0 * 300 / 72), 2584, 83, 50);
    }
    assert_false(separator_likely(pix, 300, &words));
    const struct words none = {0};
    assert_true(likely(pix, &none)); /* the same without the words */
    words_drop(&words);
}

static void a_typeface_of_bars_is_known_by_its_text(void **state) {
    (void)state;
    struct words words = {0};
    words_add(&words, (struct box){60, 60, 200, 90}, 0, 0, 100, "In");
    words_add(&words, (struct box){60, 60, 200, 90}, 0, 0, 100, "September");
    assert_false(likely(page(), &words));
    words_add(&words, (struct box){60, 60, 200, 90}, 0, 0, 100, "*SEP*0001*");
    assert_true(likely(page(), &words));
    words_drop(&words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_looked_at),
        cmocka_unit_test(frames_rules_and_words_are_not),
        cmocka_unit_test(a_typeface_of_bars_is_known_by_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
