/* cover.h: a page rebuilt from pixels with boxes painted over it. Confined helper only. */
#ifndef REDACT_COVER_H
#define REDACT_COVER_H

#include "store/covered.h"

struct Pix;

#define COVER_GRID_PT 12.0f   /* box widths are rounded up to this, so that they do not give away the length of a name */
#define COVER_HEIGHT_PT 12.0f /* minimum height */
#define COVER_MARGIN_PT 1.5f  /* painted round each word, for ink that its box misses */

/* What the box of a decision may show; "": nothing. */
struct cover_code {
    char text[COVER_CODE_BYTES];
};

struct cover_order {
    struct picture picture;    /* the page's picture as it came */
    float width_pt, height_pt; /* of the page as shown */
    uint16_t turn;             /* struct page_reading */
    float skew_deg;
    const struct box *boxes;   /* words to cover, points as shown */
    size_t box_count;
    const struct cover_code *codes; /* one for each box, or NULL */
    int whole_page;            /* cover everything */
    /* The words of a page on which nothing is covered, which stands as it is shown and does not lean: they need not be recognised again. */
    struct words words;
    int has_words;
};

/* Decodes, turns and straightens the picture; maps the boxes into the upright frame; joins neighbours on a line; grows each by the margin, to
 * the minimum height and to the grid; paints them black, with the code where it fits; makes it 1-bit where the page is black on white (Group 4), else grey or colour
 * JPEG at 200 dpi at most; fills ret but for its words. ret_pix: the covered pixels as they will be seen (decoded again from
 * the encoded bytes), for recognition; you pixDestroy it. ERR_DAMAGED, ERR_TOO_LARGE. */
int cover_page(const struct cover_order *order, struct covered_page *ret, struct Pix **ret_pix);

#endif
