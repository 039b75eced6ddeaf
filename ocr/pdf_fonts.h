/* pdf_fonts.h: whether a font's table of characters says what the font shows. */
#ifndef OCR_PDF_FONTS_H
#define OCR_PDF_FONTS_H

#include "ocr/pdf_stream.h"

/* Compares /ToUnicode with the names that the font's encoding gives to codes: letters and digits only,
 * capitals not told from small ones. True when two or more codes are something else, or one of fewer than
 * five that can be compared. False for fonts whose encoding names nothing that is known: composite fonts, and
 * embedded ones with codes of their own. */
bool pdf_font_lies(qpdf_data q, qpdf_oh font);

struct pdf_characters {
    uint32_t of[256]; /* what a one-byte code stands for; 0: not said, or more than one character */
};

/* Reads the bfchar and bfrange sections of a ToUnicode table with one-byte codes. */
void pdf_characters_read(struct view table, struct pdf_characters *ret);

#endif
