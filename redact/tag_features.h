/* tag_features.h: what a token shows together with its neighbours. What it shows by itself is in its struct tag_type. */
#ifndef REDACT_TAG_FEATURES_H
#define REDACT_TAG_FEATURES_H

#include "redact/tag_text.h"

#define TAG_PAIRS_MOST 28
#define TAG_FEATURES_MOST (TAG_SELF_MOST + 4 * TAG_BESIDE_MOST + TAG_PAIRS_MOST)

/* A sequence: tokens from begin up to (without) end. */
struct tag_run {
    const struct tag_text *text;
    size_t begin, end;
};

/* Neighbours as features see them: beyond the ends of the sequence there is one and the same nothing. */
struct tag_window {
    const struct tag_type *before2, *before, *self, *after, *after2;
    const struct tag_type *before3;
};
struct tag_window tag_window_at(const struct tag_run *run, size_t token);

/* The feature hashes of token and neighbours; with_word false leaves out what the token's own word is part of. Returns how many. */
size_t tag_features_pairs(const struct tag_run *run, size_t token, bool with_word, uint32_t out[TAG_PAIRS_MOST]);
/* All of them, the token's own and its neighbours', for training. */
size_t tag_features_all(const struct tag_run *run, size_t token, bool with_word, uint32_t out[TAG_FEATURES_MOST]);

#endif
