/* What is told of other people without a name. The case is find_fixture.h's: Isla, her mother Joanne (consent), her father William (refused). */
#include "tests/unit/redact/find_fixture.h"

static const struct flag *passage_with(const struct fixture *f, const char *words) {
    for (size_t i = 0; i < f->flags.count; i++)
        if (f->flags.list[i].type == FLAG_PASSAGE && strstr(f->flags.list[i].text, words))
            return &f->flags.list[i];
    return NULL;
}

static void expect_passage(const struct fixture *f, const char *text, const char *code) {
    const struct flag *flag = passage_with(f, text);
    if (!flag)
        print_error("no passage with: %s\n", text);
    assert_non_null(flag);
    assert_string_equal(flag->text, text);
    assert_string_equal(flag->code, code);
    assert_int_equal(flag->cover, 1);
}

static void facts_about_others(void **state) {
    struct fixture *f = *state;
    find_in(f, "Joanne has been diagnosed with bipolar disorder. Isla read to me.");
    expect_passage(f, "Joanne has been diagnosed with bipolar disorder.", "3P-UNREASONABLE"); /* her consent is for what the register has */
    assert_null(passage_with(f, "Isla read"));
    find_in(f, "William Oakley was seen. He is serving eight months for burglary and Isla writes to him.");
    expect_passage(f, "He is serving eight months for burglary", "3P-REFUSED");
    find_in(f, "Mum told me while Isla was asleep that she has been drinking again.");
    expect_passage(f, "Mum told me while Isla was asleep that she has been drinking again.", "3P-UNREASONABLE");
}

static void the_subjects_own_facts_stay(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla has asthma and was seen by CAMHS for panic attacks. She takes sertraline.");
    assert_null(passage_with(f, "panic"));
    assert_null(passage_with(f, "sertraline"));
}

static void two_people_in_one_sentence(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla has ADHD and her mum is an alcoholic.");
    const struct flag *flag = passage_with(f, "alcoholic");
    assert_non_null(flag);
    assert_null(strstr(flag->text, "ADHD"));
    find_in(f, "Isla is on medication; William Oakley has been in prison for assault.");
    flag = passage_with(f, "prison");
    assert_non_null(flag);
    assert_null(strstr(flag->text, "medication"));
    find_in(f, "William Oakley was convicted of robbery, and Isla has panic attacks.");
    assert_non_null(passage_with(f, "robbery"));
    assert_null(passage_with(f, "panic"));
}

static void full_stops_that_end_no_sentence(void **state) {
    struct fixture *f = *state;
    find_in(f, "William Oakley was seen. He was turned away on 16.05.24 at 7.10pm because he had been drinking. Isla was fine.");
    expect_passage(f, "He was turned away on 16.05.24 at 7.10pm because he had been drinking.", "3P-REFUSED");
    find_in(f, "Isla came home.Mum was drunk again.");
    assert_non_null(passage_with(f, "drunk"));
    assert_null(passage_with(f, "Isla"));
}

/* Whom the lender's money is owed by, not to whom it is paid: the subject of the sentence is told of. */
static void him_is_not_the_one_who_owes(void **state) {
    struct fixture *f = *state;
    find_in(f, "Umar Mohammed came. Joanne said that she owes a doorstep lender and has been paying him all the arrears in cash.");
    expect_passage(f, "Joanne said that she owes a doorstep lender and has been paying him all the arrears in cash.", "3P-UNREASONABLE");
}

static void a_salutation_is_a_sentence(void **state) {
    struct fixture *f = *state;
    find_in(f, "Subject: Isla Rose Hughes-Pickup and the long review that was held at the school in the last week of the month\n"
               "Dear Kim,\nFor info, housing have told me that the rent account is in arrears and a notice has been served.");
    const struct flag *flag = passage_with(f, "arrears");
    assert_non_null(flag);
    assert_null(strstr(flag->text, "Isla"));
}

static void other_languages_are_looked_at(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla read to me and was well.\n\nFiica mea bea aproape \xC3\xAEn fiecare sear\xC4\x83 \xC8\x99i a pierdut locul de munc\xC4\x83.\n\nShe will go to school.");
    const struct flag *flag = passage_with(f, "Fiica");
    assert_non_null(flag);
    assert_int_equal(flag->look, 1);
    assert_null(passage_with(f, "read to me"));
    assert_null(passage_with(f, "She will"));
}

static void short_sentences_about_a_source(void **state) {
    struct fixture *f = *state;
    find_in(f, "The caller asked not to be named. The caller lives opposite Isla.");
    assert_non_null(passage_with(f, "lives opposite"));
}

static void professionals_tell_and_are_not_told_of(void **state) {
    struct fixture *f = *state;
    find_in(f, "Dr Shah prescribed sertraline for Isla.");
    assert_null(passage_with(f, "sertraline"));
    find_in(f, "PC Dunn arrested William Oakley for assault.");
    assert_non_null(passage_with(f, "assault"));
}

static void nobody_named(void **state) {
    struct fixture *f = *state;
    find_in(f, "Housing told me that the rent account is in arrears.");
    assert_non_null(passage_with(f, "arrears")); /* children have no rent */
}

static void a_source_who_would_not_be_named(void **state) {
    struct fixture *f = *state;
    find_in(f, "Caller would not give name. Caller said that she can see into the yard from her landing.");
    expect_passage(f, "Caller said that she can see into the yard from her landing.", "3P-SOURCE");
    find_in(f, "The caller rang about a lost coat and will collect it on Monday.");
    assert_null(passage_with(f, "coat"));
}

static void advice_of_lawyers(void **state) {
    struct fixture *f = *state;
    find_in(f, "LEGALLY PRIVILEGED AND CONFIDENTIAL\nThe prospects of an order are no better than even.\nA second opinion should be sought.");
    expect_passage(f, "The prospects of an order are no better than even.", "LPP");
    expect_passage(f, "A second opinion should be sought.", "LPP");
    find_in(f, "See you on Monday at ten.\nThis e-mail may be legally privileged. Tell the sender if it is not for you.");
    assert_null(passage_with(f, "Tell the sender"));
}

static void a_paragraph_of_another_record(void **state) {
    struct fixture *f = *state;
    find_in(f, "Isla was well.\nUmar Mohammed (DOB 09/01/2012) was seen. The stairs were clear.\nIsla showed me her drawing.");
    const struct flag *flag = passage_with(f, "The stairs were clear.");
    assert_non_null(flag);
    assert_string_equal(flag->person_id, "C3456789");
    assert_string_equal(flag->code, "3P-CHILD");
    assert_null(passage_with(f, "drawing"));
}

/* The register marks Umar's father as confidential: that he is spoken of at all tells of him. */
static void kin_who_are_confidential(void **state) {
    struct fixture *f = *state;
    finder_turn(f->finder, people_child_of_council_id(f->people, "3456789")->id);
    find_in(f, "Umar said that dad had rung. Mum was out. Leah's dad came.");
    const struct flag *flag = flag_of(f, "dad");
    assert_non_null(flag);
    assert_int_equal((int)flag->type, FLAG_RELATION);
    assert_int_equal(flag->cover, 1);
    assert_string_equal(flag->person_id, "P10");
    assert_null(flag_of(f, "Mum"));
    size_t dads = 0;
    for (size_t i = 0; i < f->flags.count; i++)
        dads += strcmp(f->flags.list[i].text, "dad") == 0;
    assert_int_equal(dads, 1);
}

static void people_hinted_at(void **state) {
    struct fixture *f = *state;
    find_in(f, "Her mum's new boyfriend was there, and the neighbour at number 14. Mum was tired.");
    const struct flag *flag = flag_of(f, "mum's new boyfriend");
    assert_non_null(flag);
    assert_int_equal((int)flag->type, FLAG_RELATION);
    assert_int_equal(flag->look, 1);
    assert_non_null(flag_of(f, "neighbour at number 14."));
    assert_null(flag_of(f, "Mum"));
}

static void words_that_a_scan_has_spoilt(void **state) {
    struct fixture *f = *state;
    find_in(f, "Wi11iam Oakley is serving eight months for burglqry. Joanne was in drlnk agaln and smelt of alcohoi.");
    assert_non_null(passage_with(f, "burglqry"));
    assert_non_null(passage_with(f, "alcohoi"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts_about_others, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(the_subjects_own_facts_stay, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(two_people_in_one_sentence, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(short_sentences_about_a_source, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(professionals_tell_and_are_not_told_of, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(nobody_named, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(a_source_who_would_not_be_named, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(advice_of_lawyers, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(a_paragraph_of_another_record, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(full_stops_that_end_no_sentence, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(him_is_not_the_one_who_owes, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(a_salutation_is_a_sentence, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(other_languages_are_looked_at, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(kin_who_are_confidential, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(people_hinted_at, equipped_make, equipped_drop),
        cmocka_unit_test_setup_teardown(words_that_a_scan_has_spoilt, equipped_make, equipped_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
