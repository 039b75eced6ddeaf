#include "ingest/collate.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

bool cut_pages_other_header(const struct cut_pages *pages, int64_t batch) {
    for (size_t i = cut_pages_header(pages, 0, 0); i < pages->count; i = cut_pages_header(pages, 0, i + 1))
        if (pages->list[i].sheet.batch != batch)
            return true;
    return false;
}

bool passes_split(const struct cut_pages *pages, struct passes *passes) {
    size_t last = cut_pages_header(pages, passes->batch, 0), next;
    bool page = false;
    if (last == pages->count)
        return false;
    for (; (next = cut_pages_header(pages, passes->batch, last + 1)) < pages->count; last = next) {
        for (size_t i = last + 1; i < next; i++)
            page |= pages->list[i].role == CUT_PAGE;
        if (page) {
            passes->fronts = (struct cut_pages){pages->list, next};
            passes->backs = (struct cut_pages){pages->list + next, pages->count - next};
            return true;
        }
    }
    return false;
}

/* Pages without the header sheet. */
static struct cut_pages without_header(const struct cut_pages *pages, int64_t batch) {
    struct cut_pages rest = {.list = mem_new((pages->count + 1) * sizeof *rest.list)};
    for (size_t i = 0, header = cut_pages_header(pages, batch, 0); i < pages->count; i++) {
        if (i == header)
            header = cut_pages_header(pages, batch, i + 1);
        else
            rest.list[rest.count++] = pages->list[i];
    }
    return rest;
}

/* With two copies of the header sheet, one on top for each pass, the first copy's back ends the second pass. */
static void header_back_leave(const struct cut_pages *fronts, struct cut_pages *backs) {
    if (backs->count == fronts->count + 1 && backs->list[backs->count - 1].role == CUT_BLANK)
        backs->count--;
}

/* Separator sheets at the same places, counted from the top, in both scans, and not when one is turned over: the fronts went through twice. */
static bool fronts_came_twice(const struct cut_pages *fronts, const struct cut_pages *backs) {
    size_t n = fronts->count, same = 0, flipped = 0, sheets = 0;
    for (size_t i = 0; i < n; i++) {
        bool front = fronts->list[i].role == CUT_SHEET, back = backs->list[i].role == CUT_SHEET;
        sheets += front;
        same += front && back;
        flipped += front && backs->list[n - 1 - i].role == CUT_SHEET;
    }
    return sheets && same == sheets && flipped < sheets;
}

static char *passes_differ(const struct cut_pages *fronts, const struct cut_pages *backs) {
    if (fronts->count != backs->count)
        return mem_print("%zu fronts and %zu backs came", fronts->count, backs->count);
    if (fronts_came_twice(fronts, backs))
        return mem_text("the fronts came twice, the backs did not");
    return NULL;
}

static void collate(const struct cut_pages *fronts, const struct cut_pages *backs, struct cut_pages *ret) {
    size_t n = fronts->count;
    ret->list = mem_new((2 * n + 1) * sizeof *ret->list);
    for (size_t i = 0; i < n; i++) {
        struct cut_page front = fronts->list[i], back = backs->list[n - 1 - i];
        front.place = 2 * front.number - 1;
        back.place = 2 * front.number;
        back.number = front.number;
        ret->list[ret->count++] = front;
        ret->list[ret->count++] = back;
    }
}

char *passes_collate(const struct passes *passes, struct cut_pages *ret) {
    struct cut_pages fronts = without_header(&passes->fronts, passes->batch), backs = without_header(&passes->backs, passes->batch);
    *ret = (struct cut_pages){0};
    header_back_leave(&fronts, &backs);
    char *differ = passes_differ(&fronts, &backs);
    if (!differ)
        collate(&fronts, &backs, ret);
    cut_pages_drop(&fronts);
    cut_pages_drop(&backs);
    return differ;
}
