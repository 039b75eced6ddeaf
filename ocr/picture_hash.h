/* picture_hash.h: 64 bits that are nearly the same for two scans of one sheet. */
#ifndef OCR_PICTURE_HASH_H
#define OCR_PICTURE_HASH_H

#include <stdint.h>

struct Pix;

/* A perceptual hash of the page as shown: reduced, borders left out, low frequencies of its cosine transform against their median (pHash,
 * Zauner 2010, sec. 3.1.1, or better where measured). 0: nothing on it. Two scans of one sheet differ in few bits; unlike sheets in about 32. */
uint64_t picture_hash(struct Pix *pix, float dpi);
int picture_hash_distance(uint64_t a, uint64_t b); /* bits that differ */

#endif
