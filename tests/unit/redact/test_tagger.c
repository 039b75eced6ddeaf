/* The tagger with the model that comes with the program, and what becomes of a model that is none. */
#include "redact/tagger.h"

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "tests/unit/redact/model_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>

static bool has(const struct tag_span *spans, size_t count, const char *text, const char *wanted) {
    for (size_t i = 0; i < count; i++)
        if (spans[i].kind == TAG_PERSON && spans[i].end - spans[i].begin == strlen(wanted) && memcmp(text + spans[i].begin, wanted, strlen(wanted)) == 0)
            return true;
    return false;
}

static void finds_people_that_no_list_knows(void **state) {
    (void)state;
    static const char text[] = "Telephone call from Kelly Marsden, who lives next door. She said that Jaswinder had been with Tomasz Wierzbicki all night.";
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, 1.1f, 2.0f});
    const struct tag_span *spans;
    size_t count = tagger_find(tagger, text, strlen(text), &spans);
    assert_true(has(spans, count, text, "Kelly Marsden"));
    assert_true(has(spans, count, text, "Jaswinder"));
    assert_true(has(spans, count, text, "Tomasz Wierzbicki"));
    for (size_t i = 0; i < count; i++) {
        assert_true(spans[i].begin < spans[i].end && spans[i].end <= strlen(text));
        assert_true(!i || spans[i - 1].end <= spans[i].begin);
        assert_true(spans[i].confidence <= 100);
    }
    tagger_drop(&tagger);
}

static void small_letters(void **state) {
    (void)state;
    static const char text[] = "spoke to kelly marsden who said that declan murphy shouts at the kids";
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, 1.1f, 2.0f});
    const struct tag_span *spans;
    size_t count = tagger_find(tagger, text, strlen(text), &spans);
    assert_true(has(spans, count, text, "kelly marsden"));
    assert_true(has(spans, count, text, "declan murphy"));
    tagger_drop(&tagger);
}

static size_t letters_found(float flag, float look, const char *text) {
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, flag, look});
    const struct tag_span *spans;
    size_t count = tagger_find(tagger, text, strlen(text), &spans), letters = 0;
    for (size_t i = 0; i < count; i++)
        letters += spans[i].end - spans[i].begin;
    tagger_drop(&tagger);
    return letters;
}

static void more_bias_finds_more(void **state) {
    (void)state;
    static const char text[] = "the lad from the corner house, midge, was out with bobs and some girl from number nine. told maz he owes tink.";
    size_t little = letters_found(0, 0, text), more = letters_found(4, 4, text), both = letters_found(0, 4, text);
    assert_true(more > little);
    assert_true(both >= more - 1);
}

static void nothing_in_nothing(void **state) {
    (void)state;
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, 1, 2});
    const struct tag_span *spans;
    assert_int_equal(tagger_find(tagger, "", 0, &spans), 0);
    assert_int_equal(tagger_find(tagger, "...\n\n--", 7, &spans), 0);
    assert_int_equal(tagger_find(tagger, "the kitchen was clean and the beds were made", 44, &spans), 0);
    tagger_drop(&tagger);
}

static void same_text_same_spans(void **state) {
    (void)state;
    static const char text[] = "Marek rang. Mrs Dunne said no. Marek rang again.";
    struct tagger *tagger = tagger_new(&(struct tagger_order){model, 1, 2});
    const struct tag_span *spans;
    size_t count = tagger_find(tagger, text, strlen(text), &spans);
    struct tag_span first[32];
    assert_true(count && count <= 32);
    memcpy(first, spans, count * sizeof *spans);
    tagger_find(tagger, "Somebody else entirely: Ines Gomes.", 35, &spans);
    assert_int_equal(tagger_find(tagger, text, strlen(text), &spans), count);
    for (size_t i = 0; i < count; i++)
        assert_true(first[i].begin == spans[i].begin && first[i].end == spans[i].end && first[i].confidence == spans[i].confidence);
    tagger_drop(&tagger);
}

/* ---- models that are none */

static int open_bytes(const uint8_t *bytes, size_t len) {
    char path[] = "/tmp/casefile-model-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(file_write_all(fd, bytes, len), 0);
    close(fd);
    struct tag_model *other = NULL;
    int err = tag_model_open(path, &other);
    tag_model_drop(&other);
    unlink(path);
    return err;
}

static void damaged_models_are_refused(void **state) {
    (void)state;
    struct buf bytes = {0};
    assert_int_equal(file_read("config/strangers.model", 16u << 20, &bytes), 0);
    assert_true(bytes.len <= 6000000);
    assert_int_equal(open_bytes(bytes.data, bytes.len), 0);
    assert_int_equal(open_bytes(bytes.data, bytes.len - 1), ERR_SETTING);
    assert_int_equal(open_bytes(bytes.data, 100), ERR_SETTING);
    assert_int_equal(open_bytes(bytes.data, 0), ERR_SETTING);
    static const size_t places[] = {0, 9, 13, 17, 21, 25, 5000, 3000000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bytes.data[places[i]] ^= 0x40;
        assert_int_equal(open_bytes(bytes.data, bytes.len), ERR_SETTING);
        bytes.data[places[i]] ^= 0x40;
    }
    buf_drop(&bytes);
    struct tag_model *none = NULL;
    assert_int_equal(tag_model_open("/nonexistent/model", &none), ERR_NOT_FOUND);
}

static void the_gazetteer_answers(void **state) {
    (void)state;
    assert_true(tag_model_word(model, "kelly", 5) & TAG_WORD_FORENAME);
    assert_true(tag_model_word(model, "kitchen", 7) & TAG_WORD_ORDINARY);
    assert_int_equal(tag_model_word(model, "qqzzxxvv", 8), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_people_that_no_list_knows), cmocka_unit_test(small_letters),        cmocka_unit_test(more_bias_finds_more),
        cmocka_unit_test(nothing_in_nothing),              cmocka_unit_test(same_text_same_spans), cmocka_unit_test(damaged_models_are_refused),
        cmocka_unit_test(the_gazetteer_answers),
    };
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
