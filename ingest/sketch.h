/* sketch.h: a text as a set of shingles, and the few numbers that tell whether two sets are alike without comparing them (MinHash, Broder
 * 1997; bands of it, Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", sec. 3.4). All are keyed: without the store's key they
 * tell nothing of the text. */
#ifndef INGEST_SKETCH_H
#define INGEST_SKETCH_H

#include "store/filing_result.h"

#define SKETCH_KEY_BYTES 32
#define SKETCH_SURE_LEAST 45 /* confidence of a word: less is dirt, a stamp or a scrawl, that is read otherwise each time */
#define SKETCH_BANDS 32 /* of two minima each: at a likeness of 0.45 two texts meet in 6 of them, at 0.1 in none or one */

/* Distinct shingles, in rising order. */
struct shingles {
    uint64_t *list;
    size_t count;
};

/* Of runs of characters (letters and digits as text_key folds them, look-alikes made one), not of words: recognition spoils characters,
 * and one spoilt character in a word of three would cost three shingles of words. What a mail says of whom it was sent to is left out. */
void shingles_of(const struct document_words *document, const uint8_t key[SKETCH_KEY_BYTES], struct shingles *ret);
void shingles_drop(struct shingles *shingles);
double shingles_likeness(const struct shingles *a, const struct shingles *b); /* Jaccard, 0 to 1; 0 when either is empty */
/* 0 when there is nothing to sketch. */
int sketch_of(const struct shingles *shingles, const uint8_t key[SKETCH_KEY_BYTES], int64_t bands[SKETCH_BANDS]);

/* How many passages of a document, of so many characters at least, share no shingle with another's text: whole sentences that it has not. One
 * spoilt character in thirty leaves no such gap. */
int shingles_count_passages(const struct document_words *document, const uint8_t key[SKETCH_KEY_BYTES], const struct shingles *other, size_t least);

/* Appends a word as it is compared: letters and digits, look-alikes of recognition made one (0 and o, 1 and l and i, rn and m). */
void sketch_put_word(struct buf *out, const char *text);
/* Whether a word stands in the heading of a mail at whom it was sent to. Asked for all words of the first page, one after the other. */
struct receiver_lines {
    int state; /* zeroed before the first word */
    uint32_t line, block;
};
int receiver_lines_skip(struct receiver_lines *lines, const struct word *word, size_t index);

#endif
