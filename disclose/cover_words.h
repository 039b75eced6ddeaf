/* cover_words.h: what an officer covers that nobody flagged: by its words, by a rectangle, whole pages, a whole document. Each makes flags of the
 * request's own (finder "officer"), decided by one act (decide.h). */
#ifndef DISCLOSE_COVER_WORDS_H
#define DISCLOSE_COVER_WORDS_H

#include "disclose/decide.h"

/* Finds words on the pages of the chosen documents (page 0: all; document 0: all) and covers each place that is not covered. */
struct cover_words {
    const char *text;
    int64_t document_id;
    uint32_t page;
    const char *code;
    int64_t *ret_before; /* the places that were covered already; or NULL */
};
/* ret_count: the places that it covered now. ERR_INPUT: no words, or no code that withholds. */
int request_cover_words(struct store *store, const struct rules *rules, const struct request *request, const struct act *act,
                        const struct cover_words *order, int64_t *ret_count);

/* Covers a rectangle of a page (points as shown): what was not read, or no words; or the whole page; or, page 0 and whole, every page of the document. */
struct cover_box {
    int64_t document_id;
    uint32_t page;
    struct box box;
    bool whole;
    const char *code;
};
/* ret_count: pages. ERR_NOT_FOUND: no such page among the chosen documents. */
int request_cover_box(struct store *store, const struct rules *rules, const struct request *request, const struct act *act,
                      const struct cover_box *order, int64_t *ret_count);

#endif
