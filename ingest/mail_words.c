#include "ingest/mail_words.h"

#include "base/mem.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct word {
    uint64_t hash;
    bool telling; /* the meaning hangs on it alone */
};

struct words {
    struct word *list;
    size_t count, room;
};

static uint64_t hash_of(const char *text) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 1099511628211u;
    return hash;
}

static bool is_telling(const char *key) {
    size_t digits = 0;
    for (const char *p = key; *p; p++)
        digits += isdigit((unsigned char)*p) != 0;
    return digits >= 3 || strcmp(key, "not") == 0 || strcmp(key, "never") == 0;
}

static void add_key(struct words *words, const char *key) {
    size_t len = strlen(key);
    if (len < 2 || (len == 2 && isdigit((unsigned char)*key))) /* numbers of a list */
        return;
    if (words->count == words->room) {
        words->room = words->room ? 2 * words->room : 256;
        words->list = mem_grow(words->list, words->room, sizeof *words->list);
    }
    words->list[words->count++] = (struct word){hash_of(key), is_telling(key)};
}

static bool is_link(const char *word) {
    return strstr(word, "://") || strncasecmp(word, "www.", 4) == 0 || strncasecmp(word, "mailto:", 7) == 0 ||
           strncasecmp(word, "tel:", 4) == 0 || strncasecmp(word, "cid:", 4) == 0;
}

static void add_word(struct words *words, const char *at, size_t len) {
    char *word = mem_text_part(at, len), *key = NULL;
    if (!is_link(word))
        key = text_key(word);
    if (key)
        add_key(words, key);
    mem_free(&key);
    mem_free(&word);
}

/* "<https://..>", "<mailto:..>", "<a@b>", "[image: ..]", "[cid:..]": what a program puts into the plain text
 * in place of links and pictures. Returns the end, or at itself. */
static const char *skip_aside(const char *at) {
    if (*at != '<' && *at != '[')
        return at;
    size_t len = strcspn(at, *at == '<' ? ">\n" : "]");
    if (!at[len] || at[len] == '\n' || len > 2000)
        return at;
    bool aside = *at == '<' ? memchr(at, ':', len) || memchr(at, '@', len)
                            : strncasecmp(at, "[image", 6) == 0 || strncasecmp(at, "[cid:", 5) == 0 ||
                                  memmem(at, len, "://", 3);
    return aside ? at + len + 1 : at;
}

static bool is_space(const char *at, size_t *ret_len) {
    const char *p = at;
    uint32_t c = text_next(&p);
    *ret_len = (size_t)(p - at);
    return c <= ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x3000;
}

static int compare_words(const void *a, const void *b) {
    uint64_t x = ((const struct word *)a)->hash, y = ((const struct word *)b)->hash;
    return x < y ? -1 : x > y;
}

static void words_take(const char *text, struct words *words) {
    const char *from = text, *at = text;
    size_t len;
    while (*at) {
        const char *after = skip_aside(at);
        bool space = is_space(at, &len);
        if (after > at || space) {
            if (at > from)
                add_word(words, from, (size_t)(at - from));
            from = at = after > at ? after : at + len;
        } else {
            at += len;
        }
    }
    if (at > from)
        add_word(words, from, (size_t)(at - from));
    if (words->count)
        qsort(words->list, words->count, sizeof *words->list, compare_words);
}

struct difference {
    size_t only_a, only_b;
    bool telling;
};

static struct difference words_compare(const struct words *a, const struct words *b) {
    struct difference d = {0};
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : compare_words(&a->list[i], &b->list[j]);
        d.only_a += order < 0;
        d.only_b += order > 0;
        d.telling |= (order < 0 && a->list[i].telling) || (order > 0 && b->list[j].telling);
        i += order <= 0;
        j += order >= 0;
    }
    return d;
}

bool mail_words_differ(const char *a, const char *b) {
    struct words in_a = {0}, in_b = {0};
    words_take(a, &in_a);
    words_take(b, &in_b);
    struct difference d = words_compare(&in_a, &in_b);
    size_t all = in_a.count > in_b.count ? in_a.count : in_b.count;
    mem_free(&in_a.list);
    mem_free(&in_b.list);
    return d.telling || (d.only_a && d.only_b) || d.only_a + d.only_b > 3 + all / 50;
}
