/* laid_out.h: text (a mail's header and body) set on A4 pages by Pango and Cairo, with the words that were set, so that
 * nothing has to be recognised. */
#ifndef OCR_LAID_OUT_H
#define OCR_LAID_OUT_H

#include "store/page_sink.h"

/* heading: lines "From: ...\nTo: ...", set in bold labels above a rule; body: UTF-8 text, lines as they are, wrapped at the margin. Picture:
 * 200 dpi 1-bit or grey PNG. At most 2,000 pages, then ERR_TOO_LARGE. Words come with source WORDS_LAID_OUT; a word broken by
 * wrapping is one word with the box of its first part and another with its rest. */
int laid_out_open(const char *heading, const char *body, const struct page_sink *sink);

#endif
