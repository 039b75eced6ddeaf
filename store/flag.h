/* flag.h: a mark on somebody's personal data. Plain structs. */
#ifndef STORE_FLAG_H
#define STORE_FLAG_H

#include "store/page.h"
#include "store/people.h"

enum flag_type {
    FLAG_PERSON,
    FLAG_ADDRESS,
    FLAG_PHONE,
    FLAG_EMAIL,
    FLAG_DOB,
    FLAG_NHS,
    FLAG_UPN,
    FLAG_NINO,
    FLAG_ID, /* the council's own number of a child */
    FLAG_PASSAGE, /* words that tell something of somebody, or a part of a page that a person must look at */
    FLAG_ULN,     /* unique learner number */
    FLAG_BANK,    /* sort code and account, or a card */
    FLAG_PASSPORT,
    FLAG_LICENCE, /* to drive */
    FLAG_VEHICLE, /* registration */
    FLAG_REF,     /* of the police or a court */
    FLAG_HANDLE,  /* a name on a network, or a web address */
    FLAG_AGE,     /* of a person */
    FLAG_RELATION, /* somebody who is told of and not named: "his mum's new boyfriend" */
    FLAG_PLACE,   /* this and the next ones only where no case is given: find.h, everything */
    FLAG_ORG,
    FLAG_DATE,
    FLAG_OTHER,   /* traits, quantities, codes and what else may tell who somebody is */
};
const char *flag_type_text(enum flag_type type); /* "PERSON", "ADDRESS", ... */
int flag_type_from_text(const char *text, enum flag_type *ret);

/* A run of words on one page, first to last inclusive, indices into the page's words. */
struct word_run {
    uint32_t first, last;
};

struct flag {
    uint32_t page; /* in its file, from 1 */
    enum flag_type type;
    enum role role;
    char *person_id;     /* of the register, or "" */
    char *code;          /* proposed reason or release code of the rules: "3P-UNREASONABLE", "SUBJ", ... */
    int cover;           /* 1 when the code withholds: proposed to be covered */
    int look;            /* 1: not sure enough for a proposal, too likely to be passed over: a person must look; covered unless they say otherwise */
    uint8_t confidence;  /* 0 to 100 */
    char *finder;        /* "people", "pattern", "officer", ... */
    char *why;           /* the reason in plain words, without personal data: "sibling; each child's data is their own" */
    char *text;          /* as it stands on the page */
    struct word_run *runs; /* one or more; more when it is broken over lines that are not neighbours */
    size_t run_count;
    struct box *boxes;   /* one or more upright rectangles, points as shown: one for each word */
    size_t box_count;
};

struct flags {
    struct flag *list;
    size_t count;
    size_t room;
};
struct flag *flags_add(struct flags *flags); /* a zeroed flag at the end; borrowed until the next add */
void flags_drop(struct flags *flags);
void flag_encode(const struct flag *flag, struct buf *out);
int flag_decode(struct view bytes, struct flag *ret); /* ret is zeroed first; you drop it */
void flag_drop(struct flag *flag);

#endif
