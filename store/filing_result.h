/* filing_result.h: the outcome of filing one document. Plain structs. */
#ifndef STORE_FILING_RESULT_H
#define STORE_FILING_RESULT_H

#include "store/page.h"

#include <stddef.h>
#include <stdint.h>

enum filing_outcome {
    FILING_FILED,    /* sure: filed to each child that is marked chosen */
    FILING_PROPOSED, /* nearly sure: a person confirms */
    FILING_SEVERAL,  /* several children fit about as well: a person chooses */
    FILING_NONE,     /* no child of the register is named well enough */
    FILING_OUTSIDE,  /* a person has said: it belongs to no child of the register */
};
const char *filing_outcome_text(enum filing_outcome outcome); /* "filed", "proposed", "several", "none", "outside" */

/* One piece of evidence, as a person reads it. It may hold personal data: it is stored sealed. */
struct filing_part {
    char *name;   /* "NHS number", "date of birth", "name", "postcode", ... */
    char *found;  /* what stands on the page */
    float weight; /* log2(m/u), bits: positive speaks for the child, negative against */
    uint32_t page;
};

struct filing_candidate {
    int64_t child_id;
    float probability; /* 0 to 1 */
    float weight;      /* sum of the parts and the prior, bits */
    int chosen;        /* 1: filed to this child (only when the outcome is FILING_FILED) */
    char *veto;        /* why it is not filed by the machine, or "" */
    uint32_t stranger_page; /* of another family than those it is filed to, and identified on this page; 0: no. Kept as an alarm. */
    struct filing_part *parts;
    size_t part_count;
};

struct filing_result {
    enum filing_outcome outcome;
    struct filing_candidate *candidates; /* best first, at most 10 */
    size_t candidate_count;
};
void filing_result_drop(struct filing_result *result);

/* The words of a document, page by page, and what is known of it from outside. */
struct document_page {
    uint32_t number; /* in its file, from 1 */
    struct words words;
};
struct document_words {
    struct document_page *pages;
    size_t page_count;
    int64_t *not_children; /* a person has said that it is not theirs */
    size_t not_child_count;
    int64_t said_child; /* a cover sheet, or who took it in, has said whose it is; 0: nobody has */
};
void document_words_drop(struct document_words *words);

#endif
