/* tag_model.h: the statistical model of the finder of unknown people, mapped from a file that `make model` makes.
 *
 * A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over hashed features (Weinberger et al. 2009): a feature's
 * 32-bit hash, cut to the number of rows, names a row of one signed byte for each label; a label's score is the sum of its bytes over
 * the token's features, times one scale. The file also holds the gazetteer: which words are forenames, surnames, places, ordinary words,
 * as hashes only. All numbers are little-endian. */
#ifndef REDACT_TAG_MODEL_H
#define REDACT_TAG_MODEL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define TAG_LABELS 16

/* What a token is part of; each kind has two labels, the first token's and the others', MISC one, and there is "none of them". */
enum tag_kind { TAG_PERSON, TAG_PLACE, TAG_ORG, TAG_DATE, TAG_CODE, TAG_QUANTITY, TAG_TRAIT, TAG_MISC, TAG_KINDS };
const char *tag_kind_text(enum tag_kind kind); /* "PERSON", "PLACE", "ORG", "DATE", "CODE", "QUANTITY", "TRAIT", "MISC" */

#define TAG_NONE 0 /* the label of a token that is part of nothing */
static inline int tag_label_first(enum tag_kind kind) {
    return kind == TAG_MISC ? TAG_LABELS - 1 : 1 + 2 * (int)kind;
}
static inline int tag_label_kind(int label) { /* of a label that is not TAG_NONE */
    return label == TAG_LABELS - 1 ? TAG_MISC : (label - 1) / 2;
}
static inline bool tag_label_goes_on(int label) {
    return label != TAG_NONE && label != TAG_LABELS - 1 && label % 2 == 0;
}
/* Whether label b may stand after label a (TAG_NONE: also at the beginning). */
bool tag_labels_follow(int a, int b);

/* What the gazetteer says of a word. */
enum tag_word {
    TAG_WORD_FORENAME = 1,
    TAG_WORD_SURNAME = 2,
    TAG_WORD_ORDINARY = 4,
    TAG_WORD_PLACE = 8,
    TAG_WORD_TITLE = 16,
    TAG_WORD_ORG = 32,
    TAG_WORD_STREET = 64,
    TAG_WORD_TIME = 128,
    TAG_WORD_FORENAME_COMMON = 256,
    TAG_WORD_SURNAME_COMMON = 512,
};

struct tag_model {
    const int8_t *rows;  /* row_count of them, TAG_LABELS bytes each */
    uint32_t row_mask;   /* row_count - 1; row_count is a power of two */
    float scale;         /* of a byte */
    float follow[TAG_LABELS][TAG_LABELS]; /* score of the second label after the first */
    float begin[TAG_LABELS];
    const uint32_t *words;  /* hashes of the gazetteer's words, open addressing; 0: empty */
    const uint16_t *traits; /* enum tag_word of each */
    uint32_t word_mask;
    struct view file; /* as mapped; empty when the model is in memory only */
};

/* Maps the file. ERR_NOT_FOUND, ERR_SETTING (it is no such model, or damaged: logged). You drop it. */
int tag_model_open(const char *path, struct tag_model **ret);
void tag_model_drop(struct tag_model **model);
/* enum tag_word of a folded word (tag_text.h), 0 when the gazetteer does not have it. */
uint32_t tag_model_word(const struct tag_model *model, const char *folded, size_t bytes);
uint32_t tag_word_hash(const char *folded, size_t bytes); /* never 0 */

/* The file's bytes, from a model whose fields are all filled. */
void tag_model_write(const struct tag_model *model, struct buf *out);

#endif
