/* find_party.c: who a flag may be about. */
#include "redact/find_private.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct party *party_add(struct finder *finder) {
    if (finder->party_count == finder->party_room) {
        finder->party_room = finder->party_room ? finder->party_room * 2 : 64;
        finder->parties = mem_grow(finder->parties, finder->party_room, sizeof *finder->parties);
    }
    struct party *party = &finder->parties[finder->party_count++];
    *party = (struct party){.person_id = "",
                            .title = ENTRY_NONE,
                            .forename = ENTRY_NONE,
                            .surname = ENTRY_NONE,
                            .born = DATE_NONE};
    return party;
}

void party_drop_from(struct finder *finder, size_t keep) {
    for (size_t i = keep; i < finder->party_count; i++)
        for (size_t k = 0; k < finder->parties[i].address_count; k++)
            free(finder->parties[i].address_keys[k]);
    if (keep < finder->party_count)
        finder->party_count = keep;
}

static void address_add(struct party *party, const char *line) {
    if (!*line || party->address_count == PARTY_ADDRESSES)
        return;
    party->address_keys[party->address_count++] = text_key(line);
}

static void child_addresses(struct party *party, const struct child *child) {
    char *line = mem_print("%s %s %s %s", child->house, child->street, child->town, child->postcode);
    if (*child->street || *child->postcode)
        address_add(party, line);
    party->address_current = party->address_count;
    for (size_t i = 0; i < child->previous_address_count; i++)
        address_add(party, child->previous_addresses[i]);
    free(line);
}

static char sex_of(const char *sex) {
    return *sex == 'F' || *sex == 'f' ? 'F' : *sex == 'M' || *sex == 'm' ? 'M' : 0;
}

/* The words of a name; at(from the end) 0 is the last word. ENTRY_NONE when there is none. */
static uint32_t name_word(struct finder *finder, const char *name, bool last) {
    uint32_t words[FORM_WORDS];
    size_t count = vocabulary_words(&finder->vocabulary, name, words, FORM_WORDS);
    return !count ? ENTRY_NONE : last ? words[count - 1] : words[0];
}

static void child_fill(struct finder *finder, struct party *party, const struct child *child) {
    party->child = child;
    party->born = child->born;
    party->sex = sex_of(child->sex);
    party->forename = name_word(finder, child->forenames, false);
    party->surname = name_word(finder, child->surname, true);
    child_addresses(party, child);
}

static void person_fill(struct finder *finder, struct party *party, const struct person *person) {
    party->person = person;
    party->person_id = person->person_id;
    party->role = person->role;
    party->consent = person->consent;
    party->confidential = person->confidential;
    party->born = person->born;
    party->sex = sex_of(person->sex);
    party->forename = name_word(finder, person->forenames, false);
    party->surname = name_word(finder, person->surname, true);
    party->title = name_word(finder, person->title, false);
    address_add(party, person->address);
    party->address_current = party->address_count;
}

static bool relation_has(const struct person *person, const char *word) {
    return strstr(person->relation, word) != NULL;
}

static void relation_read(struct party *party, const struct person *person) {
    party->source = party->role != ROLE_PROFESSIONAL &&
                    (relation_has(person, "anonymous") || relation_has(person, "referrer") ||
                     relation_has(person, "informant"));
    party->parent =
        !relation_has(person, "grand") && (relation_has(person, "mother") || relation_has(person, "father"));
}

static void subject_add(struct finder *finder, const struct child *child) {
    struct party *party = party_add(finder);
    party->role = ROLE_SUBJECT;
    party->linked = true;
    if (child)
        child_fill(finder, party, child);
}

static void linked_add(struct finder *finder, const struct person *person) {
    struct party *party = party_add(finder);
    party->linked = true;
    person_fill(finder, party, person);
    relation_read(party, person);
    const struct child *sibling = find_register_number(finder->reg, person->sibling_council_id);
    if (sibling) {
        party->child = sibling;
        child_addresses(party, sibling);
    }
}

void find_party_case(struct finder *finder, int64_t subject_id) {
    finder->subject = subject_id ? people_child(finder->people, subject_id) : NULL;
    subject_add(finder, finder->subject);
    size_t count = 0;
    const struct person *linked =
        finder->subject ? people_of_child(finder->people, subject_id, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        linked_add(finder, &linked[i]);
    finder->case_party_count = finder->party_count;
}

static uint32_t met_before(const struct finder *finder, uint32_t forename, uint32_t surname) {
    for (size_t i = finder->case_party_count; i < finder->party_count; i++)
        if (finder->parties[i].forename == forename && finder->parties[i].surname == surname)
            return (uint32_t)i;
    return PARTY_NONE;
}

uint32_t find_party_child(struct finder *finder, const struct child *child) {
    for (size_t i = 0; i < finder->party_count; i++)
        if (finder->parties[i].child == child)
            return (uint32_t)i;
    struct party *party = party_add(finder);
    party->role = ROLE_OTHER_CHILD;
    party->why = "a child of another record; each child's data is their own";
    child_fill(finder, party, child);
    uint32_t number = (uint32_t)finder->party_count - 1;
    find_forms_met(finder, number);
    return number;
}

uint32_t find_party_person(struct finder *finder, const struct person *person) {
    uint32_t forename = name_word(finder, person->forenames, false),
             surname = name_word(finder, person->surname, true);
    uint32_t met = met_before(finder, forename, surname);
    if (met != PARTY_NONE)
        return met;
    struct party *party = party_add(finder);
    person_fill(finder, party, person);
    /* What they agreed to for another child says nothing about this one. */
    party->consent = CONSENT_UNKNOWN;
    if (party->role == ROLE_FAMILY)
        party->role = ROLE_THIRD_PARTY;
    party->why = party->role == ROLE_PROFESSIONAL ? "a professional of other records"
                                                  : "has the name of somebody in another record";
    uint32_t number = (uint32_t)finder->party_count - 1;
    find_forms_met(finder, number);
    return number;
}

uint32_t find_party_stranger(struct finder *finder, const struct stranger *who) {
    uint32_t met = met_before(finder, who->forename, who->surname);
    bool whole = who->forename != ENTRY_NONE && who->surname != ENTRY_NONE;
    if (met != PARTY_NONE && (whole || finder->parties[met].title == who->title))
        return met;
    struct party *party = party_add(finder);
    party->role = who->role;
    party->title = who->title;
    party->forename = who->forename;
    party->surname = who->surname;
    party->why = who->role == ROLE_PROFESSIONAL ? "on no list; the words beside the name say a professional"
                                                : "on no list; a person must decide who this is";
    uint32_t number = (uint32_t)finder->party_count - 1;
    find_forms_met(finder, number);
    return number;
}
