#include "filing/alias_find.h"

#include "base/mem.h"
#include "base/text.h"
#include "filing/mention.h"
#include "filing/name_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FOUND_MOST = 32, TIMES_LEAST = 2, LETTERS_LEAST = 3 };

struct finding {
    const struct people *people;
    const struct child *child;
    char *surname; /* key */
    struct {
        char *key;
        const char *text;
        int times;
    } found[FOUND_MOST];
    size_t count;
};

/* Whether a word is one of the words of a name. */
static bool name_has(const char *name, const char *key) {
    bool has = false;
    for (const char *at = name; *at && !has;) {
        size_t len = strcspn(at, " ");
        char *part = mem_text_part(at, len), *other = name_key(part);
        has = *other && strcmp(other, key) == 0;
        free(part);
        free(other);
        at += len + (at[len] == ' ');
    }
    return has;
}

static bool is_known(const struct finding *f, const char *key) {
    size_t count;
    const struct person *persons = people_of_child(f->people, f->child->id, &count);
    if (name_has(f->child->forenames, key) || name_has(f->child->surname, key))
        return true;
    for (size_t i = 0; i < f->child->alias_count; i++)
        if (name_has(f->child->aliases[i].name, key))
            return true;
    for (size_t i = 0; i < count; i++)
        if (name_has(persons[i].forenames, key) || name_has(persons[i].surname, key))
            return true;
    for (size_t i = 0; i < f->people->child_count && *f->child->family_id; i++)
        if (strcmp(f->people->children[i].family_id, f->child->family_id) == 0 && name_has(f->people->children[i].forenames, key))
            return true;
    return false;
}

static const char *const titles[] = {"mr", "mrs", "ms", "miss", "dr", NULL};
static const char *const no_names[] = {"mr", "mrs", "ms", "miss", "dr", "master", "the", "re", "child", "name", "surname", "family", "dear", "for", "from", "to", "and", NULL};

static bool begins_large(const char *text) {
    const char *at = text;
    return text_is_upper(text_next(&at));
}

static void count_one(struct finding *f, const char *text) {
    char *key = name_key(text);
    bool fits = strlen(key) >= LETTERS_LEAST && !strpbrk(key, "0123456789") && begins_large(text) && !strpbrk(text, ",:;") && !word_is_in(key, no_names) && !is_known(f, key);
    size_t i = 0;
    while (fits && i < f->count && strcmp(f->found[i].key, key) != 0)
        i++;
    if (fits && i < f->count)
        f->found[i].times++;
    else if (fits && f->count < FOUND_MOST) {
        f->found[f->count].key = key;
        f->found[f->count].text = text;
        f->found[f->count++].times = 1;
        return;
    }
    free(key);
}

static void page_look(struct finding *f, const struct words *words) {
    for (size_t i = 1; i < words->count; i++) {
        char *key = name_key(words->list[i].text), *before = i > 1 ? name_key(words->list[i - 2].text) : mem_text("");
        if (strcmp(key, f->surname) == 0 && words->list[i].line == words->list[i - 1].line && !word_is_in(before, titles))
            count_one(f, words->list[i - 1].text);
        free(key);
        free(before);
    }
}

char *alias_find(const struct people *people, const struct child *child, const struct document_words *words) {
    struct finding f = {.people = people, .child = child, .surname = name_key(child->surname)};
    size_t best = 0;
    for (size_t p = 0; p < words->page_count && *f.surname; p++)
        page_look(&f, &words->pages[p].words);
    for (size_t i = 1; i < f.count; i++)
        best = f.found[i].times > f.found[best].times ? i : best;
    char *alias = f.count && f.found[best].times >= TIMES_LEAST ? mem_print("%s %s", f.found[best].text, child->surname) : NULL;
    for (size_t i = 0; i < f.count; i++)
        free(f.found[i].key);
    free(f.surname);
    return alias;
}
