/* read_report.h: what a person is told of pages that were read: the poor ones, and a sum. Private to the command read. */
#ifndef DAEMON_READ_REPORT_H
#define DAEMON_READ_REPORT_H

#include "daemon/read_file.h"

#define READ_LINES_MOST 40 /* of one file: who has more poor pages than this knows without reading on */

struct read_report {
    uint32_t pages, read, blank, poor, failed;
    uint32_t parted; /* read well, but for a part: a signature, handwriting, ... */
    int look_below;                 /* setting reading.look_below: a lower quality is poor */
    char *lines[READ_LINES_MOST];   /* one for each page of which there is something to say */
    uint32_t line_count, lines_left_out;
};

void read_report_add(struct read_report *report, const struct read_page *page, const struct read_told *told);
/* Adds the counts, not the lines. */
void read_report_sum(struct read_report *all, const struct read_report *one);
/* Lines of the file, each begun with its name when there is one. */
void read_report_print(const struct read_report *report, const char *name);
void read_report_drop(struct read_report *report);
/* "12 pages, 11 read, 1 could not be read, 0:09" */
void read_report_print_sum(const struct read_report *all, int64_t took_ms);

#endif
