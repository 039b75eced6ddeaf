#include "filing/name_list.h"
#include "filing/postings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

static bool is_near(const struct name_list *names, const char *key, uint32_t wanted) {
    uint32_t found[NAME_NEAR_MOST];
    size_t count = name_list_near(names, key, found);
    for (size_t i = 0; i < count; i++)
        if (found[i] == wanted)
            return true;
    return false;
}

static void test_names_near_one_another(void **state) {
    (void)state;
    struct name_list names = {0};
    uint32_t ali = name_list_add(&names, "ali"), barnes = name_list_add(&names, "barnes");
    uint32_t pickup = name_list_add(&names, "hughespickup"), cole = name_list_add(&names, "cole");
    assert_int_equal(name_list_add(&names, "barnes"), barnes);
    name_list_seal(&names);
    assert_int_equal(name_list_lookup(&names, "ali"), ali);
    assert_int_equal(name_list_lookup(&names, "alis"), NAME_NONE);
    assert_true(is_near(&names, "bames", barnes)); /* rn read as m */
    assert_true(is_near(&names, "barmes", barnes));
    assert_true(is_near(&names, "banes", barnes));
    assert_true(is_near(&names, "brarnes", barnes));
    assert_true(is_near(&names, "hughesp1ckup", pickup));
    assert_true(is_near(&names, "hugbespickup", pickup));
    assert_false(is_near(&names, "hugbespikup", pickup)); /* two letters wrong */
    assert_false(is_near(&names, "bill", ali));
    assert_false(is_near(&names, "col", cole));
    assert_true(is_near(&names, "c0le", cole));
    assert_false(is_near(&names, "cope", cole)); /* four letters: only looks alike */
    name_list_drop(&names);
}

static void test_letters_with_strokes(void **state) {
    (void)state;
    char *key = name_key("Łucja");
    assert_string_equal(key, "lucja");
    free(key);
    key = name_key("O\u2019Connor-Siân");
    assert_string_equal(key, "oconnorsian");
    free(key);
}

static void test_postings_keep_runs(void **state) {
    (void)state;
    struct postings postings = {0};
    size_t count;
    for (uint32_t i = 0; i < 5000; i++)
        postings_add(&postings, key_of_number(i % 700), i / 2 * 2);
    postings_seal(&postings);
    const struct posting *run = postings_find(&postings, key_of_number(13), &count);
    assert_non_null(run);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || run[i].value > run[i - 1].value);
        assert_true(run[i].value % 700 == 12 || run[i].value % 700 == 13);
    }
    assert_int_equal(count, 8);
    assert_null(postings_find(&postings, key_of_number(700), &count));
    assert_int_equal(count, 0);
    postings_drop(&postings);
    assert_null(postings_find(&postings, key_of_number(1), &count));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names_near_one_another),
                                       cmocka_unit_test(test_letters_with_strokes),
                                       cmocka_unit_test(test_postings_keep_runs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
