/* page_mark.h: coloured areas over a page's picture, for somebody who looks through it. The page below stays to be seen. */
#ifndef OCR_PAGE_MARK_H
#define OCR_PAGE_MARK_H

#include "store/box.h"

#include <stddef.h>

enum mark_style { MARK_FILLED, MARK_FRAMED };

struct page_mark {
    struct box box;             /* points from the top left of the page as shown */
    float red, green, blue;     /* 0 to 1 */
    enum mark_style style;
};

struct page_marks {
    struct page_mark *list;
    size_t count, room;
};
void page_marks_add(struct page_marks *marks, struct page_mark mark);
void page_marks_drop(struct page_marks *marks);

#endif
