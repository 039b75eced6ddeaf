/* pdf_contents.h: what a PDF holds besides its pages (qpdf): files in it, and things that would run in a viewer. */
#ifndef OCR_PDF_CONTENTS_H
#define OCR_PDF_CONTENTS_H

#include "ocr/pdf_pages.h"

struct pdf_contents_sink {
    /* A file that is attached to the document or to a page (portfolio, file attachment annotation); its name as it stands. */
    int (*file)(void *state, const char *name, struct view bytes);
    /* "JavaScript in it was not run", "an action that starts a program was not run", "an XFA form", "a note on page 3 (sticky note)",
     * "a digital signature (not checked)", "older revisions in the file", "layers that are switched off": plain words, no personal data. */
    int (*note)(void *state, const char *text);
    void *state;
};

/* Never an error because of what the file holds: a file that qpdf cannot read gives nothing. At most 500 files, 256 MB each, 1 GB in all
 * (noted when there are more). Errors: what the sink returned. */
int pdf_contents_open(const struct pdf_order *order, const struct pdf_contents_sink *sink);

#endif
