/* names.conf: nobody's and everybody's names, each with who added it and when. */
#include "config/name_lists.h"

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/config/lists_fixture.h"

static int load(const char *text, struct name_lists **ret) {
    struct lists_folder folder;
    lists_folder_make(&folder, "names.conf", text);
    int err = name_lists_load(folder.path, ret);
    lists_folder_drop(&folder);
    return err;
}

static void lines_say_who_and_when(void **state) {
    (void)state;
    struct name_lists *lists = NULL;
    assert_int_equal(load("never = ( { words = \"Rose Cottage\"; by = \"A. Officer\"; on = \"2026-01-31\"; } );"
                          "always = ( { words = \"Big Tina\"; role = \"third_party\"; by = \"A. Officer\"; on = \"2026-01-31\"; } );"
                          "titles = [\"pcso\"]; professions = []; organisations = [\"trust\", \"hub\"];", &lists), 0);
    assert_int_equal(lists->never_count, 1);
    assert_string_equal(lists->never[0].words, "Rose Cottage");
    assert_string_equal(lists->always[0].role, "third_party");
    assert_string_equal(lists->always[0].by, "A. Officer");
    assert_int_equal(lists->title_count, 1);
    assert_int_equal(lists->profession_count, 0);
    assert_string_equal(lists->organisations[1], "hub");
    name_lists_drop(&lists);
}

static void wrong_files(void **state) {
    (void)state;
    static const char *const wrong[] = {"never = ( { words = \"X\"; on = \"2026-01-31\"; } ); always = ();", "never = ( { words = \"X\"; by = \"me\"; } ); always = ();",
                                        "never = ( { words = \"X\"; by = \"me\"; on = \"yesterday\"; } ); always = ();", "never = ( { by = \"me\"; on = \"2026-01-31\"; } ); always = ();",
                                        "never = (); always = ( { words = \"X\"; role = \"subject\"; by = \"me\"; on = \"2026-01-31\"; } );", "never = (); always = (); titles = [7];", "never = ();"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct name_lists *lists = NULL;
        assert_int_equal(load(wrong[i], &lists), ERR_SETTING);
        assert_null(lists);
    }
}

static void the_file_that_comes_with_the_program(void **state) {
    (void)state;
    struct name_lists *lists = NULL;
    assert_int_equal(name_lists_load("config", &lists), 0);
    for (size_t i = 0; i < lists->never_count; i++)
        assert_true(*lists->never[i].by && strlen(lists->never[i].on) == 10);
    name_lists_drop(&lists);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_say_who_and_when), cmocka_unit_test(wrong_files), cmocka_unit_test(the_file_that_comes_with_the_program)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
