/* The register in the database: saved and loaded again, brought up to date, and nothing of it in the clear. */
#include "base/clock.h"
#include "store/alias_rows.h"
#include "store/people_rows.h"
#include "store/seal.h"
#include "tests/unit/store_fixture.h"

static char *text(struct people *p, const char *value) {
    return people_text(p, value);
}

static struct child child_of(struct people *p, int64_t id, const char *council_id, const char *surname) {
    char *none = text(p, "");
    return (struct child){.id = id, .council_id = text(p, council_id), .nhs_number = text(p, "943 476 5919"), .upn = none,
                          .forenames = text(p, "Zoë Ann"), .surname = text(p, surname), .born = date_from(2012, 2, 29), .sex = text(p, "F"),
                          .house = text(p, "4"), .street = text(p, "Mill Lane"), .town = text(p, "Fylderton"), .postcode = text(p, "FW1 8JQ"),
                          .school = none, .status = text(p, "open"), .legal_status = none, .family_id = text(p, "F1")};
}

static struct person person_of(struct people *p, int64_t child_id, const char *id, const char *surname) {
    char *none = text(p, "");
    return (struct person){.child_id = child_id, .person_id = text(p, id), .relation = text(p, "mother"), .role = ROLE_FAMILY,
                           .title = text(p, "Ms"), .forenames = text(p, "Ada"), .surname = text(p, surname), .born = DATE_NONE,
                           .sex = text(p, "F"), .phone = text(p, "07700 900123"), .address = text(p, "4 Mill Lane"), .email = none,
                           .organisation = none, .in_household = true, .confidential = true, .consent = CONSENT_NO, .sibling_council_id = none};
}

/* Two children; the first with aliases, a former address and two people. */
static struct people *register_make(void) {
    struct people *p = people_new();
    p->children = mem_new(2 * sizeof *p->children);
    p->children[0] = child_of(p, 1, "CF1001", "Tidswell");
    p->children[1] = child_of(p, 2, "CF1002", "Pendle");
    p->child_count = 2;
    struct child *c = &p->children[0];
    c->aliases = text_pool_room(p->texts, sizeof *c->aliases);
    c->aliases[0] = (struct alias){text(p, "Zoë Harker"), text(p, "birth name")};
    c->alias_count = 1;
    c->previous_addresses = text_pool_room(p->texts, sizeof *c->previous_addresses);
    c->previous_addresses[0] = text(p, "9 Tanner Row, Fylderton");
    c->previous_address_count = 1;
    p->persons = mem_new(3 * sizeof *p->persons);
    p->persons[0] = person_of(p, 1, "P1", "Tidswell");
    p->persons[1] = person_of(p, 1, "P2", "Harker");
    p->persons[2] = person_of(p, 2, "P1", "Tidswell");
    p->person_count = 3;
    return p;
}

static int save_as(struct store *store, const struct people *people, struct people_save_order order, struct register_change *change) {
    assert_int_equal(db_begin(store->db), 0);
    int err = db_end(store->db, people_save(store, people, &order, change));
    free(change->changed_ids);
    change->changed_ids = NULL;
    return err;
}

static int save(struct store *store, const struct people *people, int64_t *added, int64_t *changed) {
    struct register_change change;
    int err = save_as(store, people, (struct people_save_order){.with_people = true}, &change);
    *added = change.added;
    *changed = change.changed;
    return err;
}

static void it_comes_back_as_it_was(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    int64_t added = 0, changed = 9;
    size_t count;
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(added, 2);
    assert_int_equal(changed, 0);
    assert_int_equal(people_load(store, &back), 0);
    assert_int_equal(back->child_count, 2);
    const struct child *c = people_child_of_council_id(back, "CF1001");
    assert_non_null(c);
    assert_string_equal(c->forenames, "Zoë Ann");
    assert_string_equal(c->postcode, "FW1 8JQ");
    assert_string_equal(c->school, "");
    assert_int_equal(c->born, date_from(2012, 2, 29));
    assert_string_equal(c->aliases[0].name, "Zoë Harker");
    assert_string_equal(c->previous_addresses[0], "9 Tanner Row, Fylderton");
    const struct person *p = people_of_child(back, c->id, &count);
    assert_int_equal(count, 2);
    assert_string_equal(p[1].surname, "Harker");
    assert_int_equal(p[1].born, DATE_NONE);
    assert_true(p[0].in_household && p[0].confidential && p[0].consent == CONSENT_NO && p[0].role == ROLE_FAMILY);
    people_drop(&people);
    people_drop(&back);
}

static void an_empty_register_is_no_error(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *back = NULL;
    int64_t id;
    assert_int_equal(people_load(store, &back), 0);
    assert_int_equal(back->child_count + back->person_count, 0);
    assert_int_equal(people_child_id(store, "CF1001", &id), ERR_NOT_FOUND);
    people_drop(&back);
}

static void a_new_extract_brings_it_up_to_date(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    int64_t added, changed, first = 0, again = 0, version = 0;
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(people_child_id(store, "CF1001", &first), 0);
    people->children[0].school = text(people, "Fylder Vale Primary");
    people->children[1].council_id = text(people, "CF1003"); /* CF1002 is not in the new one */
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(added, 1);
    assert_int_equal(changed, 1);
    assert_int_equal(people_child_id(store, "CF1001", &again), 0);
    assert_int_equal(again, first); /* documents are filed by this number */
    assert_int_equal(people_load(store, &back), 0);
    assert_int_equal(back->child_count, 3);
    assert_string_equal(people_child(back, first)->school, "Fylder Vale Primary");
    assert_int_equal(back->person_count, 4); /* those of CF1002 stay */
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(added + changed, 0);
    assert_int_equal(store_meta(store, "register", &version), 0);
    assert_int_equal(version, 3); /* who holds it in memory sees that it is another */
    people_drop(&people);
    people_drop(&back);
}

/* A married name, a move: what the register said before leads to the child still, however many extracts come after. */
static void names_and_addresses_of_before_are_known(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    int64_t added, changed;
    assert_int_equal(save(store, people, &added, &changed), 0);
    people->children[1].surname = text(people, "Ormerod");
    people->children[1].house = text(people, "11");
    people->children[1].street = text(people, "Canal Bank");
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(changed, 1);
    people->children[1].school = text(people, "Fylder Vale Primary");
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(people_load(store, &back), 0);
    const struct child *c = people_child_of_council_id(back, "CF1002");
    assert_string_equal(c->surname, "Ormerod");
    assert_int_equal(c->alias_count, 1);
    assert_string_equal(c->aliases[0].name, "Zoë Ann Pendle");
    assert_int_equal(c->previous_address_count, 1);
    assert_string_equal(c->previous_addresses[0], "4 Mill Lane, Fylderton, FW1 8JQ");
    c = people_child_of_council_id(back, "CF1001");
    assert_int_equal(c->alias_count, 1); /* its own one, unchanged */
    people_drop(&people);
    people_drop(&back);
}

static void who_left_stays_and_may_come_back(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    struct register_change change;
    const struct people_save_order whole = {.with_people = true}, part = {.with_people = true, .partial = true};
    assert_int_equal(save_as(store, people, whole, &change), 0);
    people->child_count = 1;
    assert_int_equal(save_as(store, people, part, &change), 0);
    assert_int_equal(change.left, 0);
    assert_int_equal(change.same, 1);
    assert_int_equal(save_as(store, people, whole, &change), 0);
    assert_int_equal(change.left, 1);
    assert_int_equal(people_load(store, &back), 0);
    assert_true(people_child_of_council_id(back, "CF1002")->left && !people_child_of_council_id(back, "CF1001")->left);
    people_drop(&back);
    assert_int_equal(save_as(store, people, whole, &change), 0);
    assert_int_equal(change.left, 0); /* only once */
    people->child_count = 2;
    assert_int_equal(save_as(store, people, whole, &change), 0);
    assert_int_equal(change.returned, 1);
    assert_int_equal(change.added + change.changed, 0);
    people_drop(&people);
}

static void an_extract_without_people_leaves_them(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    struct register_change change;
    size_t count = people->person_count;
    assert_int_equal(save_as(store, people, (struct people_save_order){.with_people = true}, &change), 0);
    people->person_count = 0;
    assert_int_equal(save_as(store, people, (struct people_save_order){0}, &change), 0);
    assert_int_equal(change.same, 2);
    assert_int_equal(people_load(store, &back), 0);
    assert_int_equal(back->person_count, count);
    people_drop(&back);
    assert_int_equal(save_as(store, people, (struct people_save_order){.with_people = true}, &change), 0);
    assert_int_equal(change.changed, 2); /* who belongs to them is part of them */
    assert_int_equal(people_load(store, &back), 0);
    assert_int_equal(back->person_count, 0);
    people_drop(&back);
    people_drop(&people);
}

static int count_one(void *state, int64_t id, int64_t child_id, int64_t document_id, const char *name) {
    assert_true(id > 0 && child_id > 0 && document_id > 0);
    assert_non_null(strstr(name, "Dolly"));
    ++*(int *)state;
    return 0;
}

/* Proposed once, known when it is taken, never when it is refused. */
static void names_that_documents_taught(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    int64_t added, changed, child, document = document_make(store, 1);
    int proposed = 0;
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(people_child_id(store, "CF1002", &child), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(alias_propose(store, child, document, "Dolly Pendle"), 0);
    assert_int_equal(alias_propose(store, child, document, "Dolly Pendle"), 0);
    assert_int_equal(alias_propose(store, child, document, "Dollyan Pendle"), 0);
    assert_int_equal(db_commit(store->db), 0);
    assert_int_equal(alias_each(store, "proposed", count_one, &proposed), 0);
    assert_int_equal(proposed, 2);
    assert_int_equal(number(store, "SELECT count(*) FROM alias WHERE instr(sealed, CAST('Dolly' AS BLOB))"), 0);
    assert_int_equal(db_begin(store->db), 0);
    assert_int_equal(alias_decide(store, 1, true, "officer"), 0);
    assert_int_equal(alias_decide(store, 2, false, "officer"), 0);
    assert_int_equal(alias_decide(store, 1, false, "officer"), ERR_NOT_FOUND); /* decided */
    assert_int_equal(db_commit(store->db), 0);
    assert_int_equal(people_load(store, &back), 0);
    const struct child *c = people_child(back, child);
    assert_int_equal(c->alias_count, 1);
    assert_string_equal(c->aliases[0].name, "Dolly Pendle");
    people_drop(&people);
    people_drop(&back);
}

static void nothing_stands_in_the_clear(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make();
    int64_t added, changed;
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM child WHERE instr(sealed, CAST('Tidswell' AS BLOB)) OR instr(token, CAST('CF1001' AS BLOB))"), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM person WHERE instr(sealed, CAST('Harker' AS BLOB))"), 0);
    people_drop(&people);
}

/* One field too long must not get in: it would keep everybody from loading the register for ever after. */
static void a_field_too_long_is_refused_and_changes_nothing(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    int64_t added, changed;
    char *huge = mem_new(9001), **fields[3] = {&people->children[1].school, &people->persons[2].address, &people->children[0].aliases[0].name};
    memset(huge, 'x', 9000);
    for (int i = 0; i < 3; i++) {
        char *good = *fields[i];
        *fields[i] = huge;
        assert_int_equal(save(store, people, &added, &changed), ERR_TOO_LARGE);
        *fields[i] = good;
        assert_int_equal(number(store, "SELECT count(*) FROM child"), 0);
    }
    huge[8192] = 0; /* just as long as may be */
    char *good = people->children[1].school;
    people->children[1].school = huge;
    assert_int_equal(save(store, people, &added, &changed), 0);
    assert_int_equal(people_load(store, &back), 0);
    assert_int_equal(strlen(back->children[1].school), 8192);
    people->children[1].school = good;
    free(huge);
    people_drop(&people);
    people_drop(&back);
}

static void damaged_and_destroyed_is_told(void **state) {
    struct store *store = ((struct place *)*state)->store;
    struct people *people = register_make(), *back = NULL;
    int64_t added, changed;
    assert_int_equal(save(store, people, &added, &changed), 0);
    run(store, "UPDATE person SET sealed = zeroblob(80) WHERE id = 2");
    assert_int_equal(people_load(store, &back), ERR_SEAL);
    assert_null(back);
    assert_int_equal(save(store, people, &added, &changed), 0); /* a new extract mends it */
    assert_int_equal(people_load(store, &back), 0);
    people_drop(&back);
    assert_int_equal(seal_key_destroy(store, "register", 0), 0);
    assert_int_equal(people_load(store, &back), ERR_KEY);
    assert_int_equal(save(store, people, &added, &changed), ERR_KEY);
    people_drop(&people);
}

#define T(f) cmocka_unit_test_setup_teardown(f, place_new, place_drop)
int main(void) {
    const struct CMUnitTest tests[] = {T(it_comes_back_as_it_was), T(an_empty_register_is_no_error), T(a_new_extract_brings_it_up_to_date),
                                       T(names_and_addresses_of_before_are_known), T(who_left_stays_and_may_come_back),
                                       T(an_extract_without_people_leaves_them), T(names_that_documents_taught),
                                       T(nothing_stands_in_the_clear), T(a_field_too_long_is_refused_and_changes_nothing),
                                       T(damaged_and_destroyed_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
