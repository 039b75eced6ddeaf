#include "redact/find_mend.h"

#include "base/mem.h"
#include "base/text.h"
#include "redact/tag_model.h"

#include <stdlib.h>
#include <string.h>

#define STEM_LEAST 6    /* letters of a word's beginning that may have one wrong */
#define LETTERS_LEAST 4 /* of a word that may have a letter wrong; shorter ones only alike to a scanner */

struct mend_word {
    char *key;
    char *alike; /* mender_alike() of it */
    uint32_t letters;
    size_t length;
    bool begins; /* stands for all words that begin so */
};

struct mender {
    struct mend_word *list; /* by key */
    size_t count, room;
    const struct tag_model *model; /* or NULL */
};

void mender_alike(const char *key, char out[VOCABULARY_KEY]) {
    size_t n = 0;
    for (const char *p = key; *p && n + 1 < VOCABULARY_KEY; p++) {
        char c = *p;
        if ((c == 'r' && p[1] == 'n') || (c == 'n' && p[1] == 'n' && p[2] == 'n')) {
            c = 'm';
            p++;
        } else if ((c == 'v' && p[1] == 'v')) {
            c = 'w';
            p++;
        } else if (c == 'c' && p[1] == 'l') {
            c = 'd';
            p++;
        } else if (c == '1' || c == 'i' || c == 't' || c == 'j' || c == '7') {
            c = 'l';
        } else if (c == '0' || c == 'q') {
            c = 'o';
        } else if (c == '5') {
            c = 's';
        } else if (c == '8' || c == 'h') {
            c = 'b';
        } else if (c == 'c') {
            c = 'e';
        }
        out[n++] = c;
    }
    out[n] = 0;
}

/* A cheap bound: letters that one has and the other has not. */
uint32_t mender_letters(const char *key) {
    uint32_t set = 0;
    for (; *key; key++)
        set |= 1u << ((unsigned char)*key & 31);
    return set;
}

static void word_add(struct mender *m, const char *key, bool begins) {
    if (m->count == m->room) {
        m->room = m->room ? m->room * 2 : 512;
        m->list = mem_grow(m->list, m->room, sizeof *m->list);
    }
    char alike[VOCABULARY_KEY];
    mender_alike(key, alike);
    m->list[m->count++] = (struct mend_word){mem_text(key), mem_text(alike), mender_letters(key), strlen(key), begins};
}

static int word_order(const void *a, const void *b) {
    return strcmp(((const struct mend_word *)a)->key, ((const struct mend_word *)b)->key);
}

static void facts_add(struct mender *m, const struct fact_lists *facts) {
    for (size_t i = 0; i < facts->count; i++)
        for (const char *at = facts->list[i].main ? facts->list[i].text : ""; *at;) {
            size_t len = strcspn(at, " ");
            char key[VOCABULARY_KEY];
            bool begins = at[len - 1] == '*';
            if (vocabulary_key(at, len, key) >= (begins ? STEM_LEAST : 3))
                word_add(m, key, begins);
            at += len + strspn(at + len, " ");
        }
}

struct mender *mender_new(const struct vocabulary *vocabulary, const struct fact_lists *facts, const struct tag_model *model) {
    static const char *const pronouns[] = {"she", "her", "him", "his", "they", "that", "said", "told"};
    struct mender *m = mem_new(sizeof *m);
    m->model = model;
    for (size_t i = 0; i < sizeof pronouns / sizeof *pronouns; i++)
        word_add(m, pronouns[i], false);
    for (size_t i = 0; i < vocabulary->count; i++)
        if ((vocabulary->list[i].traits & WORD_KIN) && strlen(vocabulary->list[i].key) >= 3)
            word_add(m, vocabulary->list[i].key, false);
    facts_add(m, facts);
    qsort(m->list, m->count, sizeof *m->list, word_order);
    return m;
}

void mender_drop(struct mender **mender) {
    for (size_t i = 0; *mender && i < (*mender)->count; i++)
        free((*mender)->list[i].key), free((*mender)->list[i].alike);
    if (*mender)
        free((*mender)->list);
    mem_free(mender);
}

/* A word as it is seen. */
struct seen {
    const char *key;
    char alike[VOCABULARY_KEY];
    size_t length;
    uint32_t letters;
};

/* The beginning of the key has a letter wrong, lost or added; two in a long word. */
static bool begins_nearly(const struct seen *seen, const struct mend_word *word) {
    char begin[VOCABULARY_KEY];
    int most = word->length >= 9 ? 2 : 1;
    if (seen->length + 1 < word->length || __builtin_popcount(word->letters & ~seen->letters) > most)
        return false;
    for (size_t length = word->length - 1; length <= word->length + 1 && length <= seen->length; length++) {
        memcpy(begin, seen->key, length);
        begin[length] = 0;
        if (text_distance(begin, word->key, most) <= most)
            return true;
    }
    return false;
}

/* How near: 0 alike to a scanner, 1 and 2 letters wrong, 9 no reading of it. */
static int nearness(const struct seen *seen, const struct mend_word *word) {
    size_t longer = seen->length > word->length ? seen->length : word->length, shorter = seen->length + word->length - longer;
    int most = word->length >= 9 ? 2 : 1;
    if (longer - shorter > (size_t)most + 1 || __builtin_popcount(seen->letters ^ word->letters) > 2 * most + 2)
        return 9;
    if (strcmp(seen->alike, word->alike) == 0)
        return 0;
    bool may = word->length >= LETTERS_LEAST && seen->length >= LETTERS_LEAST && __builtin_popcount(seen->letters ^ word->letters) <= 2 * most;
    int distance = may ? text_distance(seen->key, word->key, most) : 9;
    return distance <= most ? distance : 9;
}

const char *mender_key(const struct mender *m, struct entry *entry) {
    if (entry->mended)
        return entry->mended;
    entry->mended = entry->key;
    size_t length = strlen(entry->key);
    const struct mend_word same = {.key = entry->key};
    bool known = entry->traits || entry->wanted || length < 3 || bsearch(&same, m->list, m->count, sizeof same, word_order) ||
                 (m->model && tag_model_word(m->model, entry->key, length));
    struct seen seen = {.key = entry->key, .length = length, .letters = mender_letters(entry->key)};
    mender_alike(entry->key, seen.alike);
    int best = 9;
    for (size_t i = 0; i < m->count && !known && best; i++) {
        const struct mend_word *word = &m->list[i];
        int near = !word->begins ? nearness(&seen, word) : begins_nearly(&seen, word) ? 2 : 9;
        if (near < best) {
            best = near;
            entry->mended = word->key;
        }
    }
    return entry->mended;
}
