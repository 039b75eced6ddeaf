/* read_tongue.h: in which language a page is, and with which engine it should be read again. Private to ocr/. */
#ifndef OCR_READ_TONGUE_H
#define OCR_READ_TONGUE_H

#include "ocr/engine.h"
#include "ocr/language.h"

struct Pix;

/* What was read so far, and what there is to try with. */
struct tongue_order {
    struct ocr *ocr;
    const struct words *words; /* as the standing engine read them */
    uint8_t quality;
    bool some_letters;  /* more than dirt is on the page */
    int dpi;
    struct Pix *clean;  /* upright, cleaned */
    struct Pix *part;   /* the fullest part of it */
};

/* language NULL: the page is in a language of the standing engine, or nobody can tell. Costs next to nothing for a page that reads well; a
 * page that reads badly is tried, in a part of it, with the installed languages of other scripts. */
struct language_guess tongue_find(const struct tongue_order *order);

#endif
