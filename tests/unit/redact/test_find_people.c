/* Names of the case, other children, strangers. */
#include "tests/unit/redact/find_fixture.h"

static void test_forms_of_a_name(void **state) {
    struct fixture *f = *state;
    find_in(f, "OAKLEY, William; W Oakley. Later Mr Oakley and W.O. and Will's phone, oakley said; Billy "
               "left, Oakley too.");
    expect(f, "OAKLEY, William;", "P2", "3P-REFUSED");
    expect(f, "W Oakley.", "P2", "3P-REFUSED");
    expect(f, "Mr Oakley", "P2", "3P-REFUSED");
    expect(f, "W.O.", "P2", "3P-REFUSED");
    expect(f, "Will's", "P2", "3P-REFUSED");
    expect(f, "oakley", "P2", "3P-REFUSED");
    expect(f, "Billy", "P2", "3P-REFUSED");
    expect(f, "Oakley", "P2", "3P-REFUSED");
}

static void test_broken_and_misread(void **state) {
    struct fixture *f = *state;
    find_in(f, "We saw Margaret Car-\nter and William\nOakley. Then Marqaret Carter, Wi11iam 0akley, Dawn "
               "Ketterlng and Ketterinq left.");
    expect(f, "Margaret Car- ter", "P3", "3P-UNREASONABLE");
    expect(f, "William Oakley.", "P2", "3P-REFUSED");
    expect(f, "Marqaret Carter,", "P3", "3P-UNREASONABLE");
    expect(f, "Wi11iam 0akley,", "P2", "3P-REFUSED");
    expect(f, "Dawn Ketterlng", "P4", "3P-UNREASONABLE");
    expect(f, "Ketterinq", "P4", "3P-UNREASONABLE");
}

static void test_double_barrel_and_alias(void **state) {
    struct fixture *f = *state;
    find_in(f, "Joanne Pickup, Joanne Hughes Pickup, Mrs Hughes-\nPickup and Joanne Carter are one. Izzy "
               "Hughes-Pickup and Izzy too.");
    expect(f, "Joanne Pickup,", "P1", "CONSENT");
    expect(f, "Joanne Hughes Pickup,", "P1", "CONSENT");
    expect(f, "Mrs Hughes- Pickup", "P1", "CONSENT");
    expect(f, "Joanne Carter", "P1", "CONSENT");
    expect(f, "Izzy Hughes-Pickup", "C1234567", "SUBJ");
    expect(f, "Izzy", "C1234567", "SUBJ");
}

static void test_ordinary_words(void **state) {
    struct fixture *f = *state;
    find_in(f, "Will you come? It will rain at dawn. He may go in May 2021. We will see. Will said no. I met "
               "Dawn there. Dawn Street is far.");
    expect(f, "Will", "P2", "3P-REFUSED");
    expect(f, "Dawn", "P4", "3P-UNREASONABLE");
    assert_int_equal(f->flags.count, 2);
}

static void test_titles_tell_apart(void **state) {
    struct fixture *f = *state;
    find_in(f, "PC 2231 Oakley came. Dr Carter wrote. Mrs Oakley rang. Mr Holt waited. Judge Kettering sat.");
    expect(f, "PC 2231 Oakley", "~oakley.", "PROF");
    expect(f, "Dr Carter", "~carter.", "PROF");
    expect(f, "Mrs Oakley", "~oakley.", "3P-UNREASONABLE");
    expect(f, "Mr Holt", "~holt.", "3P-UNREASONABLE");
    expect(f, "Judge Kettering", "~kettering.", "PROF");
}

/* Theo and Isla share their surname with the mother: never the subject's own full name. */
static void test_shared_surname(void **state) {
    struct fixture *f = *state;
    find_in(f, "Surname\nHughes-Pickup\nISLA HUGHES-PICKUP was fine. HUGHES-PICKUP, Theo was not.");
    assert_int_equal(flag_of(f, "Hughes-Pickup")->cover, 0);
    expect(f, "ISLA HUGHES-PICKUP", "C1234567", "SUBJ");
    expect(f, "HUGHES-PICKUP, Theo", "C2345678", "3P-CHILD");
}

static void test_other_children(void **state) {
    struct fixture *f = *state;
    find_in(f, "Her friend Umar Mohammed came. Umar's mother, Nisha Desai, rang. Grace May sat down.");
    expect(f, "Umar Mohammed", "C3456789", "3P-CHILD");
    expect(f, "Umar's", "C3456789", "3P-CHILD");
    assert_int_equal(flag_of(f, "Nisha Desai,")->cover, 1);
    expect(f, "Grace May", "C4567890", "3P-CHILD");
}

static void test_strangers(void **state) {
    struct fixture *f = *state;
    find_in(f, "Mr Blenkinsop saw it. Nurse Abiola Fawcett, and the head teacher, Mrs Prentice, agreed. "
               "Witness: Colin Thwaite\n"
               "Umar Bassett lives there. Bassett Lowe Solicitors wrote.");
    expect(f, "Mr Blenkinsop", "~blenkinsop.", "3P-UNREASONABLE");
    expect(f, "Nurse Abiola Fawcett,", "~fawcett.abiola", "PROF");
    expect(f, "Mrs Prentice,", "~prentice.", "PROF");
    expect(f, "Umar Bassett", "~bassett.umar", "3P-UNREASONABLE");
    expect_no(f, "Solicitors");
}

/* Words of work beside a name on no list, in the ways that people write them. */
static void who_works_there(void **state) {
    static const char *const professionals[][2] = {
        {"I rang Siobhan Tully at EDT about it.", "Siobhan Tully"},
        {"I rang Imran Vell at youth offending about it.", "Imran Vell"},
        {"Her social worker is Petros Vell in the north team.", "Petros Vell"},
        {"This is on the list of my colleague Gwyneth Foulkes now.", "Gwyneth Foulkes"},
        {"Mr Obuya (agency) was on.", "Mr Obuya"},
        {"Present were Miss Ottoline Finch of counsel and others.", "Miss Ottoline Finch"},
        {"The rent is due.\nYours sincerely\nRosamund Chase-Whitby\nIncome Recovery\nr.chase@thornbyhomes.example", "Rosamund Chase-Whitby"},
        {"PC 4471 Will Marchetti came.", "PC 4471 Will Marchetti"}};
    static const char *const others[][2] = {{"Mr Festus Bent, a retired headmaster, wrote.", "Mr Festus Bent,"},
                                            {"Rev. Alasdair Muir came.", "Rev. Alasdair Muir"},
                                            {"Parents wrote.\nYours sincerely\nRosamund Chase-Whitby\nr.chase@gmail.example", "Rosamund Chase-Whitby"},
                                            {"Emyr Gwynne (minister); Mrs Delia Probyn, next door.", "Mrs Delia Probyn,"}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof professionals / sizeof *professionals; i++) {
        find_in(f, professionals[i][0]);
        const struct flag *flag = flag_of(f, professionals[i][1]);
        if (!flag || strcmp(flag->code, "PROF"))
            print_error("no professional: %s\n", professionals[i][1]);
        assert_non_null(flag);
        assert_string_equal(flag->code, "PROF");
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        find_in(f, others[i][0]);
        const struct flag *flag = flag_of(f, others[i][1]);
        if (!flag || !flag->cover)
            print_error("not covered: %s\n", others[i][1]);
        assert_non_null(flag);
        assert_int_equal(flag->cover, 1);
    }
}

/* One place that says so is enough for all; but not against one that says that she is a sister. */
static void a_professional_in_one_place_is_one_in_all(void **state) {
    struct fixture *f = *state;
    find_in(f, "Asked Kelly Marsden to see to it. Signed by Kelly Marsden, Social Worker.");
    assert_string_equal(flag_of(f, "Kelly Marsden")->code, "PROF");
    find_in(f, "Asked Kelly Marsden to see to it. From Kelly Marsden kelly.marsden@ribbleshire.gov.example today.");
    assert_string_equal(flag_of(f, "Kelly Marsden")->code, "PROF");
    find_in(f, "My sister Kelly Marsden came. Signed by Kelly Marsden, Social Worker.");
    assert_int_equal(flag_of(f, "Kelly Marsden")->cover, 1);
}

/* The social worker is named in full; that does not make the grandmother, whom they call Kim as well, a professional. */
static void a_first_name_of_two(void **state) {
    struct fixture *f = *state;
    find_in(f, "Seen with Kim Holt at the house. Then Kim told us that she owes rent.");
    expect(f, "Kim Holt", "PRO-1", "PROF");
    const struct flag *flag = flag_of(f, "Kim");
    assert_non_null(flag);
    assert_int_equal(flag->cover, 1);
    assert_int_equal((int)flag->role, ROLE_UNKNOWN);
}

static void who_attended(void **state) {
    struct fixture *f = *state;
    find_in(f, "Attending\nRuth Pennington\nJoanne Hughes-Pickup (mother)\nVivienne Marsden (aunt)\nRevd. Ivor Beddoes\nThe meeting was opened. Ruth Pennington said that Kelly Oduya was well.");
    expect(f, "Joanne Hughes-Pickup", "P1", "CONSENT");
    const struct flag *ruth = flag_of(f, "Ruth Pennington"), *aunt = flag_of(f, "Vivienne Marsden"), *priest = flag_of(f, "Revd. Ivor Beddoes");
    assert_non_null(ruth);
    assert_string_equal(ruth->code, "PROF");
    assert_non_null(aunt);
    assert_int_equal(aunt->cover, 1);
    assert_non_null(priest);
    assert_int_equal(priest->cover, 1);
    const struct flag *other = flag_of(f, "Kelly Oduya");
    assert_true(!other || other->cover || other->look);
}

/* The half of a name on the next line belongs to an atom whose letters stand in two words; and a document may end with the first word of a heading. */
static void nothing_is_read_behind_a_word(void **state) {
    struct fixture *f = *state;
    find_in(f, "Seen with Dawn Kett-\nering Vivienne Marsden and others.\nThose");
    assert_non_null(flag_of(f, "Vivienne Marsden"));
    find_in(f, "The minister, Dawn Kett-\nering\nCame later and Vivienne Marsden was there.");
    assert_non_null(flag_of(f, "Vivienne Marsden"));
}

static void a_namesake_with_another_birthday(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla Rose Hughes-Pickup (DOB 27/03/2012) was seen.");
    expect(f, "Isla Rose Hughes-Pickup", "C1234567", "SUBJ");
    find_in(f, "Isla Hughes-Pickup (DOB 27/03/2017) was seen."); /* one sign: a slip */
    expect(f, "Isla Hughes-Pickup", "C1234567", "SUBJ");
    find_in(f, "Isla Hughes-Pickup (DOB 14/11/2009) was seen.");
    const struct flag *flag = flag_of(f, "Isla Hughes-Pickup");
    assert_non_null(flag);
    assert_string_equal(flag->code, "3P-CHILD");
    assert_int_equal(flag->cover, 1);
}

static void initials_in_the_name_of_a_school(void **state) {
    struct fixture *f = *state;
    find_in(f, "Re: Isla Rose Hughes-Pickup (d.o.b. 27.03.2012), e.g. of school.");
    expect_no(f, "d.o.b");
    expect_no(f, "e.g");
    expect_type(f, "27.03.2012),", FLAG_DOB);
    find_in(f, "She goes to St Oswald's IH Primary School now.");
    expect_no(f, "IH");
}

static void test_no_names(void **state) {
    struct fixture *f = *state;
    find_in(f, "The Family Court at Garsworth made an Interim Care Order. Children Act 1989, Section 47. "
               "Weavers Field Primary School "
               "is near Carter Street and St Margaret House.");
    assert_int_equal(f->flags.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_forms_of_a_name, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_broken_and_misread, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_double_barrel_and_alias, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_ordinary_words, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_titles_tell_apart, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_shared_surname, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_other_children, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_strangers, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(who_works_there, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(a_professional_in_one_place_is_one_in_all, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(a_first_name_of_two, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(who_attended, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(nothing_is_read_behind_a_word, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(a_namesake_with_another_birthday, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(initials_in_the_name_of_a_school, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_no_names, fixture_make, fixture_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
