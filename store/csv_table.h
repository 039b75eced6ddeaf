/* csv_table.h: reads a CSV text row by row (RFC 4180: fields in double quotes may hold commas, line ends and doubled quotes). Columns are
 * found by their names, so their order does not matter. A byte order mark and notices before the column names ('#') are passed over; where
 * the line of column names has semicolons or tabs and no commas, those part the fields. */
#ifndef STORE_CSV_TABLE_H
#define STORE_CSV_TABLE_H

#include "base/buf.h"

#include <stddef.h>

#define CSV_FIELDS_MOST 128
#define CSV_NONE SIZE_MAX

struct csv_table {
    const char *at; /* where the next row begins */
    size_t line;    /* of the row that was read, from 1 */
    size_t next_line;
    char between; /* ',' mostly */
    char **names; /* of the columns */
    size_t name_count;
    struct buf text; /* the fields of the row, each ended by 0 */
    size_t starts[CSV_FIELDS_MOST];
    size_t field_count;
};

int csv_table_open(struct csv_table *table, const char *csv); /* borrows csv; ERR_INPUT: no column names. Drop it in any case. */
/* 1 when a row was read, 0 at the end, or ERR_INPUT: a quote that never closes, or too many fields. */
int csv_table_row(struct csv_table *table);
size_t csv_table_column(const struct csv_table *table, const char *name); /* in any case of letters; CSV_NONE */
const char *csv_table_field(const struct csv_table *table, size_t column); /* "" when the row is too short, or for CSV_NONE; until the next row */
void csv_table_drop(struct csv_table *table);

#endif
