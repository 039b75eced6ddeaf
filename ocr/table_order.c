#include "ocr/table_order.h"

#include "ocr/table_find.h"

#include "base/mem.h"
#include "ocr/word_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MOST 3000

/* Where a word goes: outside tables where it stood, with numbers that stay apart. */
struct place {
    size_t anchor;      /* the first word of its table, or itself */
    uint32_t row, cell; /* of its table, from 1; 0: not in one */
    uint32_t level;     /* the text line in the cell */
    float x;
    size_t word;
};

static int place_order(const void *a, const void *b) {
    const struct place *p = a, *q = b;
    if (p->anchor != q->anchor)
        return p->anchor < q->anchor ? -1 : 1;
    if (p->row != q->row)
        return p->row < q->row ? -1 : 1;
    if (p->cell != q->cell)
        return p->cell < q->cell ? -1 : 1;
    if (p->level != q->level)
        return p->level < q->level ? -1 : 1;
    if (p->row && p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->word < q->word ? -1 : 1;
}

static void places_fill(const struct table *table, struct place *places) {
    size_t anchor = SIZE_MAX;
    for (size_t i = 0; i < table->count; i++)
        if (table->cells[i].word < anchor)
            anchor = table->cells[i].word;
    for (size_t i = 0; i < table->count; i++) {
        const struct table_cell *c = &table->cells[i];
        places[c->word].anchor = anchor;
        places[c->word].row = c->row + 1;
        places[c->word].cell = c->column + 1;
        places[c->word].level = c->level;
    }
}

/* Whether a new line, and a new block, begins at a word. */
struct step {
    bool line, block;
};

static struct step step_between(const struct words *words, const struct place *p, const struct place *q, const bool *flat_rows) {
    const struct word *v = &words->list[p->word], *w = &words->list[q->word];
    if (!p->row && !q->row)
        return (struct step){v->line != w->line, v->block != w->block};
    if (p->anchor != q->anchor || !p->row != !q->row)
        return (struct step){true, true};
    if (p->row != q->row)
        return (struct step){true, !flat_rows[p->word] || !flat_rows[q->word]};
    if (p->cell != q->cell)
        return (struct step){!flat_rows[q->word], !flat_rows[q->word]};
    return (struct step){p->level != q->level, false};
}

/* By word: whether its row has no cell of several lines. */
static bool *rows_flat(const struct place *places, size_t count) {
    bool *flat = mem_new((count + 1) * sizeof *flat);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        uint32_t level = places[i].level;
        bool one = true;
        for (; end < count && places[end].anchor == places[i].anchor && places[end].row == places[i].row; end++)
            one &= places[end].level == level;
        for (size_t k = i; k < end; k++)
            flat[places[k].word] = one;
        i = end;
    }
    return flat;
}

static void words_place(struct words *words, struct place *places) {
    size_t count = words->count;
    qsort(places, count, sizeof *places, place_order);
    bool *flat = rows_flat(places, count);
    struct word *list = mem_new((count + 1) * sizeof *list);
    uint32_t line = 0, block = 0;
    for (size_t i = 0; i < count; i++) {
        if (i) {
            struct step step = step_between(words, &places[i - 1], &places[i], flat);
            line += step.line;
            block += step.block;
        }
        list[i] = words->list[places[i].word];
        list[i].line = line;
        list[i].block = block;
    }
    free(words->list);
    free(flat);
    words->list = list;
    words->room = count + 1;
}

/* ---- lines that came in the wrong order */

/* A line that stands above the one before it, and over it: boxes of a form come so. */
static bool line_is_above(const struct word_line *line, const struct word_line *before) {
    float common = fminf(line->box.x1, before->box.x1) - fmaxf(line->box.x0, before->box.x0);
    float narrow = fminf(line->box.x1 - line->box.x0, before->box.x1 - before->box.x0);
    float high = fminf(line->box.y1 - line->box.y0, before->box.y1 - before->box.y0);
    return common > 0.5f * narrow && line->box.y1 < before->box.y0 + 0.3f * high;
}

/* No word of it has more than one letter. */
static bool line_is_specks(const struct words *words, const struct word_line *line) {
    for (size_t i = line->first; i < line->first + line->count; i++)
        if (strlen(words->list[i].text) > 1)
            return false;
    return true;
}

/* The words in the order of the lines, lines and blocks numbered anew. */
static void lines_put(struct words *words, const struct word_line *lines, size_t count) {
    struct word *list = mem_new((words->count + 1) * sizeof *list);
    uint32_t block = 0;
    for (size_t i = 0, n = 0; i < count; i++) {
        block += i && words->list[lines[i].first].block != words->list[lines[i - 1].first].block;
        for (size_t w = 0; w < lines[i].count; w++, n++) {
            list[n] = words->list[lines[i].first + w];
            list[n].line = (uint32_t)i;
            list[n].block = block;
        }
    }
    free(words->list);
    words->list = list;
    words->room = words->count + 1;
}

/* Where a line belongs: past all those before it that stand below it, when the last of them is the next line down. Else where it is: far away,
 * something else is wrong, and moving one line would tear what belongs together. */
static size_t line_place(const struct words *words, const struct word_line *lines, size_t at) {
    size_t place = at;
    bool specks = line_is_specks(words, &lines[at]);
    for (size_t k = at; k > 0 && !specks; k--) {
        if (line_is_specks(words, &lines[k - 1]))
            continue;
        if (!line_is_above(&lines[at], &lines[k - 1]))
            break;
        place = k - 1;
    }
    float high = lines[at].box.y1 - lines[at].box.y0;
    return place < at && lines[place].box.y0 - lines[at].box.y1 < 1.5f * high ? place : at;
}

/* Lines that came behind those below them. */
static void lines_sort(struct words *words) {
    struct word_line *lines;
    size_t count = word_lines_make(words, &lines), moves = 0;
    for (size_t i = 1; i < count && count <= LINES_MOST; i++) {
        size_t place = line_place(words, lines, i);
        struct word_line line = lines[i];
        memmove(&lines[place + 1], &lines[place], (i - place) * sizeof *lines);
        lines[place] = line;
        moves += i - place;
    }
    if (moves)
        lines_put(words, lines, count);
    free(lines);
}

void table_order(struct words *words) {
    struct tables tables;
    lines_sort(words);
    tables_find(words, &tables);
    if (tables.count) {
        struct place *places = mem_new((words->count + 1) * sizeof *places);
        for (size_t i = 0; i < words->count; i++)
            places[i] = (struct place){.anchor = i, .x = words->list[i].box.x0, .word = i};
        for (size_t i = 0; i < tables.count; i++)
            places_fill(&tables.list[i], places);
        words_place(words, places);
        free(places);
    }
    tables_drop(&tables);
}
