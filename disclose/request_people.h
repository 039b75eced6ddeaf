/* request_people.h: everybody who is named in a request's documents, each once: one person, one decision. Derived from the flags whenever it is
 * asked; nothing of it is stored. */
#ifndef DISCLOSE_REQUEST_PEOPLE_H
#define DISCLOSE_REQUEST_PEOPLE_H

#include "disclose/decide.h"
#include "store/flag_rows.h"

struct bundle_person {
    char *id;     /* the register's, or for somebody whom no list knows "~surname.forename" */
    char *name;   /* as it is written most often */
    char role[16];
    size_t mentions, documents, decided, covered; /* flags of names; of them decided, and to be covered as decided or proposed */
    size_t other_count; /* flags of the person's other data: numbers, addresses, dates */
    uint8_t (*tokens)[FLAG_TOKEN_BYTES]; /* of every way in which the machine has written the id */
    size_t token_count;
};

struct bundle_people {
    struct bundle_person *list; /* those with most mentions first */
    size_t count;
};
void bundle_people_drop(struct bundle_people *people);

/* People whom no list knows are one when forename and surname are the same but for a letter that a scan may have spoilt, or when one of two
 * mentions lacks what only one other person of that surname or forename has. Opens one flag for each way to write a name: the caller audits. */
int request_people(struct store *store, const struct request *request, struct bundle_people *ret);

struct person_decision {
    const char *person_id;
    bool other_data; /* the person's other data too */
    struct decision decision;
};
/* One decision for every flag of the person, one act. ERR_NOT_FOUND: nobody has that id. ERR_INPUT: no such code. */
int request_decide_person(struct store *store, const struct rules *rules, const struct request *request, const struct act *act,
                          const struct person_decision *decision, int64_t *ret_count);

#endif
