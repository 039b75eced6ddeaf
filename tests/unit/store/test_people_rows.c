/* The register in the database: saved and loaded again, brought up to date, and nothing of it in the clear. */
#include "base/clock.h"
#include "store/people_rows.h"
#include "store/seal.h"
#include "tests/unit/store_fixture.h"

static struct child child_of(int64_t id, const char *council_id, const char *surname) {
    return (struct child){.id = id, .council_id = mem_text(council_id), .nhs_number = mem_text("943 476 5919"), .upn = mem_text(""),
                          .forenames = mem_text("Zoë Ann"), .surname = mem_text(surname), .born = date_from(2012, 2, 29), .sex = mem_text("F"),
                          .house = mem_text("4"), .street = mem_text("Mill Lane"), .town = mem_text("Fylderton"), .postcode = mem_text("FW1 8JQ"),
                          .school = mem_text(""), .status = mem_text("open"), .legal_status = mem_text(""), .family_id = mem_text("F1")};
}

static struct person person_of(int64_t child_id, const char *id, const char *surname) {
    return (struct person){.child_id = child_id, .person_id = mem_text(id), .relation = mem_text("mother"), .role = ROLE_FAMILY,
                           .title = mem_text("Ms"), .forenames = mem_text("Ada"), .surname = mem_text(surname), .born = DATE_NONE,
                           .sex = mem_text("F"), .phone = mem_text("07700 900123"), .address = mem_text("4 Mill Lane"), .email = mem_text(""),
                           .organisation = mem_text(""), .in_household = true, .confidential = true, .consent = CONSENT_NO,
                           .sibling_council_id = mem_text("")};
}

/* Two children; the first with aliases, a former address and two people. */
static struct people *register_make(void) {
    struct people *p = mem_new(sizeof *p);
    p->children = mem_new(2 * sizeof *p->children);
    p->children[0] = child_of(1, "CF1001", "Tidswell");
    p->children[1] = child_of(2, "CF1002", "Pendle");
    p->child_count = 2;
    struct child *c = &p->children[0];
    c->aliases = mem_new(sizeof *c->aliases);
    c->aliases[0] = (struct alias){mem_text("Zoë Harker"), mem_text("birth name")};
    c->alias_count = 1;
    c->previous_addresses = mem_new(sizeof *c->previous_addresses);
    c->previous_addresses[0] = mem_text("9 Tanner Row, Fylderton");
    c->previous_address_count = 1;
    p->persons = mem_new(3 * sizeof *p->persons);
    p->persons[0] = person_of(1, "P1", "Tidswell");
    p->persons[1] = person_of(1, "P2", "Harker");
    p->persons[2] = person_of(2, "P1", "Tidswell");
    p->person_count = 3;
    return p;
}

static int save(struct store *store, const struct people *people, int64_t *added, int64_t *changed) {
    assert_int_equal(db_begin(store->db), 0);
    return db_end(store->db, people_save(store, people, added, changed));
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
    free(people->children[0].school);
    people->children[0].school = mem_text("Fylder Vale Primary");
    free(people->children[1].council_id);
    people->children[1].council_id = mem_text("CF1003"); /* CF1002 is not in the new one */
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
    int64_t added = 55, changed = 55;
    char *huge = mem_new(9001), **fields[3] = {&people->children[1].school, &people->persons[2].address, &people->children[0].aliases[0].name};
    memset(huge, 'x', 9000);
    for (int i = 0; i < 3; i++) {
        char *good = *fields[i];
        *fields[i] = huge;
        assert_int_equal(save(store, people, &added, &changed), ERR_TOO_LARGE);
        *fields[i] = good;
        assert_int_equal(added, 55);
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
                                       T(nothing_stands_in_the_clear), T(a_field_too_long_is_refused_and_changes_nothing),
                                       T(damaged_and_destroyed_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
