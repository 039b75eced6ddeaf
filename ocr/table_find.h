/* table_find.h: where the tables of a page are, and which words are in which cell. Private to ocr/. */
#ifndef OCR_TABLE_FIND_H
#define OCR_TABLE_FIND_H

#include "store/page.h"

struct table_cell {
    size_t word;
    uint32_t row, column; /* from 0 */
    uint32_t level;       /* which row of text of the page it stands in, from the top */
};

struct table {
    struct table_cell *cells; /* one for each word */
    size_t count;
};

struct tables {
    struct table *list;
    size_t count;
};

void tables_find(const struct words *words, struct tables *ret); /* you drop ret */
void tables_drop(struct tables *tables);

#endif
