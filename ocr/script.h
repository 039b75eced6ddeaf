/* script.h: the scripts of the world, and which of them a picture shows. */
#ifndef OCR_SCRIPT_H
#define OCR_SCRIPT_H

#include <stdint.h>

struct Pix;

enum script {
    SCRIPT_NONE, /* not known */
#define SCRIPT(id, osd, letters, first, last) SCRIPT_##id,
#include "ocr/scripts.def"
#undef SCRIPT
    SCRIPTS
};

enum script script_of_letter(uint32_t code_point); /* SCRIPT_NONE: no letter of a script that is known here */
const char *script_letters_text(enum script script); /* "Arabic", in "Arabic letters" */

struct script_found {
    enum script
        script;      /* SCRIPT_NONE: not told, or script detection's data (tesseract-ocr-osd) are not there */
    float sure;      /* script detection's own figure; 0 and up, from 2 it is hardly ever wrong */
    uint16_t turn;   /* degrees clockwise to turn the picture so that its letters stand upright */
    float turn_sure; /* likewise; from 5 it is hardly ever wrong */
};
/* picture: a page of text, cleaned; dpi of it. folder: Tesseract's data. About 0.5 s for a page, so only for
 * one that reads badly. */
struct script_found script_find(struct Pix *picture, int dpi, const char *folder);

#endif
