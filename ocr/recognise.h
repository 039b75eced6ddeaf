/* recognise.h: words from a page's picture, by Tesseract. One page at a time in a process. */
#ifndef OCR_RECOGNISE_H
#define OCR_RECOGNISE_H

#include "store/page.h"

struct Pix;
struct ocr; /* a loaded Tesseract engine */

/* languages as Tesseract names them: "eng", "eng+cym". other_languages: what pages may be read with that are in another language: "auto"
 * (whatever is installed), "none", or codes. Loads the models (0.1 s): do it before confinement and before
 * fork. The program must have been started with OMP_THREAD_LIMIT=1. ERR_NOT_FOUND: the language data is missing. */
int ocr_new(const char *languages, const char *other_languages, struct ocr **ret);
void ocr_drop(struct ocr **ocr);

/* Recognises one page. width_pt and height_pt: the page as shown (the picture after picture->turn).
 * Finds how the page stands (four ways), straightens, cleans (gated on resolution), recognises; the words' boxes are
 * mapped back to the page as shown. A photographed sheet is made flat first. Reads again what is in another language. Parts without
 * (reliable) words are regions. A page on which nothing can be read gives no words and a trouble; a page with words of low
 * confidence gives both. ERR_DAMAGED, ERR_TOO_LARGE; ret is zeroed first; you drop it with page_reading_drop. */
int ocr_read_page(struct ocr *ocr, const struct picture *picture, float width_pt, float height_pt,
                  struct page_reading *ret);

/* Recognises an upright, straight picture as it is (a covered page): no turning, no straightening. Boxes in points of
 * width_pt x height_pt. */
int ocr_read_upright(struct ocr *ocr, struct Pix *pix, float width_pt, float height_pt, struct words *ret);

/* Whether nothing is on the page (also the bleed-through of a blank back). pix: 1-bit, grey or colour, as shown. */
bool ocr_page_is_blank(struct Pix *pix, float dpi);

#endif
