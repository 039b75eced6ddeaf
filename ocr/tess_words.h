/* tess_words.h: Tesseract's result as words. */
#ifndef OCR_TESS_WORDS_H
#define OCR_TESS_WORDS_H

#include "store/page.h"

struct TessBaseAPI;

/* Appends the words of what has been recognised, in reading order; boxes in pixels of the recognised picture.
 */
void tess_words_take(struct TessBaseAPI *api, struct words *words);

/* 0 to 100: mean confidence, each word weighted by its characters; 0 without words. */
uint8_t tess_words_quality(const struct words *words);

#endif
