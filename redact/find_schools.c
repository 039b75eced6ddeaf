/* find_schools.c: another child's school tells where that child is. */
#include "redact/find_private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool ends_school(const struct finder *finder, size_t i) {
    return (finder->text.atoms[i].marks & ATOM_CAPITAL) && !(finder->text.atoms[i].marks & ATOM_TAKEN) &&
           find_is_one_of(finder, i, "school academy college nursery preschool playgroup");
}

/* "St Cuthbert's RC", "The Alder Centre (PRU)". */
static bool goes_on(const struct finder *finder, size_t i) {
    const struct atom *a = &finder->text.atoms[i];
    return a->page == a[1].page && !(a->marks & (ATOM_COMMA | ATOM_COLON)) && (!(a->marks & ATOM_STOP) || a->len <= 2);
}

#define SCHOOL_WORDS 7

static size_t school_begin(const struct finder *finder, size_t end) {
    size_t begin = end;
    for (size_t k = 0; k < SCHOOL_WORDS && begin > 0; k++) {
        const struct atom *a = &finder->text.atoms[begin - 1];
        if (!goes_on(finder, begin - 1) || !(a->marks & ATOM_CAPITAL) || (a->marks & (ATOM_TAKEN | ATOM_NUMBER)))
            break;
        begin--;
    }
    return begin;
}

static bool same_school(const char *one, const char *other) {
    char *a = text_key(one), *b = text_key(other);
    bool same = *a && text_distance(a, b, 2) <= 2;
    free(a);
    free(b);
    return same;
}

static bool is_subjects_school(const struct finder *finder, size_t begin, size_t end) {
    if (!finder->subject)
        return false;
    char *seen = find_text_copy(&finder->text, finder->text.atoms[begin].first, finder->text.atoms[end].last);
    bool same = same_school(seen, finder->subject->school);
    free(seen);
    return same;
}

/* Words that the name of a school may be written without, when another of them is left: "Penmarsh High". */
static const char school_words[] = "school academy college nursery primary high infant infants junior secondary grammar centre";

/* A school's name, in keys. */
struct school {
    char keys[SCHOOL_WORDS][VOCABULARY_KEY];
    size_t count;
};

/* The atoms from i on that are this school's name: the last, or SIZE_MAX. */
static size_t school_at(const struct finder *finder, size_t i, const struct school *school) {
    bool named = false;
    size_t begin = i;
    for (size_t k = 0; k < school->count; k++, i++) {
        const char *key = school->keys[k];
        bool here = i < finder->text.atom_count && !(finder->text.atoms[i].marks & ATOM_TAKEN) && (!k || goes_on(finder, i - 1)) &&
                    text_distance(find_key(finder, i), key, 1) <= (strlen(key) > 4);
        if (!here)
            return k > 1 && named && vocabulary_key_in(key, school_words) ? i - 1 : SIZE_MAX;
        named = named || vocabulary_key_in(key, school_words);
    }
    return i - begin > 1 ? i - 1 : SIZE_MAX;
}

static void school_cut(const char *text, struct school *ret) {
    ret->count = 0;
    for (const char *at = text; *at && ret->count < SCHOOL_WORDS;) {
        size_t len = strcspn(at, " ");
        ret->count += vocabulary_key(at, len, ret->keys[ret->count]) != 0;
        at += len + strspn(at + len, " ");
    }
}

static void school_add(struct finder *finder, size_t begin, size_t last, uint32_t party, uint8_t confidence) {
    struct hit *hit = hit_add(finder, FLAG_PLACE, finder->text.atoms[begin].first, finder->text.atoms[last].last);
    hit->party = party;
    hit->confidence = confidence;
    for (size_t i = begin; i <= last; i++)
        finder->text.atoms[i].marks |= ATOM_TAKEN;
}

/* Where the register has another child of the family at school, wherever it is named: it tells where that child is. */
static void schools_known(struct finder *finder) {
    for (uint32_t p = 1; p < finder->case_party_count; p++) {
        const struct party *party = &finder->parties[p];
        if (party->role != ROLE_OTHER_CHILD || !party->child || !*party->child->school ||
            (finder->subject && same_school(party->child->school, finder->subject->school)))
            continue;
        struct school school;
        school_cut(party->child->school, &school);
        for (size_t i = 0; i < finder->text.atom_count; i++) {
            bool may_begin = (finder->text.atoms[i].marks & ATOM_CAPITAL) && *find_key(finder, i) == school.keys[0][0];
            size_t last = may_begin ? school_at(finder, i, &school) : SIZE_MAX;
            if (last != SIZE_MAX)
                school_add(finder, i, last, p, 80);
        }
    }
}

/* Nothing but numbers and dashes between two words: a row of a table. */
static bool is_row_between(const struct finder *finder, uint32_t from, uint32_t to) {
    for (uint32_t w = from; w < to; w++) {
        const char *text = find_text_word(&finder->text, w);
        if (!strpbrk(text, "0123456789") && strcmp(text, "-"))
            return false;
    }
    return true;
}

/* In a row about a brother or sister, or right behind the name: where another child goes to school tells where the child is. */
void find_schools(struct finder *finder) {
    schools_known(finder);
    for (size_t i = 1; i < finder->text.atom_count; i++) {
        size_t begin = ends_school(finder, i) ? school_begin(finder, i) : i;
        if (begin == i)
            continue;
        const struct hit of = {.first = finder->text.atoms[begin].first, .last = finder->text.atoms[i].last};
        uint32_t words;
        const struct near how = {.skip_work = true, .before = true};
        uint32_t party = find_near_party(finder, &of, &how, &words);
        if (party == PARTY_NONE || finder->parties[party].role != ROLE_OTHER_CHILD || words > 10 ||
            (is_subjects_school(finder, begin, i) && !is_row_between(finder, of.first - words + 1, of.first)))
            continue;
        school_add(finder, begin, i, party, 60);
    }
}
