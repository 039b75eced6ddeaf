/* fact_words.h: where the words of facts.conf stand in a document. */
#ifndef REDACT_FACT_WORDS_H
#define REDACT_FACT_WORDS_H

#include "config/fact_lists.h"
#include "redact/find_text.h"

struct fact_index; /* of the words, by their first letters */

/* Borrows facts. You drop it. */
struct fact_index *fact_index_new(const struct fact_lists *facts);
void fact_index_drop(struct fact_index **index);
struct mender;
/* What is searched; all borrowed. */
struct fact_text {
    const struct find_text *text;
    struct vocabulary *vocabulary;
    const struct mender *mender;
};
/* The longest entry whose words begin at atom i, and its last atom; NULL: none. Words of an entry stand side by side. Borrowed. */
const struct fact_words *fact_index_at(const struct fact_index *index, const struct fact_text *in, size_t i, size_t *ret_last);

#endif
