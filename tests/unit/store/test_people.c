#include "base/clock.h"
#include "base/err.h"
#include "store/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHILD_COLUMNS                                                                                        \
    "council_id,nhs_number,upn,forenames,surname,also_known_as,date_of_birth,previous_addresses,family_id\n"
#define PERSON_COLUMNS                                                                                       \
    "council_id,person_id,relation,role,forenames,surname,date_of_birth,in_household,consent_to_share,"      \
    "confidential\n"

static const char children_csv[] = "# a notice, with \"quotes\n" CHILD_COLUMNS
                                   "1234567,9990032165,,Orla Mae,Quill,Orla Finch (birth name)|Ollie (known "
                                   "as),2011-03-12,\"Flat 3, 35, Mill Way, X|9 Elm Row\",F1\r\n"
                                   "7654321,,,Rafe,\"O\"\"Dea, the younger\",,,,F2\n";
static const char persons_csv[] = PERSON_COLUMNS "7654321,P2,father,family,Tom,O'Dea,1980-01-02,yes,no,yes\n"
                                                 "1234567,P1,mother,family,Ann,Quill,,no,yes,no\n"
                                                 "7654321,PRO1,social worker,professional,Jo,Marsh,,no,,no\n";

static void test_reads_extracts(void **state) {
    (void)state;
    struct people *people = NULL;
    char *where = NULL;
    assert_int_equal(people_from_csv(children_csv, persons_csv, &people, &where), 0);
    assert_int_equal(people->child_count, 2);
    const struct child *child = people_child_of_council_id(people, "1234567");
    assert_non_null(child);
    assert_int_equal(child->id, 1);
    assert_string_equal(child->forenames, "Orla Mae");
    assert_int_equal(child->born, date_from(2011, 3, 12));
    assert_int_equal(child->alias_count, 2);
    assert_string_equal(child->aliases[0].name, "Orla Finch");
    assert_string_equal(child->aliases[0].kind, "birth name");
    assert_string_equal(child->aliases[1].name, "Ollie");
    assert_int_equal(child->previous_address_count, 2);
    assert_string_equal(child->previous_addresses[0], "Flat 3, 35, Mill Way, X");
    assert_string_equal(child->upn, "");
    assert_string_equal(child->school, ""); /* the column is not there */
    assert_string_equal(people_child(people, 2)->surname, "O\"Dea, the younger");
    assert_int_equal(people_child(people, 2)->born, DATE_NONE);
    assert_null(people_child(people, 3));
    assert_null(people_child_of_council_id(people, "999"));
    assert_null(people_child_of_council_id(people, ""));
    people_drop(&people);
    assert_null(people);
    people_drop(&people);
}

static void test_links_are_by_child(void **state) {
    (void)state;
    struct people *people = NULL;
    char *where = NULL;
    size_t count = 9;
    assert_int_equal(people_from_csv(children_csv, persons_csv, &people, &where), 0);
    const struct person *persons = people_of_child(people, 2, &count);
    assert_int_equal(count, 2);
    assert_string_equal(persons[0].forenames, "Tom");
    assert_int_equal(persons[0].role, ROLE_FAMILY);
    assert_int_equal(persons[0].consent, CONSENT_NO);
    assert_true(persons[0].in_household && persons[0].confidential);
    assert_int_equal(persons[1].role, ROLE_PROFESSIONAL);
    assert_int_equal(persons[1].consent, CONSENT_UNKNOWN);
    assert_string_equal(people_of_child(people, 1, &count)->person_id, "P1");
    assert_int_equal(count, 1);
    assert_null(people_of_child(people, 7, &count));
    assert_int_equal(count, 0);
    people_drop(&people);
}

static void check_refused(const char *children, const char *persons, const char *wanted) {
    struct people *people = NULL;
    char *where = NULL;
    assert_int_equal(people_from_csv(children, persons, &people, &where), ERR_INPUT);
    assert_null(people);
    assert_non_null(where);
    assert_non_null(strstr(where, wanted));
    free(where);
}

static void test_bad_input_names_the_line(void **state) {
    (void)state;
    check_refused("", PERSON_COLUMNS, "column names");
    check_refused("a,b,c\n1,2,3\n", PERSON_COLUMNS, "council_id");
    check_refused("#x\n" CHILD_COLUMNS "1234567,,,A,B,,31/02/2011,,F1\n", PERSON_COLUMNS,
                  "line 3: date_of_birth");
    check_refused(CHILD_COLUMNS "1234567,,,\"A,B,,,,F1\n", PERSON_COLUMNS, "line 2: a quoted field");
    check_refused(CHILD_COLUMNS ",,,A,B,,,,F1\n", PERSON_COLUMNS, "line 2: council_id is empty");
    check_refused(children_csv, PERSON_COLUMNS "1111111,P1,x,family,A,B,,no,no,no\n",
                  "line 2: council_id is not in");
    check_refused(PERSON_COLUMNS, children_csv, "the file of children"); /* the two files in each other's place */
    check_refused(children_csv, children_csv, "the file of people");
    check_refused(CHILD_COLUMNS "1234567,,,A,B,,,,F1\n1234567,,,C,D,,,,F2\n", PERSON_COLUMNS, "line 3: council_id is that of an earlier row");
    check_refused(CHILD_COLUMNS "1234567,,,Zo\xEB,B,,,,F1\n", PERSON_COLUMNS, "UTF-8");
    check_refused(children_csv, PERSON_COLUMNS "\n1234567,P1,x,friend,A,B,,no,no,no\n", "line 3: role");
}

static void test_line_ends_of_other_systems(void **state) {
    (void)state;
    struct people *people = NULL;
    char *where = NULL;
    static const char *const ends[] = {"\n", "\r\n", "\r\r\n"};
    for (size_t i = 0; i < 3; i++) {
        char csv[256];
        snprintf(csv, sizeof csv, "council_id,forenames,surname,date_of_birth,family_id%s1234567,A,B,2011-03-12,F1%s", ends[i], ends[i]);
        assert_int_equal(people_from_csv(csv, PERSON_COLUMNS, &people, &where), 0);
        assert_int_equal(people->child_count, 1);
        assert_string_equal(people->children[0].family_id, "F1");
        people_drop(&people);
    }
}

static void test_roles_by_text(void **state) {
    (void)state;
    enum role role = ROLE_UNKNOWN;
    assert_int_equal(role_from_text("other_child", &role), 0);
    assert_int_equal(role, ROLE_OTHER_CHILD);
    assert_string_equal(role_text(role), "other_child");
    assert_int_equal(role_from_text("Family", &role), ERR_INPUT);
    assert_int_equal(role, ROLE_OTHER_CHILD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_extracts), cmocka_unit_test(test_links_are_by_child),
        cmocka_unit_test(test_bad_input_names_the_line), cmocka_unit_test(test_line_ends_of_other_systems), cmocka_unit_test(test_roles_by_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
