/* find_vocabulary.h: every word that the finder meets, once, by its folded key, with what is known of it. */
#ifndef REDACT_FIND_VOCABULARY_H
#define REDACT_FIND_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VOCABULARY_KEY 64 /* bytes of a key, with its end */
#define ENTRY_NONE UINT32_MAX

enum word_trait {
    WORD_COMMON = 1 << 0,   /* an ordinary word, never taken for a name that is only alike */
    WORD_NAME = 1 << 1,     /* an ordinary word that is a name too: May, Will, Grace */
    WORD_FORENAME = 1 << 2, /* somebody of the register has it as a forename */
    WORD_SURNAME = 1 << 3,
    WORD_STREET = 1 << 4,     /* Street, Road, Close: ends the name of a street */
    WORD_HOUSE = 1 << 5,      /* House, Cottage: ends the name of a house */
    WORD_PLACE = 1 << 6,      /* School, Hospital, Council: what stands before it is no person */
    WORD_TITLE = 1 << 7,      /* Mr, Dr, PC */
    WORD_TITLE_WORK = 1 << 8, /* a title that only work gives: Dr, PC, Judge */
    WORD_TITLE_KIN = 1 << 9,  /* Auntie, Uncle */
    WORD_MALE = 1 << 10,
    WORD_FEMALE = 1 << 11,
    WORD_WORK = 1 << 12, /* teacher, nurse, officer */
    WORD_KIN = 1 << 13,  /* mother, partner, neighbour, friend */
    WORD_MONTH = 1 << 14,
    WORD_TOWN = 1 << 15,
    WORD_AFTER_NAME = 1 << 16, /* said, was, told: what follows a person at the beginning of a sentence */
    WORD_CALLED = 1 << 17,     /* called, named: a name follows */
    WORD_FLAT = 1 << 18,       /* Flat, Unit */
    WORD_BIRTH = 1 << 19,      /* DOB, born */
    WORD_CLERGY = 1 << 20,     /* Rev, Cllr: who comes to meetings as well and acts for nobody whom the law names */
};

struct entry {
    char *key; /* text_key() and a little more: see vocabulary_key */
    uint32_t hash, traits;
    int32_t forms;   /* first form that begins with this word, or -1 */
    uint32_t match;  /* the case's word that this one is read as, or ENTRY_NONE; valid when resolved */
    uint8_t quality; /* of the match: 0 the same, 1 alike to a scanner, 2 nearly, 3 only beside a sure one */
    bool resolved;
    bool wanted; /* part of a name of the case */
    const char *mended; /* what it is read as by mender_key(); NULL: not asked yet */
    int32_t fact;       /* the first phrase of fact_words.c that may begin with it, + 2; 1: none does; 0: not asked yet */
    bool listed; /* part of a name of the council's own lists */
};

struct vocabulary {
    struct entry *list;
    size_t count, room;
    uint32_t *slots;   /* entry number + 1, open addressing */
    size_t slot_count; /* a power of two */
};

void vocabulary_drop(struct vocabulary *vocabulary);
/* The key of a piece of text: folded, letters and digits only, Polish and Nordic strokes taken off; returns
 * its length. */
size_t vocabulary_key(const char *text, size_t bytes, char out[VOCABULARY_KEY]);
uint32_t vocabulary_intern(struct vocabulary *vocabulary,
                           const char *key); /* its number, new when it is not there */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, const char *key); /* or ENTRY_NONE */
void vocabulary_forget(struct vocabulary *vocabulary,
                       size_t keep); /* drops all entries from number keep on */
/* Numbers of the words of a text: a hyphenated word is one. At most most; returns how many. */
size_t vocabulary_words(struct vocabulary *vocabulary, const char *text, uint32_t *out, size_t most);
/* Whether the key is one of the keys, which have a space between; false for an empty one. */
bool vocabulary_key_in(const char *key, const char *keys);
void vocabulary_add_words(struct vocabulary *vocabulary, const char *spaced, uint32_t traits);

/* find_words.c: the tables of ordinary words. */
void find_words_add(struct vocabulary *vocabulary);
/* Forenames that one person may go by: writes pointers to the other names of the groups of this one. */
size_t find_words_nicknames(const char *key, const char **out, size_t most);

#endif
