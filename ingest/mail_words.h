/* mail_words.h: whether two texts that should say the same do. */
#ifndef INGEST_MAIL_WORDS_H
#define INGEST_MAIL_WORDS_H

#include <stdbool.h>

/* Compares the words, not their order, case, accents, punctuation or spaces; links, addresses in <>, and
 * [image: ..] do not count. They differ when each has a word that the other has not (one name in place of
 * another), when a number of three digits or more or a "not" is in one only, or when more than three words
 * and one in fifty are in one only. UTF-8. */
bool mail_words_differ(const char *a, const char *b);

#endif
