/* Whose an address or a school is: by the register, and by the words that stand beside it. */
#include "tests/unit/redact/find_fixture.h"

/* The subject's own address, but as somebody's who is no family. */
static void an_address_is_given_by_a_lodger(void **state) {
    struct fixture *f = *state;
    find_in(f, "Ms Bellingham was there. She gave her last address as 101 Bishop Street, Marlsea, LX12 9PE and left.");
    expect(f, "101 Bishop Street, Marlsea, LX12 9PE", "P6", "3P-UNREASONABLE");
    assert_int_equal(flag_of(f, "101 Bishop Street, Marlsea, LX12 9PE")->cover, 1);
}

static void an_address_is_given_by_nobody_but_the_lodger(void **state) {
    struct fixture *f = *state;
    find_in(f, "The lodger opened the door. He gave his last address as 101 Bishop Street, Marlsea, LX12 9PE and left.");
    expect(f, "101 Bishop Street, Marlsea, LX12 9PE", "P6", "3P-UNREASONABLE");
}

static void the_subjects_home_stays_the_subjects(void **state) {
    struct fixture *f = *state;
    find_in(f, "Ms Bellingham was there. We went to 101 Bishop Street, Marlsea, LX12 9PE again.");
    expect(f, "101 Bishop Street, Marlsea, LX12 9PE", "C1234567", "SUBJ");
    find_in(f, "Joanne Hughes-Pickup gave her address as 101 Bishop Street, Marlsea, LX12 9PE again.");
    expect(f, "101 Bishop Street, Marlsea, LX12 9PE", "C1234567", "SUBJ");
}

static void a_brothers_school_tells_where_he_is(void **state) {
    struct fixture *f = *state;
    find_in(f, "She likes walking to St Cuthbert's RC High School with the dog.");
    expect(f, "St Cuthbert's RC High School", "C2345678", "3P-CHILD");
    find_in(f, "He was seen at St Cuthberts RC High today.");
    expect(f, "St Cuthberts RC High", "C2345678", "3P-CHILD");
}

static void the_subjects_school_is_no_secret(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla walks to Bishop Street Primary School with the dog. Theo does not like Bishop Street Primary School at all.");
    assert_null(flag_of(f, "Bishop Street Primary School"));
    find_in(f, "Theo Hughes-Pickup 02/05/2014 9996155870 Bishop Street Primary School"); /* but in a brother's row it is his */
    expect(f, "Bishop Street Primary School", "C2345678", "3P-CHILD");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(an_address_is_given_by_a_lodger, fixture_make, fixture_drop),
                                       cmocka_unit_test_setup_teardown(an_address_is_given_by_nobody_but_the_lodger, fixture_make, fixture_drop),
                                       cmocka_unit_test_setup_teardown(the_subjects_home_stays_the_subjects, fixture_make, fixture_drop),
                                       cmocka_unit_test_setup_teardown(a_brothers_school_tells_where_he_is, fixture_make, fixture_drop),
                                       cmocka_unit_test_setup_teardown(the_subjects_school_is_no_secret, fixture_make, fixture_drop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
