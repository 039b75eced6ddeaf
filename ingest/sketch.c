#include "ingest/sketch.h"

#include "base/mem.h"
#include "base/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHINGLE_BYTES = 7, /* measured: shorter ones meet in unlike letters, longer ones break with 3 % of the characters spoilt */
    MINIMA_A_BAND = 2,
    HEADING_LINES_MOST = 60
};

/* One form for what recognition takes for one another. */
static uint8_t look_alike(uint8_t c) {
    switch (c) {
    case '0':
        return 'o';
    case '1':
    case 'l':
        return 'i';
    case '5':
        return 's';
    case '8':
        return 'b';
    default:
        return c;
    }
}

void sketch_put_word(struct buf *out, const char *text) {
    char *key = text_key(text);
    for (const char *c = key; *c; c++) {
        if (c[0] == 'r' && c[1] == 'n') {
            buf_add_byte(out, 'm');
            c++;
        } else if (c[0] == 'v' && c[1] == 'v') {
            buf_add_byte(out, 'w');
            c++;
        } else {
            buf_add_byte(out, look_alike((uint8_t)*c));
        }
    }
    free(key);
}

/* Lines of a heading that differ between the mailboxes of one mail. */
static int heading_is_of_receiver(const char *word) {
    static const char *const names[] = {"to:", "cc:", "bcc:", "delivered-to:", "received:", "x-original-to:"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(word, names[i]) == 0)
            return 1;
    return 0;
}

int receiver_lines_skip(struct receiver_lines *lines, const struct word *word, size_t index) {
    enum { BEFORE, KEEP, SKIP, AFTER };
    size_t len = strlen(word->text);
    if (index == 0) {
        lines->state = strcasecmp(word->text, "from:") == 0 ? KEEP : AFTER;
        lines->line = word->line;
        lines->block = word->block;
        return 0;
    }
    if (lines->state == AFTER)
        return 0;
    if (word->block != lines->block || word->line > HEADING_LINES_MOST) {
        lines->state = AFTER;
    } else if (word->line != lines->line) { /* a line without a name of its own goes on with the one before */
        lines->line = word->line;
        if (len > 1 && word->text[len - 1] == ':')
            lines->state = heading_is_of_receiver(word->text) ? SKIP : KEEP;
    }
    return lines->state == SKIP;
}

static void document_stream(const struct document_words *document, struct buf *out) {
    for (size_t p = 0; p < document->page_count; p++) {
        const struct words *words = &document->pages[p].words;
        struct receiver_lines lines = {0};
        for (size_t i = 0; i < words->count; i++)
            if ((p || !receiver_lines_skip(&lines, &words->list[i], i)) && words->list[i].confidence >= SKETCH_SURE_LEAST)
                sketch_put_word(out, words->list[i].text);
    }
}

static int compare_numbers(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

void shingles_of(const struct document_words *document, const uint8_t key[SKETCH_KEY_BYTES], struct shingles *ret) {
    _Static_assert(crypto_shorthash_KEYBYTES <= SKETCH_KEY_BYTES, "the key is long enough");
    struct buf stream = {0};
    *ret = (struct shingles){0};
    document_stream(document, &stream);
    if (stream.len >= SHINGLE_BYTES) {
        size_t all = stream.len - SHINGLE_BYTES + 1;
        ret->list = mem_new(all * sizeof *ret->list);
        for (size_t i = 0; i < all; i++)
            crypto_shorthash((unsigned char *)&ret->list[i], stream.data + i, SHINGLE_BYTES, key);
        qsort(ret->list, all, sizeof *ret->list, compare_numbers);
        for (size_t i = 0; i < all; i++)
            if (!ret->count || ret->list[ret->count - 1] != ret->list[i])
                ret->list[ret->count++] = ret->list[i];
    }
    buf_wipe(&stream);
}

void shingles_drop(struct shingles *shingles) {
    free(shingles->list);
    *shingles = (struct shingles){0};
}

double shingles_likeness(const struct shingles *a, const struct shingles *b) {
    size_t both = 0, i = 0, j = 0;
    if (!a->count || !b->count)
        return 0;
    while (i < a->count && j < b->count) {
        both += a->list[i] == b->list[j];
        uint64_t x = a->list[i], y = b->list[j];
        i += x <= y;
        j += y <= x;
    }
    return (double)both / (double)(a->count + b->count - both);
}

int shingles_count_passages(const struct document_words *document, const uint8_t key[SKETCH_KEY_BYTES], const struct shingles *other, size_t least) {
    struct buf stream = {0};
    uint64_t shingle;
    size_t run = 0;
    int count = 0;
    document_stream(document, &stream);
    for (size_t i = 0; i + SHINGLE_BYTES <= stream.len; i++) {
        crypto_shorthash((unsigned char *)&shingle, stream.data + i, SHINGLE_BYTES, key);
        run = bsearch(&shingle, other->list, other->count, sizeof shingle, compare_numbers) ? 0 : run + 1;
        count += run == least;
    }
    buf_wipe(&stream);
    return count;
}

/* A permutation of 64 bits for each seed (the finisher of splitmix64, Steele, Lea and Flood 2014). */
static uint64_t permute(uint64_t x, uint64_t seed) {
    x ^= seed;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

int sketch_of(const struct shingles *shingles, const uint8_t key[SKETCH_KEY_BYTES], int64_t bands[SKETCH_BANDS]) {
    uint64_t seeds[SKETCH_BANDS][MINIMA_A_BAND], least[MINIMA_A_BAND], value;
    if (!shingles->count)
        return 0;
    for (unsigned b = 0; b < SKETCH_BANDS; b++)
        crypto_generichash((unsigned char *)seeds[b], sizeof seeds[b], (const unsigned char *)&b, sizeof b, key, SKETCH_KEY_BYTES);
    for (unsigned b = 0; b < SKETCH_BANDS; b++) {
        for (int m = 0; m < MINIMA_A_BAND; m++) {
            least[m] = UINT64_MAX;
            for (size_t i = 0; i < shingles->count; i++) {
                uint64_t p = permute(shingles->list[i], seeds[b][m]);
                least[m] = p < least[m] ? p : least[m];
            }
        }
        crypto_shorthash((unsigned char *)&value, (const unsigned char *)least, sizeof least, key);
        bands[b] = (int64_t)(value >> 1);
    }
    sodium_memzero(seeds, sizeof seeds);
    return SKETCH_BANDS;
}
