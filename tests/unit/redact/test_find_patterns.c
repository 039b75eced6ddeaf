/* Numbers, dates, mail addresses and street addresses, and whose they are. */
#include "tests/unit/redact/find_fixture.h"

static void test_phones(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley 07700 900567 or 07700\n900 568. Kim Holt (01632) 960748; her own mobile is 0 "
               "7 7 0 0 9 0 0 9 1 1 ok.");
    expect(f, "07700 900567", "P2", "3P-REFUSED");
    expect(f, "07700 900 568.", "P2", "3P-REFUSED");
    expect(f, "(01632) 960748;", "PRO-1", "PROF");
    find_in(f, "Kim Holt said ring my own mobile 07700 900911 tonight. +44 7700 900 567 and Tel:07700900567 "
               "are his.");
    expect(f, "07700 900911", "PRO-1", "3P-UNREASONABLE");
    expect(f, "+44 7700 900 567", "P2", "3P-REFUSED");
    expect(f, "Tel:07700900567", "P2", "3P-REFUSED");
    expect_type(f, "Tel:07700900567", FLAG_PHONE);
}

static void test_phone_misread(void **state) {
    struct fixture *f = *state;
    find_in(f, "Rang O77OO 9OO567 and O1632 96O748 at 10:20 on 03/02/2025 416 times.");
    expect(f, "O77OO 9OO567", "P2", "3P-REFUSED");
    expect(f, "O1632 96O748", "PRO-1", "PROF");
    assert_int_equal(f->flags.count, 2);
}

static void test_mail(void **state) {
    struct fixture *f = *state;
    find_in(f, "From: <jo.hp@mail.example> To: kim.holt@ribbleshire.gov.example Cc: "
               "duty@ribbleshire.gov.example, x.y@post.example "
               "will.oakley99@mail.example.");
    expect(f, "<jo.hp@mail.example>", "P1", "CONSENT");
    expect(f, "kim.holt@ribbleshire.gov.example", "PRO-1", "PROF");
    expect(f, "duty@ribbleshire.gov.example,", "", "PROF");
    assert_int_equal(flag_of(f, "x.y@post.example")->cover, 1);
    assert_int_equal(flag_of(f, "will.oakley99@mail.example.")->cover, 1);
}

static void test_births(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla Hughes-Pickup D.O.B. 27th March 2012. Theo 2.5.14 and Margaret Carter 02-Nov-55; Mr "
               "Blenkinsop, born 3 June 1960, "
               "came on 4 June 2021. William Oakley 29/O1/1981");
    expect(f, "27th March 2012.", "C1234567", "SUBJ");
    expect(f, "2.5.14", "C2345678", "3P-CHILD");
    expect(f, "02-Nov-55;", "P3", "3P-UNREASONABLE");
    expect(f, "3 June 1960,", "~blenkinsop.", "3P-UNREASONABLE");
    expect(f, "29/O1/1981", "P2", "3P-REFUSED");
    expect_no(f, "4 June 2021");
}

static void test_numbers(void **state) {
    struct fixture *f = *state;
    find_in(f, "LCS ID 1234567 NHS 999 003 2165 UPN D899200012000 and brother 2345678, NHS No: 9996155870. "
               "NINO PY 82 92 44 C of Mr Blenkinsop. "
               "Ref 7654321. Sum 1111111 pounds, 999 003 2166 no.");
    expect(f, "1234567", "C1234567", "SUBJ");
    expect(f, "999 003 2165", "C1234567", "SUBJ");
    expect(f, "D899200012000", "C1234567", "SUBJ");
    expect(f, "2345678,", "C2345678", "3P-CHILD");
    expect(f, "9996155870.", "C2345678", "3P-CHILD");
    expect_type(f, "PY 82 92 44 C", FLAG_NINO);
    assert_int_equal(flag_of(f, "PY 82 92 44 C")->cover, 1);
    assert_int_equal(flag_of(f, "7654321.")->cover, 1);
    expect_no(f, "1111111");
}

static void test_addresses(void **state) {
    struct fixture *f = *state;
    find_in(f, "Lives at 101 Bishop Street, Marlsea,\nLX12 9PE; before at 8 Queen's Drive, Fylderton, FW1 "
               "8JQ. Father: 19 Station Road,\n"
               "Garsworth. Carer: Dawn Kettering, 5 Hawthorn Close, Kirkbeck, FW8 1NF. Caller at 99 Bishop "
               "Street, Marlsea, LX12 9PE.");
    expect(f, "101 Bishop Street, Marlsea, LX12 9PE;", "C1234567", "SUBJ");
    expect(f, "8 Queen's Drive, Fylderton, FW1 8JQ.", "C1234567", "SUBJ");
    expect(f, "5 Hawthorn Close, Kirkbeck, FW8 1NF.", "P4", "3P-WHEREABOUTS");
    expect(f, "99 Bishop Street, Marlsea, LX12 9PE.", "P5", "3P-SOURCE");
    assert_int_equal((int)f->flags.list[2].type, FLAG_ADDRESS);
    assert_string_equal(f->flags.list[2].code, "3P-REFUSED");
}

static void test_address_misread(void **state) {
    struct fixture *f = *state;
    find_in(f, "He lives at 19 Statlon Road, Garsw0rth, PX1 7SF now. Flat 3, 35, Lytham Way, Kirkbeck, FW8 "
               "1SG was Mr Blenkinsop's.");
    expect(f, "19 Statlon Road, Garsw0rth, PX1 7SF", "P2", "3P-REFUSED");
    assert_int_equal(flag_of(f, "Flat 3, 35, Lytham Way, Kirkbeck, FW8 1SG")->cover, 1);
}

static void test_organisation(void **state) {
    struct fixture *f = *state;
    find_in(f, "Weavers Field Primary School\nLytham Way, Hethersby, PX7 6SJ Tel 01632 960376\nDear parents");
    expect(f, "Lytham Way, Hethersby, PX7 6SJ", "", "PROF");
    expect(f, "01632 960376", "", "PROF");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_phones, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_phone_misread, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_mail, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_births, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_numbers, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_addresses, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_address_misread, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_organisation, fixture_make, fixture_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
