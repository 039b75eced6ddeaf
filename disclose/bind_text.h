/* bind_text.h: the unseen words of a covered page, as PDF content. Private to disclose/. */
#ifndef DISCLOSE_BIND_TEXT_H
#define DISCLOSE_BIND_TEXT_H

#include "store/covered.h"
#include "store/words_pdf.h"

/* Appends one text object for each word, in reading order; lift: points that the page's bottom lies above 0.
 * Words that lie in a covered area are left out, others are cut off at it. Returns one bit for each font
 * used. */
uint32_t bind_text(struct words_pdf_fonts *fonts, const struct covered_page *page, float lift, struct buf *out);

#endif
