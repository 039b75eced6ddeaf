/* tag_text.h: a text cut into the tokens that the tagger labels, and what is told of each by itself and by the document. */
#ifndef REDACT_TAG_TEXT_H
#define REDACT_TAG_TEXT_H

#include "redact/tag_model.h"

#include <stddef.h>

#define TAG_SELF_MOST 32  /* features of a token by itself */
#define TAG_BESIDE_MOST 3 /* features of it for a neighbour */
#define TAG_SLOTS 5       /* itself, as the one before, after, two before, two after */

enum tag_form {
    TAG_FORM_LOWER,
    TAG_FORM_CAPITAL,
    TAG_FORM_CAPITALS,
    TAG_FORM_MIXED,
    TAG_FORM_NUMBER,
    TAG_FORM_DIGITS, /* letters and digits */
    TAG_FORM_SIGN,
};

/* A word as it is written: everything that depends on nothing else. */
struct tag_type {
    uint64_t surface; /* hash of the bytes */
    uint32_t word;    /* hash of the folded word, every digit as 0 */
    uint32_t shape;   /* "Xx", "X", "xXx", "d", ... */
    uint32_t tail3;   /* hash of its last three bytes, or 0 */
    uint32_t traits;  /* enum tag_word */
    uint8_t form;     /* enum tag_form */
    char sign;        /* of a TAG_FORM_SIGN: the sign, typographic ones made plain */
    uint8_t length;   /* bytes, 255 at most */
    uint8_t self_count;
    uint8_t word_count; /* of them, from the front: features that only this word has */
    uint32_t self[TAG_SELF_MOST];                  /* feature hashes of the slot "itself" */
    uint32_t beside[TAG_SLOTS - 1][TAG_BESIDE_MOST]; /* of the others; 0: none */
    int16_t sums[TAG_SLOTS][TAG_LABELS];           /* rows of these features added up; valid when summed */
    bool summed;
};

struct tag_token {
    uint32_t begin, end; /* bytes of the text */
    uint32_t type;       /* index of its struct tag_type */
    uint8_t lines;       /* line ends before it: 0, 1, 2 (or more) */
    uint8_t seen;        /* of its word in this document: 1 in lower case, 2 with a capital within a sentence, or both */
    bool begins;         /* of a sequence: nothing before it counts */
};

/* One for many texts: it keeps the words it has met. A zeroed struct is an empty one. */
struct tag_text {
    struct tag_token *tokens;
    size_t token_count, token_room;
    struct tag_type *types;
    size_t type_count, type_room;
    uint32_t *slots; /* type + 1 */
    size_t slot_count;
    uint8_t *seen_list; /* by type, while a text is cut */
    size_t seen_room;
};

#define TAG_SEQUENCE_MOST 512 /* tokens */

/* Cuts the text; tokens of the text before are forgotten. */
void tag_text_cut(struct tag_text *text, const struct tag_model *model, const char *bytes, size_t len);
void tag_text_drop(struct tag_text *text);
/* Lower case: ASCII, and the capitals of Latin-1 and Latin Extended-A and of Romanian. Writes at most room bytes, no end; returns how many. */
size_t tag_text_fold(const char *word, size_t bytes, char *out, size_t room);

static inline uint32_t tag_mix(uint32_t h) { /* a bijection that spreads the bits */
    h ^= h >> 16;
    h *= 0x7feb352du;
    h ^= h >> 15;
    h *= 0x846ca68bu;
    return h ^ h >> 16;
}
static inline uint32_t tag_feature(uint32_t what, uint32_t a) {
    return tag_mix(what * 0x9e3779b1u ^ a);
}
static inline uint32_t tag_feature2(uint32_t what, uint32_t a, uint32_t b) {
    return tag_mix((what * 0x9e3779b1u ^ a) * 0x85ebca6bu + b);
}

#endif
