/* Words that a scan has spoilt are read as what they are nearly; words that exist stay. */
#include "redact/find_mend.h"

#include "redact/tag_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct made {
    struct vocabulary vocabulary;
    struct fact_lists *facts;
    struct tag_model *model;
    struct mender *mender;
};

static int make(void **state) {
    struct made *m = calloc(1, sizeof *m);
    *state = m;
    find_words_add(&m->vocabulary);
    if (fact_lists_load("config", &m->facts) || tag_model_open("config/strangers.model", &m->model))
        return 1;
    m->mender = mender_new(&m->vocabulary, m->facts, m->model);
    return 0;
}

static int drop(void **state) {
    struct made *m = *state;
    mender_drop(&m->mender);
    tag_model_drop(&m->model);
    fact_lists_drop(&m->facts);
    vocabulary_drop(&m->vocabulary);
    free(m);
    return 0;
}

static void expect_key(struct made *m, const char *seen, const char *wanted) {
    uint32_t entry = vocabulary_intern(&m->vocabulary, seen);
    assert_string_equal(mender_key(m->mender, &m->vocabulary.list[entry]), wanted);
    assert_string_equal(mender_key(m->mender, &m->vocabulary.list[entry]), wanted); /* kept */
}

static void spoilt_words(void **state) {
    struct made *m = *state;
    expect_key(m, "murn", "mum");
    expect_key(m, "sbe", "she");
    expect_key(m, "rnother", "mother");
    expect_key(m, "heroln", "heroin");
    expect_key(m, "convxcted", "convict");
    expect_key(m, "arrcars", "arrears");
}

static void words_that_exist(void **state) {
    struct made *m = *state;
    static const char *const words[] = {"mother", "lovers", "bother", "kitchen", "dab", "worker", "helpful", "x", "zzyzxq", "2024"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        expect_key(m, words[i], words[i]);
}

static void alike_to_a_scanner(void **state) {
    (void)state;
    char a[VOCABULARY_KEY], b[VOCABULARY_KEY];
    mender_alike("rnarlow", a);
    mender_alike("marlow", b);
    assert_string_equal(a, b);
    mender_alike("5m1th", a);
    mender_alike("smith", b);
    assert_string_equal(a, b);
    mender_alike("", a);
    assert_string_equal(a, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(spoilt_words, make, drop), cmocka_unit_test_setup_teardown(words_that_exist, make, drop),
                                       cmocka_unit_test(alike_to_a_scanner)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
