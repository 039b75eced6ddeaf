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

/* Checks the words against the page's ink (1-bit, rendered at dpi) and takes away those that nobody can see:
 * no ink in their box, or nothing but ink. True when at least 90 of 100 words were seen and at least 80 of
 * 100 ink pixels of text size lie in word boxes. */
bool pdf_text_fits_ink(struct words *words, struct Pix *ink, float dpi);

/* Whether the layer lies over a picture: then what the picture shows was somebody else's to recognise. */
bool pdf_text_lies_on_picture(PopplerPage *page, const struct words *words);

/* Whether the page shows annotations (a typed note, a filled-in field): they are painted, but not in the
 * layer. */
bool pdf_text_lacks_notes(PopplerPage *page);

#endif
