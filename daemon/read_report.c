#include "daemon/read_report.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- one page */

static void put_part(struct buf *line, const char *text) {
    if (line->len)
        buf_add_text(line, "; ");
    buf_add_text(line, text);
}

static void put_regions(struct buf *line, const struct regions *regions) {
    for (int kind = 1; kind < REGION_KINDS; kind++) {
        int count = 0;
        for (size_t i = 0; i < regions->count; i++)
            count += (int)regions->list[i].kind == kind;
        if (!count || kind == REGION_PICTURE)
            continue;
        put_part(line, region_kind_text((enum region_kind)kind));
        if (count > 1)
            buf_print(line, " in %d places", count);
    }
}

/* A photograph is nothing to worry about. */
static bool page_has_unread(const struct regions *regions) {
    for (size_t i = 0; i < regions->count; i++)
        if (regions->list[i].kind != REGION_PICTURE)
            return true;
    return false;
}

static bool page_is_low(const struct read_report *report, const struct read_page *page, const struct read_told *told) {
    return told->recognised && page->words->count && told->quality < report->look_below;
}

/* Whether there is something to say of the page, which stands in line then. */
static bool page_line(const struct read_report *report, const struct read_page *page, const struct read_told *told, struct buf *line) {
    bool low = page_is_low(report, page, told);
    if (told->outcome == READ_NOTHING)
        buf_print(line, "nothing was read: %s", told->trouble);
    else if (*told->trouble)
        buf_add_text(line, told->trouble);
    if (low)
        put_part(line, "hardly readable");
    if (low)
        buf_print(line, " (quality %d)", told->quality);
    put_regions(line, page->regions);
    if (told->layer_differs)
        put_part(line, "a hidden text in the file says something else than what is seen");
    return line->len > 0;
}

void read_report_add(struct read_report *report, const struct read_page *page, const struct read_told *told) {
    struct buf line = {0};
    bool said = page_line(report, page, told, &line);
    report->pages++;
    report->blank += told->outcome == READ_BLANK;
    report->failed += told->outcome == READ_NOTHING;
    report->read += told->outcome == READ_WELL || told->outcome == READ_POORLY;
    bool poor = told->outcome == READ_POORLY || page_is_low(report, page, told) || told->layer_differs;
    report->poor += poor && told->outcome != READ_NOTHING;
    report->parted += !poor && told->outcome == READ_WELL && page_has_unread(page->regions);
    if (said && report->line_count < READ_LINES_MOST)
        report->lines[report->line_count++] = mem_print("page %u: %s", page->number, buf_text(&line));
    else if (said)
        report->lines_left_out++;
    buf_drop(&line);
}

void read_report_sum(struct read_report *all, const struct read_report *one) {
    all->pages += one->pages;
    all->read += one->read;
    all->blank += one->blank;
    all->poor += one->poor;
    all->parted += one->parted;
    all->failed += one->failed;
}

/* ---- printing */

void read_report_print(const struct read_report *report, const char *name) {
    for (uint32_t i = 0; i < report->line_count; i++)
        fprintf(stderr, "%s%s%s\n", name, *name ? ": " : "", report->lines[i]);
    if (report->lines_left_out)
        fprintf(stderr, "%s%sand %u more such pages\n", name, *name ? ": " : "", report->lines_left_out);
}

void read_report_drop(struct read_report *report) {
    for (uint32_t i = 0; i < report->line_count; i++)
        mem_free(&report->lines[i]);
    report->line_count = report->lines_left_out = 0;
}

void read_report_print_sum(const struct read_report *all, int64_t took_ms) {
    long long seconds = (took_ms + 500) / 1000;
    fprintf(stderr, "%u page%s, %u read", all->pages, all->pages == 1 ? "" : "s", all->read);
    if (all->poor)
        fprintf(stderr, " (%u of them poorly)", all->poor);
    if (all->parted)
        fprintf(stderr, ", %u with a part for a person to look at", all->parted);
    if (all->blank)
        fprintf(stderr, ", %u blank", all->blank);
    if (all->failed)
        fprintf(stderr, ", %u could not be read", all->failed);
    if (seconds >= 3600)
        fprintf(stderr, ", %lld:%02lld:%02lld\n", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        fprintf(stderr, ", %lld:%02lld\n", seconds / 60, seconds % 60);
}
