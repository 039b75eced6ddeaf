/* bind_pages.h: covered pages as PDF objects. Private to disclose/. */
#ifndef DISCLOSE_BIND_PAGES_H
#define DISCLOSE_BIND_PAGES_H

#include "disclose/bind_flow.h"
#include "disclose/bind_tags.h"
#include "disclose/bind_text.h"

#include <qpdf/qpdf-c.h>

#define BIND_FOOT_PT                                                                                         \
    FLOW_STAMP_HEIGHT /* the strip below each page that holds its number: nothing on the page is hidden by   \
                         it */

struct bind_pages {
    qpdf_data pack;
    struct words_pdf_fonts fonts;
    qpdf_oh font_objects[WORDS_PDF_FONTS_MOST]; /* indirect dictionaries; filled in at the end */
    size_t fonts_made;
    qpdf_oh tail;              /* the content that ends every covered page */
    qpdf_oh begin, end;        /* what marks all of another page as its text */
    struct bind_structure structure;
};

void bind_pages_start(struct bind_pages *pages, qpdf_data pack);
/* Makes leaf, which holds only the page's number, the covered page. */
void bind_pages_put(struct bind_pages *pages, qpdf_oh leaf, const struct covered_page *page);
/* Marks the text of a page that holds nothing of the records. */
void bind_pages_plain(struct bind_pages *pages, qpdf_oh leaf);
void bind_pages_end(struct bind_pages *pages); /* writes the fonts, whose codes are known now */
qpdf_oh bind_stream(qpdf_data pack, struct view bytes, const char *dictionary);

#endif
