/* find_listed.c: what the council's own lists say (names.conf): words that are nobody's name, words that always are. */
#include "redact/find_private.h"

#include "base/mem.h"

#include <string.h>

/* The words of a listed name stand at atom i: its last atom, or SIZE_MAX. */
static size_t words_at(const struct finder *finder, const struct listed *listed, size_t i) {
    if (i + listed->count > finder->text.atom_count)
        return SIZE_MAX;
    for (size_t k = 0; k < listed->count; k++) {
        const struct atom *a = &finder->text.atoms[i + k];
        if (a->entry != listed->words[k] || (k && a->page != a[-1].page))
            return SIZE_MAX;
    }
    return i + listed->count - 1;
}

static void listed_add(struct finder *finder, const struct listed_name *name, bool never) {
    struct listed listed = {.role = ROLE_UNKNOWN, .never = never};
    listed.count = vocabulary_words(&finder->vocabulary, name->words, listed.words, FORM_WORDS);
    if (*name->role)
        role_from_text(name->role, &listed.role);
    if (!listed.count)
        return;
    for (size_t k = 0; k < listed.count; k++) /* known to outlive the document */
        finder->vocabulary.list[listed.words[k]].listed = true;
    finder->listed = mem_grow(finder->listed, finder->listed_count + 1, sizeof *finder->listed);
    finder->listed[finder->listed_count++] = listed;
}

static void traits_add(struct finder *finder, char **list, size_t count, uint32_t traits) {
    for (size_t i = 0; i < count; i++) {
        uint32_t words[FORM_WORDS];
        size_t n = vocabulary_words(&finder->vocabulary, list[i], words, FORM_WORDS);
        if (n) /* of several words the last one: "safeguarding lead" */
            finder->vocabulary.list[words[n - 1]].traits |= traits;
    }
}

void find_listed_learn(struct finder *finder, const struct name_lists *lists) {
    for (size_t i = 0; i < lists->never_count; i++)
        listed_add(finder, &lists->never[i], true);
    for (size_t i = 0; i < lists->always_count; i++)
        listed_add(finder, &lists->always[i], false);
    traits_add(finder, lists->titles, lists->title_count, WORD_TITLE | WORD_TITLE_WORK | WORD_COMMON);
    traits_add(finder, lists->professions, lists->profession_count, WORD_WORK);
    traits_add(finder, lists->organisations, lists->organisation_count, WORD_PLACE);
}

static void always_add(struct finder *finder, const struct listed *listed, size_t first, size_t last) {
    const struct stranger who = {listed->role, ENTRY_NONE, listed->words[0], listed->count > 1 ? listed->words[listed->count - 1] : ENTRY_NONE};
    struct hit *hit = find_person_add(finder, first, last, find_party_stranger(finder, &who));
    hit->finder = "list";
    hit->confidence = 90;
}

void find_listed(struct finder *finder) {
    for (size_t i = 0; i < finder->text.atom_count; i++) {
        if (!finder->vocabulary.list[finder->text.atoms[i].entry].listed)
            continue;
        for (size_t n = 0; n < finder->listed_count; n++) {
            size_t last = words_at(finder, &finder->listed[n], i);
            bool taken = last == SIZE_MAX;
            for (size_t k = i; !taken && k <= last; k++)
                taken = finder->text.atoms[k].marks & ATOM_TAKEN;
            if (taken)
                continue;
            for (size_t k = i; finder->listed[n].never && k <= last; k++)
                finder->text.atoms[k].marks |= ATOM_TAKEN;
            if (!finder->listed[n].never)
                always_add(finder, &finder->listed[n], i, last);
        }
    }
}
