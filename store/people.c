#include "store/people.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/people_text.h"

#include <stdlib.h>
#include <string.h>

static char empty_text[1] = "";

char *people_text(const char *text) {
    return text && *text ? mem_text(text) : empty_text;
}

void people_text_drop(char *text) {
    if (text != empty_text)
        free(text);
}

static const char *const role_texts[] = {
    [ROLE_SUBJECT] = "subject",         [ROLE_FAMILY] = "family",
    [ROLE_THIRD_PARTY] = "third_party", [ROLE_PROFESSIONAL] = "professional",
    [ROLE_OTHER_CHILD] = "other_child", [ROLE_UNKNOWN] = "unknown",
};
#define ROLES (sizeof role_texts / sizeof *role_texts)

const char *role_text(enum role role) {
    return (size_t)role < ROLES ? role_texts[role] : "unknown";
}

int role_from_text(const char *text, enum role *ret) {
    for (size_t i = 0; i < ROLES; i++)
        if (text && strcmp(text, role_texts[i]) == 0) {
            *ret = (enum role)i;
            return 0;
        }
    return ERR_INPUT;
}

const struct child *people_child(const struct people *people, int64_t child_id) {
    size_t low = 0, high = people->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (people->children[middle].id < child_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < people->child_count && people->children[low].id == child_id ? &people->children[low] : NULL;
}

/* The children are sorted by id, not by council id: this walks through all of them. Who asks often keeps an
 * index. */
const struct child *people_child_of_council_id(const struct people *people, const char *council_id) {
    if (!council_id || !*council_id)
        return NULL;
    for (size_t i = 0; i < people->child_count; i++)
        if (strcmp(people->children[i].council_id, council_id) == 0)
            return &people->children[i];
    return NULL;
}

static size_t first_person(const struct people *people, int64_t least_id) {
    size_t low = 0, high = people->person_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (people->persons[middle].child_id < least_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct person *people_of_child(const struct people *people, int64_t child_id, size_t *ret_count) {
    size_t from = first_person(people, child_id), to = from;
    while (to < people->person_count && people->persons[to].child_id == child_id)
        to++;
    *ret_count = to - from;
    return to > from ? &people->persons[from] : NULL;
}

static void aliases_drop(struct alias *aliases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        people_text_drop(aliases[i].name);
        people_text_drop(aliases[i].kind);
    }
    free(aliases);
}

static void child_clear(struct child *child) {
    char *texts[] = {child->council_id,   child->nhs_number, child->upn,    child->forenames,
                     child->surname,      child->sex,        child->house,  child->street,
                     child->town,         child->postcode,   child->school, child->status,
                     child->legal_status, child->family_id};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        people_text_drop(texts[i]);
    for (size_t i = 0; i < child->previous_address_count; i++)
        people_text_drop(child->previous_addresses[i]);
    free(child->previous_addresses);
    aliases_drop(child->aliases, child->alias_count);
}

static void person_clear(struct person *person) {
    char *texts[] = {person->person_id,    person->relation,          person->title,
                     person->forenames,    person->surname,           person->sex,
                     person->phone,        person->address,           person->email,
                     person->organisation, person->sibling_council_id};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        people_text_drop(texts[i]);
    aliases_drop(person->aliases, person->alias_count);
}

void people_drop(struct people **people) {
    struct people *p = *people;
    if (!p)
        return;
    for (size_t i = 0; i < p->child_count; i++)
        child_clear(&p->children[i]);
    for (size_t i = 0; i < p->person_count; i++)
        person_clear(&p->persons[i]);
    free(p->children);
    free(p->persons);
    mem_free(people);
}
