/* find_strangers.c: children of other records, and people whom no list knows, by simple signs. A statistical
 * finder comes on top of this one: what it finds goes in by find_party_stranger and find_person_add, too. */
#include "redact/find_private.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_NAME_TRAITS                                                                                       \
    (WORD_COMMON | WORD_STREET | WORD_PLACE | WORD_HOUSE | WORD_TITLE | WORD_WORK | WORD_KIN | WORD_MONTH |  \
     WORD_TOWN | WORD_BIRTH | WORD_CALLED | WORD_FLAT)

static const struct atom *atom_at(const struct finder *finder, size_t i) {
    return &finder->text.atoms[i];
}

static bool is_free_capital(const struct finder *finder, size_t i) {
    const struct atom *atom = atom_at(finder, i);
    return (atom->marks & ATOM_CAPITAL) && !(atom->marks & (ATOM_TAKEN | ATOM_DOTTED));
}

/* ---- by the register
 * ---------------------------------------------------------------------------------------- */

static bool own_name(const struct finder *finder, const struct child *child) {
    return child == finder->subject;
}

/* Forename at one atom, surname at another, both as the register writes them. */
static bool known_pair(struct finder *finder, size_t fore, size_t sur) {
    uint32_t forename = atom_at(finder, fore)->entry, surname = atom_at(finder, sur)->entry;
    size_t begin = fore < sur ? fore : sur, end = fore < sur ? sur : fore;
    if (!(find_traits(finder, fore) & WORD_FORENAME) || !(find_traits(finder, sur) & WORD_SURNAME) ||
        find_is_place_after(finder, end))
        return false;
    const struct child *child = find_register_child(finder->reg, forename, surname);
    const struct person *person = find_register_person(finder->reg, forename, surname);
    bool work = find_is_work_beside(finder, begin, end) && !find_is_kin_before(finder, begin);
    uint32_t traits, entry;
    find_title(finder, begin, &traits, &entry);
    work = work || (traits & WORD_TITLE_WORK);
    /* A namesake among all professionals of the register says nothing unless the words here say the same. */
    if (work != (person && person->role == ROLE_PROFESSIONAL) && (work || !child))
        return false;
    if (child && !own_name(finder, child) && !work && !(traits & (WORD_MALE | WORD_FEMALE)))
        find_person_add(finder, begin, end, find_party_child(finder, child))->confidence = 80;
    else if (person && work == (person->role == ROLE_PROFESSIONAL))
        find_person_add(finder, begin, end, find_party_person(finder, person))->confidence = 60;
    else
        return false;
    return true;
}

static size_t register_at(struct finder *finder, size_t i) {
    const struct find_text *text = &finder->text;
    if (find_text_joins(text, i) && is_free_capital(finder, i + 1)) {
        if (known_pair(finder, i, i + 1))
            return i + 1;
        if (find_text_joins(text, i + 1) && is_free_capital(finder, i + 2) && known_pair(finder, i, i + 2))
            return i + 2;
    }
    /* PRICE, Oliver */
    const struct atom *a = atom_at(finder, i);
    if (i + 1 < text->atom_count && (a->marks & ATOM_COMMA) && (a->marks & ATOM_CAPITALS) &&
        a->page == a[1].page && is_free_capital(finder, i + 1) && known_pair(finder, i + 1, i))
        return i + 1;
    return i;
}

/* ---- by their shape
 * ----------------------------------------------------------------------------------------- */

static bool may_be_surname(const struct finder *finder, size_t i) {
    uint32_t traits = find_traits(finder, i);
    const struct atom *atom = atom_at(finder, i);
    if (!is_free_capital(finder, i) || atom->len < 2 || (atom->marks & ATOM_NUMBER))
        return false;
    if (traits & (WORD_SURNAME | WORD_NAME))
        return !(traits & (WORD_TITLE | WORD_KIN | WORD_MONTH)) &&
               !(traits & WORD_COMMON & ~WORD_NAME && !(traits & WORD_SURNAME));
    return !(traits & NO_NAME_TRAITS);
}

/* "is called X", "known as X", "gave his name as X". */
static bool is_called(const struct finder *finder, size_t i) {
    if (!i || (atom_at(finder, i - 1)->marks & (ATOM_STOP | ATOM_COMMA)))
        return false;
    if (find_traits(finder, i - 1) & WORD_CALLED)
        return true;
    return i >= 2 && find_is_one_of(finder, i - 1, "as") && (find_traits(finder, i - 2) & WORD_CALLED);
}

/* A firm is named in full somewhere: what stands here alone is a part of its name. */
static bool is_of_firm(const struct finder *finder, size_t i) {
    for (size_t k = 0; k < finder->text.atom_count; k++)
        if (finder->text.atoms[k].entry == atom_at(finder, i)->entry && find_is_firm(finder, k))
            return true;
    return false;
}

/* A first name that the register knows, or anything that is no ordinary word before a surname that it knows.
 */
static bool pair_stands(const struct finder *finder, size_t i) {
    uint32_t a = find_traits(finder, i), b = find_traits(finder, i + 1);
    if (!may_be_surname(finder, i + 1) || find_is_firm(finder, i + 1) ||
        atom_at(finder, i)->entry == atom_at(finder, i + 1)->entry)
        return false;
    if ((b & WORD_FORENAME) && !(b & WORD_SURNAME))
        return false;
    /* Over the end of a line both have to be known as names. */
    if ((atom_at(finder, i + 1)->marks & ATOM_LINE) && !((a & WORD_FORENAME) && (b & WORD_SURNAME)))
        return false;
    /* By its shape alone a pair is somebody only where the model does not deny it. */
    bool known = (a & WORD_FORENAME) && (b & WORD_SURNAME);
    if (!known && !find_is_tagged(finder, i) && !find_is_tagged(finder, i + 1) && !is_called(finder, i))
        return false;
    if ((a & WORD_FORENAME) && !(a & (WORD_COMMON | WORD_NAME | WORD_TOWN)))
        return (b & WORD_SURNAME) || !(b & WORD_STREET);
    if ((a & (WORD_FORENAME | WORD_NAME)) && (b & WORD_SURNAME) &&
        !(b & (WORD_COMMON | WORD_STREET | WORD_PLACE)))
        return !(a & (WORD_TITLE | WORD_WORK | WORD_PLACE | WORD_TOWN)) &&
               (!(a & WORD_COMMON) || (a & WORD_NAME));
    if (a & (NO_NAME_TRAITS | WORD_NAME))
        return false;
    if ((b & WORD_SURNAME) && !(b & (WORD_COMMON | WORD_STREET | WORD_PLACE | WORD_NAME)))
        return true;
    if (b & (NO_NAME_TRAITS | WORD_NAME))
        return false;
    /* Two words that nobody knows, in the middle of a sentence: "said that Kasia Mazur and her friends". */
    bool middle =
        i &&
        !(atom_at(finder, i)->marks & (ATOM_BEGIN | ATOM_LINE | ATOM_CAPITALS | ATOM_OPEN | ATOM_NUMBER)) &&
        !(atom_at(finder, i - 1)->marks & (ATOM_CAPITAL | ATOM_COLON)) &&
        !(atom_at(finder, i + 1)->marks & (ATOM_CAPITALS | ATOM_NUMBER));
    return middle || is_called(finder, i);
}

static bool titled_pair(const struct finder *finder, size_t i, uint32_t title) {
    return (title & WORD_TITLE) && !(title & WORD_TITLE_KIN) && (find_is_tagged(finder, i) || find_is_tagged(finder, i + 1)) &&
           !(find_traits(finder, i) & (NO_NAME_TRAITS & ~WORD_TOWN)) && may_be_surname(finder, i + 1) &&
           !find_is_place_after(finder, i + 1);
}

/* "Eve's mum (Dr Natalie Brandt)": a doctor, but not here. */
static bool is_kin_by_title(const struct finder *finder, size_t begin) {
    return begin && (find_traits(finder, begin - 1) & WORD_KIN) && (atom_at(finder, begin)->marks & ATOM_OPEN) && find_is_one_of(finder, begin, "dr prof professor rev");
}

enum role find_stranger_role(const struct finder *finder, size_t begin, size_t last, uint32_t title) {
    if (is_kin_by_title(finder, begin))
        return ROLE_UNKNOWN;
    if (title & WORD_TITLE_WORK)
        return ROLE_PROFESSIONAL;
    if (find_is_kin_before(finder, begin))
        return ROLE_UNKNOWN;
    return find_is_work_beside(finder, begin, last) ? ROLE_PROFESSIONAL : ROLE_UNKNOWN;
}

static size_t pair_at(struct finder *finder, size_t i) {
    if (!find_text_joins(&finder->text, i))
        return i;
    size_t met = find_people_full_at(finder, i);
    if (met != SIZE_MAX)
        return met;
    uint32_t title, entry;
    size_t begin = find_title(finder, i, &title, &entry), last = i + 1;
    /* "Mrs Kaur-Davies" is whole; the next line begins with somebody else. */
    if ((title & WORD_TITLE) && !(title & WORD_TITLE_KIN) && (atom_at(finder, last)->marks & ATOM_LINE))
        return i;
    if (!pair_stands(finder, i) && !titled_pair(finder, i, title))
        return i;
    const struct stranger who = {find_stranger_role(finder, begin, last, title), entry, atom_at(finder, i)->entry,
                                 atom_at(finder, last)->entry};
    find_person_add(finder, i, last, find_party_stranger(finder, &who))->confidence = title ? 75 : 60;
    return last;
}

void find_strangers(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++)
        if (is_free_capital(finder, i))
            i = register_at(finder, i);
    for (size_t i = 0; i < finder->text.atom_count; i++)
        if (is_free_capital(finder, i))
            i = pair_at(finder, i);
}

/* ---- a first name alone
 * ------------------------------------------------------------------------------------- */

static bool is_heading(const struct finder *finder, size_t i) {
    const struct atom *atom = atom_at(finder, i);
    return (atom->marks & ATOM_CAPITALS) &&
           ((i && (atom[-1].marks & ATOM_CAPITALS)) ||
            (i + 1 < finder->text.atom_count && (atom[1].marks & ATOM_CAPITALS)));
}

static bool is_pet(const struct finder *finder, size_t i) {
    static const char pets[] = "dog dogs breed crossbreed puppy cat kitten terrier staffie hamster rabbit "
                               "horse pony lurcher bulldog budgie";
    if (find_is_one_of(finder, i + 1, "the our my") && find_is_one_of(finder, i + 2, pets))
        return true; /* "Bella the cat" */
    for (size_t k = 1; k <= 5 && k <= i; k++) {
        const char *key = find_key(finder, i - k);
        if (vocabulary_key_in(key, pets) || (strlen(key) > 5 && strcmp(key + strlen(key) - 5, "breed") == 0))
            return true;
    }
    return false;
}

/* A common first name by the model's gazetteer, and nothing else, in the middle of a sentence: "even Glenda next door". */
static bool is_gazetted(const struct finder *finder, size_t i) {
    uint32_t word = find_gazetteer(finder, i);
    return (word & TAG_WORD_FORENAME_COMMON) && !(word & (TAG_WORD_ORDINARY | TAG_WORD_PLACE | TAG_WORD_ORG | TAG_WORD_TIME | TAG_WORD_STREET)) &&
           !(atom_at(finder, i)->marks & ATOM_BEGIN) && !(i && find_is_one_of(finder, i - 1, "st saint"));
}

static bool single_stands(const struct finder *finder, size_t i) {
    uint32_t traits = find_traits(finder, i);
    const struct atom *atom = atom_at(finder, i);
    if (!is_free_capital(finder, i) || atom->len < 3 || (atom->marks & ATOM_NUMBER) ||
        (traits & NO_NAME_TRAITS) || find_is_firm(finder, i) || is_heading(finder, i))
        return false;
    bool kin = i && (find_traits(finder, i - 1) & WORD_KIN) && find_text_joins(&finder->text, i - 1);
    if (traits & WORD_NAME)
        return kin || ((traits & WORD_FORENAME) && !(atom->marks & (ATOM_BEGIN | ATOM_LINE)) &&
                       find_is_name_here(finder, i));
    if ((traits & (WORD_FORENAME | WORD_SURNAME)) || is_gazetted(finder, i))
        return !is_pet(finder, i) && !is_of_firm(finder, i);
    if (is_called(finder, i))
        return !is_pet(finder, i);
    if (!i || !find_text_joins(&finder->text, i - 1) ||
        ((atom->marks & ATOM_LINE) && !(atom[-1].marks & ATOM_LINE)))
        return false;
    return (find_is_one_of(finder, i - 1, "our") || kin) && !(atom[-1].marks & ATOM_OWNER) && !is_pet(finder, i);
}

void find_strangers_short(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++)
        if (single_stands(finder, i)) {
            const struct stranger who = {ROLE_UNKNOWN, ENTRY_NONE, atom_at(finder, i)->entry, ENTRY_NONE};
            find_person_add(finder, i, i, find_party_stranger(finder, &who))->confidence = 45;
        }
}

/* ---- who works, by all places where the name stands */

struct work_seen {
    bool work, kin;
};

static bool is_stranger(const struct finder *finder, uint32_t party) {
    return party != PARTY_NONE && party >= finder->case_party_count && !finder->parties[party].person && !finder->parties[party].child;
}

static bool is_clergy(const struct finder *finder, uint32_t party) {
    uint32_t title = finder->parties[party].title;
    return title != ENTRY_NONE && (finder->vocabulary.list[title].traits & WORD_CLERGY);
}

#define ATTENDANCE_WORDS 80 /* a list of who was there is no longer */

/* "Attending", "Those present:", "Apologies": the heading of a list of who was there, where a line begins. */
static bool is_attendance(const struct finder *finder, size_t i) {
    if (!(finder->text.atoms[i].marks & (ATOM_LINE | ATOM_BEGIN)))
        return false;
    size_t word = i + find_is_one_of(finder, i, "those in people");
    if (word >= finder->text.atom_count)
        return false;
    bool line_ends = (finder->text.atoms[word].marks & ATOM_COLON) || (word + 1 < finder->text.atom_count && (finder->text.atoms[word + 1].marks & (ATOM_LINE | ATOM_BEGIN)));
    return line_ends && find_is_one_of(finder, word, "attending present attendees attendance attended apologies invited");
}

/* Marks the words of such lists: up to the first sentence that ends, or to an empty line behind the first name. */
static uint8_t *attendance_make(const struct finder *finder) {
    uint8_t *listed = mem_new(finder->text.word_count + 1);
    for (size_t i = 0; i < finder->text.atom_count; i++) {
        if (!is_attendance(finder, i))
            continue;
        const struct atom *a = &finder->text.atoms[i], *end = &finder->text.atoms[finder->text.atom_count];
        uint32_t begin = a->last + 1, last = begin;
        for (a++; a < end && a->first < begin + ATTENDANCE_WORDS && a->page == finder->text.atoms[i].page; a++) {
            bool block = (a->marks & (ATOM_BEGIN | ATOM_LINE)) == (ATOM_BEGIN | ATOM_LINE) && a->first > begin;
            bool small = !(a->marks & (ATOM_CAPITAL | ATOM_NUMBER)) && (a->marks & ATOM_STOP);
            if (block || small || find_is_one_of(finder, (size_t)(a - finder->text.atoms), "welcome welcomed purpose reason agenda minutes discussion"))
                break;
            last = a->last;
        }
        for (uint32_t w = begin; w <= last && w < finder->text.word_count; w++)
            listed[w] = 1;
    }
    return listed;
}

static void name_seen(const struct finder *finder, const struct hit *hit, const uint8_t *listed, struct work_seen *seen) {
    size_t first = finder->text.word_atom[hit->first], last = finder->text.word_atom[hit->last + 1] - 1;
    bool line = finder->text.atoms[first].marks & (ATOM_LINE | ATOM_BEGIN); /* then what stands on the line before may be somebody else's */
    bool whole = hit->last > hit->first, work = whole && find_is_work_beside(finder, first, last);
    bool kin = find_is_kin_after(finder, last) || (find_is_kin_before(finder, first) && !(line && work));
    seen->kin = seen->kin || kin;
    seen->work = seen->work || (work && !kin) || (whole && listed[hit->first] && !is_clergy(finder, hit->party));
}

static void mail_seen(const struct finder *finder, const struct hit *hit, struct work_seen *seen) {
    for (uint32_t p = (uint32_t)finder->case_party_count; p < finder->party_count; p++)
        seen[p].work = seen[p].work || (is_stranger(finder, p) && find_is_work_mail(finder, hit, &finder->parties[p]));
}

/* "Kelly Eccles" on a line of her own, "Kelly Eccles, Social Worker" below it, "kelly.eccles@council.gov.uk": one person, who works. Not where
 * some place says that she is somebody's sister: then a person decides. */
void find_strangers_at_work(struct finder *finder) {
    struct work_seen *seen = mem_new((finder->party_count + 1) * sizeof *seen);
    uint8_t *listed = attendance_make(finder);
    for (size_t i = 0; i < finder->hits.count; i++) {
        const struct hit *hit = &finder->hits.list[i];
        if (hit->type == FLAG_PERSON && is_stranger(finder, hit->party))
            name_seen(finder, hit, listed, &seen[hit->party]);
        else if (hit->type == FLAG_EMAIL)
            mail_seen(finder, hit, seen);
    }
    for (uint32_t p = (uint32_t)finder->case_party_count; p < finder->party_count; p++)
        if (seen[p].work && !seen[p].kin && finder->parties[p].role == ROLE_UNKNOWN) {
            finder->parties[p].role = ROLE_PROFESSIONAL;
            finder->parties[p].why = "on no list; the words beside the name say a professional";
        }
    free(listed);
    free(seen);
}
