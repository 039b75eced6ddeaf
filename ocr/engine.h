/* engine.h: Tesseract as recognition uses it: one standing engine, others on demand. Private to ocr/. */
#ifndef OCR_ENGINE_H
#define OCR_ENGINE_H

#include "store/page.h"

struct Pix;
struct TessBaseAPI;

struct ocr {
    struct TessBaseAPI *standing; /* loaded before confinement and before fork */
    char *languages;              /* of the standing one */
    char *folder;                 /* Tesseract's data */
    struct TessBaseAPI *other;    /* the one that a page needed last, or NULL */
    char *other_languages;
};

/* What to read with, and how. */
struct engine_order {
    const char *languages; /* NULL: the standing engine */
    int dpi;
    bool light_letters; /* also light on dark: slower, and what binarised pictures have been rid of */
};

/* Appends the words of a picture, boxes in its pixels. A picture that Tesseract refuses, and a language whose data cannot be loaded, give
 * none. */
void engine_words(struct ocr *ocr, struct Pix *pix, const struct engine_order *order, struct words *words);

#endif
