/* table_order.h: tables without rules, which Tesseract reads column by column. */
#ifndef OCR_TABLE_ORDER_H
#define OCR_TABLE_ORDER_H

#include "store/page.h"

/* Puts the words of each table into the order of its rows, cell by cell, the lines of a cell together; everything else stays in the order
 * in which it came. Lines and blocks are numbered anew: a row whose cells are all of one line is one line, other cells are blocks of their
 * own. A table: rows that share gaps between columns (at least the height of a line, as the white rivers of Breuel 2002, "Two geometric
 * algorithms for layout analysis", but found row by row), and whose columns are no columns of prose. Boxes in any unit, of a straight page. */
void table_order(struct words *words);

#endif
