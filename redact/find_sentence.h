/* find_sentence.h: the document as sentences, and who is spoken of in each. */
#ifndef REDACT_FIND_SENTENCE_H
#define REDACT_FIND_SENTENCE_H

#include "redact/find_private.h"

enum mention_kind { MENTION_PERSON, MENTION_KIN, MENTION_PRONOUN };

/* Somebody who is spoken of. */
struct mention {
    uint32_t first, last; /* atoms */
    enum mention_kind kind;
    uint32_t party; /* of a PERSON, or PARTY_NONE */
    enum role role; /* of a PERSON; else ROLE_UNKNOWN */
    char sex;       /* 'F', 'M' or 0 */
    bool unsure;    /* of a PERSON: several have the name */
    bool object;    /* "him": somebody to whom it is done, not of whom it is told */
};

struct sentence {
    uint32_t begin, end;                 /* atoms; end is the next sentence's begin */
    uint32_t mention_begin, mention_end; /* of the list */
    bool paragraph;                      /* begins one */
    bool heading;                        /* a line without a full stop */
};

struct sentences {
    struct sentence *list;
    size_t count, room;
    struct mention *mentions;
    size_t mention_count, mention_room;
};

/* From the hits that there are, which are in the order of the page. You drop it. */
void sentences_make(const struct finder *finder, struct sentences *ret);
void sentences_drop(struct sentences *sentences);

/* find_language.c: sentences that are not in English, for a person to look at. Adds to the hits. */
void find_foreign(struct finder *finder, const struct sentences *sentences);

#endif
