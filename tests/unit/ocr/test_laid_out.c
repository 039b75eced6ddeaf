/* Mail text on pages: the words that are set are the words that are given, where their ink is. */
#include "base/err.h"
#include "base/pix.h"
#include "ocr/laid_out.h"
#include "tests/unit/ocr/caught_pages.h"
#include "tests/unit/ocr/known_leaks.h"

#include <leptonica/allheaders.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct caught caught;

static void lay(const char *heading, const char *body) {
    struct page_sink sink = caught_sink(&caught);
    assert_int_equal(laid_out_open(heading, body, &sink), 0);
    assert_int_equal(caught.counts, 1);
    assert_int_equal(caught.said, caught.given);
}

static const struct word *find(const char *text) {
    for (uint32_t p = 0; p < caught.given; p++)
        for (size_t i = 0; i < caught.pages[p].page.words.count; i++)
            if (strcmp(caught.pages[p].page.words.list[i].text, text) == 0)
                return &caught.pages[p].page.words.list[i];
    fail_msg("%s was not set", text);
    return NULL;
}

static void words_and_lines(void **state) {
    (void)state;
    lay("From: Pat Tester\nSubject: Visit\n", "Dear all,\n\nZoë was  seen.\n");
    const struct opened_page *page = &caught.pages[0].page;
    struct buf text = {0};
    words_text(&page->words, &text);
    assert_string_equal(buf_text(&text), "From: Pat Tester\nSubject: Visit\n\nDear all,\n\nZoë was seen.");
    assert_int_equal(page->source, WORDS_LAID_OUT);
    assert_int_equal(page->picture.format, PICTURE_PNG);
    assert_true(page->picture.dpi == 200);
    assert_int_equal(find("Zoë")->confidence, 100);
    buf_drop(&text);
    caught_drop(&caught);
}

static void every_word_has_its_ink_in_its_box(void **state) {
    (void)state;
    lay("From: Pat Tester\n",
        "Margins matter.\n\tA tab, and a long line that goes on until it has to be wrapped at "
        "the margin of the page because there is no more room.\n");
    PIX *pix = NULL;
    const struct opened_page *page = &caught.pages[0].page;
    assert_int_equal(pix_decode(page->picture.bytes, 0, &pix), 0);
    assert_int_equal(pixGetDepth(pix), 1);
    l_int32 all = 0, left = 0, rule = 0;
    pixCountPixels(pix, &all, NULL);
    for (size_t i = 0; i < page->words.count; i++) {
        struct box b = page->words.list[i].box;
        const float k = 200.0f / 72;
        BOX *box = boxCreate((int)(b.x0 * k) - 2, (int)(b.y0 * k) - 1, (int)((b.x1 - b.x0) * k) + 5,
                             (int)((b.y1 - b.y0) * k) + 3);
        PIX *part = pixClipRectangle(pix, box, NULL);
        l_int32 ink = 0;
        pixCountPixels(part, &ink, NULL);
        assert_true(ink > 0 || strcmp(page->words.list[i].text, ".") == 0);
        pixClearInRect(pix, box);
        pixDestroy(&part);
        boxDestroy(&box);
    }
    pixCountPixels(pix, &left, NULL);
    rule = 2 * (int)((595 - 112) * 200 / 72); /* the rule below the heading is 2 pixels high */
    assert_true(left <= rule + all / 50);
    pixDestroy(&pix);
    caught_drop(&caught);
}

static void a_long_word_is_broken_and_kept_whole(void **state) {
    (void)state;
    char word[401];
    memset(word, 'w', 400);
    word[400] = 0;
    lay("", word);
    size_t letters = 0;
    const struct words *words = &caught.pages[0].page.words;
    for (size_t i = 0; i < words->count; i++) {
        letters += strlen(words->list[i].text);
        assert_true(words->list[i].box.x1 <= 595 - 55);
        assert_int_equal(words->list[i].line, i);
    }
    assert_int_equal(letters, 400);
    assert_true(words->count > 3);
    caught_drop(&caught);
}

static void pages_follow_each_other(void **state) {
    (void)state;
    struct buf body = {0};
    for (int i = 0; i < 120; i++)
        buf_print(&body, "line%d\n", i);
    lay("", buf_text(&body));
    assert_int_equal(caught.given, 3);
    assert_int_equal(caught.pages[0].page.words.count, 52);
    assert_int_equal(caught.pages[2].page.words.count, 16);
    assert_int_equal(caught.pages[2].page.number, 3);
    assert_int_equal(caught.pages[1].page.words.list[0].line, 0);
    assert_string_equal(caught.pages[1].page.words.list[0].text, "line52");
    buf_drop(&body);
    caught_drop(&caught);
}

static void nothing_is_one_empty_page(void **state) {
    (void)state;
    lay("", "");
    assert_int_equal(caught.given, 1);
    assert_int_equal(caught.pages[0].page.words.count, 0);
    caught_drop(&caught);
}

static void a_body_without_end_is_too_large(void **state) {
    (void)state;
    struct buf body = {0};
    for (int i = 0; i < 2000 * 52 + 1; i++)
        buf_add_byte(&body, '\n');
    buf_add_text(&body, "x");
    struct page_sink sink = caught_sink(&caught);
    assert_int_equal(laid_out_open("", buf_text(&body), &sink), ERR_TOO_LARGE);
    assert_int_equal(caught.given, 0);
    buf_drop(&body);
}

static void odd_characters_do_no_harm(void **state) {
    (void)state;
    lay("From: \x01\x02?\n", "bad \xff\xfe bytes\u2028new line \x1b[31m \u202Egnirts\nسلام دنیا\n");
    assert_non_null(find("new"));
    assert_int_equal(find("new")->line, 3);
    caught_drop(&caught);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_lines),
        cmocka_unit_test(every_word_has_its_ink_in_its_box),
        cmocka_unit_test(a_long_word_is_broken_and_kept_whole),
        cmocka_unit_test(pages_follow_each_other),
        cmocka_unit_test(nothing_is_one_empty_page),
        cmocka_unit_test(a_body_without_end_is_too_large),
        cmocka_unit_test(odd_characters_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
