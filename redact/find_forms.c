/* find_forms.c: the ways to write a name, and which word of the page is read as which word of a name. */
#include "redact/find_mend.h"
#include "redact/find_private.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Words of one name. */
struct name_words {
    uint32_t list[FORM_WORDS];
    size_t count;
};

static struct name_words words_of(struct finder *finder, const char *text) {
    struct name_words words;
    words.count = vocabulary_words(&finder->vocabulary, text, words.list, 3);
    return words;
}

/* The parts of a hyphenated name as words of their own; count 0 when it has no hyphen. */
static struct name_words hyphen_parts(struct finder *finder, const char *text) {
    struct name_words words = {.count = 0};
    if (!strchr(text, '-'))
        return words;
    char *spaced = mem_text(text);
    for (char *p = spaced; *p; p++)
        if (*p == '-')
            *p = ' ';
    words = words_of(finder, spaced);
    free(spaced);
    return words;
}

static void want(struct finder *finder, uint32_t word) {
    struct entry *entry = &finder->vocabulary.list[word];
    if (entry->wanted)
        return;
    entry->wanted = true;
    if (finder->wanted_count == finder->wanted_room) {
        finder->wanted_room = finder->wanted_room ? finder->wanted_room * 2 : 128;
        finder->wanted = mem_grow(finder->wanted, finder->wanted_room, sizeof *finder->wanted);
    }
    finder->wanted[finder->wanted_count++] = word;
}

static bool form_is_there(const struct finder *finder, const struct form *form) {
    for (int32_t f = finder->vocabulary.list[form->words[0]].forms; f >= 0; f = finder->forms[f].next) {
        const struct form *other = &finder->forms[f];
        /* A turned name has a comma: the same words without one are another form. */
        bool alike = (other->kind == FORM_TURNED) == (form->kind == FORM_TURNED);
        if (alike && other->party == form->party && other->count == form->count &&
            memcmp(other->words, form->words, form->count * sizeof *form->words) == 0)
            return true;
    }
    return false;
}

static void form_add(struct finder *finder, struct form form) {
    if (!form.count || form_is_there(finder, &form))
        return;
    for (size_t i = 0; i < form.count; i++)
        want(finder, form.words[i]);
    if (finder->form_count == finder->form_room) {
        finder->form_room = finder->form_room ? finder->form_room * 2 : 512;
        finder->forms = mem_grow(finder->forms, finder->form_room, sizeof *finder->forms);
    }
    struct entry *first = &finder->vocabulary.list[form.words[0]];
    form.next = first->forms;
    first->forms = (int32_t)finder->form_count;
    finder->forms[finder->form_count++] = form;
}

/* Whose forms are made. */
struct namer {
    struct finder *finder;
    uint32_t party;
};

/* Two runs of words one after the other. */
static void form_join(const struct namer *n, enum form_kind kind, struct name_words a, struct name_words b) {
    struct form form = {.party = n->party, .kind = kind};
    for (size_t i = 0; i < a.count && form.count < FORM_WORDS; i++)
        form.words[form.count++] = a.list[i];
    for (size_t i = 0; i < b.count && form.count < FORM_WORDS; i++)
        form.words[form.count++] = b.list[i];
    form_add(n->finder, form);
}

static struct name_words one(uint32_t word) {
    return (struct name_words){.list = {word}, .count = 1};
}

static const struct name_words nothing = {.count = 0};

static struct name_words initial_of(struct finder *finder, uint32_t word) {
    const char *at = finder->vocabulary.list[word].key, *begin = at;
    char letter[8] = "";
    text_next(&at);
    memcpy(letter, begin, (size_t)(at - begin));
    return one(vocabulary_intern(&finder->vocabulary, letter));
}

static bool is_first_name(const struct finder *finder, uint32_t word) {
    return strlen(finder->vocabulary.list[word].key) >= 2;
}

/* First name and each way to write the surname. */
static void first_with_surname(const struct namer *n, struct name_words first, const char *surname) {
    struct finder *finder = n->finder;
    struct name_words whole = words_of(finder, surname), parts = hyphen_parts(finder, surname);
    form_join(n, FORM_FULL, first, whole);
    form_join(n, FORM_TURNED, whole, first);
    if (whole.count == 2) {
        form_join(n, FORM_FULL, first, one(whole.list[0]));
        form_join(n, FORM_FULL, first, one(whole.list[1]));
    }
    if (!parts.count)
        return;
    form_join(n, FORM_FULL, first, parts);
    for (size_t i = 0; i < parts.count; i++)
        form_join(n, FORM_FULL, first, one(parts.list[i]));
}

static void nicknames(const struct namer *n, uint32_t first, const char *surname) {
    struct finder *finder = n->finder;
    const char *other[24];
    size_t count = find_words_nicknames(finder->vocabulary.list[first].key, other, 24);
    for (size_t i = 0; i < count; i++) {
        char key[VOCABULARY_KEY];
        vocabulary_key(other[i], strcspn(other[i], " "), key);
        uint32_t word = vocabulary_intern(&finder->vocabulary, key);
        form_join(n, FORM_NICK, one(word), nothing);
        first_with_surname(n, one(word), surname);
    }
}

/* Adds the first letter of a word at the end of a key. */
static void initial_put(struct finder *finder, uint32_t word, char key[VOCABULARY_KEY]) {
    uint32_t letter = initial_of(finder, word).list[0]; /* it may move the vocabulary's list */
    strcat(key, finder->vocabulary.list[letter].key);
}

/* KS, KHP, KJS: forename, middle names, surname or its parts. */
static void initials(const struct namer *n, struct name_words fore, struct name_words sur) {
    struct finder *finder = n->finder;
    char key[VOCABULARY_KEY] = "", part[VOCABULARY_KEY];
    for (int middle = 0; middle < 2; middle++) {
        key[0] = 0;
        for (size_t i = 0; i < fore.count && (i == 0 || middle); i++)
            initial_put(finder, fore.list[i], key);
        memcpy(part, key, sizeof part);
        for (size_t i = 0; i < sur.count; i++) {
            initial_put(finder, sur.list[i], part);
            form_join(n, FORM_INITIALS, one(vocabulary_intern(&finder->vocabulary, part)), nothing);
        }
    }
}

static void surname_forms(const struct namer *n, const char *surname) {
    struct finder *finder = n->finder;
    struct name_words whole = words_of(finder, surname), parts = hyphen_parts(finder, surname);
    form_join(n, FORM_SURNAME, whole, nothing);
    form_join(n, FORM_SURNAME, parts, nothing);
    for (size_t i = 0; i < parts.count; i++)
        if (strlen(finder->vocabulary.list[parts.list[i]].key) >= 4)
            form_join(n, FORM_SURNAME, one(parts.list[i]), nothing);
}

static void name_forms(const struct namer *n, const char *forenames, const char *surname) {
    struct finder *finder = n->finder;
    struct name_words fore = words_of(finder, forenames), sur = words_of(finder, surname);
    surname_forms(n, surname);
    if (!fore.count)
        return;
    struct name_words first = one(fore.list[0]);
    first_with_surname(n, first, surname);
    first_with_surname(n, fore, surname);
    if (sur.count) {
        form_join(n, FORM_INITIAL, initial_of(finder, fore.list[0]), sur);
        form_join(n, FORM_INITIAL, first, initial_of(finder, sur.list[0])); /* "Ellie T." */
        if (fore.count > 1)
            form_join(n, FORM_INITIAL, first, initial_of(finder, fore.list[1]));
        initials(n, fore, sur);
        struct name_words parts = hyphen_parts(finder, surname);
        if (parts.count)
            initials(n, fore, parts);
    }
    if (fore.count == 2)
        form_join(n, FORM_FIRST, fore, nothing);
    if (is_first_name(finder, fore.list[0]))
        form_join(n, FORM_FIRST, first, nothing);
    struct name_words parts = hyphen_parts(finder, forenames);
    if (parts.count) {
        form_join(n, FORM_FIRST, parts, nothing);
        form_join(n, FORM_NICK, one(parts.list[0]), nothing);
        first_with_surname(n, one(parts.list[0]), surname);
        first_with_surname(n, parts, surname);
    }
    nicknames(n, fore.list[0], surname);
}

/* Another name: a whole one, a surname only, or a first name only. */
static void alias_forms(const struct namer *n, const struct alias *alias, const char *forenames,
                        const char *surname) {
    const char *last = strrchr(alias->name, ' ');
    if (last) {
        char *fore = mem_text_part(alias->name, (size_t)(last - alias->name));
        name_forms(n, fore, last + 1);
        free(fore);
    } else if (strstr(alias->kind, "surname")) {
        name_forms(n, forenames, alias->name);
    } else if (*alias->name) {
        struct name_words word = words_of(n->finder, alias->name);
        form_join(n, FORM_FIRST, word, nothing);
        first_with_surname(n, word, surname);
    }
}

void find_forms_case(struct finder *finder, uint32_t party) {
    const struct child *child = finder->parties[party].child;
    const struct person *person = finder->parties[party].person;
    const char *forenames = person ? person->forenames : child ? child->forenames : "";
    const char *surname = person ? person->surname : child ? child->surname : "";
    const struct alias *aliases = person ? person->aliases : child ? child->aliases : NULL;
    size_t count = person ? person->alias_count : child ? child->alias_count : 0;
    const struct namer namer = {finder, party};
    name_forms(&namer, forenames, surname);
    for (size_t i = 0; i < count; i++)
        alias_forms(&namer, &aliases[i], forenames, surname);
    /* A sibling has the other names that the register of children knows, too. */
    for (size_t i = 0; person && child && i < child->alias_count; i++)
        alias_forms(&namer, &child->aliases[i], forenames, surname);
}

void find_forms_met(struct finder *finder, uint32_t party) {
    uint32_t forename = finder->parties[party].forename, surname = finder->parties[party].surname;
    if (surname != ENTRY_NONE)
        form_add(finder, (struct form){.words = {surname}, .count = 1, .kind = FORM_SURNAME, .party = party});
    if (forename == ENTRY_NONE)
        return;
    if (is_first_name(finder, forename))
        form_add(finder, (struct form){.words = {forename}, .count = 1, .kind = FORM_FIRST, .party = party});
    if (surname != ENTRY_NONE) {
        const struct namer namer = {finder, party};
        form_join(&namer, FORM_FULL, one(forename), one(surname));
        form_join(&namer, FORM_INITIAL, initial_of(finder, forename), one(surname));
    }
}

/* Newest first, so that each chain is as it was. */
void find_forms_forget(struct finder *finder) {
    while (finder->form_count > finder->case_form_count) {
        struct form *form = &finder->forms[--finder->form_count];
        finder->vocabulary.list[form->words[0]].forms = form->next;
    }
    while (finder->wanted_count > finder->case_wanted_count)
        finder->vocabulary.list[finder->wanted[--finder->wanted_count]].wanted = false;
}

static int quality_of(const char *word, const char *name) {
    size_t a = strlen(word), b = strlen(name), longer = a > b ? a : b;
    int most = b >= 9 ? 2 : 1;
    if (b < 3 || a < 2 || longer - (a < b ? a : b) > 2)
        return 9;
    if (a == b + 1 && word[a - 1] == 's' && b >= 3 && strncmp(word, name, b) == 0)
        return 1;
    if (__builtin_popcount(mender_letters(word) ^ mender_letters(name)) > (b >= 6 ? 6 : 4))
        return 9;
    char x[VOCABULARY_KEY], y[VOCABULARY_KEY];
    mender_alike(word, x);
    mender_alike(name, y);
    if (strcmp(x, y) == 0)
        return b >= 4 ? 1 : 3;
    int distance = text_distance(word, name, b >= 6 ? 2 : most);
    if (distance > most)
        return b >= 6 && distance <= 2 ? 3 : 9;
    return b >= 5 ? 2 : 3;
}

static void resolve(struct finder *finder, uint32_t number) {
    struct vocabulary *v = &finder->vocabulary;
    struct entry *entry = &v->list[number];
    entry->resolved = true;
    entry->match = ENTRY_NONE;
    entry->quality = 9;
    if (entry->traits &
        (WORD_COMMON | WORD_MONTH | WORD_STREET | WORD_PLACE | WORD_WORK | WORD_KIN | WORD_TOWN))
        return;
    /* Only the case's own words: what is met in one document must not colour how the next one is read. */
    for (size_t i = 0; i < finder->case_wanted_count; i++) {
        int quality = quality_of(entry->key, v->list[finder->wanted[i]].key);
        if (quality < entry->quality) {
            entry->quality = (uint8_t)quality;
            entry->match = finder->wanted[i];
        }
    }
    if (entry->quality > 3)
        entry->match = ENTRY_NONE;
    /* Another name of the register is that name: Ellie is not Ollie. Only beside a sure word may it be a
     * slip. */
    else if ((entry->traits & (WORD_FORENAME | WORD_SURNAME | WORD_NAME)) && entry->quality > 0)
        entry->quality = 3;
}

uint32_t find_forms_resolve(struct finder *finder, uint32_t number) {
    struct entry *entry = &finder->vocabulary.list[number];
    if (entry->wanted) {
        entry->match = number;
        entry->quality = 0;
        return number;
    }
    if (!entry->resolved)
        resolve(finder, number);
    return entry->match;
}
