/* pdf_fonts.h: what a font's codes mean and how wide they are. Private to redact/. */
#ifndef REDACT_PDF_FONTS_H
#define REDACT_PDF_FONTS_H

#include "base/buf.h"

#include <qpdf/qpdf-c.h>

#define PDF_MEANING_BYTES 32

struct pdf_meaning {
    uint32_t code;
    char text[PDF_MEANING_BYTES]; /* UTF-8 */
};

struct pdf_font {
    int object;                   /* its number */
    unsigned code_bytes;          /* 1; 2 for composite fonts */
    bool readable;                /* has a ToUnicode */
    struct pdf_meaning *meanings; /* sorted by code */
    size_t count, room;
    double widths[256]; /* parts of the size; simple fonts */
    double width;       /* of all the others */
};

void pdf_font_load(qpdf_data pdf, qpdf_oh font, struct pdf_font *ret); /* ret is zeroed first; you drop it */
void pdf_font_drop(struct pdf_font *font);
const char *pdf_font_meaning(const struct pdf_font *font, uint32_t code); /* NULL: not known; borrowed */
void pdf_font_read_map(struct pdf_font *font, struct view cmap); /* a ToUnicode stream; any bytes will do */

#endif
