/* pdf_text.h: the text layer of a PDF page, and whether to believe it. */
#ifndef OCR_PDF_TEXT_H
#define OCR_PDF_TEXT_H

#include "store/page.h"

struct Pix;
typedef struct _PopplerPage PopplerPage;

/* The layer's words in Poppler's reading order; boxes in points as shown. False when there are none or when
 * they cannot be words (no letters, broken characters, no vowels): fonts without a usable table of
 * characters. ret is zeroed first; you drop it. */
bool pdf_text_words(PopplerPage *page, struct words *ret);

/* Light grey words are seen, too, though they are no ink where dark ones are: what faint (the same page, lighter pixels counted as ink)
 * shows in the boxes of words that ink has nothing for becomes part of ink. */
void pdf_text_add_faint(const struct words *words, struct Pix *ink, struct Pix *faint, float dpi);

/* Checks the words against the page's ink (1-bit, rendered at dpi). True when at least 90 of 100 words were seen (some ink in
 * their box, but not nothing else) and at least 80 of 100 ink pixels of text size lie in boxes of words that were. Then those
 * that nobody can see are taken away; *ret_hidden: how many of them said something. Else words stays as it is. */
bool pdf_text_fits_ink(struct words *words, struct Pix *ink, float dpi, size_t *ret_hidden);

/* Whether the layer lies over a picture: then what the picture shows was somebody else's to recognise. */
bool pdf_text_lies_on_picture(PopplerPage *page, const struct words *words);

/* Whether the page shows annotations (a typed note, a filled-in field): they are painted, but not in the
 * layer. */
bool pdf_text_lacks_notes(PopplerPage *page);

#endif
