/* prover.h: what the checks of one proof share. Private to redact/. */
#ifndef REDACT_PROVER_H
#define REDACT_PROVER_H

#include "redact/pdf_text_reader.h"
#include "redact/prove.h"
#include "redact/prove_search.h"

#include <qpdf/qpdf-c.h>

#define PROVE_AREA_NONE ((struct box){0, 0, 0, 0})
#define FINDINGS_MOST 2000 /* a pack with so many is not one of ours; no more are written down */

struct prover {
    const struct prove_order *order;
    struct needles *needles;
    struct findings *found;
    qpdf_data pdf;
    uint32_t pages;
    uint8_t *hits; /* one for each withheld text; all 0 between searches */
};

void prover_close(qpdf_data *pdf);
void prover_add(struct prover *prover, uint32_t page, struct box box, const char *check, const char *what);
/* Searches and writes down one finding for each hit. where: "", " in a bookmark". */
void prover_search(struct prover *prover, struct view text, uint32_t page, const char *check,
                   const char *where, size_t least);
void prover_search_bytes(struct prover *prover, struct view bytes, const char *where, size_t least);
bool prover_page_has_area(const struct prover *prover, uint32_t page);
size_t prover_least(const struct prover *prover,
                    uint32_t page); /* for the text of a page: 1 where there is an area */
/* Whether the middle of box lies in a covered area of the page. */
bool prover_in_area(const struct prover *prover, uint32_t page, struct box box);

void prove_structure(struct prover *prover); /* prove_structure.c: what the objects are */
void prove_rewritten(struct prover *prover); /* prove_bytes.c: nothing but those objects is in the file */
void prove_bytes(struct prover *prover);     /* prove_bytes.c: byte scan */
void prove_contents(struct prover *prover);  /* prove_contents.c: text by our own reader */
/* prove_poppler.c */
struct _PopplerDocument;
struct _PopplerDocument *
prove_poppler_open(struct prover *prover); /* NULL: Poppler cannot open it; g_object_unref it */
void prove_poppler_text(struct prover *prover, struct _PopplerDocument *document);
void prove_poppler_page(struct prover *prover, struct _PopplerDocument *document, uint32_t page);

#endif
