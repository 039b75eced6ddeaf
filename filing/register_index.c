#include "filing/register_index.h"

#include "base/clock.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

uint64_t register_index_pair(uint32_t forename, uint32_t surname) {
    return key_of_number((uint64_t)forename << 32 | surname);
}

static uint32_t name_add(struct register_index *x, const char *text, size_t len) {
    char *part = mem_text_part(text, len), *key = name_key(part);
    uint32_t number = *key ? name_list_add(&x->names, key) : NAME_NONE;
    free(part);
    free(key);
    return number;
}

static void variant_add(struct register_index *x, struct variant variant) {
    if (variant.forename == NAME_NONE || variant.surname == NAME_NONE)
        return;
    if (x->variant_count == x->variant_room)
        x->variants = mem_grow(x->variants, x->variant_room = x->variant_room ? x->variant_room * 2 : 1024,
                               sizeof *x->variants);
    postings_add(&x->pairs, register_index_pair(variant.forename, variant.surname),
                 (uint32_t)x->variant_count);
    x->variants[x->variant_count++] = variant;
}

/* Each forename of a row of forenames, with the surname. */
static void forenames_add(struct register_index *x, const char *forenames, uint32_t surname,
                          struct variant variant) {
    for (const char *at = forenames; *at;) {
        size_t len = strcspn(at, " ");
        if (len) {
            variant.forename = name_add(x, at, len);
            variant.surname = surname;
            variant_add(x, variant);
            variant.kind = VARIANT_MIDDLE;
        }
        at += len + (at[len] == ' ');
    }
}

/* An alias is a full name, or a forename or surname alone: then the other half is the register's. A surname
 * of two words is known by the child's own surname, else the last word is the surname. */
static void alias_add(struct register_index *x, const struct child *child, uint32_t place,
                      const struct alias *alias) {
    struct variant variant = {.child = place, .kind = VARIANT_ALIAS};
    const char *name = alias->name, *space = strrchr(name, ' ');
    size_t len = strlen(name), own = strlen(child->surname);
    if (len > own + 1 && own && strcmp(name + len - own, child->surname) == 0 && name[len - own - 1] == ' ')
        space = name + len - own - 1;
    if (space) {
        char *forenames = mem_text_part(name, (size_t)(space - name));
        forenames_add(x, forenames, name_add(x, space + 1, strlen(space + 1)), variant);
        free(forenames);
    } else if (strstr(alias->kind, "surname") || strstr(alias->kind, "birth name")) {
        forenames_add(x, child->forenames, name_add(x, name, len), variant);
    } else {
        forenames_add(x, name, name_add(x, child->surname, own), variant);
    }
}

bool postcode_key(const char *text, char out[9]) {
    size_t n = 0;
    for (; *text; text++)
        if (isalnum((unsigned char)*text)) {
            if (n == 7)
                return false;
            out[n++] = (char)tolower((unsigned char)*text);
        }
    out[n] = 0;
    return n >= 5 && isalpha((unsigned char)out[0]) && isdigit((unsigned char)out[n - 3]) &&
           isalpha((unsigned char)out[n - 2]) && isalpha((unsigned char)out[n - 1]);
}

uint64_t postcode_sector(const char key[9]) {
    char sector[9];
    size_t len = strlen(key) - 2;
    memcpy(sector, key, len);
    sector[len] = 0;
    return key_of_text(sector);
}

static void postcode_add(struct register_index *x, const char *text, uint32_t child) {
    char key[9];
    if (!postcode_key(text, key))
        return;
    postings_add(&x->postcodes, key_of_text(key), child);
    postings_add(&x->sectors, postcode_sector(key), child);
}

static void nicknames_add(struct register_index *x, const struct nicknames *nicknames, uint32_t place, uint32_t surname) {
    const char *forenames = x->people->children[place].forenames;
    char *first = mem_text_part(forenames, strcspn(forenames, " ")), *key = name_key(first);
    size_t count;
    const char *const *list = nicknames_of(nicknames, key, &count);
    for (size_t i = 0; i < count; i++)
        variant_add(x, (struct variant){.child = place, .forename = name_list_add(&x->names, list[i]), .surname = surname, .kind = VARIANT_NICKNAME});
    free(first);
    free(key);
}

static void child_add(struct register_index *x, uint32_t place, const struct nicknames *nicknames) {
    const struct child *child = &x->people->children[place];
    uint32_t surname = name_add(x, child->surname, strlen(child->surname));
    x->variant_starts[place] = (uint32_t)x->variant_count;
    forenames_add(x, child->forenames, surname, (struct variant){.child = place, .kind = VARIANT_REGISTER});
    nicknames_add(x, nicknames, place, surname);
    for (size_t i = 0; i < child->alias_count; i++)
        alias_add(x, child, place, &child->aliases[i]);
    const char *numbers[] = {child->council_id, child->nhs_number, child->upn};
    for (size_t i = 0; i < 3; i++)
        if (*numbers[i])
            postings_add(&x->numbers, key_of_text(numbers[i]), place);
    if (child->born != DATE_NONE)
        postings_add(&x->born, key_of_number((uint64_t)child->born), place);
    if (*child->family_id)
        postings_add(&x->kin, key_of_text(child->family_id), place);
    postcode_add(x, child->postcode, place);
    for (size_t i = 0; i < child->previous_address_count; i++) {
        const char *comma = strrchr(child->previous_addresses[i], ',');
        if (comma)
            postcode_add(x, comma + 1, place);
    }
}

bool contact_key(const char *text, char out[CONTACT_BYTES]) {
    size_t len = strlen(text), digits = 0;
    if (len + 1 > CONTACT_BYTES || len < 8)
        return false;
    if (strchr(text, '@') && strchr(text, '.')) {
        for (size_t i = 0; i <= len; i++)
            out[i] = (char)tolower((unsigned char)text[i]);
        return true;
    }
    for (const char *at = text; *at; at++)
        if (isdigit((unsigned char)*at))
            out[digits++] = *at;
        else if (!strchr(" ()+-", *at))
            return false;
    if (digits < 10 || digits > 14)
        return false;
    memmove(out, out + digits - 10, 10);
    out[10] = 0;
    return true;
}

static void contact_add(struct register_index *x, const char *text, uint32_t child) {
    char key[CONTACT_BYTES];
    if (contact_key(text, key))
        postings_add(&x->contacts, key_of_text(key), child);
}

/* Relatives and others near the child; professionals are linked to hundreds of children and say nothing. */
static void persons_add(struct register_index *x) {
    const struct people *people = x->people;
    size_t place = 0;
    for (size_t i = 0; i < people->person_count; i++) {
        const struct person *person = &people->persons[i];
        while (place < people->child_count && people->children[place].id < person->child_id)
            place++;
        if (place == people->child_count || people->children[place].id != person->child_id ||
            person->role != ROLE_FAMILY)
            continue;
        contact_add(x, person->email, (uint32_t)place);
        contact_add(x, person->phone, (uint32_t)place);
        uint32_t forename = name_add(x, person->forenames, strcspn(person->forenames, " "));
        uint32_t surname = name_add(x, person->surname, strlen(person->surname));
        if (forename != NAME_NONE && surname != NAME_NONE)
            postings_add(&x->families, register_index_pair(forename, surname), (uint32_t)place);
    }
}

static void names_count(struct register_index *x) {
    x->forename_counts = mem_new((x->names.count + 1) * sizeof *x->forename_counts);
    x->surname_counts = mem_new((x->names.count + 1) * sizeof *x->surname_counts);
    for (size_t i = 0; i < x->variant_count; i++) {
        if (x->variants[i].kind == VARIANT_MIDDLE)
            continue;
        x->forename_counts[x->variants[i].forename]++;
        x->surname_counts[x->variants[i].surname]++;
    }
}

/* ---- children that no machine files to */

static bool text_has_word(const char *text, const char *words) {
    while (*words) {
        size_t len = strcspn(words, " ,");
        for (const char *at = text; len && *at; at++)
            if (strncasecmp(at, words, len) == 0)
                return true;
        words += len + (words[len] != 0);
    }
    return false;
}

/* "Baby Whittaker", "Unborn Child Whittaker": any newborn of that surname may be meant. */
static bool has_no_name_yet(const struct child *child) {
    static const char *const words[] = {"baby", "unborn", "unknown", "unnamed", "infant", "child"};
    size_t len = strcspn(child->forenames, " -");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == len && strncasecmp(child->forenames, words[i], len) == 0)
            return true;
    return !len;
}

static const char *by_hand_of(const struct register_index *x, const struct child *child, const char *never) {
    size_t count;
    const struct person *persons = people_of_child(x->people, child->id, &count);
    bool kept = text_has_word(child->status, never) || text_has_word(child->legal_status, never);
    for (size_t i = 0; i < count; i++)
        kept |= text_has_word(persons[i].relation, never);
    return kept ? "the record is restricted, or of an adoption: a person files to it" : has_no_name_yet(child) ? "the register has no name for this child yet" : NULL;
}

void register_index_build(struct register_index *x, const struct people *people, const char *never, const struct nicknames *nicknames) {
    memset(x, 0, sizeof *x);
    x->people = people;
    x->variant_starts = mem_new((people->child_count + 1) * sizeof *x->variant_starts);
    for (size_t i = 0; i < people->child_count; i++)
        child_add(x, (uint32_t)i, nicknames);
    x->variant_starts[people->child_count] = (uint32_t)x->variant_count;
    x->by_hand = mem_new((people->child_count + 1) * sizeof *x->by_hand);
    for (size_t i = 0; i < people->child_count; i++)
        x->by_hand[i] = by_hand_of(x, &people->children[i], never);
    persons_add(x);
    names_count(x);
    name_list_seal(&x->names);
    struct postings *all[] = {&x->pairs, &x->numbers, &x->born, &x->postcodes, &x->sectors, &x->contacts, &x->families, &x->kin};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        postings_seal(all[i]);
}

void register_index_drop(struct register_index *x) {
    struct postings *all[] = {&x->pairs, &x->numbers, &x->born, &x->postcodes, &x->sectors, &x->contacts, &x->families, &x->kin};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        postings_drop(all[i]);
    name_list_drop(&x->names);
    free(x->by_hand);
    free(x->variants);
    free(x->variant_starts);
    free(x->forename_counts);
    free(x->surname_counts);
    memset(x, 0, sizeof *x);
}

const struct variant *register_index_variants(const struct register_index *x, uint32_t child,
                                              size_t *ret_count) {
    *ret_count = x->variant_starts[child + 1] - x->variant_starts[child];
    return x->variants + x->variant_starts[child];
}

/* Days that forms fill in when nobody knows, and any day that far too many children share. */
bool register_index_has_born(const struct register_index *x, uint32_t child) {
    int32_t born = x->people->children[child].born;
    int year, month, day;
    size_t sharing;
    if (born == DATE_NONE)
        return false;
    date_parts(born, &year, &month, &day);
    if (year <= 1902 || (month == 1 && day == 1 && (year == 1970 || year == 1980 || year == 2000)))
        return false;
    postings_find(&x->born, key_of_number((uint64_t)born), &sharing);
    return sharing <= 10 + x->people->child_count / 300;
}

bool register_index_same_family(const struct register_index *x, uint32_t a, uint32_t b) {
    const struct child *one = &x->people->children[a], *other = &x->people->children[b];
    if (*one->family_id && strcmp(one->family_id, other->family_id) == 0)
        return true;
    size_t count;
    const struct person *persons = people_of_child(x->people, one->id, &count);
    for (size_t i = 0; i < count; i++)
        if (*persons[i].sibling_council_id && strcmp(persons[i].sibling_council_id, other->council_id) == 0)
            return true;
    return false;
}
