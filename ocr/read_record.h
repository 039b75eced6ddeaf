/* read_record.h: the order to recognise a page, and what the helper gives back. */
#ifndef OCR_READ_RECORD_H
#define OCR_READ_RECORD_H

#include "store/page.h"

struct read_order {
    struct picture picture; /* bytes borrowed */
    float width_pt, height_pt;
};
void read_order_encode(const struct read_order *order, struct buf *out);
int read_order_decode(struct view bytes, struct read_order *ret);
void page_reading_encode(const struct page_reading *reading, struct buf *out);
int page_reading_decode(struct view bytes, struct page_reading *ret); /* you drop it */

#endif
