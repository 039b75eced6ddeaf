/* find_language.c: sentences that are not in English. The words that tell sensitive facts are English: what such a sentence says of whom,
 * a person must judge who can read it. */
#include "redact/find_sentence.h"

#define WORDS_LEAST 5       /* in small letters, or of a script that has none: fewer tell no language */
#define ENGLISH_MOST 0.25f  /* of them: in other languages some words look English */

static bool is_counted(const struct finder *finder, size_t i) {
    const struct atom *a = &finder->text.atoms[i];
    return !(a->marks & (ATOM_CAPITAL | ATOM_NUMBER | ATOM_DOTTED | ATOM_TAKEN)) && a->len > 1;
}

static bool is_english(const struct finder *finder, size_t i) {
    if (find_traits(finder, i) & ~(uint32_t)(WORD_NAME | WORD_FORENAME | WORD_SURNAME | WORD_PLACE))
        return true;
    return find_gazetteer(finder, i) & TAG_WORD_ORDINARY;
}

static bool is_foreign(const struct finder *finder, const struct sentence *s) {
    size_t words = 0, english = 0;
    for (size_t i = s->begin; i < s->end; i++)
        if (is_counted(finder, i)) {
            words++;
            english += is_english(finder, i);
        }
    return words >= WORDS_LEAST && (float)english < ENGLISH_MOST * (float)words;
}

void find_foreign(struct finder *finder, const struct sentences *sentences) {
    for (size_t n = 0; n < sentences->count; n++) {
        size_t last = n;
        if (!is_foreign(finder, &sentences->list[n]))
            continue;
        while (last + 1 < sentences->count && !sentences->list[last + 1].paragraph && is_foreign(finder, &sentences->list[last + 1]))
            last++;
        const struct atom *atoms = finder->text.atoms;
        struct hit *hit = hit_add(finder, FLAG_PASSAGE, atoms[sentences->list[n].begin].first, atoms[sentences->list[last].end - 1].last);
        hit->finder = "facts";
        hit->why = "not in English: somebody who reads the language must look";
        hit->look = true;
        hit->confidence = 30;
        n = last;
    }
}
