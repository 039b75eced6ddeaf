/* bind_text.h: the unseen words of a covered page, as PDF content, marked for readers that read aloud. Private to disclose/. */
#ifndef DISCLOSE_BIND_TEXT_H
#define DISCLOSE_BIND_TEXT_H

#include "store/covered.h"
#include "store/words_pdf.h"

/* What a marked content (MCID: its place in the list) is: words, or a covered area. */
struct bind_tag {
    bool withheld;
    size_t area; /* of the page's, when withheld */
};
struct bind_tags {
    struct bind_tag *list; /* you free it */
    size_t count;
};

/* Appends one text object for each word, in reading order; lift: points that the page's bottom lies above 0.
 * Words that lie in a covered area are left out, others are cut off at it. Returns one bit for each font
 * used. tags: words are marked as paragraphs, and a covered area, empty, stands where it is read; begins zeroed. */
uint32_t bind_text(struct words_pdf_fonts *fonts, const struct covered_page *page, float lift, struct buf *out, struct bind_tags *tags);

#endif
