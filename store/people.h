/* people.h: the register of children and the people linked to them, held in memory by the programs that match.
 * Plain structs: no database here. Every text is UTF-8, never NULL ("" when not known), owned by struct people, and not to be changed. */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "base/text_pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum role {
    ROLE_SUBJECT,
    ROLE_FAMILY,
    ROLE_THIRD_PARTY,
    ROLE_PROFESSIONAL,
    ROLE_OTHER_CHILD, /* a child of the register who is not the subject, siblings included */
    ROLE_UNKNOWN,
};
const char *role_text(enum role role); /* "subject", "family", "third_party", "professional", "other_child", "unknown" */
int role_from_text(const char *text, enum role *ret); /* ERR_INPUT */

enum consent { CONSENT_UNKNOWN, CONSENT_YES, CONSENT_NO };

/* A name the same person goes by. */
struct alias {
    char *name; /* forename(s) and surname, or one of them */
    char *kind; /* "birth name", "previous surname", "known as", "spelling seen", or "" */
};

struct child {
    int64_t id; /* of the register row */
    char *council_id, *nhs_number, *upn;
    char *forenames, *surname;
    struct alias *aliases;
    size_t alias_count;
    int32_t born; /* day number (base/clock.h) or DATE_NONE */
    char *sex;
    char *house, *street, *town, *postcode;
    char **previous_addresses; /* each one line: "125 Queen's Drive, Fylderton, FW1 8JQ" */
    size_t previous_address_count;
    char *school, *status, *legal_status, *family_id;
    bool left; /* no longer in the extract */
};

/* Somebody linked to a child: one of these for each link, so a person linked to three children is here three times
 * with the same person_id. */
struct person {
    int64_t child_id; /* struct child.id */
    char *person_id;  /* the register's own: "P00000001", "PRO-...", "C<council id>" for a child of the register */
    char *relation;   /* "mother", "social worker", "neighbour", ... */
    enum role role;
    char *title, *forenames, *surname;
    struct alias *aliases;
    size_t alias_count;
    int32_t born;
    char *sex, *phone, *address, *email, *organisation;
    bool in_household, confidential;
    enum consent consent;
    char *sibling_council_id; /* when the person is a child of the register, or "" */
};

/* Texts and lists belong to the pool: a register of 200,000 children says "mother" and "Fylderton" a great many times. */
struct people {
    struct text_pool *texts;
    struct child *children; /* sorted by id */
    size_t child_count;
    struct person *persons; /* sorted by child_id */
    size_t person_count;
};

const struct child *people_child(const struct people *people, int64_t child_id); /* borrowed; NULL when not there */
const struct child *people_child_of_council_id(const struct people *people, const char *council_id); /* borrowed */
/* The links of one child: a run of people->persons. Borrowed. */
const struct person *people_of_child(const struct people *people, int64_t child_id, size_t *ret_count);
struct people *people_new(void); /* empty; you drop it */
void people_drop(struct people **people);
char *people_text(struct people *people, const char *text); /* a copy that lives as long as people; never NULL */

/* Reads the register's CSV extracts (people_csv.h) and takes no fault. people_csv: NULL: none. Ids are given in the order of the file, from
 * 1. ERR_INPUT with *ret_where set to "line 12: what is wrong" (you free it). */
int people_from_csv(const char *register_csv, const char *people_csv, struct people **ret, char **ret_where);

#endif
