#include "ocr/layer_check.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MOST 3000
#define LETTERS_LEAST 3

struct seen {
    char *key;
    bool used;
};

struct seen_list {
    struct seen *list;
    size_t count;
};

static int seen_order(const void *a, const void *b) {
    return strcmp(((const struct seen *)a)->key, ((const struct seen *)b)->key);
}

static struct seen_list seen_make(const struct words *words) {
    struct seen_list seen = {.list = mem_new((words->count + 1) * sizeof *seen.list)};
    for (size_t i = 0; i < words->count; i++)
        seen.list[seen.count++].key = text_key(words->list[i].text);
    qsort(seen.list, seen.count, sizeof *seen.list, seen_order);
    return seen;
}

static void seen_drop(struct seen_list *seen) {
    for (size_t i = 0; i < seen->count; i++)
        free(seen->list[i].key);
    free(seen->list);
}

/* Each seen word stands for one word of the layer. */
static bool seen_take_same(struct seen_list *seen, const char *key) {
    size_t low = 0, high = seen->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (strcmp(seen->list[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    while (low < seen->count && strcmp(seen->list[low].key, key) == 0 && seen->list[low].used)
        low++;
    if (low == seen->count || strcmp(seen->list[low].key, key))
        return false;
    seen->list[low].used = true;
    return true;
}

static bool seen_take_near(struct seen_list *seen, const char *key) {
    size_t len = strlen(key);
    int most = (int)(len / 4) + (len == LETTERS_LEAST);
    for (size_t i = 0; i < seen->count; i++) {
        struct seen *s = &seen->list[i];
        size_t other = strlen(s->key);
        size_t apart = other > len ? other - len : len - other;
        if (!s->used && apart <= (size_t)most && text_distance(s->key, key, most) <= most)
            return s->used = true;
    }
    return false;
}

struct layer_difference layer_compare(const struct words *layer, const struct words *words) {
    struct layer_difference d = {0};
    struct seen_list seen = seen_make(words);
    size_t run = 0;
    for (size_t i = 0; i < layer->count && d.words < WORDS_MOST; i++) {
        char *key = text_key(layer->list[i].text);
        if (strlen(key) >= LETTERS_LEAST) {
            bool there = seen_take_same(&seen, key) || seen_take_near(&seen, key);
            run = there ? 0 : run + 1;
            d.words++;
            d.unseen += !there;
            d.run = run > d.run ? run : d.run;
        }
        free(key);
    }
    seen_drop(&seen);
    return d;
}

bool layer_differs(const struct layer_difference *d) {
    return d->run >= 6 || (d->unseen >= 3 && d->unseen * 5 > d->words);
}
