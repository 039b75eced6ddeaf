/* Names that recognition has spoilt too much for a register of any size: sought for the few children whom something else speaks for. */
#include "base/mem.h"
#include "base/text.h"
#include "filing/mention.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORDS_MOST = 20000, /* capitalised words of one document that are looked at */
    APART_MOST = 3,     /* tokens from forename to surname: middle names between */
    WRONG_MOST = 3,     /* letters, in both halves together */
};

/* A word that may be half a name. */
struct word_look {
    uint32_t token;
    uint32_t letters; /* a bit for each letter of the alphabet; the rest share the last bits */
    size_t len;
    char look[NAME_LOOK_BYTES];
};

struct seeker {
    const struct register_index *index;
    struct tokens *tokens;
    struct mentions *found;
    struct word_look *words;
    size_t count;
    uint32_t *word_of; /* token -> word + 1, or 0 */
};

static uint32_t letters_of(const char *look) {
    uint32_t letters = 0;
    for (; *look; look++) {
        unsigned c = (unsigned char)*look;
        letters |= 1u << (c >= 'a' && c <= 'z' ? c - 'a' : 26 + c % 6);
    }
    return letters;
}

static bool look_make(const char *key, struct word_look *ret) {
    if (!name_look(key, ret->look))
        return false;
    ret->len = strlen(ret->look);
    ret->letters = letters_of(ret->look);
    return ret->len > 0;
}

static void words_take(struct seeker *s) {
    s->words = mem_new(WORDS_MOST * sizeof *s->words);
    s->word_of = mem_new((s->tokens->count + 1) * sizeof *s->word_of);
    for (size_t i = 0; i < s->tokens->count && s->count < WORDS_MOST; i++) {
        struct word_look *word = &s->words[s->count];
        if (!(s->tokens->list[i].marks & TOKEN_CAPITAL) || !look_make(s->tokens->list[i].key, word))
            continue;
        word->token = (uint32_t)i;
        s->word_of[i] = (uint32_t)++s->count;
    }
}

/* How many letters a word may differ from a name of that length in: of short names every other is a neighbour. */
static int wrong_most(size_t len) {
    return len < 4 ? 0 : len < 7 ? 1 : 2;
}

/* Letters that are wrong; more than wrong_most: another word. */
static int wrong_between(const struct word_look *word, const struct word_look *name) {
    int most = wrong_most(name->len);
    if (__builtin_popcount(word->letters ^ name->letters) > 2 * most)
        return most + 1;
    return text_distance(word->look, name->look, most);
}

static const struct word_look *word_at(const struct seeker *s, size_t token) {
    return token < s->tokens->count && s->word_of[token] ? &s->words[s->word_of[token] - 1] : NULL;
}

/* A name of the child, both halves as they look. */
struct sought {
    const struct variant *variant;
    struct word_look forename, surname;
};

static bool place_is_taken(const struct seeker *s, size_t from, size_t to) {
    for (size_t i = from; i <= to; i++)
        if (s->tokens->list[i].marks & TOKEN_NAME_PART)
            return true;
    return false;
}

static bool halves_meet(struct seeker *s, const struct sought *sought, const struct word_look *forename, const struct word_look *surname) {
    int wrong = wrong_between(forename, &sought->forename), more = wrong_between(surname, &sought->surname);
    size_t from = forename->token < surname->token ? forename->token : surname->token;
    size_t to = forename->token > surname->token ? forename->token : surname->token;
    if (wrong > wrong_most(sought->forename.len) || more > wrong_most(sought->surname.len) || wrong + more > WRONG_MOST ||
        s->tokens->list[to].line > s->tokens->list[from].line + 1 || place_is_taken(s, from, to))
        return false;
    struct mention mention = {.child = sought->variant->child, .from = (uint32_t)from, .to = (uint32_t)to, .alike = 1, .forename = sought->variant->forename,
                              .surname = sought->variant->surname, .kind = (uint8_t)sought->variant->kind, .wrong = (uint8_t)(wrong + more)};
    if (!mention_add(s->found, s->tokens, &mention))
        return false;
    for (size_t i = from; i <= to; i++)
        s->tokens->list[i].marks |= TOKEN_NAME_PART;
    s->tokens->list[to].marks |= TOKEN_NAME_ENDS;
    return true;
}

/* "Theo Kenyon", "Theo James Kenyon"; "Kenyon, Theo" and "KENYON Theo". */
static void name_seek_at(struct seeker *s, const struct sought *sought, const struct word_look *forename) {
    for (size_t apart = 1; apart <= APART_MOST; apart++) {
        const struct token *before = &s->tokens->list[forename->token + apart - 1];
        if (before->marks & (TOKEN_COMMA | TOKEN_COLON))
            break;
        const struct word_look *surname = word_at(s, forename->token + apart);
        if (surname && halves_meet(s, sought, forename, surname))
            return;
    }
    const struct word_look *surname = forename->token ? word_at(s, forename->token - 1) : NULL;
    if (surname && s->tokens->list[surname->token].marks & (TOKEN_COMMA | TOKEN_CAPITALS))
        halves_meet(s, sought, forename, surname);
}

static void child_seek(struct seeker *s, uint32_t child) {
    size_t count;
    const struct variant *variants = register_index_variants(s->index, child, &count);
    for (size_t i = 0; i < count; i++) {
        struct sought sought = {.variant = &variants[i]};
        if (!look_make(s->index->names.texts[variants[i].forename], &sought.forename) ||
            !look_make(s->index->names.texts[variants[i].surname], &sought.surname))
            continue;
        for (size_t w = 0; w < s->count; w++)
            if (wrong_between(&s->words[w], &sought.forename) <= wrong_most(sought.forename.len))
                name_seek_at(s, &sought, &s->words[w]);
    }
}

void mentions_seek(const struct register_index *index, struct tokens *tokens, const uint32_t *children, size_t count, struct mentions *mentions) {
    struct seeker seeker = {.index = index, .tokens = tokens, .found = mentions};
    words_take(&seeker);
    for (size_t i = 0; i < count; i++)
        child_seek(&seeker, children[i]);
    free(seeker.words);
    free(seeker.word_of);
}
