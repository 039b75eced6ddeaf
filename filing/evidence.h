/* evidence.h: dates, numbers and postcodes on the pages. */
#ifndef FILING_EVIDENCE_H
#define FILING_EVIDENCE_H

#include "filing/identifier.h"
#include "filing/mention.h"

enum number_kind { NUMBER_COUNCIL, NUMBER_NHS, NUMBER_UPN, NUMBER_KINDS };

struct found_number {
    char text[IDENTIFIER_TEXT];
    enum number_kind kind;
    uint32_t from, to; /* tokens */
    bool labelled;     /* "LCS ID", "NHS No" before it */
    bool valid;        /* its check digit is right; true for a council id, which has none */
};

struct found_date {
    int32_t day;
    uint32_t from, to;
    bool labelled;  /* as a date of birth */
    bool beside;    /* a full name ends shortly before it: owner */
    uint32_t owner; /* the token that the name ends with */
};

struct found_postcode {
    char key[9];
    bool known; /* somebody of the register lives or lived there; else somebody does in its sector */
    uint32_t from, to;
};

struct found_contact {
    uint64_t key; /* of contact_key() */
    uint32_t from, to;
};

struct evidence {
    struct found_number *numbers;
    size_t number_count;
    struct found_date *dates;
    size_t date_count;
    struct found_postcode *postcodes;
    size_t postcode_count;
    struct found_contact *contacts; /* only those of the register */
    size_t contact_count;
    struct postings steps; /* token, next token -> token: what follows what, for addresses */
};

void evidence_find(const struct register_index *index, const struct tokens *tokens, struct evidence *ret);
/* A date belongs to the name that stands before it: after all names are marked. */
void evidence_own(const struct tokens *tokens, struct evidence *evidence);
/* Calls for each child of the register whose number of that kind is the found one, or (near) has one sign that is another. */
void evidence_number_children(const struct register_index *index, const struct found_number *number, bool near,
                              void (*child)(void *state, uint32_t child), void *state);
void evidence_drop(struct evidence *evidence);

#endif
