/* register_index.h: the register turned round: from what may stand on a page to the children it may speak of.
 * Children are meant by their place in struct people. Borrows people. */
#ifndef FILING_REGISTER_INDEX_H
#define FILING_REGISTER_INDEX_H

#include "config/nicknames.h"
#include "filing/name_list.h"
#include "store/people.h"

#include <stdbool.h>

#define CONTACT_BYTES 80

enum variant_kind {
    VARIANT_REGISTER, /* first forename and surname */
    VARIANT_ALIAS,    /* a name that the register gives as another one */
    VARIANT_NICKNAME, /* a short form of the first forename (nicknames.conf) and surname */
    VARIANT_MIDDLE,   /* a later forename and surname */
};

/* A full name of a child, in names. */
struct variant {
    uint32_t child;
    uint32_t forename, surname;
    enum variant_kind kind;
};

struct register_index {
    const struct people *people;
    struct name_list names;
    struct variant *variants; /* by child */
    size_t variant_count, variant_room;
    uint32_t *variant_starts;
    const char **by_hand;                       /* per child: why no machine files to it, or NULL */
    uint32_t *forename_counts, *surname_counts; /* children of each name */
    struct postings pairs;                      /* forename, surname -> variant */
    struct postings numbers;                    /* council id, NHS number, UPN -> child */
    struct postings born;                       /* day -> child */
    struct postings postcodes;                  /* now and before -> child */
    struct postings sectors;                    /* of the postcodes: "fw18" -> child */
    struct postings contacts;                   /* e-mail and telephone of relatives -> child */
    struct postings families;                   /* forename, surname of a relative -> child */
    struct postings kin;                        /* family_id -> child */
};

/* never: words with spaces or commas between; a child whose status, legal status or whose people's relations hold one of them is never filed
 * to by the machine ("adopted restricted"). */
void register_index_build(struct register_index *index, const struct people *people, const char *never, const struct nicknames *nicknames);
/* "ann@mail.example" in small letters, or the last ten digits of a telephone number. False when the text is neither. */
bool contact_key(const char *text, char out[CONTACT_BYTES]);
void register_index_drop(struct register_index *index);

const struct variant *register_index_variants(const struct register_index *index, uint32_t child,
                                              size_t *ret_count);
bool register_index_has_born(const struct register_index *index,
                             uint32_t child); /* and it is no placeholder */
bool register_index_same_family(const struct register_index *index, uint32_t a, uint32_t b);
uint64_t register_index_pair(uint32_t forename, uint32_t surname);

/* "fw18jq" from "FW1 8JQ". False when it is not shaped like a postcode; then out is of no use. */
bool postcode_key(const char *text, char out[9]);
uint64_t postcode_sector(const char key[9]); /* of a postcode's key: the key of "fw18" */

#endif
