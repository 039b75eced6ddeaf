#include "filing/mention.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define MENTIONS_MOST 20000
#define FORM_LABEL_REACH 7 /* tokens from "Surname" to the forename in a form */

static const char *const adult_titles[] = {"mr",    "mrs", "ms",     "miss",     "dr",   "pc",
                                           "dc",    "ds",  "sgt",    "prof",     "cllr", "judge",
                                           "nurse", "rev", "sister", "recorder", NULL};
static const char *const relation_words[] = {
    "mother",     "mum",        "mummy",       "father",      "dad",         "daddy",     "parent",
    "stepfather", "stepmother", "step",        "grandmother", "grandfather", "nan",       "nana",
    "grandad",    "aunt",       "uncle",       "carer",       "social",      "worker",    "guardian",
    "foster",     "teacher",    "headteacher", "sibling",     "brother",     "sister",    "birth",
    "maternal",   "paternal",   "cousin",      "partner",     "manager",     "reviewing", "supervising",
    "neighbour",  "mgm",        "mgf",         "pgm",         "pgf",         "friend",    "solicitor",
    "half",       "author",     "from",        "halfbrother", "halfsister",  NULL};
static const char *const title_words[] = {
    "child",    "childs",    "children", "name",  "re",        "case",       "subject", "pupil",
    "student",  "patient",   "client",   "about", "regarding", "concerning", "respect", "matter",
    "forename", "forenames", "person",   "yp",    "reference", "record",     NULL};
static const char *const surname_words[] = {"surname", "lastname", NULL};
static const char *const forename_words[] = {"forename", "forenames", "firstname", "first",
                                             "given",    "christian", NULL};

bool word_is_in(const char *key, const char *const *list) {
    for (; *list; list++)
        if (strcmp(key, *list) == 0)
            return true;
    return false;
}

/* A name that a token, or it and the next, may be. */
struct reading {
    uint32_t name;
    uint8_t wrong, tokens;
};
#define READINGS (NAME_NEAR_MOST + 2)

static size_t readings_of(const struct token *token, struct reading *out) {
    size_t count = 0;
    if (token->joined != NAME_NONE)
        out[count++] = (struct reading){token->joined, 0, 2};
    if (token->name != NAME_NONE)
        out[count++] = (struct reading){token->name, 0, 1};
    for (size_t i = 0; i < token->near_count; i++)
        out[count++] = (struct reading){token->near[i], 1, 1};
    return count;
}

struct finder {
    const struct register_index *index;
    struct tokens *tokens;
    struct mentions *found;
};

static struct token *token_at(const struct finder *f, size_t at) {
    return &f->tokens->list[at];
}

/* Whether title words come shortly before, and nothing that says that somebody else is meant. */
static bool is_labelled(const struct tokens *tokens, size_t from) {
    bool labelled = false;
    for (size_t back = 1; back <= 7 && back <= from; back++) {
        const struct token *token = &tokens->list[from - back];
        if (word_is_in(token->key, relation_words) || token->marks & TOKEN_NAME_ENDS)
            return labelled && back > 3;
        labelled |= word_is_in(token->key, title_words);
    }
    return labelled;
}

static float title_of(const struct tokens *tokens, size_t from, bool first) {
    bool early = tokens->list[from].line < 30;
    float bits = is_labelled(tokens, from) ? (early ? 3.0f : 1.0f) : 0.0f;
    return early && first && bits < 2 ? 2 : bits;
}

bool mention_is_adult(const struct tokens *tokens, size_t from, size_t to) {
    if (from && word_is_in(tokens->list[from - 1].key, adult_titles))
        return true;
    if (to + 1 >= tokens->count || !(tokens->list[to].marks & TOKEN_COMMA))
        return false;
    const char *next = tokens->list[to + 1].key;
    return word_is_in(next, relation_words) && strcmp(next, "sibling") != 0 && strcmp(next, "brother") != 0 &&
           strcmp(next, "sister") != 0 && strcmp(next, "cousin") != 0;
}

static bool mention_is_known(const struct mentions *m, const struct mention *new) {
    for (size_t i = m->count; i-- > 0 && m->list[i].to + 3 >= new->from;)
        if (m->list[i].child == new->child && m->list[i].to >= new->from && m->list[i].wrong <= new->wrong)
            return true;
    return false;
}

bool mention_add(struct mentions *m, const struct mention *new) {
    if (m->count >= MENTIONS_MOST || mention_is_known(m, new))
        return false;
    if (m->count == m->room)
        m->list = mem_grow(m->list, m->room = m->room ? m->room * 2 : 64, sizeof *m->list);
    m->list[m->count++] = *new;
    return true;
}

static void relatives_add(struct finder *f, uint64_t pair, size_t from, size_t to) {
    size_t count;
    const struct posting *run = postings_find(&f->index->families, pair, &count);
    struct mentions *m = f->found;
    for (size_t i = 0; i < count && m->relative_count < MENTIONS_MOST; i++) {
        if (m->relative_count == m->relative_room)
            m->relatives =
                mem_grow(m->relatives, m->relative_room = m->relative_room ? m->relative_room * 2 : 64,
                         sizeof *m->relatives);
        m->relatives[m->relative_count++] =
            (struct relative){run[i].value, (uint32_t)from, (uint32_t)to, pair};
    }
}

static void tokens_mark(struct finder *f, size_t from, size_t to) {
    for (size_t i = from; i <= to; i++)
        token_at(f, i)->marks |= TOKEN_NAME_PART;
    token_at(f, to)->marks |= TOKEN_NAME_ENDS;
}

/* A place on the page where a forename and a surname stand together. */
struct place {
    size_t from, to;
};

static bool pair_try(struct finder *f, struct reading forename, struct reading surname, struct place place) {
    uint64_t pair = register_index_pair(forename.name, surname.name);
    size_t count, relatives = f->found->relative_count;
    const struct posting *run = postings_find(&f->index->pairs, pair, &count);
    relatives_add(f, pair, place.from, place.to);
    bool found = count || f->found->relative_count > relatives;
    if (!found)
        return false;
    bool adult = mention_is_adult(f->tokens, place.from, place.to);
    for (size_t i = 0; i < count && !adult; i++) {
        const struct variant *variant = &f->index->variants[run[i].value];
        struct mention new = {.child = variant->child,
                              .from = (uint32_t)place.from,
                              .to = (uint32_t)place.to,
                              .alike = (uint32_t)count,
                              .forename = forename.name,
                              .surname = surname.name,
                              .kind = (uint8_t)variant->kind,
                              .wrong = (uint8_t)(forename.wrong + surname.wrong)};
        mention_add(f->found, &new);
    }
    return true;
}

/* Tries all readings of a forename at one token and a surname at another, those with nothing wrong first. */
static bool names_try(struct finder *f, size_t forename_at, size_t surname_at) {
    struct reading forenames[READINGS], surnames[READINGS];
    size_t n = readings_of(token_at(f, forename_at), forenames),
           m = readings_of(token_at(f, surname_at), surnames);
    bool found = false;
    for (int wrong = 0; wrong <= 2 && !found; wrong++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < m; j++) {
                if (forenames[i].wrong + surnames[j].wrong != wrong)
                    continue;
                size_t a = forename_at + forenames[i].tokens - 1, b = surname_at + surnames[j].tokens - 1;
                if (forename_at < surname_at ? a >= surname_at : b >= forename_at)
                    continue;
                struct place place = {forename_at < surname_at ? forename_at : surname_at, a > b ? a : b};
                found |= pair_try(f, forenames[i], surnames[j], place);
            }
    if (found) {
        size_t from = forename_at < surname_at ? forename_at : surname_at;
        size_t last = forename_at > surname_at ? forename_at : surname_at;
        tokens_mark(f, from, last);
    }
    return found;
}

static bool may_be_name(const struct finder *f, size_t at) {
    if (at >= f->tokens->count)
        return false;
    const struct token *token = token_at(f, at);
    return token->marks & TOKEN_CAPITAL &&
           (token->name != NAME_NONE || token->joined != NAME_NONE || token->near_count);
}

/* "Theo Kenyon", "Theo James Kenyon", "Theo J. Kenyon": nothing but names between, all on one line unless
 * next to one another. */
static bool forward_try(struct finder *f, size_t at) {
    const struct token *first = token_at(f, at);
    for (size_t to = at + 1; to <= at + 4 && to < f->tokens->count; to++) {
        const struct token *before = token_at(f, to - 1), *token = token_at(f, to);
        bool initial = strlen(before->key) == 1;
        if (before->marks & (TOKEN_COMMA | TOKEN_COLON) || (before->marks & TOKEN_STOP && !initial))
            return false;
        if (!(token->marks & TOKEN_CAPITAL) || token->line > first->line + 1)
            return false;
        if (token->line != first->line && (to > at + 1 || token->marks & TOKEN_COMMA) &&
            token->page == first->page && !(before->marks & TOKEN_HYPHEN))
            return false;
        if (may_be_name(f, to) && names_try(f, at, to))
            return true;
    }
    return false;
}

/* "KENYON, Theo", "Kenyon, Theo" where no name ends with that Kenyon, "KENYON Theo". */
static bool backward_try(struct finder *f, size_t at) {
    const struct token *surname = token_at(f, at);
    size_t next = at + 1;
    if (surname->joined != NAME_NONE && next + 1 < f->tokens->count && !(surname->marks & TOKEN_COMMA))
        next++; /* a surname of two words */
    if (!may_be_name(f, next) || token_at(f, next)->line > surname->line + 1)
        return false;
    const struct token *end = token_at(f, next - 1), *forename = token_at(f, next);
    bool comma = end->marks & TOKEN_COMMA;
    bool loud = surname->marks & TOKEN_CAPITALS && !(forename->marks & TOKEN_CAPITALS) &&
                forename->line == surname->line;
    if (!comma && !loud)
        return false;
    if (at && comma && !loud) {
        const struct token *before = token_at(f, at - 1);
        bool joined =
            !(before->marks & (TOKEN_COMMA | TOKEN_COLON | TOKEN_STOP)) && before->marks & TOKEN_CAPITAL;
        if (joined && before->line + 1 >= surname->line && !word_is_in(before->key, title_words))
            return false;
    }
    return names_try(f, next, at);
}

/* Forms: "Surname: Kenyon  Forename(s): Theo", either order; "Theo, surname Kenyon". */
static bool form_try(struct finder *f, size_t label) {
    size_t surname = label + 1;
    while (surname < f->tokens->count && surname < label + 3 && !may_be_name(f, surname))
        surname++;
    if (!may_be_name(f, surname))
        return false;
    if (label && may_be_name(f, label - 1) && names_try(f, label - 1, surname))
        return true;
    bool named = false;
    for (size_t at = surname + 1; at < f->tokens->count && at <= surname + FORM_LABEL_REACH; at++) {
        if (named && may_be_name(f, at) && names_try(f, at, surname))
            return true;
        named |= word_is_in(token_at(f, at)->key, forename_words);
    }
    for (size_t back = 1; back <= FORM_LABEL_REACH && back < label; back++)
        if (may_be_name(f, label - back) && (word_is_in(token_at(f, label - back - 1)->key, forename_words) ||
                                             strcmp(token_at(f, label - back - 1)->key, "s") == 0))
            return names_try(f, label - back, surname);
    return false;
}

void mentions_find(const struct register_index *index, struct tokens *tokens, struct mentions *ret) {
    struct finder f = {index, tokens, ret};
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < tokens->count; i++) {
        if (word_is_in(tokens->list[i].key, surname_words) && form_try(&f, i))
            continue;
        if (may_be_name(&f, i) && !forward_try(&f, i))
            backward_try(&f, i);
    }
}

static int mention_order(const void *a, const void *b) {
    const struct mention *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->child > y->child) - (x->child < y->child);
}

void mentions_seal(struct tokens *tokens, struct mentions *ret) {
    if (ret->count)
        qsort(ret->list, ret->count, sizeof *ret->list, mention_order);
    for (size_t i = 0; i < ret->count; i++) {
        ret->list[i].title = title_of(tokens, ret->list[i].from, ret->list[i].from == ret->list[0].from);
        postings_add(&ret->by_child, key_of_number(ret->list[i].child), (uint32_t)i);
    }
    for (size_t i = 0; i < ret->relative_count; i++)
        postings_add(&ret->relatives_by_child, key_of_number(ret->relatives[i].child), (uint32_t)i);
    postings_seal(&ret->by_child);
    postings_seal(&ret->relatives_by_child);
}

const struct posting *mentions_of(const struct mentions *m, uint32_t child, size_t *ret_count) {
    return postings_find(&m->by_child, key_of_number(child), ret_count);
}

const struct posting *relatives_of(const struct mentions *m, uint32_t child, size_t *ret_count) {
    return postings_find(&m->relatives_by_child, key_of_number(child), ret_count);
}

void mentions_drop(struct mentions *m) {
    free(m->list);
    free(m->relatives);
    postings_drop(&m->by_child);
    postings_drop(&m->relatives_by_child);
    memset(m, 0, sizeof *m);
}
