/* prove.h: proves that nothing withheld can be got out of a pack. Independent of covering. Confined helper only. */
#ifndef REDACT_PROVE_H
#define REDACT_PROVE_H

#include "store/covered.h"

struct Pix;

/* What must not be found. */
struct prove_order {
    struct view pdf;
    char **withheld;         /* the covered texts as they stood on the pages, each one once */
    size_t withheld_count;
    char **allowed;          /* texts that stay readable by decision (the subject's name, a professional's, ...): a withheld
                                text that lies inside one of them is only judged by place, not by search */
    size_t allowed_count;
    uint32_t first_page, last_page; /* which pages to render and recognise in this job (from 1); 0, 0: none, the file checks */
    struct prove_area {
        uint32_t page;
        struct box box;
        struct covered_label label; /* what it shows: nothing but this code */
    } *areas; /* covered areas, points of the pack's pages, from the top left */
    size_t area_count;
    /* Recognises a rendered page; boxes in points. NULL: no recognition. */
    int (*recognise)(void *state, struct Pix *pix, float width_pt, float height_pt, struct words *ret);
    void *state;
};

/* File checks (first_page == 0): (1) structure: no object or key outside the small set that our packs use (no annotations, forms,
 * attachments, scripts, optional content, thumbnails, XMP with text, earlier revisions, objects that nothing refers to); (2) text by Poppler;
 * (3) text by reading the content streams through qpdf with our own extractor (Tj, TJ, ', " with ToUnicode); (4) byte scan of the raw file and of
 * every decoded stream for each withheld text: case folded, without spaces and hyphens, UTF-8 and UTF-16 both ways. Text found
 * by (2) whose middle lies in a covered area is a finding as well. Page checks: each page rendered with Poppler
 * at 200 dpi, its covered areas must be one colour but for the code that is drawn in them, and what is recognised must not hold a withheld text.
 * Searching: text_key() forms; withheld texts of fewer than 4 letters or digits only as a whole word and on pages where an area is;
 * anything unknown is a finding. Errors: ERR_DAMAGED when the pack cannot be opened (then nothing is proved). ret is zeroed first. */
int prove_pack(const struct prove_order *order, struct findings *ret);

/* Whether a text (as extracted from somewhere) holds a withheld one, by the same search; for names of files, letters and schedules. */
int prove_text_holds(const char *text, const struct prove_order *order, size_t *ret_which);

#endif
