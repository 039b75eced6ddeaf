/* What a document is, of which day, and whether it is late. */
#include "filing/document_facts.h"

#include "base/clock.h"
#include "tests/unit/filing/words_of.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct setting {
    struct kinds *kinds;
    struct rules *rules;
};

static int setting_new(void **state) {
    struct setting *s = calloc(1, sizeof *s);
    *state = s;
    return !s || kinds_load("config", &s->kinds) || rules_load("config", &s->rules);
}

static int setting_drop(void **state) {
    struct setting *s = *state;
    kinds_drop(&s->kinds);
    rules_drop(&s->rules);
    free(s);
    return 0;
}

static struct document_facts facts_of(void **state, const char *text) {
    struct setting *s = *state;
    struct document_words words = words_of(text);
    struct document_facts facts;
    document_facts_find(s->kinds, &words, date_from(2025, 3, 31), &facts);
    document_words_drop(&words);
    return facts;
}

static void check(void **state, const char *text, const char *kind, int32_t event, int32_t written) {
    struct document_facts facts = facts_of(state, text);
    assert_string_equal(facts.kind ? facts.kind->kind : "", kind);
    assert_int_equal(facts.event, event);
    assert_int_equal(facts.written, written);
}

static void kinds_and_days(void **state) {
    check(state, "Home Visit Record\nChild: Theo Kenyon DOB 12/03/2011\nDate and time of visit: Friday 19th January 2024 4pm\nWho was present: Theo\nRecorded on 2 February 2024",
          "visit_record", date_from(2024, 1, 19), date_from(2024, 2, 2));
    check(state, "Moss Vale Primary School\nHeadteacher: Mrs A Dale\n26th May 2016\nDear Sir,\nRe: Theo Kenyon D.O.B. 12 March 2011\nOn 20 May 2016 he came without a coat.\nYours sincerely",
          "school_letter", date_from(2016, 5, 26), DATE_NONE);
    check(state, "INVOICE 4471\nDATE 06/09/2024\nTOTAL 20.00", "invoice", date_from(2024, 9, 6), date_from(2024, 9, 6));
    check(state, "RECEIVED 02 MAY 2021\nMill Lane Surgery\nDate 27/04/2021\nDear Mr March\nSeen in clinic", "health_letter", date_from(2021, 4, 27), date_from(2021, 4, 27));
    check(state, "a shopping list\nbread\nmilk", "", DATE_NONE, DATE_NONE);
    check(state, "", "", DATE_NONE, DATE_NONE);
    check(state, "Case notes\n12/03/2099 a misread year", "case_notes", DATE_NONE, DATE_NONE);
}

/* Working days of England: Good Friday 29 March and Easter Monday 1 April 2024 are none. */
static void late_entries(void **state) {
    struct setting *s = *state;
    const struct kind *visit = kinds_find(s->kinds, "visit_record"), *notes = kinds_find(s->kinds, "case_notes"), *letter = kinds_find(s->kinds, "letter");
    const int32_t thursday = date_from(2024, 1, 18);
    assert_int_equal(kind_late_days(s->rules, visit, thursday, date_from(2024, 1, 25)), 0); /* the fifth working day */
    assert_int_equal(kind_late_days(s->rules, visit, thursday, date_from(2024, 1, 26)), 1);
    assert_int_equal(kind_late_days(s->rules, visit, thursday, date_from(2024, 1, 28)), 1); /* a Sunday adds nothing */
    assert_int_equal(kind_late_days(s->rules, notes, thursday, thursday + 1), 0);
    assert_int_equal(kind_late_days(s->rules, notes, thursday, thursday + 2), 1);
    assert_int_equal(kind_late_days(s->rules, letter, thursday, thursday + 400), 0);
    assert_int_equal(kind_late_days(s->rules, visit, thursday, thursday - 3), 0);
    assert_int_equal(kind_late_days(s->rules, visit, DATE_NONE, thursday), 0);
    assert_int_equal(kind_late_days(s->rules, NULL, thursday, thursday + 50), 0);
    assert_null(kinds_find(s->kinds, "nothing"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(kinds_and_days, setting_new, setting_drop),
        cmocka_unit_test_setup_teardown(late_entries, setting_new, setting_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
