/* facts.conf: the words are read with their kind and use; what is wrong names itself. */
#include "config/fact_lists.h"

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/config/lists_fixture.h"

static int load(const char *text, struct fact_lists **ret) {
    struct lists_folder folder;
    lists_folder_make(&folder, "facts.conf", text);
    int err = fact_lists_load(folder.path, ret);
    lists_folder_drop(&folder);
    return err;
}

static void words_have_kind_and_use(void **state) {
    (void)state;
    struct fact_lists *facts = NULL;
    assert_int_equal(load("facts = ( { kind = \"health\"; strong = [\"cancer\"]; weak = [\"ward\"]; }, { kind = \"money\"; adult = true; strong = [\"arrears\"]; } );"
                          "sources = [\"caller\"]; hidden = [\"would not give name\"]; privileged = [\"legally privileged\"];", &facts), 0);
    assert_int_equal(facts->count, 6);
    static const enum fact_use uses[] = {FACT_STRONG, FACT_WEAK, FACT_STRONG, FACT_SOURCE, FACT_HIDDEN, FACT_PRIVILEGED};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(facts->list[i].use, uses[i]);
    assert_string_equal(facts->list[1].kind, "health");
    assert_false(facts->list[0].adult);
    assert_true(facts->list[2].adult);
    fact_lists_drop(&facts);
}

static void further_files(void **state) {
    (void)state;
    struct lists_folder folder;
    char more[96];
    struct fact_lists *facts = NULL;
    lists_folder_make(&folder, "facts.conf", "more = [\"more.conf\"]; facts = ( { kind = \"health\"; strong = [\"cancer\"]; } );");
    assert_int_equal(fact_lists_load(folder.path, &facts), ERR_SETTING); /* it is not there */
    assert_null(facts);
    snprintf(more, sizeof more, "%s/more.conf", folder.path);
    assert_int_equal(file_write_durable(more, view_text("facts = ( { kind = \"health\"; weak = [\"ward\"]; } );"), 0600), 0);
    assert_int_equal(fact_lists_load(folder.path, &facts), 0);
    unlink(more);
    lists_folder_drop(&folder);
    assert_int_equal(facts->count, 2);
    assert_true(facts->list[0].main);
    assert_false(facts->list[1].main);
    assert_string_equal(facts->list[1].text, "ward");
    assert_int_equal(facts->list[1].use, FACT_WEAK);
    fact_lists_drop(&facts);
}

static void wrong_files(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "facts = 7;", "facts = ( { strong = [\"a\"]; } );", "facts = ( { kind = \"x\"; strong = [7]; } );",
                                        "facts = ( { kind = \"x\"; strong = [\"\"]; } );", "facts = ( { kind = \"x\"; strong = [\"*\"]; } );", "facts = ( { kind = \"x\"; strong = [\"a\"]; ",
                                        "facts = (); more = [\"../other.conf\"];", "facts = (); more = [7];"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fact_lists *facts = NULL;
        assert_int_equal(load(wrong[i], &facts), ERR_SETTING);
        assert_null(facts);
    }
}

static void the_file_that_comes_with_the_program(void **state) {
    (void)state;
    struct fact_lists *facts = NULL;
    assert_int_equal(fact_lists_load("config", &facts), 0);
    assert_true(facts->count > 300 && facts->kind_count >= 7);
    fact_lists_drop(&facts);
    fact_lists_drop(&facts);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_have_kind_and_use), cmocka_unit_test(further_files), cmocka_unit_test(wrong_files), cmocka_unit_test(the_file_that_comes_with_the_program)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
