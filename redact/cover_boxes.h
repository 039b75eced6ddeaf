/* cover_boxes.h: from words to cover to the boxes that are painted. Private to redact/. */
#ifndef REDACT_COVER_BOXES_H
#define REDACT_COVER_BOXES_H

#include "redact/cover.h"

struct boxes {
    struct box *list;
    size_t count;
    struct cover_code *codes; /* of the first of the order's boxes that each holds; NULL when the order has none */
};

/* The order's boxes in the upright, straightened frame (points), joined, grown and on the grid; inside the
 * page. ink: the upright, straightened page as 1-bit, or NULL; with it boxes grow to where they cover least
 * of their neighbours. upright_width and upright_height: points of the upright page. Sorted from the top. You
 * free both lists. */
struct boxes cover_boxes(const struct cover_order *order, struct Pix *ink, float upright_width,
                         float upright_height);

#endif
