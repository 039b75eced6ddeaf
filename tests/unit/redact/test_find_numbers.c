/* Numbers that stand less often, ages, and what the council's own lists say. */
#include "tests/unit/redact/find_fixture.h"

static void numbers_by_their_shape(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley drives AB12 CDE. His licence is OAKLE901290W99AB, his passport 533401372.");
    expect_type(f, "AB12 CDE.", FLAG_VEHICLE);
    expect_type(f, "OAKLE901290W99AB,", FLAG_LICENCE);
    expect_type(f, "533401372.", FLAG_PASSPORT);
    find_in(f, "William Oakley, sort code 20-00-00 account 12345678, card 4111 1111 1111 1111. ULN 1234567890.");
    expect_type(f, "20-00-00", FLAG_BANK);
    expect_type(f, "12345678,", FLAG_BANK);
    expect_type(f, "4111 1111 1111 1111.", FLAG_BANK);
    expect_type(f, "1234567890.", FLAG_ULN);
    find_in(f, "William Oakley: crime ref 04/12345/24, on snapchat as will_o88, see www.mail.example/will");
    expect_type(f, "04/12345/24,", FLAG_REF);
    expect_type(f, "will_o88,", FLAG_HANDLE);
    expect_type(f, "www.mail.example/will", FLAG_HANDLE);
}

static void numbers_that_are_none(void **state) {
    struct fixture *f = *state;
    find_in(f, "Card 4111 1111 1111 1112 was not his. Room AB 12. First direct account 25.12.2014 was read. Wi11iam came. Section 47.");
    for (size_t i = 0; i < f->flags.count; i++)
        assert_true(f->flags.list[i].type != FLAG_BANK && f->flags.list[i].type != FLAG_VEHICLE && f->flags.list[i].type != FLAG_REF);
}

static void numbers_in_groups(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley: IBAN GB29 NWBK 6016 1331 9268 19, sort code 20 45 67 account 1234 5678, passport 123 456 789. ULN 1234 567 890.");
    expect_type(f, "GB29 NWBK 6016 1331 9268 19,", FLAG_BANK);
    expect_type(f, "20 45 67", FLAG_BANK);
    expect_type(f, "1234 5678,", FLAG_BANK);
    expect_type(f, "123 456 789.", FLAG_PASSPORT);
    expect_type(f, "1234 567 890.", FLAG_ULN);
    find_in(f, "The account of 12 May 2020 is short. Her passport came on 3 June 2021.");
    for (size_t i = 0; i < f->flags.count; i++)
        assert_true(f->flags.list[i].type != FLAG_BANK && f->flags.list[i].type != FLAG_PASSPORT);
}

static void groups_and_telephones(void **state) {
    struct fixture *f = *state;
    find_in(f, "Licence OAKLE 901290 W99AB. Joanne gave the police her number 07700-900540.");
    assert_non_null(flag_of(f, "OAKLE 901290 W99AB."));
    expect_type(f, "07700-900540.", FLAG_PHONE);
    char *many = calloc(1, 400000), *at = many;
    for (int i = 0; i < 50000; i++)
        at = stpcpy(at, "Monday ");
    find_in(f, many); /* ends, and soon */
    free(many);
}

static void names_of_a_list_stay_apart(void **state) {
    struct fixture *f = *state;
    find_in(f, "Social worker: Gary Mellor\nTracy Boswell\nNigel Hardcastle\nIsla lives with Joanne. William is 34.");
    const struct flag *flag = flag_of(f, "Nigel Hardcastle");
    assert_non_null(flag);
    assert_int_equal(flag->cover, 1);
    expect(f, "Isla", "C1234567", "SUBJ");
    expect(f, "Joanne.", "P1", "CONSENT");
}

static void ages_beside_people(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley (44) came. His mother is 70 years old. Isla (12) was there for 20 minutes.");
    expect_type(f, "(44)", FLAG_AGE);
    assert_int_equal(flag_of(f, "(44)")->cover, 1);
    expect_type(f, "70 years old.", FLAG_AGE);
    expect(f, "(12)", "C1234567", "SUBJ");
    assert_null(flag_of(f, "20"));
}

static void ages_in_words(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley has a son, aged two, by his wife. His sister, who is six, came. Joanne Carter, now 41, was there.");
    expect_type(f, "two,", FLAG_AGE);
    expect_type(f, "six,", FLAG_AGE);
    expect_type(f, "41,", FLAG_AGE);
    find_in(f, "The work with Mrs Carter, six sessions, is now six months late.");
    expect_no(f, "six");
}

static void a_car_is_told_by_its_colour(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley came in a silver Vauxhall Corsa, KP34 MDX and left.");
    expect_type(f, "silver Vauxhall Corsa, KP34 MDX", FLAG_VEHICLE);
    find_in(f, "The colour was grey. It was KP34 MDX again.");
    expect_type(f, "KP34 MDX", FLAG_VEHICLE);
}

static void accounts_behind_sort_codes(void **state) {
    struct fixture *f = *state;
    find_in(f, "Pay it to sort code 08-77-03, a/c 66120974. Or to 07-06-44 / 30118827.");
    expect_type(f, "66120974.", FLAG_BANK);
    expect_type(f, "30118827.", FLAG_BANK);
    find_in(f, "His National Insurance number (AB 51 07 33 B) is known.");
    expect_type(f, "(AB 51 07 33 B)", FLAG_NINO);
}

static void births_in_the_column_of_a_table(void **state) {
    struct fixture *f = *state;
    find_in(f, "Name Relation DOB\nKelly Marsden lodger 18/09/1993\nWilliam Oakley met her on 19/09/2020");
    expect_type(f, "18/09/1993", FLAG_DOB);
    assert_null(flag_of(f, "19/09/2020"));
}

static void the_councils_own_lists(void **state) {
    struct equipped *e = *state;
    static struct listed_name never[] = {{.words = (char *)"Kelly Marsden", .role = (char *)""}}, always[] = {{.words = (char *)"big tina", .role = (char *)"third_party"}};
    const struct name_lists lists = {.never = never, .never_count = 1, .always = always, .always_count = 1};
    find_in(&e->base, "We met Kelly Marsden and Big Tina there.");
    assert_non_null(flag_of(&e->base, "Kelly Marsden"));
    finder_equip(e->base.finder, &(struct finder_aids){.model = e->model, .flag_bias = 1.1f, .look_bias = 2, .lists = &lists});
    find_in(&e->base, "We met Kelly Marsden and Big Tina there. Joanne Hughes-Pickup came too.");
    assert_null(flag_of(&e->base, "Kelly Marsden"));
    const struct flag *tina = flag_of(&e->base, "Big Tina");
    assert_non_null(tina);
    assert_string_equal(tina->finder, "list");
    assert_int_equal((int)tina->role, ROLE_THIRD_PARTY);
    expect(&e->base, "Joanne Hughes-Pickup", "P1", "CONSENT");
}

static void everything_where_there_is_no_case(void **state) {
    struct equipped *e = *state;
    finder_equip(e->base.finder, &(struct finder_aids){.model = e->model, .flag_bias = 1.1f, .look_bias = 2, .everything = true});
    finder_turn(e->base.finder, 0);
    find_in(&e->base, "Mr Robert Murray of Leeds complained on 11 May 1994. GL told Mr Murray that GL knew.");
    assert_int_equal(flag_of(&e->base, "Mr Robert Murray")->cover, 1);
    expect_type(&e->base, "11 May 1994.", FLAG_DATE);
    assert_non_null(flag_of(&e->base, "GL"));
    find_in(&e->base, "He appealed to the Ankara Administrative Court, which dismissed the case.");
    for (size_t i = 0; i < e->base.flags.count; i++)
        if (strstr(e->base.flags.list[i].text, "Court"))
            assert_int_equal(e->base.flags.list[i].look, 1); /* a court alone tells of nobody */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_by_their_shape, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(numbers_that_are_none, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(numbers_in_groups, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(groups_and_telephones, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(names_of_a_list_stay_apart, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(ages_beside_people, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(ages_in_words, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(a_car_is_told_by_its_colour, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(accounts_behind_sort_codes, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(births_in_the_column_of_a_table, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(the_councils_own_lists, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(everything_where_there_is_no_case, equipped_make, equipped_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
