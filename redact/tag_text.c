#include "redact/tag_text.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define TYPES_KEPT 16384
#define WORD_BYTES 64

static uint32_t hash_bytes(const char *s, size_t n, uint32_t seed) {
    uint32_t h = 2166136261u ^ seed;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return tag_mix(h);
}

static uint64_t hash_surface(const char *s, size_t n) {
    uint64_t h = 14695981039346656037ull;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 1099511628211ull;
    return h ^ h >> 32;
}

/* ---- signs */

/* Bytes of a sign or space of more than one byte: what General Punctuation, Latin-1 signs and full-width forms hold; 0: part of a word. */
static size_t wide_sign(const unsigned char *s, size_t left) {
    if (s[0] == 0xE2 && left >= 3 && (s[1] == 0x80 || s[1] == 0x81 || s[1] == 0x82 || s[1] == 0x84))
        return 3;
    if (s[0] == 0xC2 && left >= 2)
        return 2;
    return s[0] == 0xEF && left >= 3 ? 3 : 0;
}

static char plain_sign(const unsigned char *s, size_t bytes) {
    if (bytes == 3 && s[0] == 0xE2 && s[1] == 0x80)
        return s[2] == 0x98 || s[2] == 0x99 ? '\'' : s[2] >= 0x90 && s[2] <= 0x95 ? '-' : '"';
    return bytes == 1 ? (char)s[0] : '"';
}

static bool is_word_byte(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* ---- words */

/* The lower-case form of a two-byte letter; *ret_upper: it was a capital. */
static uint32_t letter_lower(uint32_t c, bool *ret_upper) {
    bool even_pairs = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x218 && c <= 0x21B);
    bool odd_pairs = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    uint32_t low = c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
        low = c + 0x20;
    else if (even_pairs && c % 2 == 0)
        low = c + 1;
    else if (odd_pairs && c % 2 == 1)
        low = c + 1;
    *ret_upper = low != c;
    return low;
}

size_t tag_text_fold(const char *word, size_t bytes, char *out, size_t room) {
    size_t n = 0;
    for (size_t i = 0; i < bytes && n < room; i++) {
        unsigned char c = (unsigned char)word[i];
        if ((c & 0xE0) == 0xC0 && i + 1 < bytes && n + 1 < room) {
            bool upper;
            uint32_t low = letter_lower((uint32_t)(c & 0x1F) << 6 | ((unsigned char)word[i + 1] & 0x3F), &upper);
            out[n++] = (char)(0xC0 | low >> 6);
            out[n++] = (char)(0x80 | (low & 0x3F));
            i++;
        } else {
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }
    return n;
}

/* How the letters of a word run. */
struct letters {
    int upper, lower, digits;
    uint32_t shape, full;
};

static void letters_add(struct letters *l, char class, int place, char *last) {
    uint32_t code = class == 'X' ? 1 : class == 'x' ? 2 : 3;
    l->upper += class == 'X';
    l->lower += class == 'x';
    l->digits += class == 'd';
    if (class != *last)
        l->shape = l->shape * 5 + code;
    if (place < 8)
        l->full = l->full * 5 + code;
    *last = class;
}

static struct letters letters_of(const char *word, size_t bytes) {
    struct letters l = {0};
    char last = 0;
    int place = 0;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)word[i];
        bool upper = c >= 'A' && c <= 'Z';
        if ((c & 0xC0) == 0x80)
            continue;
        if ((c & 0xE0) == 0xC0 && i + 1 < bytes)
            letter_lower((uint32_t)(c & 0x1F) << 6 | ((unsigned char)word[i + 1] & 0x3F), &upper);
        letters_add(&l, c >= '0' && c <= '9' ? 'd' : upper ? 'X' : 'x', place++, &last);
    }
    return l;
}

static enum tag_form form_of(const struct letters *l) {
    if (l->digits)
        return l->upper + l->lower ? TAG_FORM_DIGITS : TAG_FORM_NUMBER;
    if (!l->upper)
        return TAG_FORM_LOWER;
    if (l->upper == 1 && l->shape != 2 * 5 + 1 && (l->shape == 1 || l->shape == 1 * 5 + 2))
        return TAG_FORM_CAPITAL;
    return l->lower ? TAG_FORM_MIXED : TAG_FORM_CAPITALS;
}

static void self_add(struct tag_type *t, uint32_t feature) {
    if (t->self_count < TAG_SELF_MOST)
        t->self[t->self_count++] = feature;
}

/* The features of a token by itself: its word, what it is made of, what the gazetteer says. The ones that a word alone shows come
 * first: they are what is dropped in training (tag_train.c). */
static void type_features(struct tag_type *t, const char *low, size_t n, uint32_t full) {
    self_add(t, tag_feature(2, t->word));
    if (t->form != TAG_FORM_SIGN) {
        if (n > 3) {
            self_add(t, tag_feature(20, hash_bytes(low, 4, 11)));
            self_add(t, tag_feature(24, hash_bytes(low + n - 4, 4, 13)));
        }
        for (size_t i = 0; t->form < TAG_FORM_NUMBER && i + 1 <= n && i < 8; i++) { /* three letters at a time, the word's ends among them */
            char part[3] = {i ? low[i - 1] : '<', low[i], i + 1 < n ? low[i + 1] : '>'};
            self_add(t, tag_feature(41, hash_bytes(part, 3, 17)));
        }
    }
    t->word_count = t->self_count;
    self_add(t, tag_feature(1, 0));
    self_add(t, tag_feature(10, t->shape));
    self_add(t, tag_feature(16, full));
    self_add(t, tag_feature(27, t->traits));
    self_add(t, tag_feature2(30, t->traits, t->form));
    self_add(t, tag_feature2(40, t->length > 12 ? 12 : t->length, t->form));
    for (size_t k = 1; t->form != TAG_FORM_SIGN && k <= 3 && k <= n; k++) {
        self_add(t, tag_feature(16 + (uint32_t)k, hash_bytes(low, k, 11)));
        self_add(t, tag_feature(20 + (uint32_t)k, hash_bytes(low + n - k, k, 13)));
    }
    if (t->tail3)
        self_add(t, tag_feature2(49, t->tail3, t->shape));
    for (uint32_t side = 0; side < 2; side++) {
        t->beside[side][0] = tag_feature(3 + side, t->word);
        t->beside[side][1] = tag_feature(14 + side * 40, t->shape);
        t->beside[side][2] = t->tail3 ? tag_feature(25 + side, t->tail3) : 0;
        t->beside[2 + side][0] = tag_feature(5 + side, t->word);
    }
}

static void type_fill(struct tag_type *t, const struct tag_model *model, const char *word, size_t bytes) {
    char low[WORD_BYTES];
    size_t n = tag_text_fold(word, bytes, low, sizeof low);
    struct letters letters = letters_of(word, bytes);
    t->form = (uint8_t)form_of(&letters);
    t->shape = letters.shape + 1000;
    t->length = (uint8_t)(bytes > 255 ? 255 : bytes);
    t->traits = tag_model_word(model, low, n);
    for (size_t i = 0; i < n; i++)
        if (low[i] >= '0' && low[i] <= '9')
            low[i] = '0';
    t->word = hash_bytes(low, n, 1);
    t->tail3 = n > 2 ? hash_bytes(low + n - 3, 3, 13) : 0;
    type_features(t, low, n, letters.full);
}

static void type_sign(struct tag_type *t, char sign) {
    t->form = TAG_FORM_SIGN;
    t->sign = sign;
    t->length = 1;
    t->shape = (unsigned char)sign;
    t->word = hash_bytes(&sign, 1, 7);
    type_features(t, &sign, 1, t->shape);
}

/* ---- the words that were met */

static void slots_make(struct tag_text *text, size_t count) {
    free(text->slots);
    text->slot_count = count;
    text->slots = mem_new(count * sizeof *text->slots);
    for (size_t i = 0; i < text->type_count; i++) {
        size_t at = text->types[i].surface & (count - 1);
        while (text->slots[at])
            at = (at + 1) & (count - 1);
        text->slots[at] = (uint32_t)i + 1;
    }
}

static uint32_t type_add(struct tag_text *text, uint64_t surface) {
    if (text->type_count == text->type_room) {
        text->type_room = text->type_room ? text->type_room * 2 : 1024;
        text->types = mem_grow(text->types, text->type_room, sizeof *text->types);
    }
    uint32_t number = (uint32_t)text->type_count++;
    memset(&text->types[number], 0, sizeof text->types[number]);
    text->types[number].surface = surface;
    if (text->type_count * 2 > text->slot_count)
        slots_make(text, text->slot_count ? text->slot_count * 2 : 4096);
    else {
        size_t at = surface & (text->slot_count - 1);
        while (text->slots[at])
            at = (at + 1) & (text->slot_count - 1);
        text->slots[at] = number + 1;
    }
    return number;
}

static uint32_t type_find(const struct tag_text *text, uint64_t surface) {
    for (size_t at = surface & (text->slot_count - 1); text->slot_count && text->slots[at]; at = (at + 1) & (text->slot_count - 1))
        if (text->types[text->slots[at] - 1].surface == surface)
            return text->slots[at] - 1;
    return UINT32_MAX;
}

static uint32_t type_of_word(struct tag_text *text, const struct tag_model *model, const char *word, size_t bytes) {
    uint64_t surface = hash_surface(word, bytes);
    uint32_t type = type_find(text, surface);
    if (type == UINT32_MAX) {
        type = type_add(text, surface);
        type_fill(&text->types[type], model, word, bytes);
    }
    return type;
}

static uint32_t type_of_sign(struct tag_text *text, char sign) {
    uint64_t surface = hash_surface(&sign, 1) ^ 1; /* no word of one letter */
    uint32_t type = type_find(text, surface);
    if (type == UINT32_MAX) {
        type = type_add(text, surface);
        type_sign(&text->types[type], sign);
    }
    return type;
}

/* ---- a text */

struct cutter {
    struct tag_text *text;
    const struct tag_model *model;
    const unsigned char *bytes;
    size_t len, at;
    int lines;
    bool begins;
};

static struct tag_token *token_add(struct cutter *c, size_t begin, uint32_t type) {
    struct tag_text *t = c->text;
    if (t->token_count == t->token_room) {
        t->token_room = t->token_room ? t->token_room * 2 : 4096;
        t->tokens = mem_grow(t->tokens, t->token_room, sizeof *t->tokens);
    }
    struct tag_token *token = &t->tokens[t->token_count++];
    *token = (struct tag_token){.begin = (uint32_t)begin,
                                .end = (uint32_t)c->at,
                                .type = type,
                                .lines = (uint8_t)(c->lines > 2 ? 2 : c->lines),
                                .begins = c->begins};
    c->lines = 0;
    c->begins = false;
    return token;
}

static void cut_word(struct cutter *c) {
    size_t begin = c->at;
    while (c->at < c->len && is_word_byte(c->bytes[c->at]) &&
           !(c->bytes[c->at] >= 0x80 && wide_sign(c->bytes + c->at, c->len - c->at)))
        c->at++;
    token_add(c, begin, type_of_word(c->text, c->model, (const char *)c->bytes + begin, c->at - begin));
}

static void cut_sign(struct cutter *c) {
    size_t begin = c->at, wide = c->bytes[begin] >= 0x80 ? wide_sign(c->bytes + begin, c->len - begin) : 0;
    c->at += wide ? wide : 1;
    token_add(c, begin, type_of_sign(c->text, plain_sign(c->bytes + begin, c->at - begin)));
}

static bool skip_space(struct cutter *c) {
    unsigned char s = c->bytes[c->at];
    if (s == ' ' || s == '\t' || s == '\r' || s == '\f') {
        c->at++;
    } else if (s == '\n') {
        c->at++;
        c->begins = ++c->lines >= 2;
    } else if (s == 0xC2 && c->at + 1 < c->len && c->bytes[c->at + 1] == 0xA0) {
        c->at += 2;
    } else {
        return false;
    }
    return true;
}

static const struct tag_type *type_at(const struct tag_text *t, size_t i) {
    return &t->types[t->tokens[i].type];
}

/* Long paragraphs are parted after the end of a sentence. */
static void sequences_part(struct tag_text *t) {
    size_t from = 0;
    for (size_t i = 0; i < t->token_count; i++) {
        if (t->tokens[i].begins)
            from = i;
        bool sentence = i && type_at(t, i - 1)->sign == '.' && type_at(t, i)->form == TAG_FORM_CAPITAL;
        if ((i - from > 150 && sentence) || i - from >= TAG_SEQUENCE_MOST - 1) {
            t->tokens[i].begins = true;
            from = i;
        }
    }
}

/* The first type that has this word marks it for all: two ways to write one word share what was seen. */
static void seen_mark(struct tag_text *t) {
    size_t slots = 64;
    while (slots < t->token_count * 2)
        slots *= 2;
    if (t->seen_room < slots * 5) {
        t->seen_room = slots * 5;
        t->seen_list = mem_grow(t->seen_list, t->seen_room, 1);
    }
    memset(t->seen_list, 0, slots * 5);
    uint32_t *words = (uint32_t *)(void *)t->seen_list;
    uint8_t *seen = t->seen_list + slots * 4;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < t->token_count; i++) {
            const struct tag_type *type = type_at(t, i);
            if (type->form >= TAG_FORM_NUMBER)
                continue;
            size_t at = type->word & (slots - 1);
            while (words[at] && words[at] != type->word)
                at = (at + 1) & (slots - 1);
            words[at] = type->word;
            char before = i ? type_at(t, i - 1)->sign : '.';
            bool start = t->tokens[i].begins || before == '.' || before == '"' || before == ':';
            if (pass)
                t->tokens[i].seen = seen[at];
            else if (type->form == TAG_FORM_LOWER)
                seen[at] |= 1;
            else if (!start)
                seen[at] |= 2;
        }
}

void tag_text_cut(struct tag_text *text, const struct tag_model *model, const char *bytes, size_t len) {
    struct cutter c = {.text = text, .model = model, .bytes = (const unsigned char *)bytes, .len = len, .lines = 2, .begins = true};
    text->token_count = 0;
    if (text->type_count > TYPES_KEPT) {
        text->type_count = 0;
        memset(text->slots, 0, text->slot_count * sizeof *text->slots);
    }
    while (c.at < len) {
        if (skip_space(&c))
            continue;
        if (is_word_byte(c.bytes[c.at]) && !(c.bytes[c.at] >= 0x80 && wide_sign(c.bytes + c.at, len - c.at)))
            cut_word(&c);
        else
            cut_sign(&c);
    }
    sequences_part(text);
    seen_mark(text);
}

void tag_text_drop(struct tag_text *text) {
    free(text->tokens);
    free(text->types);
    free(text->slots);
    free(text->seen_list);
    memset(text, 0, sizeof *text);
}
