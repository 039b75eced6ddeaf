#include "disclose/same_text.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/flag_rows.h"
#include "store/page_rows.h"

#include <stdlib.h>
#include <string.h>

#define SAME_TEXT_LETTERS 5 /* shorter texts stand inside too many others */

/* A covering flag's text in its comparing form, with the flag that it comes from. */
struct pattern {
    char *key;
    int64_t flag_id;
    size_t next; /* in its bucket: its place + 1, or 0 */
};

#define BUCKETS 4096 /* by the first letters of a pattern */

struct same_text {
    struct store *store;
    const struct request *request;
    struct decided_flag *flags;
    size_t flag_count;
    struct pattern *patterns;
    size_t pattern_count;
    size_t buckets[BUCKETS]; /* the first pattern's place + 1, or 0 */
    char **released;
    size_t released_count;
    int64_t places;
};

static int same_released(const struct same_text *s, const char *key) {
    for (size_t i = 0; i < s->released_count; i++)
        if (strstr(s->released[i], key))
            return 1;
    return 0;
}

static size_t bucket_of(const char *key) {
    size_t hash = 0;
    for (int i = 0; i < SAME_TEXT_LETTERS; i++)
        hash = hash * 31 + (unsigned char)key[i];
    return hash % BUCKETS;
}

static int same_known(const struct same_text *s, const char *key) {
    for (size_t i = s->buckets[bucket_of(key)]; i; i = s->patterns[i - 1].next)
        if (strcmp(s->patterns[i - 1].key, key) == 0)
            return 1;
    return 0;
}

static void pattern_add(struct same_text *s, char *key, int64_t flag_id) {
    size_t *bucket = &s->buckets[bucket_of(key)];
    s->patterns = mem_grow(s->patterns, s->pattern_count + 1, sizeof *s->patterns);
    s->patterns[s->pattern_count++] = (struct pattern){key, flag_id, *bucket};
    *bucket = s->pattern_count;
}

static int same_gather(struct same_text *s, int cover) {
    for (size_t i = 0; i < s->flag_count; i++) {
        struct flag flag;
        if (s->flags[i].cover != cover)
            continue;
        int err = flag_load(s->store, s->flags[i].flag_id, &flag);
        if (err)
            return err;
        char *key = text_key(flag.text);
        flag_drop(&flag);
        if (!cover) {
            s->released = mem_grow(s->released, s->released_count + 1, sizeof *s->released);
            s->released[s->released_count++] = key;
        } else if (strlen(key) >= SAME_TEXT_LETTERS && !same_known(s, key) && !same_released(s, key)) {
            pattern_add(s, key, s->flags[i].flag_id);
        } else {
            free(key);
        }
    }
    return 0;
}

static int key_compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Most names are released, and covered, hundreds of times. */
static void released_once(struct same_text *s) {
    size_t kept = 0;
    if (s->released_count)
        qsort(s->released, s->released_count, sizeof *s->released, key_compare);
    for (size_t i = 0; i < s->released_count; i++)
        if (kept && strcmp(s->released[kept - 1], s->released[i]) == 0)
            free(s->released[i]);
        else
            s->released[kept++] = s->released[i];
    s->released_count = kept;
}

/* The words of a page as one key, and where each word begins in it. */
struct page_key {
    struct buf key;
    size_t *starts; /* one more than words: the end */
    char *covered;  /* by word */
};

static void page_key_make(const struct words *words, struct page_key *ret) {
    *ret = (struct page_key){.starts = mem_new((words->count + 1) * sizeof(size_t)), .covered = mem_new(words->count + 1)};
    for (size_t i = 0; i < words->count; i++) {
        char *key = text_key(words->list[i].text);
        ret->starts[i] = ret->key.len;
        buf_add_text(&ret->key, key);
        free(key);
    }
    ret->starts[words->count] = ret->key.len;
}

static void page_key_drop(struct page_key *page) {
    buf_wipe(&page->key);
    free(page->starts);
    free(page->covered);
}

static int page_mark_covered(const struct same_text *s, int64_t document_id, uint32_t number, size_t words, struct page_key *page) {
    for (size_t i = 0; i < s->flag_count; i++) {
        const struct decided_flag *f = &s->flags[i];
        struct flag flag;
        if (!f->cover || f->document_id != document_id || f->page_number != number)
            continue;
        int err = flag_load(s->store, f->flag_id, &flag);
        if (err)
            return err;
        for (size_t k = 0; k < flag.run_count; k++)
            for (size_t w = flag.runs[k].first; w <= flag.runs[k].last && w < words; w++)
                page->covered[w] = 1;
        flag_drop(&flag);
    }
    return 0;
}

static int place_propose(struct same_text *s, int64_t document_id, uint32_t number, const struct words *words, struct word_run run,
                         const struct pattern *pattern) {
    struct flag flag;
    struct buf text = {0};
    int err = flag_load(s->store, pattern->flag_id, &flag);
    if (err)
        return err;
    free(flag.runs);
    free(flag.boxes);
    free(flag.finder);
    free(flag.why);
    free(flag.text);
    flag.runs = mem_new(sizeof run);
    flag.runs[0] = run;
    flag.run_count = 1;
    flag.boxes = mem_new((run.last - run.first + 1) * sizeof *flag.boxes);
    flag.box_count = 0;
    for (uint32_t w = run.first; w <= run.last; w++) {
        flag.boxes[flag.box_count++] = words->list[w].box;
        buf_print(&text, "%s%s", w > run.first ? " " : "", words->list[w].text);
    }
    flag.page = number;
    flag.cover = 1;
    flag.finder = mem_text("same text");
    flag.why = mem_text("the same words are covered elsewhere in this request");
    flag.text = mem_text(buf_text(&text));
    int64_t id;
    err = flag_insert(s->store, document_id, s->request->child_id, &flag, &id);
    if (!err)
        err = flag_of_request(s->store, id, s->request->id);
    s->places += !err;
    flag_drop(&flag);
    buf_wipe(&text);
    return err;
}

/* The word behind the pattern that begins with this word; 0 when it does not stand here, or ends within a word. */
static size_t pattern_end(const struct page_key *key, size_t count, size_t first, const struct pattern *pattern) {
    size_t from = key->starts[first], len = strlen(pattern->key), end = first;
    if (key->key.len - from < len || memcmp(key->key.data + from, pattern->key, len))
        return 0;
    while (end < count && key->starts[end] < from + len)
        end++;
    return key->starts[end] == from + len ? end : 0;
}

/* Each place of a pattern that begins with a word, ends with one, and is not covered whole. */
static int page_search(struct same_text *s, int64_t document_id, const struct document_page *page, struct page_key *key) {
    size_t count = page->words.count;
    int err = 0;
    for (size_t first = 0; first < count && !err; first++) {
        if (key->starts[first] == key->starts[first + 1] || key->key.len - key->starts[first] < SAME_TEXT_LETTERS)
            continue;
        for (size_t i = s->buckets[bucket_of(buf_text(&key->key) + key->starts[first])]; i && !err; i = s->patterns[i - 1].next) {
            size_t end = pattern_end(key, count, first, &s->patterns[i - 1]);
            if (!end || !memchr(key->covered + first, 0, end - first))
                continue;
            err = place_propose(s, document_id, page->number, &page->words, (struct word_run){(uint32_t)first, (uint32_t)end - 1}, &s->patterns[i - 1]);
            memset(key->covered + first, 1, end - first);
        }
    }
    return err;
}

static int document_search(struct same_text *s, int64_t document_id) {
    struct document_words words;
    int err = document_words_load(s->store, document_id, &words);
    if (err)
        return err;
    for (size_t i = 0; i < words.page_count && !err; i++) {
        struct page_key key;
        page_key_make(&words.pages[i].words, &key);
        err = page_mark_covered(s, document_id, words.pages[i].number, words.pages[i].words.count, &key);
        if (!err)
            err = page_search(s, document_id, &words.pages[i], &key);
        page_key_drop(&key);
    }
    document_words_drop(&words);
    return err;
}

static void same_drop(struct same_text *s) {
    for (size_t i = 0; i < s->pattern_count; i++)
        free(s->patterns[i].key);
    for (size_t i = 0; i < s->released_count; i++)
        free(s->released[i]);
    free(s->patterns);
    free(s->released);
    free(s->flags);
}

int same_text_propose(struct store *store, const struct request *request, int64_t *ret_count) {
    struct same_text s = {.store = store, .request = request};
    int err = request_flags(store, request, &s.flags, &s.flag_count);
    if (!err)
        err = same_gather(&s, 0);
    if (!err)
        {
        released_once(&s);
        err = same_gather(&s, 1);
    }
    if (!err) {
        struct rows *rows = db_query(store->db, "SELECT document_id FROM request_document WHERE request_id = ? AND included = 1", "i", request->id);
        while (!err && rows_next(rows) > 0)
            err = document_search(&s, rows_int(rows, 0));
        int err2 = rows_end(&rows);
        err = err ? err : err2;
    }
    if (!err)
        *ret_count = s.places;
    same_drop(&s);
    return err;
}
