/* A plain text as words with their places, and flags of it as JSON lines. */
#include "daemon/flag_text.h"

#include "base/mem.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void read_text(const char *text, struct document_words *document, struct flag_page **pages) {
    flag_text_read(view_text(text), document, pages);
}

static void drop(struct document_words *document, struct flag_page *pages) {
    for (size_t i = 0; i < document->page_count; i++)
        flag_page_drop(&pages[i]);
    free(pages);
    document_words_drop(document);
}

static void places_are_characters_of_the_file(void **state) {
    (void)state;
    struct document_words d;
    struct flag_page *pages;
    read_text("Zo\xC3\xAB rang.\r\n\n  Then\tMarek\fNext", &d, &pages);
    assert_int_equal(d.page_count, 2);
    assert_int_equal(d.pages[0].words.count, 4);
    assert_string_equal(d.pages[0].words.list[0].text, "Zo\xC3\xAB");
    static const uint32_t begins[] = {0, 4, 14, 19};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pages[0].begins[i], begins[i]);
    assert_int_equal(pages[1].begins[0], 25);
    assert_int_equal(d.pages[0].words.list[1].line, 0);
    assert_int_not_equal(d.pages[0].words.list[2].block, d.pages[0].words.list[1].block);
    assert_int_equal(d.pages[1].number, 2);
    drop(&d, pages);
}

static void texts_of_nothing_and_long_words(void **state) {
    (void)state;
    struct document_words d;
    struct flag_page *pages;
    read_text("", &d, &pages);
    assert_int_equal(d.page_count, 1);
    assert_int_equal(d.pages[0].words.count, 0);
    drop(&d, pages);
    char *wide = mem_new(10001);
    memset(wide, 'x', 10000);
    read_text(wide, &d, &pages);
    assert_true(d.pages[0].words.count >= 3);
    size_t letters = 0;
    for (size_t i = 0; i < d.pages[0].words.count; i++)
        letters += strlen(d.pages[0].words.list[i].text);
    assert_int_equal(letters, 10000);
    drop(&d, pages);
    free(wide);
}

static void a_line_without_end_loses_nothing(void **state) {
    (void)state;
    size_t wanted = PAGE_WORDS_MOST + 50, seen = 0;
    char *text = mem_new(wanted * 2 + 1);
    for (size_t i = 0; i < wanted; i++)
        memcpy(text + 2 * i, "w ", 2);
    struct document_words d;
    struct flag_page *pages;
    read_text(text, &d, &pages);
    for (size_t i = 0; i < d.page_count; i++)
        seen += d.pages[i].words.count;
    assert_int_equal(seen, wanted);
    drop(&d, pages);
    free(text);
}

static void what_is_plain_text(void **state) {
    (void)state;
    assert_true(flag_text_is(view_text("Zo\xC3\xAB\r\n\t\f")));
    assert_false(flag_text_is(view_text("Zo\xEB")));
    assert_false(flag_text_is(view_of("a\0b", 3)));
    assert_false(flag_text_is(view_text("%PDF-1.5\x01")));
}

static void a_line_for_each_flag(void **state) {
    (void)state;
    struct document_words d;
    struct flag_page *pages;
    read_text("We saw (Zo\xC3\xAB Marsden's) dog.", &d, &pages);
    struct flags flags = {0};
    struct flag *flag = flags_add(&flags);
    struct word_run run = {2, 3};
    flag->page = 1;
    flag->role = ROLE_THIRD_PARTY;
    flag->person_id = mem_text("~marsden.zoe");
    flag->code = mem_text("3P-UNREASONABLE");
    flag->cover = flag->look = 1;
    flag->confidence = 40;
    flag->finder = mem_text("tagger");
    flag->why = mem_text("on no list");
    flag->text = mem_text("(Zo\xC3\xAB Marsden's)");
    flag->runs = mem_new(sizeof run);
    flag->runs[0] = run;
    flag->run_count = 1;
    struct buf out = {0};
    const struct flag_print print = {"note.txt", pages, &d, true};
    assert_int_equal(flags_print(&print, &flags, &out), 0);
    json_t *json = json_loads(buf_text(&out), 0, NULL);
    assert_non_null(json);
    assert_int_equal(json_integer_value(json_object_get(json, "start")), 8);
    assert_int_equal(json_integer_value(json_object_get(json, "end")), 21);
    assert_string_equal(json_string_value(json_object_get(json, "text")), "Zo\xC3\xAB Marsden's");
    assert_string_equal(json_string_value(json_object_get(json, "role")), "third_party");
    assert_true(json_is_false(json_object_get(json, "cover"))); /* a person must look first */
    assert_true(json_is_true(json_object_get(json, "look")));
    assert_int_equal(out.data[out.len - 1], '\n');
    json_decref(json);
    buf_drop(&out);
    flags_drop(&flags);
    drop(&d, pages);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(places_are_characters_of_the_file), cmocka_unit_test(texts_of_nothing_and_long_words),
                                       cmocka_unit_test(a_line_without_end_loses_nothing), cmocka_unit_test(what_is_plain_text), cmocka_unit_test(a_line_for_each_flag)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
