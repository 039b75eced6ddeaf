#include "redact/fact_words.h"

#include "base/mem.h"
#include "redact/find_mend.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MOST 8
#define BUCKETS 1024 /* by the first two letters */

/* An entry cut into words as the vocabulary writes them; a word may stand for all that begin so. */
struct phrase {
    const struct fact_words *entry;
    char *words[WORDS_MOST];
    bool begins[WORDS_MOST];
    size_t count;
    int32_t next;  /* in its bucket, longer ones first */
    int32_t alike; /* the next one there that a word may begin as well which begins this one */
};

struct fact_index {
    struct phrase *phrases;
    size_t count;
    int32_t buckets[BUCKETS];
};

static size_t bucket_of(const char *key) {
    return ((unsigned char)key[0] * 33u + (unsigned char)(key[0] ? key[1] : 0)) % BUCKETS;
}

static void phrase_make(const struct fact_words *entry, struct phrase *ret) {
    *ret = (struct phrase){.entry = entry, .next = -1};
    for (const char *at = entry->text; *at && ret->count < WORDS_MOST;) {
        size_t len = strcspn(at, " ");
        char key[VOCABULARY_KEY];
        if (vocabulary_key(at, len, key)) {
            ret->begins[ret->count] = at[len - 1] == '*';
            ret->words[ret->count++] = mem_text(key);
        }
        at += len + strspn(at + len, " ");
    }
}

/* Behind the longer ones of its bucket. */
static void phrase_put(struct fact_index *index, size_t number) {
    struct phrase *phrase = &index->phrases[number];
    int32_t *at = &index->buckets[bucket_of(phrase->words[0])];
    while (*at >= 0 && index->phrases[*at].count >= phrase->count)
        at = &index->phrases[*at].next;
    phrase->next = *at;
    *at = (int32_t)number;
}

static bool begins_alike(const struct phrase *a, const struct phrase *b) {
    return a->begins[0] || b->begins[0] || strcmp(a->words[0], b->words[0]) == 0;
}

struct fact_index *fact_index_new(const struct fact_lists *facts) {
    struct fact_index *index = mem_new(sizeof *index);
    index->phrases = mem_new((facts->count + 1) * sizeof *index->phrases);
    for (size_t i = 0; i < BUCKETS; i++)
        index->buckets[i] = -1;
    for (size_t i = 0; i < facts->count; i++) {
        phrase_make(&facts->list[i], &index->phrases[index->count]);
        if (index->phrases[index->count].count)
            phrase_put(index, index->count++);
    }
    for (size_t i = 0; i < index->count; i++) {
        struct phrase *p = &index->phrases[i];
        for (p->alike = p->next; p->alike >= 0 && !begins_alike(p, &index->phrases[p->alike]);)
            p->alike = index->phrases[p->alike].next;
    }
    return index;
}

void fact_index_drop(struct fact_index **index) {
    if (!*index)
        return;
    for (size_t i = 0; i < (*index)->count; i++)
        for (size_t w = 0; w < (*index)->phrases[i].count; w++)
            free((*index)->phrases[i].words[w]);
    free((*index)->phrases);
    mem_free(index);
}

static bool word_fits(const struct phrase *phrase, size_t w, const char *key) {
    if (*key != *phrase->words[w])
        return false;
    return phrase->begins[w] ? strncmp(key, phrase->words[w], strlen(phrase->words[w])) == 0 : strcmp(key, phrase->words[w]) == 0;
}

static const char *key_at(const struct fact_text *in, size_t i) {
    return mender_key(in->mender, &in->vocabulary->list[in->text->atoms[i].entry]);
}

static bool phrase_fits(const struct phrase *phrase, const struct fact_text *in, size_t i) {
    const struct find_text *text = in->text;
    for (size_t w = 0; w < phrase->count; w++) {
        const struct atom *a = &text->atoms[i + w];
        if (i + w >= text->atom_count || (w && ((a[-1].marks & (ATOM_STOP | ATOM_COLON)) || a[-1].page != a->page)) ||
            !word_fits(phrase, w, key_at(in, i + w)))
            return false;
    }
    return true;
}

/* Most words begin no phrase: each is compared with all phrases of its bucket once only. */
static int32_t first_phrase(const struct fact_index *index, const struct fact_text *in, size_t i) {
    struct entry *entry = &in->vocabulary->list[in->text->atoms[i].entry];
    if (!entry->fact) {
        const char *key = key_at(in, i);
        int32_t p = index->buckets[bucket_of(key)];
        while (p >= 0 && !word_fits(&index->phrases[p], 0, key))
            p = index->phrases[p].next;
        entry->fact = p + 2;
    }
    return entry->fact - 2;
}

const struct fact_words *fact_index_at(const struct fact_index *index, const struct fact_text *in, size_t i, size_t *ret_last) {
    for (int32_t p = first_phrase(index, in, i); p >= 0;) {
        const struct phrase *phrase = &index->phrases[p];
        if (phrase_fits(phrase, in, i)) {
            *ret_last = i + phrase->count - 1;
            return phrase->entry;
        }
        p = word_fits(phrase, 0, key_at(in, i)) ? phrase->alike : phrase->next;
    }
    return NULL;
}
