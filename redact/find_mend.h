/* find_mend.h: ordinary words that a scanner has misread, read as what they most likely are. Names are not mended here: find_forms.c. */
#ifndef REDACT_FIND_MEND_H
#define REDACT_FIND_MEND_H

#include "redact/fact_words.h"
#include "redact/find_vocabulary.h"

struct mender;

struct tag_model;
/* Learns the words that passages are found by: kin, pronouns, those of facts.conf. model: its gazetteer says what is a word as it is; borrowed, or
 * NULL. You drop it. */
struct mender *mender_new(const struct vocabulary *vocabulary, const struct fact_lists *facts, const struct tag_model *model);
void mender_drop(struct mender **mender);
/* The key as it is, or the one word that it is nearly: one letter off (two in long words), or alike to a scanner. Borrowed. */
const char *mender_key(const struct mender *mender, struct entry *entry);

/* What a scanner takes for each other becomes one sign: rn and m, 1 l I |, 0 o, 5 s, 8 b, vv and w, cl and d. */
void mender_alike(const char *key, char out[VOCABULARY_KEY]);
/* A cheap bound for distances: one bit for each letter that a key has. */
uint32_t mender_letters(const char *key);

#endif
