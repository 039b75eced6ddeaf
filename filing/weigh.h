/* weigh.h: what stands on the pages, weighed for one child: log2(m/u) of each piece of evidence, added to the
 * prior (Fellegi and Sunter 1969). The values are in linkage.conf. */
#ifndef FILING_WEIGH_H
#define FILING_WEIGH_H

#include "config/linkage.h"
#include "filing/evidence.h"

#define PARTS_MOST 16

/* The document as it was read. */
struct scene {
    const struct register_index *index;
    const float *bits; /* by enum linkage_level */
    struct tokens tokens;
    struct mentions mentions;
    struct evidence evidence;
    uint32_t said;   /* the child that somebody has said it is about; NAME_NONE: nobody has */
    uint32_t *alone; /* per name: capitalised tokens that are it, outside full names */
    uint32_t *seen;  /* per name: tokens that are it or are near it */
};

/* index and bits (of each enum linkage_level) are borrowed. */
void scene_read(const struct register_index *index, const float bits[LINKAGE_LEVELS], const struct document_words *words, struct scene *ret);
void scene_drop(struct scene *scene);

struct weighed_part {
    const char *name;  /* "NHS number", ...; a literal */
    uint32_t from, to; /* tokens; from > to: it stands nowhere */
    float weight;      /* bits */
};

/* One child, weighed. */
struct weighed {
    uint32_t child;
    float weight;    /* bits, prior included */
    uint32_t levels; /* 1 << enum linkage_level of each that was found */
    struct weighed_part parts[PARTS_MOST];
    size_t part_count;
    const struct mention *mention; /* the best full name, or NULL */
    uint32_t alone;                /* times the forename stands by itself */
    bool forename_seen, surname_seen;
    bool number; /* a number of the child stands on the page, digit for digit */
    bool number_labelled;
    uint8_t number_kinds; /* how many of its numbers stand there */
    bool number_near;     /* a labelled number is the child's but for one sign, and nobody else's */
    bool number_conflict; /* another, valid number of its kind stands with the child's name */
    bool born_own;        /* the date of birth stands with the child's name */
    bool born_labelled;   /* or elsewhere, as a date of birth */
    bool born_conflict;   /* another date of birth stands with the child's name */
    bool born_near;       /* and it may be a slip for the right one */
    int32_t born_written; /* that other date */
    bool born_plain;      /* the date of birth stands somewhere, and nothing says what it is */
    bool school, contact;
    bool street, postcode;
    bool address;         /* one of them */
    float name_bits;      /* of the mention: how rare forename and surname are, each by itself */
    uint32_t relatives;   /* of the child, named in full */
    bool refused;
};

void weigh(const struct scene *scene, uint32_t child, struct weighed *ret);
/* Whether "T. Kenyon" stands there, for Theo Kenyon. */
bool scene_has_initial(const struct scene *scene, uint32_t child);
/* A person has said that the document is not this child's. */
void weigh_refused(struct weighed *weighed);

#endif
