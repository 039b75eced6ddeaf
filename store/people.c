#include "store/people.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct people *people_new(void) {
    struct people *people = mem_new(sizeof *people);
    people->texts = text_pool_new();
    return people;
}

char *people_text(struct people *people, const char *text) {
    return text_pool_put(people->texts, text ? text : "", text ? strlen(text) : 0);
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

void people_drop(struct people **people) {
    struct people *p = *people;
    if (!p)
        return;
    text_pool_drop(&p->texts);
    free(p->children);
    free(p->persons);
    mem_free(people);
}
