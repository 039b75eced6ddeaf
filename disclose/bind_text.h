/* bind_text.h: the unseen words of a covered page, as PDF content. Private to disclose/. */
#ifndef DISCLOSE_BIND_TEXT_H
#define DISCLOSE_BIND_TEXT_H

#include "store/covered.h"

#define BIND_FONTS_MOST 32
#define BIND_GLYPH_WIDTH 500 /* thousandths of the size, of every glyph */

/* Fonts without shapes: the first has the codes of Windows-1252, the others get theirs as characters come. */
struct bind_fonts {
    uint32_t codes[BIND_FONTS_MOST][256]; /* code points; 0: not used */
    uint32_t next[BIND_FONTS_MOST];       /* next free code of a font */
    size_t count;
};

void bind_fonts_start(struct bind_fonts *fonts);
/* Appends one text object for each word, in reading order; lift: points that the page's bottom lies above 0.
 * Words that lie in a covered area are left out, others are cut off at it. Returns one bit for each font
 * used. */
uint32_t bind_text(struct bind_fonts *fonts, const struct covered_page *page, float lift, struct buf *out);
void bind_fonts_map(const struct bind_fonts *fonts, size_t font, struct buf *out); /* its ToUnicode CMap */

#endif
