#include "ocr/join_lines.h"

#include "base/mem.h"
#include "ocr/word_lines.h"

#include <math.h>
#include <stdlib.h>

enum { LINES_MOST = 2000 };
#define ROOM_MOST 0.7f     /* between words of a line, in heights of the line */
#define ROOM_LEAST (-0.3f)
#define LEVEL_LEAST 0.6f   /* share of the lower line's height that both have in common */
#define GO_ON_LEAST 0.4f   /* share of the shorter block's lines that go on in the other */
#define PARAGRAPH_GAP 0.9f /* between lines, in heights of the line */

struct line {
    size_t first, count; /* in words */
    struct box box;
    uint32_t block;
    size_t joined; /* the line that this one belongs to: itself, or an earlier one */
    size_t group;  /* the first line of its group of blocks, in reading order */
    int moved;     /* its group is more than one block */
};

struct page {
    struct line *lines;
    size_t count;
    uint32_t blocks;
    uint32_t *together; /* by block: the block that stands for its group */
    unsigned *sizes;    /* lines of each block */
    unsigned *go_on;    /* blocks x blocks: lines of the one that go on in the other */
};

static void page_lines(const struct words *words, struct page *page) {
    struct word_line *lines;
    page->count = word_lines_make(words, &lines);
    page->lines = mem_new((page->count + 1) * sizeof *page->lines);
    for (size_t i = 0; i < page->count; i++)
        page->lines[i] = (struct line){
            .first = lines[i].first, .count = lines[i].count, .box = lines[i].box, .block = words->list[lines[i].first].block, .joined = i};
    free(lines);
    for (size_t i = 0; i < words->count; i++)
        if (words->list[i].block >= page->blocks)
            page->blocks = words->list[i].block + 1;
}

/* Whether b goes on where a ends. */
static int line_goes_on(const struct line *a, const struct line *b) {
    float low = fminf(a->box.y1 - a->box.y0, b->box.y1 - b->box.y0), high = fmaxf(a->box.y1 - a->box.y0, b->box.y1 - b->box.y0);
    float common = fminf(a->box.y1, b->box.y1) - fmaxf(a->box.y0, b->box.y0);
    float room = b->box.x0 - a->box.x1;
    return low > 0 && high < 2 * low && common >= LEVEL_LEAST * low && room < ROOM_MOST * high && room > ROOM_LEAST * high;
}

static uint32_t block_root(const struct page *page, uint32_t block) {
    while (page->together[block] != block)
        block = page->together[block];
    return block;
}

static void count_go_on(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        page->sizes[page->lines[i].block]++;
        for (size_t j = 0; j < page->count; j++)
            if (page->lines[i].block != page->lines[j].block && line_goes_on(&page->lines[i], &page->lines[j]))
                page->go_on[page->lines[i].block * page->blocks + page->lines[j].block]++;
    }
}

static int blocks_group(struct page *page) {
    int any = 0;
    for (uint32_t a = 0; a < page->blocks; a++) {
        for (uint32_t b = 0; b < page->blocks; b++) {
            unsigned shorter = page->sizes[a] < page->sizes[b] ? page->sizes[a] : page->sizes[b];
            unsigned n = page->go_on[a * page->blocks + b];
            if (!n || (float)n < GO_ON_LEAST * (float)shorter)
                continue;
            uint32_t x = block_root(page, a), y = block_root(page, b);
            page->together[x > y ? x : y] = x < y ? x : y;
            any = 1;
        }
    }
    return any;
}

static size_t line_root(const struct page *page, size_t i) {
    while (page->lines[i].joined != i)
        i = page->lines[i].joined;
    return i;
}

static void lines_group(struct page *page) {
    for (size_t i = 0; i < page->count; i++) {
        struct line *line = &page->lines[i];
        uint32_t root = block_root(page, line->block);
        line->group = i;
        for (size_t k = 0; k < i; k++)
            if (block_root(page, page->lines[k].block) == root) {
                line->group = page->lines[k].group;
                line->moved |= page->lines[k].block != line->block;
                break;
            }
        if (line->moved)
            for (size_t k = 0; k < page->count; k++)
                page->lines[k].moved |= block_root(page, page->lines[k].block) == root;
    }
    for (size_t i = 0; i < page->count; i++)
        for (size_t j = 0; j < page->count; j++)
            if (i != j && page->lines[i].group == page->lines[j].group && line_goes_on(&page->lines[i], &page->lines[j])) {
                size_t x = line_root(page, i), y = line_root(page, j);
                page->lines[x > y ? x : y].joined = x < y ? x : y;
            }
}

/* Where a word goes: its group, then in a group that is ordered anew its line from the top, then from the left. */
struct place {
    size_t group, line, word;
    float level, x;
    int moved;
};

static int place_order(const void *a, const void *b) {
    const struct place *p = a, *q = b;
    if (p->group != q->group)
        return p->group < q->group ? -1 : 1;
    if (p->moved && p->line != q->line && p->level != q->level)
        return p->level < q->level ? -1 : 1;
    if (p->line != q->line)
        return p->line < q->line ? -1 : 1;
    if (p->moved && p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->word < q->word ? -1 : 1;
}

static void words_reorder(struct words *words, const struct page *page) {
    struct place *places = mem_new((words->count + 1) * sizeof *places);
    struct word *list = mem_new((words->count + 1) * sizeof *list);
    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];
        size_t root = line_root(page, i);
        float level = (page->lines[root].box.y0 + page->lines[root].box.y1) / 2;
        for (size_t w = line->first; w < line->first + line->count; w++)
            places[w] = (struct place){line->group, root, w, level, words->list[w].box.x0, line->moved};
    }
    qsort(places, words->count, sizeof *places, place_order);
    uint32_t number = 0, block = 0;
    for (size_t i = 0; i < words->count; i++) {
        const struct place *p = &places[i], *before = i ? &places[i - 1] : p;
        list[i] = words->list[p->word];
        int new_line = i && (p->line != before->line || p->group != before->group);
        int new_block = i && (p->group != before->group || (!p->moved && words->list[p->word].block != words->list[before->word].block) ||
                              (p->moved && new_line && list[i].box.y0 - list[i - 1].box.y1 > PARAGRAPH_GAP * (list[i].box.y1 - list[i].box.y0)));
        list[i].line = number += (uint32_t)new_line;
        list[i].block = block += (uint32_t)new_block;
    }
    free(words->list);
    free(places);
    words->list = list;
    words->room = words->count + 1;
}

void lines_join(struct words *words) {
    struct page page = {0};
    page_lines(words, &page);
    if (page.count && page.count <= LINES_MOST && page.blocks <= LINES_MOST) {
        page.together = mem_new(page.blocks * sizeof *page.together);
        page.sizes = mem_new(page.blocks * sizeof *page.sizes);
        page.go_on = mem_new((size_t)page.blocks * page.blocks * sizeof *page.go_on);
        for (uint32_t b = 0; b < page.blocks; b++)
            page.together[b] = b;
        count_go_on(&page);
        if (blocks_group(&page)) {
            lines_group(&page);
            words_reorder(words, &page);
        }
    }
    free(page.lines);
    free(page.together);
    free(page.sizes);
    free(page.go_on);
}
