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

static bool has_more_bits(uint32_t set, int most) {
    for (int i = 0; i < most; i++)
        set &= set - 1;
    return set != 0;
}

/* Letters that are wrong; more than wrong_most: another word. Nearly all pairs end at a look at their lengths and letters. */
static int wrong_between(const struct word_look *word, const struct word_look *name) {
    int most = wrong_most(name->len);
    size_t apart = word->len > name->len ? word->len - name->len : name->len - word->len;
    if (apart > (size_t)most || has_more_bits(word->letters ^ name->letters, 2 * most))
        return most + 1;
    return most ? text_distance(word->look, name->look, most) : strcmp(word->look, name->look) != 0;
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
        s->tokens->list[to].line > s->tokens->list[from].line + 1 || place_is_taken(s, from, to) || mention_is_adult(s->tokens, from, to))
        return false;
    struct mention mention = {.child = sought->variant->child, .from = (uint32_t)from, .to = (uint32_t)to, .alike = 1, .forename = sought->variant->forename,
                              .surname = sought->variant->surname, .kind = (uint8_t)sought->variant->kind, .wrong = (uint8_t)(wrong + more)};
    if (!mention_add(s->found, &mention))
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

static int forename_order(const void *a, const void *b) {
    const struct variant *x = *(const struct variant *const *)a, *y = *(const struct variant *const *)b;
    if (x->forename != y->forename)
        return x->forename < y->forename ? -1 : 1;
    return (x > y) - (x < y);
}

/* All full names of the children, but short forms. You free the list. */
static const struct variant **names_gather(const struct register_index *index, const uint32_t *children, size_t count, size_t *ret_count) {
    const struct variant **list = NULL;
    size_t all = 0, variant_count;
    for (size_t i = 0; i < count; i++) {
        const struct variant *variants = register_index_variants(index, children[i], &variant_count);
        list = variant_count ? mem_grow(list, all + variant_count, sizeof *list) : list;
        for (size_t v = 0; v < variant_count; v++)
            if (variants[v].kind != VARIANT_NICKNAME) /* short, and a letter of it makes another one */
                list[all++] = &variants[v];
    }
    *ret_count = all;
    return list;
}

/* The words that may be this forename: looked for once, however many of the children have it. */
static size_t words_like(const struct seeker *s, const struct word_look *name, uint32_t *ret) {
    size_t count = 0;
    for (size_t w = 0; w < s->count; w++)
        if (wrong_between(&s->words[w], name) <= wrong_most(name->len))
            ret[count++] = (uint32_t)w;
    return count;
}

void mentions_seek(const struct register_index *index, struct tokens *tokens, const uint32_t *children, size_t count, struct mentions *mentions) {
    struct seeker seeker = {.tokens = tokens, .found = mentions};
    size_t name_count, like_count = 0;
    const struct variant **names = names_gather(index, children, count, &name_count);
    words_take(&seeker);
    uint32_t *like = mem_new((seeker.count + 1) * sizeof *like), last = NAME_NONE;
    struct sought sought = {0};
    if (name_count)
        qsort(names, name_count, sizeof *names, forename_order);
    for (size_t i = 0; i < name_count; i++) {
        sought.variant = names[i];
        if (sought.variant->forename != last) {
            last = sought.variant->forename;
            like_count = look_make(index->names.texts[last], &sought.forename) ? words_like(&seeker, &sought.forename, like) : 0;
        }
        if (!like_count || !look_make(index->names.texts[sought.variant->surname], &sought.surname))
            continue;
        for (size_t w = 0; w < like_count; w++)
            name_seek_at(&seeker, &sought, &seeker.words[like[w]]);
    }
    free(like);
    free(names);
    free(seeker.words);
    free(seeker.word_of);
}
