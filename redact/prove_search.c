#include "redact/prove_search.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u
#define FOLD_TABLE 0x10000u    /* folds are kept: binary bytes read as UTF-16 are all over this plane */
#define FOLD_NONE_FROM 0x2E80u /* from here on no letter has a case that matters here */
#define FOLD_NONE_TO 0xF900u
#define CHUNK_BYTES (1u << 20) /* of a large file, searched at a time */
#define CHUNK_OVERLAP 1024u

struct needle {
    char *key;
    size_t len;        /* bytes of the key */
    size_t letters;    /* code points of the key */
    bool capital_word; /* one word that begins with a capital */
    bool skipped;      /* lies inside an allowed text, or holds no letter or digit */
    size_t next;       /* in its bucket, + 1 */
};

struct needles {
    struct needle *list;
    size_t count;
    size_t buckets[BUCKETS]; /* index + 1 of the first needle whose key begins with these bytes */
    struct fold *folds;      /* FOLD_TABLE of them, made as they are needed */
    bool wide;               /* some text has letters beyond Latin-1 */
};

struct fold {
    char key[7];
    uint8_t state;
};
enum { FOLD_NEW, FOLD_KEY, FOLD_MARK /* drops out without ending a word */ };

enum { FLAG_START = 1, FLAG_END = 2, FLAG_UPPER = 4, FLAG_FIRST = 8 };

/* A text as letters and digits only, with what each byte of it was. */
struct haystack {
    struct buf key, flags;
    uint32_t last; /* code point before, 0 after a separator */
};

static uint32_t prefix_bucket(const uint8_t *key) {
    uint32_t value;
    memcpy(&value, key, 4);
    return (value * 2654435761u) >> 20 & (BUCKETS - 1);
}

/* Letters with a stroke have no decomposition, but people write them without. */
static const struct {
    uint32_t letter;
    char plain[3];
} stroked[] = {
    {0x141, "l"}, {0x142, "l"},  {0xD8, "o"},   {0xF8, "o"},  {0x110, "d"}, {0x111, "d"}, {0xC6, "ae"},
    {0xE6, "ae"}, {0x152, "oe"}, {0x153, "oe"}, {0x126, "h"}, {0x127, "h"}, {0x131, "i"},
};

static struct fold fold_make(uint32_t c) {
    struct fold fold = {.state = FOLD_KEY};
    struct buf one = {0};
    text_put(&one, c);
    bool plain = c >= FOLD_NONE_FROM && c < FOLD_NONE_TO;
    char *key = plain ? mem_text(text_is_letter(c) ? buf_text(&one) : "") : text_key(buf_text(&one));
    char *folded = plain ? mem_text("-") : text_fold(buf_text(&one));
    if (!*folded || c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0xFEFF)
        fold.state = FOLD_MARK;
    if (strlen(key) < sizeof fold.key)
        strcpy(fold.key, key);
    for (size_t i = 0; i < sizeof stroked / sizeof *stroked; i++)
        if (stroked[i].letter == c)
            strcpy(fold.key, stroked[i].plain);
    free(key);
    free(folded);
    buf_drop(&one);
    return fold;
}

static struct fold fold_of(const struct needles *needles, uint32_t c) {
    if (c >= FOLD_TABLE)
        return fold_make(c);
    if (needles->folds[c].state == FOLD_NEW)
        needles->folds[c] = fold_make(c);
    return needles->folds[c];
}

static bool ends_word(uint32_t before, uint32_t c) {
    if (!before)
        return true;
    bool digit = text_is_digit(c), digit_before = text_is_digit(before);
    return digit != digit_before || (text_is_upper(c) && !text_is_upper(before) && !digit);
}

static void haystack_end_word(struct haystack *hay) {
    if (hay->flags.len)
        hay->flags.data[hay->flags.len - 1] |= FLAG_END;
}

static void haystack_add(struct haystack *hay, uint32_t c, const char *key) {
    uint8_t flags = FLAG_FIRST | (text_is_upper(c) ? FLAG_UPPER : 0);
    if (ends_word(hay->last, c)) {
        haystack_end_word(hay);
        flags |= FLAG_START;
    }
    for (const char *p = key; *p; p++) {
        buf_add_byte(&hay->key, (uint8_t)*p);
        buf_add_byte(&hay->flags, flags);
        flags = 0;
    }
    hay->last = c;
}

static void haystack_put(const struct needles *needles, struct haystack *hay, uint32_t c) {
    struct fold fold = fold_of(needles, c);
    if (*fold.key)
        haystack_add(hay, c, fold.key);
    else if (fold.state != FOLD_MARK)
        hay->last = 0;
}

static void haystack_finish(struct haystack *hay) {
    haystack_end_word(hay);
    buf_add(&hay->key, "\0\0\0\0", 4); /* the hash reads four bytes */
    hay->key.len -= 4;
}

static void haystack_drop(struct haystack *hay) {
    buf_drop(&hay->key);
    buf_drop(&hay->flags);
}

/* How one character of bytes ends up as a code point: UTF-8 where it is that, else Latin-1. */
static uint32_t byte_character(struct view bytes, size_t *at) {
    const uint8_t *p = bytes.data + *at;
    size_t left = bytes.len - *at, len = *p < 0xC2 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : *p < 0xF5 ? 4 : 1;
    if (len > 1 && len <= left && text_is_utf8((struct view){p, len})) {
        char copy[5] = {0};
        const char *from = copy;
        memcpy(copy, p, len);
        *at += len;
        return text_next(&from);
    }
    *at += 1;
    return *p;
}

static bool needle_fits(const struct needle *needle, const uint8_t *flags) {
    if (needle->letters >= SEARCH_LONG)
        return true;
    uint8_t any = 0, inner = 0;
    for (size_t i = 0; i < needle->len; i++) {
        any |= flags[i];
        inner |= i ? flags[i] : 0;
    }
    if (!(flags[0] & FLAG_START) || !(flags[needle->len - 1] & FLAG_END))
        return false;
    if (needle->letters < SEARCH_SHORT && inner & FLAG_START)
        return false;
    return !needle->capital_word || any & FLAG_UPPER;
}

static bool needles_match(const struct needles *needles, const struct haystack *hay, size_t least,
                          uint8_t *hits) {
    bool any = false;
    for (size_t at = 0; at < hay->key.len; at++) {
        const uint8_t *key = hay->key.data + at;
        for (size_t i = needles->buckets[prefix_bucket(key)]; i; i = needles->list[i - 1].next) {
            const struct needle *needle = &needles->list[i - 1];
            if (needle->letters < least || needle->len > hay->key.len - at ||
                memcmp(key, needle->key, needle->len) != 0)
                continue;
            if (needle_fits(needle, hay->flags.data + at))
                any = (hits[i - 1] = 1);
        }
    }
    return any;
}

/* Keys of fewer than four bytes are in no bucket: there are few. */
static bool needles_match_short(const struct needles *needles, const struct haystack *hay, uint8_t *hits) {
    bool any = false;
    for (size_t i = 0; i < needles->count; i++) {
        const struct needle *needle = &needles->list[i];
        if (needle->skipped || needle->len >= 4)
            continue;
        for (size_t at = 0; at + needle->len <= hay->key.len; at++)
            if (memcmp(hay->key.data + at, needle->key, needle->len) == 0 &&
                needle_fits(needle, hay->flags.data + at))
                any = (hits[i] = 1);
    }
    return any;
}

static bool needles_run(const struct needles *needles, struct haystack *hay, size_t least, uint8_t *hits) {
    haystack_finish(hay);
    bool any = needles_match(needles, hay, least, hits);
    if (least < SEARCH_SHORT)
        any |= needles_match_short(needles, hay, hits);
    haystack_drop(hay);
    return any;
}

bool needles_search(const struct needles *needles, struct view text, size_t least, uint8_t *hits) {
    struct haystack hay = {0};
    for (size_t at = 0; at < text.len;)
        haystack_put(needles, &hay, byte_character(text, &at));
    return needles_run(needles, &hay, least, hits);
}

static bool search_without_zeros(const struct needles *needles, struct view bytes, size_t least,
                                 uint8_t *hits) {
    struct haystack hay = {0};
    if (!bytes.len || !memchr(bytes.data, 0, bytes.len))
        return false;
    for (size_t at = 0; at < bytes.len; at++)
        if (bytes.data[at])
            haystack_put(needles, &hay, bytes.data[at]);
    return needles_run(needles, &hay, least, hits);
}

/* Only for letters beyond Latin-1 (the others are found without the zeros). from: 0 or 1, texts may begin at
 * odd places. */
static bool search_wide(const struct needles *needles, struct view bytes, size_t from, bool little,
                        size_t least, uint8_t *hits) {
    struct haystack hay = {0};
    for (size_t at = from; at + 1 < bytes.len; at += 2) {
        uint32_t c = bytes.data[at + little] | (uint32_t)bytes.data[at + !little] << 8;
        haystack_put(needles, &hay, c >= 0xD800 && c < 0xE000 ? ' ' : c);
    }
    return needles_run(needles, &hay, least, hits);
}

static bool search_chunk(const struct needles *needles, struct view bytes, size_t least, uint8_t *hits) {
    bool any = needles_search(needles, bytes, least, hits);
    any |= search_without_zeros(needles, bytes, least, hits);
    for (size_t from = 0; needles->wide && from < 2; from++) {
        any |= search_wide(needles, bytes, from, false, least, hits);
        any |= search_wide(needles, bytes, from, true, least, hits);
    }
    return any;
}

bool needles_search_bytes(const struct needles *needles, struct view bytes, size_t least, uint8_t *hits) {
    bool any = false;
    for (size_t at = 0; at < bytes.len; at += CHUNK_BYTES) {
        size_t left = bytes.len - at, len = CHUNK_BYTES + CHUNK_OVERLAP;
        any |= search_chunk(needles, view_of(bytes.data + at, left < len ? left : len), least, hits);
    }
    return any;
}

/* The key of a withheld text is made in the same way as that of what is searched. */
static void needle_set(struct needles *needles, struct needle *needle, const char *text) {
    struct haystack hay = {0};
    const char *at = text, *key;
    size_t words = 0;
    bool inside = false, capital = false;
    while (*at)
        haystack_put(needles, &hay, text_next(&at));
    needle->key = mem_text(buf_text(&hay.key));
    needle->len = hay.key.len;
    needle->skipped = !needle->len;
    haystack_drop(&hay);
    for (key = needle->key; text_next(&key);)
        needle->letters++;
    at = text;
    for (uint32_t c; (c = text_next(&at));) {
        bool letter = text_is_letter(c) || text_is_digit(c);
        needles->wide |= c > 0xFF;
        words += letter && !inside;
        if (words == 1 && letter && !inside)
            capital = text_is_upper(c);
        inside = letter || c == '\'' || c == '-' || c == 0x2019;
    }
    needle->capital_word = words == 1 && capital;
}

static void needles_index(struct needles *needles, size_t i) {
    struct needle *needle = &needles->list[i];
    if (needle->skipped || needle->len < 4)
        return;
    size_t *bucket = &needles->buckets[prefix_bucket((const uint8_t *)needle->key)];
    needle->next = *bucket;
    *bucket = i + 1;
}

/* A text is left to the place checks where it is, or lies as whole words in, one that stays readable. */
static void needles_skip_allowed(struct needles *needles, const struct prove_order *order) {
    uint8_t *hits = mem_new(needles->count + 1);
    for (size_t i = 0; i < order->allowed_count; i++)
        needles_search(needles, view_text(order->allowed[i]), 1, hits);
    for (size_t i = 0; i < needles->count; i++)
        needles->list[i].skipped |= hits[i];
    free(hits);
    memset(needles->buckets, 0, sizeof needles->buckets);
    for (size_t i = 0; i < needles->count; i++)
        needles_index(needles, i);
}

struct needles *needles_new(const struct prove_order *order) {
    struct needles *needles = mem_new(sizeof *needles);
    needles->count = order->withheld_count;
    needles->list = mem_new((needles->count + 1) * sizeof *needles->list);
    needles->folds = mem_new(FOLD_TABLE * sizeof *needles->folds);
    for (size_t i = 0; i < needles->count; i++) {
        needle_set(needles, &needles->list[i], order->withheld[i]);
        needles_index(needles, i);
    }
    needles_skip_allowed(needles, order);
    return needles;
}

void needles_drop(struct needles **needles) {
    if (!*needles)
        return;
    for (size_t i = 0; i < (*needles)->count; i++)
        free((*needles)->list[i].key);
    free((*needles)->list);
    free((*needles)->folds);
    mem_free(needles);
}

size_t needles_count(const struct needles *needles) {
    return needles->count;
}

int prove_text_holds(const char *text, const struct prove_order *order, size_t *ret_which) {
    struct needles *needles = needles_new(order);
    uint8_t *hits = mem_new(needles->count + 1);
    bool any = needles_search(needles, view_text(text), SEARCH_SHORT, hits);
    for (size_t i = 0; any && ret_which && i < needles->count; i++)
        if (hits[i]) {
            *ret_which = i;
            break;
        }
    free(hits);
    needles_drop(&needles);
    return any;
}
