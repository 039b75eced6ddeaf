/* Extracts as other systems write them: their own columns, their own dates, and rows that are wrong. */
#include "base/clock.h"
#include "base/err.h"
#include "store/people_csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct people *read_as(const char *map_path, const char *children, const char *persons, struct csv_report *report) {
    struct people *people = NULL;
    struct register_map *map = NULL;
    if (map_path)
        assert_int_equal(register_map_load(map_path, &map), 0);
    struct people_csv_order order = {children, persons, map, date_from(2025, 3, 31)};
    int err = people_csv_read(&order, &people, report);
    register_map_drop(&map);
    assert_int_equal(err, report->fatal ? ERR_INPUT : 0);
    return people;
}

static void the_matchers_columns(void **state) {
    (void)state;
    struct csv_report report;
    struct people *people = read_as("config/register-sui.conf",
                                    "SourceID,DOB,Surname,Forename,Gender,PostCode,ActiveCIN,ActiveCLA,ActiveCP,ActiveReferral,ActiveEHM,Ethnicity,"
                                    "ImmigrationStatus,NHSNumber\n"
                                    "1234567,12/03/2011,Quill,Orla Mae,F,FW1 8JQ,1,0,1,0,0,WBRI,,999 003 2165\n"
                                    "7654321,2009-12-01 00:00:00,O'Dea,Rafe,M,PX1 2AB,Y,N,N,N,N,,,\n"
                                    "7654322,1-Feb-09,Dale,Sid,M,,,,,,,,,\n", NULL, &report);
    assert_int_equal(people->child_count, 2);
    assert_string_equal(people->children[0].council_id, "1234567");
    assert_string_equal(people->children[0].nhs_number, "9990032165");
    assert_string_equal(people->children[0].status, "CP"); /* the first of the map's columns that says yes */
    assert_int_equal(people->children[0].born, date_from(2011, 3, 12));
    assert_string_equal(people->children[1].status, "CIN");
    assert_int_equal(people->children[1].born, date_from(2009, 12, 1));
    assert_int_equal(report.rejected[REGISTER_CHILDREN], 1); /* a year of two digits is a guess */
    assert_int_equal(report.list[0].line, 4);
    people_drop(&people);
    csv_report_drop(&report);
}

static void names_of_columns_in_any_dress(void **state) {
    (void)state;
    struct csv_report report;
    struct people *people = read_as("config/register-lcs.conf", "lcs_id;FIRST NAMES;Last Name ;Date of Birth\n1234567;Orla;Quill;12-Mar-2011\n",
                                    "LCS ID;Related Person ID;Relationship;Role;First Names;Last Name;Lives With;Consent To Share\n"
                                    "1234567;P1;Mother;family;Ann;Quill;Y;N\n", &report);
    assert_int_equal(report.count, 0);
    assert_int_equal(people->child_count, 1);
    assert_int_equal(people->children[0].born, date_from(2011, 3, 12));
    assert_int_equal(people->person_count, 1);
    assert_true(people->persons[0].in_household && people->persons[0].consent == CONSENT_NO);
    people_drop(&people);
    csv_report_drop(&report);
}

#define CHILDREN "council_id,nhs_number,forenames,surname,date_of_birth\n"
#define PERSONS "council_id,person_id,role,forenames,surname\n"

static void wrong_rows_are_told_and_the_rest_goes_on(void **state) {
    (void)state;
    static const struct {
        size_t line;
        enum register_file file;
        enum register_column column;
        bool rejected;
    } wanted[] = {
        {3, REGISTER_CHILDREN, COLUMN_date_of_birth, true},  {4, REGISTER_CHILDREN, COLUMN_date_of_birth, true}, {5, REGISTER_CHILDREN, COLUMN_nhs_number, false},
        {6, REGISTER_CHILDREN, COLUMN_council_id, true},     {7, REGISTER_CHILDREN, COLUMN_surname, true},       {8, REGISTER_CHILDREN, COLUMN_council_id, true},
        {3, REGISTER_PEOPLE, COLUMN_role, true},             {4, REGISTER_PEOPLE, COLUMN_council_id, true},      {5, REGISTER_PEOPLE, COLUMN_council_id, true},
    };
    struct csv_report report;
    struct people *people = read_as(NULL, CHILDREN "1,,A,B,2011-03-12\n2,,A,B,12/31/2011\n3,,A,B,2031-01-01\n4,9990032166,A,B,\n,,A,B,\n5,,,,\n1,,C,D,\n6,,E,F,2026-01-01\n",
                                    PERSONS "1,P1,family,A,B\n1,P2,friend,A,B\n9,P3,family,A,B\n2,P3,family,A,B\n", &report);
    assert_int_equal(report.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < report.count; i++) {
        assert_int_equal(report.list[i].line, wanted[i].line);
        assert_int_equal(report.list[i].file, wanted[i].file);
        assert_int_equal(report.list[i].column, wanted[i].column);
        assert_int_equal(report.list[i].rejected, wanted[i].rejected);
    }
    assert_int_equal(people->child_count, 3); /* 1, 4, and 6, who is not born yet */
    assert_string_equal(people->children[1].nhs_number, "");
    assert_int_equal(people->children[2].id, 3);
    assert_int_equal(people->person_count, 1);
    assert_int_equal(report.rows[REGISTER_CHILDREN], 8);
    assert_int_equal(report.rejected[REGISTER_CHILDREN], 5);
    assert_int_equal(report.rejected[REGISTER_PEOPLE], 3);
    people_drop(&people);
    csv_report_drop(&report);
}

static void missing_columns_are_named_as_the_extract_should_have_them(void **state) {
    (void)state;
    struct csv_report report;
    assert_null(read_as("config/register-sui.conf", "SourceID,Forename\n1,A\n", NULL, &report));
    assert_non_null(strstr(report.fatal, "Surname, DOB"));
    csv_report_drop(&report);
    assert_null(read_as(NULL, PERSONS "1,P1,family,A,B\n", NULL, &report));
    assert_non_null(strstr(report.fatal, "date_of_birth"));
    csv_report_drop(&report);
}

static void check_map(const char *text, int wanted) {
    char path[] = "/tmp/casefile-map-XXXXXX";
    int fd = mkstemp(path);
    struct register_map *map = NULL;
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_int_equal(register_map_load(path, &map), wanted);
    unlink(path);
    register_map_drop(&map);
}

static void maps_with_faults_are_refused(void **state) {
    (void)state;
    check_map("children = { surname = \"Last\"; };", 0);
    check_map("children = { surnam = \"Last\"; };", ERR_SETTING);
    check_map("children = { relation = \"R\"; };", ERR_SETTING); /* a column of the other file */
    check_map("childen = { surname = \"Last\"; };", ERR_SETTING);
    check_map("children = { surname = 5; };", ERR_SETTING);
    check_map("children = { status = ( { column = \"A\"; } ); };", ERR_SETTING);
    check_map("children = { surname = \"Last\" ", ERR_SETTING);
    check_map("", ERR_SETTING);
    struct register_map *map = NULL;
    assert_int_equal(register_map_load("/nowhere.conf", &map), ERR_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matchers_columns),
        cmocka_unit_test(names_of_columns_in_any_dress),
        cmocka_unit_test(wrong_rows_are_told_and_the_rest_goes_on),
        cmocka_unit_test(missing_columns_are_named_as_the_extract_should_have_them),
        cmocka_unit_test(maps_with_faults_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
