/* words_pdf.h: words that are searched and copied but not seen, as PDF content (text render mode 3) in fonts without shapes.
 *
 * Fonts are Type 3 with one empty glyph. The first has the codes of Windows-1252, the others get theirs as characters come, so that every
 * character has a one-byte code and a ToUnicode entry. Codes are handed out in the order of the words: equal words, equal bytes. */
#ifndef STORE_WORDS_PDF_H
#define STORE_WORDS_PDF_H

#include "store/page.h"

#define WORDS_PDF_FONTS_MOST 32
#define WORDS_PDF_GLYPH_WIDTH 500                /* thousandths of the size, of every glyph */
#define WORDS_PDF_GLYPH "500 0 0 0 0 0 d1"       /* the content of the one glyph, /g */
#define WORDS_PDF_FONT_BOX "[0 -200 500 800]"
#define WORDS_PDF_FONT_MATRIX "[0.001 0 0 0.001 0 0]"

struct words_pdf_fonts {
    uint32_t codes[WORDS_PDF_FONTS_MOST][256]; /* code points; 0: not used */
    uint32_t next[WORDS_PDF_FONTS_MOST];       /* next free code of a font */
    size_t count;
};

struct words_pdf_order {
    const struct words *words; /* of a page that stands upright; points from its top left */
    float top;                 /* points from the bottom of what the content is for to the page's top */
    /* Whether a word is to be there, by the box that it gets in its line; may make it narrower. NULL: all are, as they are. */
    bool (*keep)(struct box *box, const void *state);
    const void *state;
    /* Words of right-to-left scripts are turned round, a space stands behind every other word, and lines may lean. False: as packs are, whose
     * pages are straight; their bytes must not change. */
    bool any_script;
};

void words_pdf_start(struct words_pdf_fonts *fonts);
/* Appends one text object for each word, in reading order, with the space behind it. Returns one bit for each font used: font i has
 * to be the resource /Vi. */
uint32_t words_pdf_put(struct words_pdf_fonts *fonts, const struct words_pdf_order *order, struct buf *out);
void words_pdf_map(const struct words_pdf_fonts *fonts, size_t font, struct buf *out);      /* its ToUnicode CMap */
void words_pdf_encoding(const struct words_pdf_fonts *fonts, size_t font, struct buf *out); /* its /Encoding: a dictionary */
void words_pdf_widths(struct buf *out);                                                     /* its /Widths: 256 numbers */

#endif
