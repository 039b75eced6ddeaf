#include "base/clock.h"
#include "base/err.h"
#include "config/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the files as they are shipped (the tests run in the root of the tree) */

static int load(void **state) {
    return rules_load("config", (struct rules **)state);
}

static int drop(void **state) {
    rules_drop((struct rules **)state);
    return *state != NULL;
}

static void test_reasons(void **state) {
    const struct rules *rules = *state;
    static const char *const withhold[] = {"3P-REFUSED",
                                           "3P-UNREASONABLE",
                                           "3P-SOURCE",
                                           "3P-CHILD",
                                           "3P-WHEREABOUTS",
                                           "SW-HARM",
                                           "SW-WISHES",
                                           "SW-COURT",
                                           "HL-HARM",
                                           "HL-WISHES",
                                           "HL-COURT",
                                           "ED-HARM",
                                           "ED-COURT",
                                           "ABUSE",
                                           "ADOPT",
                                           "LPP",
                                           "CRIME",
                                           "LEGAL",
                                           "COURT-HOLD",
                                           "REF",
                                           "REG",
                                           "NEG",
                                           "MGT",
                                           "NOT-PD",
                                           "OOS",
                                           "DUP",
                                           "LOCAL-8A",
                                           "LOCAL-8B",
                                           "LOCAL-8C"};
    static const char *const release[] = {"SUBJ", "PROF", "CONSENT", "REASONABLE", "KNOWN"};
    for (size_t i = 0; i < sizeof withhold / sizeof *withhold; i++) {
        const struct reason *reason = rules_reason(rules, withhold[i]);
        assert_non_null(reason);
        assert_true(reason->withholds);
        assert_true(strlen(reason->plain) > 20);
        assert_int_equal(reason->local_only, strncmp(reason->code, "LOCAL", 5) == 0);
        assert_int_equal(reason->blocks,
                         !strcmp(reason->code, "ADOPT") || !strcmp(reason->code, "COURT-HOLD"));
    }
    for (size_t i = 0; i < sizeof release / sizeof *release; i++)
        assert_false(rules_reason(rules, release[i])->withholds);
    assert_int_equal(rules->reason_count, 34);
    assert_null(rules_reason(rules, "3P"));
    assert_string_equal(rules_reason(rules, "PROF")->law, "DPA 2018 Sch 2 para 17");
}

static const char *code(const struct rules *rules, const char *role, const char *type, const char *consent,
                        const char *when) {
    return rules_for(rules, &(struct rule_query){role, type, consent, when, "subject"})->code;
}

static void test_roles(void **state) {
    const struct rules *r = *state;
    assert_string_equal(code(r, "subject", "DOB", "unknown", ""), "SUBJ");
    assert_string_equal(code(r, "professional", "PERSON", "yes", ""), "PROF");
    assert_string_equal(code(r, "professional", "PHONE", "yes", "private"), "3P-UNREASONABLE");
    assert_string_equal(code(r, "family", "PERSON", "yes", ""), "CONSENT");
    assert_string_equal(code(r, "family", "PHONE", "yes", ""), "CONSENT");
    assert_string_equal(code(r, "family", "NINO", "yes", ""), "3P-UNREASONABLE");
    assert_string_equal(code(r, "family", "PERSON", "no", ""), "3P-REFUSED");
    assert_string_equal(code(r, "family", "PERSON", "unknown", ""), "3P-UNREASONABLE");
    assert_string_equal(code(r, "third_party", "PERSON", "yes", ""), "CONSENT");
    assert_string_equal(code(r, "third_party", "EMAIL", "yes", ""), "3P-UNREASONABLE");
    assert_string_equal(code(r, "third_party", "PERSON", "unknown", ""), "3P-UNREASONABLE");
    assert_string_equal(code(r, "other_child", "PERSON", "yes", ""), "3P-CHILD");
    assert_string_equal(code(r, "family", "ADDRESS", "yes", "confidential"), "3P-WHEREABOUTS");
    assert_string_equal(code(r, "family", "PERSON", "yes", "confidential"), "3P-UNREASONABLE");
    assert_string_equal(code(r, "third_party", "PERSON", "no", "source"), "3P-SOURCE");
    assert_string_equal(code(r, "family", "ADDRESS", "no", "shared"), "SUBJ");
    assert_string_equal(code(r, "unknown", "PERSON", "unknown", ""), "3P-UNREASONABLE");
    assert_string_equal(code(r, "somebody", "THING", "", "whenever"), "3P-UNREASONABLE");
}

static const char *code_for(const struct rules *rules, const char *requester, const char *role, const char *when) {
    return rules_for(rules, &(struct rule_query){role, "PERSON", "no", when, requester})->code;
}

static void test_who_asks(void **state) {
    const struct rules *r = *state;
    assert_string_equal(code_for(r, "subject", "family", ""), "3P-REFUSED");
    assert_string_equal(code_for(r, "solicitor", "family", ""), "3P-REFUSED");
    assert_string_equal(code_for(r, "court", "family", ""), "REASONABLE");
    assert_string_equal(code_for(r, "court", "third_party", "source"), "3P-SOURCE");
    assert_string_equal(code_for(r, "police", "third_party", "source"), "3P-SOURCE");
    assert_string_equal(code_for(r, "police", "family", ""), "3P-REFUSED");
    assert_string_equal(rules_for(r, &(struct rule_query){"subject", "PASSAGE", "", "", "parent"})->code, "SW-WISHES");
    assert_string_equal(rules_for(r, &(struct rule_query){"professional", "PASSAGE", "", "privileged", "court"})->code, "LPP");
    for (size_t i = 0; i < r->role_count; i++)
        assert_non_null(rules_reason(r, r->roles[i].code)->law); /* each line's legal source */
}

static void test_working_days(void **state) {
    const struct rules *rules = *state;
    static const char *const off[] = {"2022-06-03", "2022-09-19", "2023-05-08", "2021-12-28", "2025-04-21",
                                      "2025-03-29", "2025-03-30", "2020-05-08", "2028-01-03"};
    static const char *const on[] = {"2025-03-31", "2020-05-04", "2022-05-30", "2024-04-02", "2025-12-24"};
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        assert_false(rules_is_working_day(rules, date_from_iso(off[i])));
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        assert_true(rules_is_working_day(rules, date_from_iso(on[i])));
    assert_int_equal(rules->holidays_until, date_from_iso("2028-12-31"));
    /* Eight a year; two more in 2022 (jubilee, funeral) and one more in 2023 (coronation). */
    assert_int_equal(rules->holiday_count, 9 * 8 + 2 + 1);
}

/* ---- files that are wrong */

#define GOOD_REASONS                                                                                         \
    "fields = ( { name = \"f\"; type = \"date\"; max_months = 6; ask = \"a\"; } ); reasons = ( { code = \"A\"; law = \"l\"; plain = \"p\"; withholds = true; },"                           \
    " { code = \"B\"; law = \"l\"; plain = \"p\"; withholds = false; } );"
#define LAST_ROLE "{ role = \"*\"; type = \"*\"; consent = \"*\"; when = \"*\"; code = \"A\"; why = \"w\"; }"
#define GOOD_ROLES "roles = ( " LAST_ROLE " );"
#define GOOD_CLOCKS "clocks = ( { id = \"CLK-1\"; months = 1; in_force = \"2025-01-01\"; law = \"l\"; plain = \"p\"; } ); reminders = [7, 2];"
#define GOOD_PACKS                                                                                           \
    "packs = ( { name = \"subject\"; title = \"t\"; basis = \"b\"; requesters = \"subject, other\"; clock = \"CLK-1\"; letter = \"l\";" \
    " parts = [\"guide\", \"privacy\"]; } );"
#define GOOD_LETTERS "letters = ( { name = \"l\"; text = \"Dear {requester}\"; } );"
#define GOOD_CALENDAR "holidays = ( \"2025-12-26\", \"2025-12-25\" ); until = \"2025-12-31\";"

static void put(const char *folder, const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* What the other tests leave as it is. */
static const char *clocks_text = GOOD_CLOCKS, *packs_text = GOOD_PACKS, *letters_text = GOOD_LETTERS;

static int load_texts(const char *reasons, const char *roles, const char *calendar, struct rules **ret) {
    char folder[] = "/tmp/test_rules_XXXXXX";
    assert_non_null(mkdtemp(folder));
    put(folder, "reasons.conf", reasons);
    put(folder, "roles.conf", roles);
    put(folder, "calendar.conf", calendar);
    put(folder, "clocks.conf", clocks_text);
    put(folder, "packs.conf", packs_text);
    put(folder, "letters.conf", letters_text);
    put(folder, "glossary.conf", "glossary = ( { short = \"GP\"; means = \"a doctor\"; } );");
    int err = rules_load(folder, ret);
    static const char *const names[] = {"reasons.conf", "roles.conf", "calendar.conf", "clocks.conf", "packs.conf", "letters.conf", "glossary.conf"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    return err;
}

static void test_good_small_files(void **state) {
    (void)state;
    struct rules *rules = NULL;
    assert_int_equal(load_texts(GOOD_REASONS, GOOD_ROLES, GOOD_CALENDAR, &rules), 0);
    assert_int_equal(rules->holidays[0], date_from_iso("2025-12-25"));
    assert_false(rules_is_working_day(rules, date_from_iso("2025-12-26")));
    rules_drop(&rules);
    assert_null(rules);
    rules_drop(&rules);
}

static void refused(const char *reasons, const char *roles, const char *calendar) {
    struct rules *rules = NULL;
    assert_int_equal(load_texts(reasons, roles, calendar, &rules), ERR_SETTING);
    assert_null(rules);
}

static void test_refused(void **state) {
    (void)state;
    refused("reasons = (", GOOD_ROLES, GOOD_CALENDAR);
    refused("fields = ( ); reasons = ( { code = \"A\"; law = \"l\"; plain = \"p\"; withholds = true; demands = [\"f\"]; } );", GOOD_ROLES,
            GOOD_CALENDAR); /* a field that nobody describes */
    refused("fields = ( { name = \"f\"; type = \"number\"; ask = \"a\"; } ); reasons = ( );", GOOD_ROLES, GOOD_CALENDAR);
    refused("other = 1;", GOOD_ROLES, GOOD_CALENDAR);
    refused("fields = ( ); " "reasons = ( 1 );", GOOD_ROLES, GOOD_CALENDAR);
    refused("fields = ( ); " "reasons = ( { code = \"A\"; law = \"l\"; withholds = true; } );", GOOD_ROLES, GOOD_CALENDAR);
    refused("fields = ( ); " "reasons = ( { code = \"A\"; law = \"l\"; plain = \"p\"; } );", GOOD_ROLES, GOOD_CALENDAR);
    refused("fields = ( ); " "reasons = ( { code = \"A\"; law = \"l\"; plain = \"p\"; withholds = 1; } );", GOOD_ROLES,
            GOOD_CALENDAR);
    refused("fields = ( ); " "reasons = ( { code = \"A\"; law = \"l\"; plain = \"p\"; withholds = true; witholds = true; } );",
            GOOD_ROLES, GOOD_CALENDAR);
    refused("fields = ( ); " "reasons = ( { code = \"A\"; law = \"l\"; plain = \"p\"; withholds = true; },"
            "{ code = \"A\"; law = \"l\"; plain = \"p\"; withholds = true; } );",
            GOOD_ROLES, GOOD_CALENDAR);
    refused(GOOD_REASONS, "roles = ();", GOOD_CALENDAR);
    refused(GOOD_REASONS, "roles = ( { role = \"*\"; } );", GOOD_CALENDAR);
    refused(GOOD_REASONS, GOOD_ROLES, "holidays = ( \"2025-02-30\" ); until = \"2025-12-31\";");
    refused(GOOD_REASONS, GOOD_ROLES, "holidays = ( 7 ); until = \"2025-12-31\";");
    refused(GOOD_REASONS, GOOD_ROLES, "holidays = ( );");
}

static void refused_clocks(const char *clocks) {
    clocks_text = clocks;
    refused(GOOD_REASONS, GOOD_ROLES, GOOD_CALENDAR);
    clocks_text = GOOD_CLOCKS;
}

static void refused_packs(const char *packs) {
    packs_text = packs;
    refused(GOOD_REASONS, GOOD_ROLES, GOOD_CALENDAR);
    packs_text = GOOD_PACKS;
}

static void test_refused_clocks_and_packs(void **state) {
    (void)state;
    refused_clocks("clocks = ( { id = \"CLK-1\"; months = 1; law = \"l\"; plain = \"p\"; } );"); /* since when? */
    refused_clocks("clocks = ( { id = \"CLK-1\"; months = -1; in_force = \"2025-01-01\"; law = \"l\"; plain = \"p\"; } );");
    refused_packs("packs = ( );");
    refused_packs("packs = ( { name = \"subject\"; title = \"t\"; basis = \"b\"; requesters = \"subject\"; letter = \"l\"; parts = []; } );");
    refused_packs("packs = ( { name = \"subject\"; title = \"t\"; basis = \"b\"; requesters = \"subject\"; clock = \"\"; letter = \"l\";"
                  " parts = [\"poem\"]; } );");
    letters_text = "letters = ( { name = \"other\"; text = \"t\"; } );"; /* the pack's letter is not there */
    refused(GOOD_REASONS, GOOD_ROLES, GOOD_CALENDAR);
    letters_text = GOOD_LETTERS;
}

static void test_codes(void **state) {
    const struct rules *r = *state;
    struct reason_codes codes;
    assert_int_equal(rules_codes(r, "LOCAL-8B+3P-SOURCE", &codes), 0);
    assert_int_equal(codes.count, 2);
    assert_true(codes.list[0]->local_only);
    assert_string_equal(codes.list[1]->code, "3P-SOURCE");
    assert_int_equal(rules_codes(r, "PROF", &codes), 0);
    static const char *const wrong[] = {"", "NO-SUCH", "PROF+3P-CHILD", "PROF+", "+PROF", "LPP+LPP+LPP+LPP+LPP"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(rules_codes(r, wrong[i], &codes), ERR_INPUT);
}

/* rules.md, section 5: what each code demands. */
static void test_demands(void **state) {
    static const struct {
        const char *code, *field;
    } cases[] = {{"3P-UNREASONABLE", "information"}, {"3P-CHILD", "confidentiality"}, {"3P-SOURCE", "consent_steps"}, {"3P-WHEREABOUTS", "capacity"},
                 {"3P-REFUSED", "refusal"}, {"3P-REFUSED", "asked_on"}, {"SW-HARM", "manager"}, {"HL-HARM", "opinion_on"}, {"HL-WISHES", "author"},
                 {"HL-COURT", "opinion"}, {"LPP", "legal_officer"}, {"COURT-HOLD", "legal_officer"}, {"LOCAL-8A", "manager"}, {"LOCAL-8C", "advised_on"}};
    const struct rules *r = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct reason *reason = rules_reason(r, cases[i].code);
        bool found = false;
        for (size_t k = 0; k < reason->demand_count; k++)
            found |= strcmp(reason->demands[k], cases[i].field) == 0;
        assert_true(found);
    }
    assert_int_equal(rules_reason(r, "PROF")->demand_count, 0);
    assert_int_equal(rules_field(r, "opinion_on")->max_months, 6);
    assert_true(rules_field(r, "opinion_on")->is_date);
    assert_null(rules_field(r, "colour"));
}

static void test_clocks_and_packs(void **state) {
    const struct rules *r = *state;
    assert_int_equal(rules_clock(r, "CLK-1", date_from(2026, 1, 1))->months, 1);
    assert_int_equal(rules_clock(r, "CLK-2", date_from(2026, 1, 1))->months, 3);
    assert_null(rules_clock(r, "CLK-4", date_from(2026, 2, 4)));
    assert_non_null(rules_clock(r, "CLK-4", date_from(2026, 2, 5)));
    assert_true(rules_pack_is_for(rules_pack(r, "subject"), "parent"));
    assert_false(rules_pack_is_for(rules_pack(r, "subject"), "court"));
    assert_false(rules_pack_is_for(rules_pack(r, "subject"), "paren"));
    assert_string_equal(rules_pack(r, "court")->clock, "");
    assert_true(rules_pack(r, "subject")->parts & PACK_PRIVACY);
    assert_false(rules_pack(r, "court")->parts & PACK_PRIVACY);
}

static void test_last_role_withholds(void **state) {
    (void)state;
    static const char releases[] = "roles = ( { role = \"*\"; type = \"*\"; consent = \"*\"; when = \"*\"; "
                                   "code = \"B\"; why = \"w\"; } );";
    static const char not_all[] = "roles = ( { role = \"family\"; type = \"*\"; consent = \"*\"; when = "
                                  "\"*\"; code = \"A\"; why = \"w\"; } );";
    static const char unknown_code[] = "roles = ( { role = \"family\"; type = \"*\"; consent = \"*\"; when = "
                                       "\"*\"; code = \"C\"; why = \"w\"; }, " LAST_ROLE " );";
    refused(GOOD_REASONS, releases, GOOD_CALENDAR);
    refused(GOOD_REASONS, not_all, GOOD_CALENDAR);
    refused(GOOD_REASONS, unknown_code, GOOD_CALENDAR);
}

static void test_no_folder(void **state) {
    (void)state;
    struct rules *rules = NULL;
    assert_int_equal(rules_load("/nonexistent", &rules), ERR_SETTING);
    assert_null(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reasons, load, drop),
        cmocka_unit_test_setup_teardown(test_roles, load, drop),
        cmocka_unit_test_setup_teardown(test_who_asks, load, drop),
        cmocka_unit_test_setup_teardown(test_working_days, load, drop),
        cmocka_unit_test(test_good_small_files),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_clocks_and_packs),
        cmocka_unit_test_setup_teardown(test_codes, load, drop),
        cmocka_unit_test_setup_teardown(test_demands, load, drop),
        cmocka_unit_test_setup_teardown(test_clocks_and_packs, load, drop),
        cmocka_unit_test(test_last_role_withholds),
        cmocka_unit_test(test_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
