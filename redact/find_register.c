#include "redact/find_register.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* From 64-bit keys (never 0) to numbers, open addressing. */
struct map {
    uint64_t *keys;
    uint32_t *values;
    size_t count, slots;
};

struct find_register {
    const struct people *people;
    struct map children, persons, numbers, work_phones, work_domains;
};

static size_t map_slot(const struct map *map, uint64_t key) {
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & (map->slots - 1);
    while (map->keys[at] && map->keys[at] != key)
        at = (at + 1) & (map->slots - 1);
    return at;
}

static void map_grow(struct map *map) {
    struct map old = *map;
    map->slots = old.slots ? old.slots * 2 : 1024;
    map->keys = mem_new(map->slots * sizeof *map->keys);
    map->values = mem_new(map->slots * sizeof *map->values);
    for (size_t i = 0; i < old.slots; i++)
        if (old.keys[i]) {
            size_t at = map_slot(map, old.keys[i]);
            map->keys[at] = old.keys[i];
            map->values[at] = old.values[i];
        }
    free(old.keys);
    free(old.values);
}

static const uint32_t *map_find(const struct map *map, uint64_t key) {
    if (!map->slots || !key)
        return NULL;
    size_t at = map_slot(map, key);
    return map->keys[at] ? &map->values[at] : NULL;
}

static void map_put(struct map *map, uint64_t key, uint32_t value) {
    if (!key)
        return;
    if (map->count * 2 >= map->slots)
        map_grow(map);
    size_t at = map_slot(map, key);
    map->count += !map->keys[at];
    map->keys[at] = key;
    map->values[at] = value;
}

static void map_drop(struct map *map) {
    free(map->keys);
    free(map->values);
}

static uint64_t text_hash(const char *text) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash ? hash : 1;
}

/* Letters and digits only, capitals; 0 when there are none. */
static uint64_t number_hash(const char *text) {
    char plain[40];
    size_t len = 0;
    for (; *text && len + 1 < sizeof plain; text++) {
        char c = *text;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
            plain[len++] = c;
    }
    plain[len] = 0;
    return len ? text_hash(plain) : 0;
}

static uint64_t pair_key(uint32_t forename, uint32_t surname) {
    return ((uint64_t)forename + 1) << 32 | surname;
}

#define NAME_PARTS 6

/* The first forename and the last word of the surname; a surname of more words is found by its last. */
static uint64_t name_key(struct vocabulary *vocabulary, const char *forenames, const char *surname) {
    uint32_t fore[NAME_PARTS], sur[NAME_PARTS];
    size_t f = vocabulary_words(vocabulary, forenames, fore, NAME_PARTS);
    size_t s = vocabulary_words(vocabulary, surname, sur, NAME_PARTS);
    for (size_t i = 0; i < f; i++)
        vocabulary->list[fore[i]].traits |= WORD_FORENAME;
    for (size_t i = 0; i < s; i++)
        vocabulary->list[sur[i]].traits |= WORD_SURNAME;
    return f && s ? pair_key(fore[0], sur[s - 1]) : 0;
}

static uint64_t alias_key(struct vocabulary *vocabulary, const char *name) {
    uint32_t words[NAME_PARTS];
    size_t count = vocabulary_words(vocabulary, name, words, NAME_PARTS);
    return count >= 2 ? pair_key(words[0], words[count - 1]) : 0;
}

static void last_word_add(struct vocabulary *vocabulary, const char *text, uint32_t trait) {
    uint32_t words[NAME_PARTS];
    size_t count = vocabulary_words(vocabulary, text, words, NAME_PARTS);
    if (count >= 2 || (count && trait == WORD_TOWN))
        vocabulary->list[words[count - 1]].traits |= trait;
}

static void child_add(struct find_register *reg, struct vocabulary *vocabulary, uint32_t number) {
    const struct child *child = &reg->people->children[number];
    map_put(&reg->children, name_key(vocabulary, child->forenames, child->surname), number);
    for (size_t i = 0; i < child->alias_count; i++)
        map_put(&reg->children, alias_key(vocabulary, child->aliases[i].name), number);
    map_put(&reg->numbers, number_hash(child->council_id), number);
    map_put(&reg->numbers, number_hash(child->nhs_number), number);
    map_put(&reg->numbers, number_hash(child->upn), number);
    last_word_add(vocabulary, child->street, WORD_STREET);
    last_word_add(vocabulary, child->town, WORD_TOWN);
}

/* A name that is a professional's and somebody else's is kept as somebody else's: that is what must not be
 * missed. */
static void person_add(struct find_register *reg, struct vocabulary *vocabulary, uint32_t number) {
    const struct person *person = &reg->people->persons[number];
    uint64_t key = name_key(vocabulary, person->forenames, person->surname);
    const uint32_t *old = map_find(&reg->persons, key);
    if (!old || reg->people->persons[*old].role == ROLE_PROFESSIONAL)
        map_put(&reg->persons, key, number);
    if (person->role != ROLE_PROFESSIONAL)
        return;
    map_put(&reg->work_phones, number_hash(person->phone), number);
    const char *at = strchr(person->email, '@');
    if (at)
        map_put(&reg->work_domains, text_hash(at + 1), number);
}

struct find_register *find_register_new(const struct people *people, struct vocabulary *vocabulary) {
    struct find_register *reg = mem_new(sizeof *reg);
    reg->people = people;
    for (size_t i = 0; i < people->child_count; i++)
        child_add(reg, vocabulary, (uint32_t)i);
    for (size_t i = 0; i < people->person_count; i++)
        person_add(reg, vocabulary, (uint32_t)i);
    return reg;
}

void find_register_drop(struct find_register **reg) {
    if (!*reg)
        return;
    struct map *const maps[] = {&(*reg)->children, &(*reg)->persons, &(*reg)->numbers, &(*reg)->work_phones,
                                &(*reg)->work_domains};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        map_drop(maps[i]);
    mem_free(reg);
}

const struct child *find_register_child(const struct find_register *reg, uint32_t forename,
                                        uint32_t surname) {
    const uint32_t *number = map_find(&reg->children, pair_key(forename, surname));
    return number ? &reg->people->children[*number] : NULL;
}

const struct person *find_register_person(const struct find_register *reg, uint32_t forename,
                                          uint32_t surname) {
    const uint32_t *number = map_find(&reg->persons, pair_key(forename, surname));
    return number ? &reg->people->persons[*number] : NULL;
}

const struct child *find_register_number(const struct find_register *reg, const char *number) {
    const uint32_t *found = map_find(&reg->numbers, number_hash(number));
    return found ? &reg->people->children[*found] : NULL;
}

bool find_register_work_phone(const struct find_register *reg, const char *digits) {
    return map_find(&reg->work_phones, number_hash(digits)) != NULL;
}

bool find_register_work_domain(const struct find_register *reg, const char *domain) {
    return map_find(&reg->work_domains, text_hash(domain)) != NULL;
}
