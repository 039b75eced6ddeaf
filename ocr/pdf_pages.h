/* pdf_pages.h: the pages of a PDF as pictures and, where the text layer can be trusted, words.
 *
 * A page that is one scanned picture is taken as it is (qpdf: the stream's own JPEG; Group 4 data in a TIFF wrapper;
 * Flate data as PNG or G4), with the page's /Rotate as the picture's turn. Every other page is rendered with Poppler: for a
 * trusted text layer as ink and paper at 300 dpi where it is nothing but black on white, else grey or in colour at 200 dpi;
 * where it has to be recognised, grey or in colour at 300 dpi. */
#ifndef OCR_PDF_PAGES_H
#define OCR_PDF_PAGES_H

#include "store/page_sink.h"

#define PDF_PAGES_MOST 20000u
#define PDF_RENDER_PIXELS_MOST 60000000u /* a page that would be larger is rendered at fewer dpi */
#define PDF_PAGE_POINTS_MOST 14400.0f    /* 200 inch, the format's own limit; a larger page is unreadable: trouble */
#define PDF_IMAGE_PIXELS_MOST 400000000u /* a picture in it that says it is larger makes its page unreadable: trouble */

struct pdf_order {
    struct view bytes;
    const char *password; /* "" or NULL: none */
    int as_picture;       /* believe no text layer */
};

/* ERR_DAMAGED (cannot be opened, also after repair; or it was cut and pages are lost), ERR_LOCKED (password), ERR_TOO_MANY (pages),
 * ERR_NO_PAGES, or what the sink returned. Text layer: trusted when its words are sane, at least 90 of 100 word boxes hold ink and at
 * least 80 of 100 ink pixels of text size lie in word boxes; else source is WORDS_NONE, and what the layer says is claimed (not with
 * as_picture). Words of the layer: boxes in points as shown, lines and blocks numbered in Poppler's reading order. Those of a trusted
 * layer that nobody can see are left out, and a note says so; its photographs are regions. A page whose pictures cannot be decoded
 * (damaged, unknown filter, larger than the limit) has trouble, never an empty picture. */
int pdf_pages_open(const struct pdf_order *order, const struct page_sink *sink);

#endif
