/* Everybody who is named in a request, each once, and one decision for all mentions. */
#include "disclose/request_people.h"

#include "base/clock.h"
#include "base/err.h"
#include "tests/unit/flag_fixture.h"
#include "tests/unit/rules_fixture.h"

static void name_flag(struct flags *flags, uint32_t page, const char *text, const char *person_id) {
    struct flag *flag = flag_on(flags, page, 0, text, "3P-UNREASONABLE", 1);
    free(flag->person_id);
    flag->person_id = mem_text(person_id);
}

/* A ready document of child 7 with these names on its one page. */
static int64_t document_with(struct store *store, const char *const (*names)[2], size_t count) {
    int64_t document = document_make(store, 1);
    struct flags flags = {0};
    for (size_t i = 0; i < count; i++)
        name_flag(&flags, 1, names[i][0], names[i][1]);
    assert_int_equal(flags_put(store, document, 7, &flags), 0);
    flags_drop(&flags);
    assert_int_equal(db_run(store->db, "INSERT INTO filing(document_id, outcome, made_at, made_by) VALUES(?, 'filed', 0, 'machine')", "i", document), 0);
    assert_int_equal(db_run(store->db, "INSERT INTO filing_child VALUES(?, 7, 0, 1, 0.9)", "i", db_last_id(store->db)), 0);
    return document;
}

static struct request request_make(struct store *store) {
    struct request_order order = {7, "Florian Tidswell", "subject", "anna", date_from(2026, 1, 30), .identity = NULL};
    struct request request;
    assert_int_equal(request_open(store, rules, &order, &request), 0);
    return request;
}

static const struct bundle_person *person_of(const struct bundle_people *people, const char *id) {
    for (size_t i = 0; i < people->count; i++)
        if (strcmp(people->list[i].id, id) == 0)
            return &people->list[i];
    return NULL;
}

static void one_person_over_documents(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char *const first[][2] = {{"Kelly Marsden", "~marsden.kelly"}, {"Kelly", "~marsden.kelly"}, {"Joanne Price", "P1"}, {"Kel1y Marsdem", "~marsdem.kelly"}};
    static const char *const second[][2] = {{"Ms Marsden", "~marsden."}, {"Kelly Marsden", "~marsden.kelly"}, {"Mum", "P1"}, {"Dave Holt", "~holt.dave"}};
    document_with(store, first, 4);
    document_with(store, second, 4);
    struct request request = request_make(store);
    struct bundle_people people;
    assert_int_equal(request_people(store, &request, &people), 0);
    assert_int_equal(people.count, 3);
    assert_string_equal(people.list[0].id, "~marsden.kelly"); /* with most mentions */
    assert_int_equal(people.list[0].mentions, 5);
    assert_string_equal(people.list[0].name, "Kelly Marsden");
    assert_int_equal(person_of(&people, "P1")->mentions, 2);
    assert_int_equal(person_of(&people, "P1")->documents, 2);
    assert_int_equal(person_of(&people, "~holt.dave")->decided, 0);
    bundle_people_drop(&people);
    request_drop(&request);
}

static void names_that_may_be_several_stay_apart(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char *const names[][2] = {{"Kelly Marsden", "~marsden.kelly"}, {"Tom Marsden", "~marsden.tom"}, {"Ms Marsden", "~marsden."}, {"Ann Lee", "~lee.ann"}, {"Ann Les", "~les.ann"}};
    document_with(store, names, 5);
    struct request request = request_make(store);
    struct bundle_people people;
    assert_int_equal(request_people(store, &request, &people), 0);
    assert_int_equal(people.count, 5);
    bundle_people_drop(&people);
    request_drop(&request);
}

static void one_decision_for_all_mentions(void **state) {
    struct store *store = ((struct place *)*state)->store;
    static const char *const names[][2] = {{"Kelly Marsden", "~marsden.kelly"}, {"Kelly", "~marsden.kelly"}, {"Dave Holt", "~holt.dave"}};
    document_with(store, names, 3);
    document_with(store, names, 3);
    struct request request = request_make(store);
    int64_t count = 0;
    const struct act act = {.who = "anna", .note = "a friend of the family"};
    struct person_decision decision = {"~marsden.kelly", false, {0, "KNOWN"}};
    assert_int_equal(request_decide_person(store, rules, &request, &act, &decision, &count), 0);
    assert_int_equal(count, 4);
    struct decided_flag *flags;
    size_t n, released = 0;
    assert_int_equal(request_flags(store, &request, &flags, &n), 0);
    for (size_t i = 0; i < n; i++)
        released += flags[i].decided && !flags[i].cover && strcmp(flags[i].code, "KNOWN") == 0;
    assert_int_equal(n, 6);
    assert_int_equal(released, 4);
    free(flags);
    decision.decision.code = "3P-UNREASONABLE"; /* a code that withholds, and a release */
    assert_int_equal(request_decide_person(store, rules, &request, &act, &decision, &count), ERR_INPUT);
    decision = (struct person_decision){"~nobody.", false, {1, "3P-UNREASONABLE"}};
    assert_int_equal(request_decide_person(store, rules, &request, &act, &decision, &count), ERR_NOT_FOUND);
    assert_int_equal(count, 0);
    request_drop(&request);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_person_over_documents, place_new, place_drop),
        cmocka_unit_test_setup_teardown(names_that_may_be_several_stay_apart, place_new, place_drop),
        cmocka_unit_test_setup_teardown(one_decision_for_all_mentions, place_new, place_drop),
    };
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
