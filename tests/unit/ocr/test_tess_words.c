/* Tesseract's result as words. Tesseract is played here: these functions stand before those of its library. */
#include "base/mem.h"
#include "ocr/tess_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <tesseract/capi.h>

#include <cmocka.h>

/* What the engine says: a word, and what begins with it. */
struct said {
    const char *text;
    int x0, y0, x1, y1;
    float confidence;
    bool line, paragraph;
};

static const struct said *said;
static size_t said_count, said_at;
static int texts_out; /* given and not yet taken back */
static bool iterator_out;

TessResultIterator *TessBaseAPIGetIterator(TessBaseAPI *api) {
    (void)api;
    said_at = 0;
    iterator_out = said_count > 0;
    return iterator_out ? (TessResultIterator *)(uintptr_t)&said_at : NULL;
}

TessPageIterator *TessResultIteratorGetPageIterator(TessResultIterator *at) {
    return (TessPageIterator *)at;
}

BOOL TessPageIteratorIsAtBeginningOf(const TessPageIterator *at, TessPageIteratorLevel level) {
    (void)at;
    return level == RIL_TEXTLINE ? said[said_at].line : said[said_at].paragraph;
}

char *TessResultIteratorGetUTF8Text(const TessResultIterator *at, TessPageIteratorLevel level) {
    (void)at;
    assert_int_equal(level, RIL_WORD);
    texts_out += said[said_at].text != NULL;
    return said[said_at].text ? mem_text(said[said_at].text) : NULL;
}

void TessDeleteText(const char *text) {
    texts_out -= text != NULL;
    char *own = (char *)(uintptr_t)text;
    mem_free(&own);
}

BOOL TessPageIteratorBoundingBox(const TessPageIterator *at, TessPageIteratorLevel level, int *x0, int *y0, int *x1, int *y1) {
    (void)at;
    (void)level;
    const struct said *s = &said[said_at];
    *x0 = s->x0;
    *y0 = s->y0;
    *x1 = s->x1;
    *y1 = s->y1;
    return s->x1 != 0;
}

float TessResultIteratorConfidence(const TessResultIterator *at, TessPageIteratorLevel level) {
    (void)at;
    (void)level;
    return said[said_at].confidence;
}

BOOL TessResultIteratorNext(TessResultIterator *at, TessPageIteratorLevel level) {
    (void)at;
    (void)level;
    return ++said_at < said_count;
}

void TessResultIteratorDelete(TessResultIterator *at) {
    (void)at;
    iterator_out = false;
}

static struct words take(const struct said *list, size_t count) {
    struct words words = {0};
    said = list;
    said_count = count;
    tess_words_take(NULL, &words);
    assert_int_equal(texts_out, 0);
    assert_false(iterator_out);
    return words;
}

/* One line of words, 10 pixels for each letter and between; its text afterwards. */
static void expect_line(const char *text, const char *wanted) {
    struct said list[16];
    size_t count = 0;
    int x = 100;
    char *copy = mem_text(text), *rest = NULL;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        int width = 10 * (int)strlen(w);
        list[count] = (struct said){w, x, 100, x + width, 120, 90, count == 0, count == 0};
        x += width + 10;
        count++;
    }
    struct words words = take(list, count);
    struct buf out = {0};
    words_text(&words, &out);
    assert_string_equal(buf_text(&out), wanted);
    buf_drop(&out);
    words_drop(&words);
    mem_free(&copy);
}

/* ---- the word I */

static void a_bar_is_the_word_i(void **state) {
    (void)state;
    expect_line("When | was there | had a bruise", "When I was there I had a bruise");
    expect_line("| think so", "I think so");
    expect_line("and |'m sure that |\xE2\x80\x99ve seen him", "and I'm sure that I\xE2\x80\x99ve seen him");
}

static void other_bars_stay(void **state) {
    (void)state;
    expect_line("Monday | Tuesday", "Monday | Tuesday");       /* a name follows: a table's rule */
    expect_line("one | a two", "one | a two");                 /* a speck follows */
    expect_line("the end |", "the end |");                     /* nothing follows */
    expect_line("|| was |was x|", "|| was |was x|");
}

/* What follows far away, or on the next line, does not go on. */
static void a_bar_far_from_the_next_word_stays(void **state) {
    (void)state;
    static const struct said far[] = {{"|", 100, 100, 104, 120, 90, true, true}, {"was", 130, 100, 160, 120, 90, false, false}};
    static const struct said near[] = {{"|", 100, 100, 104, 120, 90, true, true}, {"was", 123, 100, 150, 120, 90, false, false}};
    static const struct said below[] = {{"so", 100, 100, 120, 120, 90, true, true}, {"|", 130, 100, 134, 120, 90, false, false},
                                        {"was", 100, 130, 130, 150, 90, true, false}};
    struct words words = take(far, 2);
    assert_string_equal(words.list[0].text, "|");
    words_drop(&words);
    words = take(near, 2);
    assert_string_equal(words.list[0].text, "I");
    words_drop(&words);
    words = take(below, 3);
    assert_string_equal(words.list[1].text, "|");
    words_drop(&words);
}

/* ---- words at all */

static void words_have_places_lines_and_confidence(void **state) {
    (void)state;
    static const struct said list[] = {{"Dear", 100, 100, 140, 120, 96.4f, true, true}, {"Zo\xC3\xAB,", 150, 100, 190, 124, 250, false, false},
                                       {"thank", 100, 160, 150, 180, -3, true, true}, {"you", 100, 190, 130, 210, 50.6f, true, false}};
    struct words words = take(list, 4);
    assert_int_equal(words.count, 4);
    assert_string_equal(words.list[1].text, "Zo\xC3\xAB,");
    assert_true(words.list[1].box.x0 == 150 && words.list[1].box.y1 == 124);
    assert_int_equal(words.list[0].confidence, 96);
    assert_int_equal(words.list[1].confidence, 100);
    assert_int_equal(words.list[2].confidence, 0);
    assert_int_equal(words.list[3].confidence, 51);
    assert_int_equal(words.list[1].line, 0);
    assert_int_equal(words.list[2].line, 1);
    assert_int_equal(words.list[3].line, 2);
    assert_int_equal(words.list[1].block, 0);
    assert_int_equal(words.list[3].block, 1);
    words_drop(&words);
}

/* A picture is a word of one space; bytes that are no text, and boxes that cannot be. */
static void what_is_no_word_is_left_out(void **state) {
    (void)state;
    static const struct said list[] = {{" ", 1, 1, 9, 9, 90, true, true},       {NULL, 1, 1, 9, 9, 90, false, false},
                                       {"", 1, 1, 9, 9, 90, false, false},      {"bad\xFF", 1, 1, 9, 9, 90, false, false},
                                       {"a\nb", 1, 1, 9, 9, 90, false, false},  {"nowhere", 0, 0, 0, 0, 90, false, false},
                                       {"inside", 9, 1, 4, 9, 90, false, false}, {"good", 1, 1, 9, 9, 90, false, false}};
    struct words words = take(list, sizeof list / sizeof *list);
    assert_int_equal(words.count, 1);
    assert_string_equal(words.list[0].text, "good");
    words_drop(&words);
    words = take(NULL, 0);
    assert_int_equal(words.count, 0);
}

static void quality_is_weighed_by_letters(void **state) {
    (void)state;
    struct words words = {0};
    assert_int_equal(tess_words_quality(&words), 0);
    words_add(&words, (struct box){0, 0, 1, 1}, 0, 0, 90, "grandmothers"); /* 12 letters */
    words_add(&words, (struct box){0, 0, 1, 1}, 0, 0, 10, "\xC3\xA9t\xC3\xA9!");  /* 4, not 6 */
    assert_int_equal(tess_words_quality(&words), 70);
    words_drop(&words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_is_the_word_i),
        cmocka_unit_test(other_bars_stay),
        cmocka_unit_test(a_bar_far_from_the_next_word_stays),
        cmocka_unit_test(words_have_places_lines_and_confidence),
        cmocka_unit_test(what_is_no_word_is_left_out),
        cmocka_unit_test(quality_is_weighed_by_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
