/* people_csv.h: the register's CSV extracts, row by row, each one looked at before it is believed. */
#ifndef STORE_PEOPLE_CSV_H
#define STORE_PEOPLE_CSV_H

#include "config/register_map.h"
#include "store/people.h"

/* What is wrong with a row. It names no person: who keeps the extract finds the row by its line. */
struct csv_complaint {
    enum register_file file;
    size_t line;
    bool rejected;      /* the row was left out; else only what the complaint speaks of */
    enum register_column column;
    const char *what;   /* a literal */
};

struct csv_report {
    struct csv_complaint *list; /* in the order of the files */
    size_t count;
    size_t rows[2], rejected[2]; /* by enum register_file */
    char *fatal;                 /* why a file could not be read at all, or NULL */
    enum register_file fatal_file;
};
void csv_report_drop(struct csv_report *report);

struct people_csv_order {
    const char *children;           /* the text of the file */
    const char *people;             /* or NULL: the extract has none */
    const struct register_map *map; /* or NULL: the columns have casefile's own names */
    int32_t today;                  /* a later date of birth is wrong, except of a child that is not born (a year on) */
};

/* 0, and what could be read, with what could not in the report; ERR_INPUT: a file is no such extract (report->fatal). Ids are given in the
 * order of the file, from 1. You drop both, in any case. */
int people_csv_read(const struct people_csv_order *order, struct people **ret, struct csv_report *report);

#endif
