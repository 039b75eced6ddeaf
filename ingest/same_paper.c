/* A letter about a sister says the same as the one about her brother but for the names, dates and numbers. Two readings of one letter differ
 * anywhere. So the words that only one of the two has are counted by kind: names and numbers among them, beyond the rate at which
 * ordinary words differ, make it another letter. */
#include "ingest/same_paper.h"

#include "base/mem.h"
#include "base/text.h"
#include "ingest/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD_BYTES = 32,   /* of a word's key that are compared */
    STAMPS_MOST = 8,   /* on a page */
    LEFT_MOST = 600,   /* words that only one has: more tell nothing new */
    BESIDE_MOST = 2,   /* words between two numbers that count as one (a date) */
    CLEAN_PERCENT = 2,    /* of the words spoilt: fewer, and a number that differs was not misread */
    REPEATED_LEAST = 3,   /* a name said thrice here, another one there */
    FREE_DIFFERENCES = 1, /* the date on a stamp whose other words were not read */
};
#define STAMP_ACROSS_PT 130.0f /* what stands this near the word "received" belongs to the stamp */
#define STAMP_DOWN_PT 50.0f
#define SPOILT_TIMES 1.2f      /* names and numbers are spoilt a little more often than words */
#define SPOILT_SPREAD 2.0f     /* and by chance more or less: so many standard deviations of a rare event */

enum token_kind { TOKEN_WORD, TOKEN_NAME, TOKEN_NUMBER };

struct token {
    char key[WORD_BYTES];
    uint32_t place; /* in reading order */
    uint8_t kind, gone;
};

struct tokens {
    struct token *list;
    size_t count, room;
};

static int is_month(const char *key) {
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jui", "jul", "aug", "sep", "oct", "nov", "dec"};
    size_t len = strlen(key);
    for (size_t i = 0; i < sizeof months / sizeof *months && len >= 3 && len <= 9; i++)
        if (strncmp(key, months[i], 3) == 0 && (len == 3 || strspn(key, "abcdefghijklmnoprstuvy") == len))
            return 1;
    return 0;
}

static enum token_kind word_kind(const char *text, const char *key) {
    int digits = 0, letters = 0, upper_first = 0;
    for (const char *at = text; *at;) {
        uint32_t c = text_next(&at);
        if (text_is_letter(c) && !letters && !digits)
            upper_first = text_is_upper(c);
        digits += text_is_digit(c);
        letters += text_is_letter(c);
    }
    if (digits >= letters && digits)
        return TOKEN_NUMBER;
    if (digits >= 3)
        return TOKEN_NUMBER; /* NHS and pupil numbers, postcodes */
    if (is_month(key) && upper_first)
        return TOKEN_NUMBER;
    return upper_first && letters >= 3 ? TOKEN_NAME : TOKEN_WORD;
}

/* Where the word stands, on stamps: on a page there are few. */
struct stamps {
    struct box list[STAMPS_MOST];
    int count;
};

static struct stamps stamps_of(const struct words *words) {
    struct stamps stamps = {.count = 0};
    for (size_t i = 0; i < words->count && stamps.count < STAMPS_MOST; i++)
        if (words->list[i].text[0] == 'R' && text_distance(words->list[i].text, "RECEIVED", 2) <= 2)
            stamps.list[stamps.count++] = words->list[i].box;
    return stamps;
}

static int stamps_are_near(const struct stamps *stamps, const struct box *b) {
    for (int i = 0; i < stamps->count; i++) {
        const struct box *s = &stamps->list[i];
        if (fabsf((s->x0 + s->x1) - (b->x0 + b->x1)) < 2 * STAMP_ACROSS_PT && fabsf(s->y0 - b->y0) < STAMP_DOWN_PT)
            return 1;
    }
    return 0;
}

static void token_add(struct tokens *tokens, const struct word *word, const struct stamps *stamps, uint32_t place) {
    struct buf key = {0};
    sketch_put_word(&key, word->text);
    const char *text = buf_text(&key);
    enum token_kind kind = word_kind(word->text, text);
    int wanted = key.len >= 2 && word->confidence >= SKETCH_SURE_LEAST && (kind == TOKEN_WORD || !stamps_are_near(stamps, &word->box));
    if (wanted) {
        if (tokens->count == tokens->room) {
            tokens->room = tokens->room ? 2 * tokens->room : 256;
            tokens->list = mem_grow(tokens->list, tokens->room, sizeof *tokens->list);
        }
        struct token *token = &tokens->list[tokens->count++];
        *token = (struct token){.place = place, .kind = (uint8_t)kind};
        memcpy(token->key, text, key.len < WORD_BYTES ? key.len : WORD_BYTES - 1);
    }
    buf_wipe(&key);
}

static int compare_tokens(const void *a, const void *b) {
    const struct token *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

static int compare_places(const void *a, const void *b) {
    const struct token *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static struct tokens tokens_of(const struct document_words *document, struct buf *stream) {
    struct tokens tokens = {0};
    uint32_t place = 0;
    for (size_t p = 0; p < document->page_count; p++) {
        const struct words *words = &document->pages[p].words;
        struct receiver_lines lines = {0};
        struct stamps stamps = stamps_of(words);
        for (size_t i = 0; i < words->count; i++, place++) {
            if (!p && receiver_lines_skip(&lines, &words->list[i], i))
                continue;
            token_add(&tokens, &words->list[i], &stamps, place);
            sketch_put_word(stream, words->list[i].text);
        }
    }
    if (tokens.count)
        qsort(tokens.list, tokens.count, sizeof *tokens.list, compare_tokens);
    return tokens;
}

/* Both sorted: takes out what both have, as often as both have it. */
static void tokens_meet(struct tokens *a, struct tokens *b) {
    size_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        int order = strcmp(a->list[i].key, b->list[j].key);
        if (!order)
            a->list[i].gone = b->list[j].gone = 1;
        i += order <= 0;
        j += order >= 0;
    }
}

/* What is left, in reading order. */
static void tokens_keep_left(struct tokens *tokens) {
    size_t left = 0;
    for (size_t i = 0; i < tokens->count; i++)
        if (!tokens->list[i].gone)
            tokens->list[left++] = tokens->list[i];
    tokens->count = left;
    if (left)
        qsort(tokens->list, left, sizeof *tokens->list, compare_places);
    tokens->count = left < LEFT_MOST ? left : LEFT_MOST;
}

static size_t stream_count(const struct buf *stream, const char *key) {
    size_t len = strlen(key), count = 0;
    const uint8_t *at = stream->data, *end = stream->data + stream->len;
    while (at && (at = memmem(at, (size_t)(end - at), key, len))) {
        count++;
        at += len;
    }
    return count;
}

/* Words that the other reading has joined to their neighbours, or split. */
static void tokens_find_joined(struct tokens *tokens, const struct buf *own, const struct buf *other) {
    for (size_t i = 0; i < tokens->count; i++) {
        struct token *t = &tokens->list[i];
        if (strlen(t->key) >= 3 && stream_count(other, t->key) >= stream_count(own, t->key))
            t->gone = 1;
    }
}

/* Edits that recognition may have made. Short numbers must agree: 27 is not 21. */
static int spoilt_most(const struct token *t) {
    size_t len = strlen(t->key);
    if (t->kind == TOKEN_NUMBER)
        return len <= 3 ? 0 : len <= 7 ? 1 : 2;
    return len <= 2 ? 0 : len <= 5 ? 1 : len <= 8 ? 2 : (int)len / 4;
}

static void tokens_meet_spoilt(struct tokens *a, struct tokens *b, int numbers_too) {
    for (size_t i = 0; i < a->count; i++) {
        int most = a->list[i].gone || (!numbers_too && a->list[i].kind == TOKEN_NUMBER) ? 0 : spoilt_most(&a->list[i]);
        for (size_t j = 0; j < b->count && most && !a->list[i].gone; j++)
            if (!b->list[j].gone && text_distance(a->list[i].key, b->list[j].key, most) <= most)
                a->list[i].gone = b->list[j].gone = 1;
    }
}

static int tokens_left(const struct tokens *tokens, enum token_kind kind) {
    int count = 0;
    for (size_t i = 0; i < tokens->count; i++)
        count += !tokens->list[i].gone && tokens->list[i].kind == kind;
    return count;
}

static int tokens_left_repeated(const struct tokens *tokens) {
    int count = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        int times = 0;
        for (size_t j = 0; j < tokens->count && tokens->list[i].kind == TOKEN_NAME && !tokens->list[i].gone; j++)
            times += !tokens->list[j].gone && strcmp(tokens->list[i].key, tokens->list[j].key) == 0;
        count += times > 1;
    }
    return count;
}

/* Numbers beside each other are one date, one telephone number. */
static int tokens_left_numbers(const struct tokens *tokens) {
    int count = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const struct token *t = &tokens->list[i];
        if (t->gone || t->kind != TOKEN_NUMBER)
            continue;
        count += !count || t->place > last + BESIDE_MOST;
        last = t->place;
    }
    return count;
}

static int tokens_of_kind(const struct tokens *tokens, enum token_kind kind) {
    int count = 0;
    for (size_t i = 0; i < tokens->count; i++)
        count += tokens->list[i].kind == kind;
    return count;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

void same_paper_compare(const struct document_words *a, const struct document_words *b, struct same_paper *ret) {
    struct buf stream_a = {0}, stream_b = {0};
    struct tokens left_a = tokens_of(a, &stream_a), left_b = tokens_of(b, &stream_b);
    ret->all_words = least(tokens_of_kind(&left_a, TOKEN_WORD), tokens_of_kind(&left_b, TOKEN_WORD));
    ret->told = least((int)left_a.count - tokens_of_kind(&left_a, TOKEN_WORD), (int)left_b.count - tokens_of_kind(&left_b, TOKEN_WORD));
    tokens_meet(&left_a, &left_b);
    tokens_keep_left(&left_a);
    tokens_keep_left(&left_b);
    tokens_find_joined(&left_a, &stream_a, &stream_b);
    tokens_find_joined(&left_b, &stream_b, &stream_a);
    int clean = least(tokens_left(&left_a, TOKEN_WORD), tokens_left(&left_b, TOKEN_WORD)) * 100 < ret->all_words * CLEAN_PERCENT;
    tokens_meet_spoilt(&left_a, &left_b, !clean);
    ret->names = least(tokens_left(&left_a, TOKEN_NAME), tokens_left(&left_b, TOKEN_NAME));
    ret->repeated = least(tokens_left_repeated(&left_a), tokens_left_repeated(&left_b));
    ret->numbers = least(tokens_left_numbers(&left_a), tokens_left_numbers(&left_b));
    ret->words = least(tokens_left(&left_a, TOKEN_WORD), tokens_left(&left_b, TOKEN_WORD));
    free(left_a.list);
    free(left_b.list);
    buf_wipe(&stream_a);
    buf_wipe(&stream_b);
}

int same_paper_is(const struct same_paper *d) {
    float spoilt = d->all_words > 0 ? (float)d->words / (float)d->all_words : 0;
    float expected = spoilt * (float)(d->told > 0 ? d->told : 0);
    return d->repeated < REPEATED_LEAST && (float)(d->names + d->numbers) <= FREE_DIFFERENCES + SPOILT_TIMES * expected + SPOILT_SPREAD * sqrtf(expected);
}
