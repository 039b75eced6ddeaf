/* The finder as a whole: order, places, codes, ownership between documents. */
#include "tests/unit/redact/find_fixture.h"

static void test_order_and_places(void **state) {
    struct fixture *f = *state;
    find_in(f, "Seen today: Joanne\nHughes-Pickup at home.\fKim Holt wrote this. DOB 27/03/2012");
    assert_int_equal(f->flags.count, 3);
    const struct flag *mother = &f->flags.list[0], *worker = &f->flags.list[1];
    assert_int_equal(mother->page, 1);
    assert_int_equal(mother->run_count, 1);
    assert_int_equal(mother->runs[0].first, 2);
    assert_int_equal(mother->runs[0].last, 3);
    assert_int_equal(mother->box_count, 2);
    assert_true(mother->boxes[1].x0 == 30);
    assert_string_equal(mother->text, "Joanne Hughes-Pickup");
    assert_string_equal(mother->finder, "people");
    assert_int_equal(worker->page, 2);
    assert_int_equal(worker->runs[0].first, 0);
    assert_int_equal(worker->cover, 0);
    assert_string_equal(worker->code, "PROF");
    assert_int_equal((int)f->flags.list[2].type, FLAG_DOB);
    assert_string_equal(f->flags.list[2].code, "SUBJ");
}

static void test_codes(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley, Margaret Carter, Dawn Kettering, Kevin Sowerby, Tania Bellingham, Theo and "
               "Isla were there.");
    expect(f, "William Oakley,", "P2", "3P-REFUSED");
    expect(f, "Margaret Carter,", "P3", "3P-UNREASONABLE");
    expect(f, "Dawn Kettering,", "P4", "3P-UNREASONABLE");
    expect(f, "Kevin Sowerby,", "P5", "3P-SOURCE");
    expect(f, "Tania Bellingham,", "P6", "CONSENT");
    expect(f, "Theo", "C2345678", "3P-CHILD");
    expect(f, "Isla", "C1234567", "SUBJ");
    for (size_t i = 0; i < f->flags.count; i++) {
        const struct reason *reason = rules_reason(f->rules, f->flags.list[i].code);
        assert_non_null(reason);
        assert_int_equal(f->flags.list[i].cover, reason->withholds);
        assert_true(f->flags.list[i].confidence > 0);
        assert_true(*f->flags.list[i].why != 0);
    }
}

/* What is met in one document says nothing about the next. */
static void test_documents_apart(void **state) {
    struct fixture *f = *state;
    find_in(f, "He gave his name as Zebedee Quillfeather and left. Zebedee came back.");
    expect(f, "Zebedee Quillfeather", "~quillfeather.zebedee", "3P-UNREASONABLE");
    expect(f, "Zebedee", "~quillfeather.zebedee", "3P-UNREASONABLE");
    find_in(f, "The Zebedee tree stood by the Quillfeather barn.");
    expect_no(f, "Zebedee");
    find_in(f, "");
    assert_int_equal(f->flags.count, 0);
}

static void test_turn(void **state) {
    struct fixture *f = *state;
    finder_turn(f->finder, people_child_of_council_id(f->people, "3456789")->id);
    find_in(f, "Umar saw Isla Hughes-Pickup. Nisha was in.");
    expect(f, "Umar", "C3456789", "SUBJ");
    expect(f, "Isla Hughes-Pickup.", "C1234567", "3P-CHILD");
    expect(f, "Nisha", "P9", "CONSENT");
    finder_turn(f->finder, people_child_of_council_id(f->people, "1234567")->id);
    find_in(f, "Isla saw Umar Mohammed.");
    expect(f, "Isla", "C1234567", "SUBJ");
    expect(f, "Umar Mohammed.", "C3456789", "3P-CHILD");
}

static void test_nobodys_record(void **state) {
    struct fixture *f = *state;
    finder_turn(f->finder, 0);
    find_in(f, "Isla Hughes-Pickup, DOB 27/03/2012, NHS 999 003 2165, rang Dr Shah on 01632 960001.");
    expect(f, "Isla Hughes-Pickup,", "C1234567", "3P-CHILD");
    expect(f, "999 003 2165,", "C1234567", "3P-CHILD");
    assert_int_equal(flag_of(f, "27/03/2012,")->cover, 1);
    expect(f, "Dr Shah", "~shah.", "PROF");
}

/* Anything at all must come back as flags inside their pages. */
static void test_odd_words(void **state) {
    struct fixture *f = *state;
    find_in(f, "- -- ' '' . ... @ @@ a@ @b a@b a@b. +44 +44( 0 00 000 0044 ()() ,,, \xC3\x28 \xFF\xFE "
               "\xE2\x80\x99s K. K.S K.S. "
               "O'Isla'- Flat Flat 3 3, Road Road, 1 Road PX PX1 PX1 1 PX1 1A Mr Mr Mrs Dr PC 22 DOB DOB: "
               "born 1 1/ 1/1 1/1/ 1/1/1");
    for (size_t i = 0; i < f->flags.count; i++) {
        assert_true(f->flags.list[i].runs[0].first <= f->flags.list[i].runs[0].last);
        assert_int_equal(f->flags.list[i].page, 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order_and_places, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_codes, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_documents_apart, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_turn, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_nobodys_record, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(test_odd_words, fixture_make, fixture_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
