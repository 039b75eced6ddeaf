#include "ocr/table_find.h"

#include "base/mem.h"
#include "base/order.h"
#include "base/text.h"
#include "ocr/word_lines.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lengths in heights of a line. */
#define GUTTER_LEAST 1.0f    /* white between columns */
#define GUTTER_WIDE 2.5f     /* so wide that two rows are enough */
#define LEVEL_LEAST 0.6f     /* common height of lines that stand in one row of text */
#define TIGHT 0.8f           /* white between lines of an address, at most */
#define ROW_GAP 0.35f        /* by which the white between rows of a table is more than that between lines of a cell */
#define ROOM_MOST 6.0f       /* white between rows of one table */
enum { SUPPORT_LEAST = 3, GUTTERS_MOST = 24, ROWS_MOST = 2000 };
/* A column of prose: most lines fill it, many begin in the middle of a sentence. */
#define PROSE_FILL 0.75f
#define PROSE_WORDS 4.0f
#define PROSE_LOWER 0.3f
enum { PROSE_LINES = 4 };

/* Lines as they were recognised, side by side. */
struct row {
    size_t *pieces;
    size_t count;
    float y0, y1;
};

struct span {
    float x0, x1;
};

/* White that goes down through rows. */
struct gutters {
    struct span list[GUTTERS_MOST];
    unsigned support[GUTTERS_MOST]; /* rows with words on both sides */
    size_t count;
};

struct sheet {
    const struct words *words;
    struct word_line *pieces;
    size_t piece_count;
    struct row *rows;
    size_t row_count;
    float height; /* median, of a line */
};

/* ---- rows of text */

static float median_of(float *values, size_t count) {
    qsort(values, count, sizeof *values, order_float);
    return count ? values[count / 2] : 0;
}

/* What a speck, a rule or a punched hole is read as: it says nothing of columns. */
static bool word_counts(const struct word *word) {
    for (const char *at = word->text; *at;) {
        uint32_t c = text_next(&at);
        if (text_is_letter(c) || (c < 128 && isdigit((int)c)))
            return true;
    }
    return false;
}

/* Top and bottom by the median of its words: one that is too tall must not join two lines. */
static void piece_level(const struct words *words, struct word_line *piece) {
    float *tops = mem_new((piece->count + 1) * sizeof *tops), *bottoms = mem_new((piece->count + 1) * sizeof *bottoms);
    size_t n = 0;
    for (size_t i = piece->first; i < piece->first + piece->count; i++) {
        if (word_counts(&words->list[i])) {
            tops[n] = words->list[i].box.y0;
            bottoms[n++] = words->list[i].box.y1;
        }
    }
    if (n) {
        piece->box.y0 = median_of(tops, n);
        piece->box.y1 = median_of(bottoms, n);
    }
    free(tops);
    free(bottoms);
}

static void sheet_pieces(struct sheet *sheet) {
    const struct words *words = sheet->words;
    sheet->piece_count = word_lines_make(words, &sheet->pieces);
    for (size_t i = 0; i < sheet->piece_count; i++)
        piece_level(words, &sheet->pieces[i]);
}

static float pieces_height(const struct sheet *sheet) {
    float *heights = mem_new((sheet->piece_count + 1) * sizeof *heights);
    for (size_t i = 0; i < sheet->piece_count; i++)
        heights[i] = sheet->pieces[i].box.y1 - sheet->pieces[i].box.y0;
    float height = median_of(heights, sheet->piece_count);
    free(heights);
    return height;
}

static bool piece_fits(const struct sheet *sheet, const struct row *row, const struct word_line *piece) {
    float h = piece->box.y1 - piece->box.y0, low = fminf(h, row->y1 - row->y0);
    float common = fminf(piece->box.y1, row->y1) - fmaxf(piece->box.y0, row->y0);
    if (low <= 0 || common < LEVEL_LEAST * low || fmaxf(h, row->y1 - row->y0) > 2.5f * low)
        return false;
    for (size_t i = 0; i < row->count; i++) {
        const struct box *b = &sheet->pieces[row->pieces[i]].box;
        if (piece->box.x0 < b->x1 && b->x0 < piece->box.x1)
            return false;
    }
    return true;
}

static const struct sheet *sorted_sheet; /* qsort has no room for it; one page at a time in a process */

static int piece_order(const void *a, const void *b) {
    const struct box *p = &sorted_sheet->pieces[*(const size_t *)a].box, *q = &sorted_sheet->pieces[*(const size_t *)b].box;
    float x = p->y0 + p->y1, y = q->y0 + q->y1;
    return x < y ? -1 : x > y ? 1 : p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

static void row_add(struct row *row, size_t piece, const struct box *box) {
    row->y0 = row->count ? fminf(row->y0, box->y0) : box->y0;
    row->y1 = row->count ? fmaxf(row->y1, box->y1) : box->y1;
    row->pieces = mem_grow(row->pieces, row->count + 1, sizeof *row->pieces);
    row->pieces[row->count++] = piece;
}

static void sheet_rows(struct sheet *sheet) {
    size_t *order = mem_new((sheet->piece_count + 1) * sizeof *order);
    for (size_t i = 0; i < sheet->piece_count; i++)
        order[i] = i;
    sorted_sheet = sheet;
    qsort(order, sheet->piece_count, sizeof *order, piece_order);
    sheet->rows = mem_new((sheet->piece_count + 1) * sizeof *sheet->rows);
    for (size_t i = 0; i < sheet->piece_count; i++) {
        const struct word_line *piece = &sheet->pieces[order[i]];
        struct row *row = NULL;
        for (size_t r = sheet->row_count; r-- > 0 && r + 4 > sheet->row_count && !row;)
            if (piece_fits(sheet, &sheet->rows[r], piece))
                row = &sheet->rows[r];
        if (!row)
            row = &sheet->rows[sheet->row_count++];
        row_add(row, order[i], &piece->box);
    }
    free(order);
}

/* ---- gutters */

static int span_order(const void *a, const void *b) {
    const struct span *p = a, *q = b;
    return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

/* What the words of a row fill; *ret as long as the row has words; you free it. */
static size_t row_filled(const struct sheet *sheet, const struct row *row, struct span **ret) {
    size_t count = 0, merged = 0;
    struct span *spans = NULL;
    for (size_t i = 0; i < row->count; i++) {
        const struct word_line *piece = &sheet->pieces[row->pieces[i]];
        spans = mem_grow(spans, count + piece->count, sizeof *spans);
        for (size_t w = piece->first; w < piece->first + piece->count; w++)
            if (word_counts(&sheet->words->list[w]))
                spans[count++] = (struct span){sheet->words->list[w].box.x0, sheet->words->list[w].box.x1};
    }
    if (count)
        qsort(spans, count, sizeof *spans, span_order);
    for (size_t i = 1; i < count; i++) {
        if (spans[i].x0 - spans[merged].x1 < GUTTER_LEAST * sheet->height)
            spans[merged].x1 = fmaxf(spans[merged].x1, spans[i].x1);
        else
            spans[++merged] = spans[i];
    }
    *ret = spans;
    return count ? merged + 1 : 0;
}

static void gutters_of_row(const struct sheet *sheet, const struct row *row, struct gutters *ret) {
    struct span *filled;
    size_t count = row_filled(sheet, row, &filled);
    *ret = (struct gutters){0};
    for (size_t i = 1; i < count && ret->count < GUTTERS_MOST; i++) {
        ret->list[ret->count] = (struct span){filled[i - 1].x1, filled[i].x0};
        ret->support[ret->count++] = 1;
    }
    free(filled);
}

/* What a row leaves of the white: false when it goes through white that many rows share. */
static bool gutters_pass(const struct sheet *sheet, const struct row *row, struct gutters *gutters) {
    struct span *filled;
    size_t count = row_filled(sheet, row, &filled);
    struct gutters left = {0};
    bool passes = true;
    for (size_t g = 0; g < gutters->count && passes; g++) {
        struct span s = gutters->list[g];
        bool before = false, behind = false;
        for (size_t i = 0; i < count; i++) {
            if (s.x1 - filled[i].x1 > filled[i].x0 - s.x0) { /* it leaves more room on its right */
                s.x0 = fmaxf(s.x0, filled[i].x1);
                before = true;
            } else {
                s.x1 = fminf(s.x1, filled[i].x0);
                behind = true;
            }
        }
        if (s.x1 - s.x0 >= GUTTER_LEAST * sheet->height) {
            left.list[left.count] = s;
            left.support[left.count++] = gutters->support[g] + (before && behind);
        } else if (gutters->support[g] >= SUPPORT_LEAST) {
            passes = false;
        }
    }
    free(filled);
    if (passes && left.count)
        *gutters = left;
    return passes && left.count;
}

static bool gutter_is_sure(const struct sheet *sheet, const struct gutters *gutters, size_t g) {
    float width = gutters->list[g].x1 - gutters->list[g].x0;
    return gutters->support[g] >= SUPPORT_LEAST || (gutters->support[g] == 2 && width >= GUTTER_WIDE * sheet->height);
}

static void gutters_keep_sure(const struct sheet *sheet, struct gutters *gutters) {
    size_t sure = 0;
    for (size_t g = 0; g < gutters->count; g++)
        if (gutter_is_sure(sheet, gutters, g)) {
            gutters->support[sure] = gutters->support[g];
            gutters->list[sure++] = gutters->list[g];
        }
    gutters->count = sure;
}

/* The end of the rows from a row on that share gutters (one row that goes across, a heading between, is let pass); the same row when none
 * do. */
static size_t zone_grow(const struct sheet *sheet, size_t from, struct gutters *ret) {
    struct gutters gutters;
    gutters_of_row(sheet, &sheet->rows[from], &gutters);
    size_t last = from;
    for (size_t r = from + 1; gutters.count && r < sheet->row_count; r++) {
        if (sheet->rows[r].y0 - sheet->rows[r - 1].y1 > ROOM_MOST * sheet->height)
            break;
        struct gutters over = gutters;
        if (gutters_pass(sheet, &sheet->rows[r], &gutters))
            last = r;
        else if (r + 1 == sheet->row_count || !gutters_pass(sheet, &sheet->rows[r + 1], &over) || over.support[0] == gutters.support[0])
            break;
    }
    gutters_keep_sure(sheet, &gutters);
    *ret = gutters;
    return gutters.count ? last + 1 : from;
}

struct edge {
    float x;
    int step;
};

static int edge_order(const void *a, const void *b) {
    const struct edge *p = a, *q = b;
    return p->x != q->x ? (p->x < q->x ? -1 : 1) : q->step - p->step;
}

/* All white that goes down through a zone: one row in ten may cross it. */
static void zone_gutters(const struct sheet *sheet, size_t from, size_t end, struct gutters *ret) {
    struct edge *edges = NULL;
    size_t count = 0;
    for (size_t r = from; r < end; r++) {
        struct span *filled;
        size_t n = row_filled(sheet, &sheet->rows[r], &filled);
        edges = mem_grow(edges, count + 2 * n + 1, sizeof *edges);
        for (size_t i = 0; i < n; i++) {
            edges[count++] = (struct edge){filled[i].x0, 1};
            edges[count++] = (struct edge){filled[i].x1, -1};
        }
        free(filled);
    }
    if (count)
        qsort(edges, count, sizeof *edges, edge_order);
    *ret = (struct gutters){0};
    int inside = 0, most = (int)((end - from) / 10);
    for (size_t i = 0; i + 1 < count && ret->count < GUTTERS_MOST; i++) {
        inside += edges[i].step;
        if (inside > most || edges[i].step > 0)
            continue;
        size_t next = i + 1;
        for (int k = inside; next < count && k + edges[next].step <= most; next++)
            k += edges[next].step;
        if (next < count && edges[next].x - edges[i].x >= GUTTER_LEAST * sheet->height)
            ret->list[ret->count++] = (struct span){edges[i].x, edges[next].x};
        while (i + 1 < next)
            inside += edges[++i].step;
    }
    free(edges);
}

/* The zone at a row, unless one that begins a few rows further down has more columns. */
static size_t zone_find(const struct sheet *sheet, size_t from, struct gutters *ret) {
    struct gutters gutters, other;
    size_t end = zone_grow(sheet, from, &gutters);
    for (size_t later = from + 1; later < end && later < from + 4; later++) {
        size_t there = zone_grow(sheet, later, &other);
        if (there > later && other.count > gutters.count)
            return from;
    }
    if (end > from)
        zone_gutters(sheet, from, end, &other);
    *ret = end > from && other.count ? other : gutters; /* a heading across a short table is more than one row in ten */
    return gutters.count ? end : from;
}

/* ---- what a zone is */

struct zone {
    const struct sheet *sheet;
    size_t from, end; /* rows */
    const struct gutters *gutters;
};

static size_t column_of(const struct zone *zone, const struct box *box) {
    float middle = (box->x0 + box->x1) / 2;
    size_t column = 0;
    while (column < zone->gutters->count && middle > (zone->gutters->list[column].x0 + zone->gutters->list[column].x1) / 2)
        column++;
    return column;
}

/* The words of one column in one row of text. */
struct line {
    struct box box;
    size_t words;
    const char *first;
    const char *last;
    bool numeric; /* more digits than letters */
};

static struct line line_of(const struct zone *zone, size_t r, size_t column) {
    const struct row *row = &zone->sheet->rows[r];
    struct line line = {.words = 0};
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < row->count; i++) {
        const struct word_line *piece = &zone->sheet->pieces[row->pieces[i]];
        for (size_t w = piece->first; w < piece->first + piece->count; w++) {
            const struct word *word = &zone->sheet->words->list[w];
            if (!word_counts(word) || column_of(zone, &word->box) != column)
                continue;
            if (!line.words)
                line.box = word->box;
            if (!line.words || word->box.x0 <= line.box.x0)
                line.first = word->text;
            if (!line.words || word->box.x1 >= line.box.x1)
                line.last = word->text;
            line.box = box_join(line.box, word->box);
            line.words++;
            for (const char *at = word->text; *at; at++) {
                digits += isdigit((unsigned char)*at) != 0;
                letters += isalpha((unsigned char)*at) != 0;
            }
        }
    }
    line.numeric = digits > letters;
    return line;
}

static bool begins_lower(const char *text) {
    uint32_t c = text_next(&text);
    return text_is_letter(c) && !text_is_upper(c);
}

struct column {
    size_t lines, words, lower, numeric, labels;
    float fill; /* median */
};

static struct column column_look(const struct zone *zone, size_t number) {
    struct column column = {0};
    struct span span = {INFINITY, -INFINITY};
    size_t rows = zone->end - zone->from;
    float *widths = mem_new((rows + 1) * sizeof *widths);
    for (size_t r = zone->from; r < zone->end; r++) {
        struct line line = line_of(zone, r, number);
        if (!line.words)
            continue;
        span.x0 = fminf(span.x0, line.box.x0);
        span.x1 = fmaxf(span.x1, line.box.x1);
        widths[column.lines++] = line.box.x1 - line.box.x0;
        column.words += line.words;
        column.lower += begins_lower(line.first);
        column.numeric += line.numeric;
        column.labels += line.last[strlen(line.last) - 1] == ':';
    }
    if (column.lines)
        column.fill = median_of(widths, column.lines) / fmaxf(span.x1 - span.x0, 1);
    free(widths);
    return column;
}

static bool column_is_prose(const struct column *c) {
    return c->lines >= PROSE_LINES && c->fill >= PROSE_FILL && (float)c->words >= PROSE_WORDS * (float)c->lines &&
           (float)c->lower >= PROSE_LOWER * (float)c->lines;
}

/* The white above a row, by which rows of a table are told from lines of a cell. */
static float row_gap(const struct sheet *sheet, size_t r) {
    float bottom = sheet->rows[r - 1].y1;
    return sheet->rows[r].y0 - bottom;
}

/* Bits of the columns in which a row has words. */
static uint32_t row_columns(const struct zone *zone, size_t r) {
    uint32_t columns = 0;
    for (size_t c = 0; c <= zone->gutters->count; c++)
        if (line_of(zone, r, c).words)
            columns |= 1u << c;
    return columns;
}

static unsigned bits(uint32_t value) {
    return (unsigned)__builtin_popcount(value);
}

/* Whether wide gaps go across the zone where new rows begin: how many, and in how many of these more than one column begins. */
struct bands {
    float gap; /* white that is more than this parts rows; INFINITY: none does */
    size_t count, shared;
};

static struct bands zone_bands(const struct zone *zone) {
    struct bands bands = {INFINITY, 0, 0};
    size_t rows = zone->end - zone->from;
    float *gaps = mem_new((rows + 1) * sizeof *gaps);
    size_t n = 0;
    for (size_t r = zone->from + 1; r < zone->end; r++)
        gaps[n++] = row_gap(zone->sheet, r);
    qsort(gaps, n, sizeof *gaps, order_float);
    float wide = ROW_GAP * zone->sheet->height, best = wide;
    for (size_t i = 1; i < n; i++) /* the largest step between gaps that follow each other in size */
        if (gaps[i] - gaps[i - 1] > best && gaps[i] > 0) {
            best = gaps[i] - gaps[i - 1];
            bands.gap = (gaps[i] + gaps[i - 1]) / 2;
        }
    free(gaps);
    for (size_t r = zone->from + 1; r < zone->end && bands.gap < INFINITY; r++)
        if (row_gap(zone->sheet, r) > bands.gap) {
            bands.count++;
            bands.shared += bits(row_columns(zone, r)) > 1;
        }
    return bands;
}

/* Columns of prose of which some lines were read across: specks in the white between them look like words. */
static bool zone_is_mixed(const struct zone *zone) {
    size_t prose = 0, across = 0;
    for (size_t c = 0; c <= zone->gutters->count; c++) {
        struct column column = column_look(zone, c);
        prose += column_is_prose(&column);
    }
    for (size_t r = zone->from; r < zone->end && prose >= 2; r++)
        for (size_t i = 0; i < zone->sheet->rows[r].count; i++) {
            const struct word_line *piece = &zone->sheet->pieces[zone->sheet->rows[r].pieces[i]];
            const struct word *first = &zone->sheet->words->list[piece->first];
            across += column_of(zone, &first->box) != column_of(zone, &first[piece->count - 1].box);
        }
    /* Most lines stand for themselves: otherwise it is one column, with a river of white in it. */
    return prose > zone->gutters->count && across && across * 2 <= zone->end - zone->from;
}

/* "126 The Paddocks": where an address is, the lines below each other belong together. */
static bool begins_house(const struct line *line) {
    size_t digits = strspn(line->first, "0123456789");
    return digits && digits <= 4 && line->words >= 2 && line->words <= 5 && !line->numeric && (!line->first[digits] || isalpha((unsigned char)line->first[digits]));
}

/* Two blocks of short lines side by side, as at the head of a letter: each is read by itself. */
static bool zone_is_blocks(const struct zone *zone, const struct bands *bands) {
    size_t rows = zone->end - zone->from, houses = 0;
    float *gaps = mem_new((rows + 1) * sizeof *gaps);
    size_t n = 0;
    for (size_t r = zone->from; r < zone->end; r++) {
        if (r > zone->from)
            gaps[n++] = row_gap(zone->sheet, r);
        for (size_t c = 0; c <= zone->gutters->count; c++) {
            struct line line = line_of(zone, r, c);
            houses += line.words && begins_house(&line);
        }
    }
    bool tight = median_of(gaps, n) < TIGHT * zone->sheet->height;
    free(gaps);
    return rows <= 10 && tight && houses && (bands->count < 2 || bands->shared * 3 < bands->count * 2);
}

/* Whether the lines of the columns stand side by side. */
static bool zone_is_level(const struct zone *zone) {
    size_t level = 0;
    for (size_t r = zone->from; r < zone->end; r++)
        level += bits(row_columns(zone, r)) > 1;
    return level * 10 >= (zone->end - zone->from) * 7;
}

static bool zone_is_table(const struct zone *zone, const struct bands *bands) {
    size_t columns = zone->gutters->count + 1, prose = 0, numeric = 0;
    struct column first = column_look(zone, 0);
    for (size_t c = 0; c < columns; c++) {
        struct column column = column_look(zone, c);
        prose += column_is_prose(&column);
        numeric += column.lines && column.numeric * 2 >= column.lines;
    }
    bool banded = bands->count >= 2 && bands->shared * 3 >= bands->count * 2;
    if (prose >= 2) /* columns of a paper, unless every gap in one is a gap in the others */
        return banded && bands->count >= 3 && bands->shared == bands->count && zone_is_level(zone);
    if (columns > 2)
        return true;
    return banded || numeric || (first.labels && first.labels * 2 >= first.lines);
}

/* ---- cells */

/* The column whose lines tell where rows begin: the first, unless its cells are broken over lines more often than those of another that
 * begins at the top. */
static size_t zone_anchor(const struct zone *zone) {
    size_t anchor = 0, fewest = column_look(zone, 0).lines * 2 / 3;
    uint32_t top = row_columns(zone, zone->from);
    if (!(top & 1))
        fewest = SIZE_MAX;
    for (size_t c = 1; c <= zone->gutters->count; c++) {
        struct column column = column_look(zone, c);
        if (top & 1u << c && column.lines < fewest && column.lines * 3 >= zone->end - zone->from) {
            fewest = column.lines;
            anchor = c;
        }
    }
    return anchor;
}

/* How rows are told apart: nearly every line has the anchor's cell, so each is a row; by the white between them; else by the anchor. */
enum row_way { ROWS_NONE, ROWS_BY_ANCHOR, ROWS_BY_GAP };

static enum row_way zone_way(const struct zone *zone, const struct bands *bands, size_t anchor) {
    size_t anchored = 0, lines = zone->end - zone->from;
    for (size_t r = zone->from; r < zone->end; r++)
        anchored += (row_columns(zone, r) & 1u << anchor) != 0;
    bool banded = bands->count >= 2 && bands->shared * 3 >= bands->count * 2;
    return banded && anchored * 10 < lines * 9 ? ROWS_BY_GAP : ROWS_BY_ANCHOR;
}

/* bands NULL: one row of cells. */
static void table_fill(const struct zone *zone, const struct bands *bands, struct table *table) {
    size_t anchor = zone_anchor(zone);
    enum row_way way = bands ? zone_way(zone, bands, anchor) : ROWS_NONE;
    uint32_t number = 0;
    for (size_t r = zone->from; r < zone->end; r++) {
        const struct row *row = &zone->sheet->rows[r];
        bool begins = way == ROWS_BY_GAP ? r > zone->from && row_gap(zone->sheet, r) > bands->gap
                                         : way == ROWS_BY_ANCHOR && row_columns(zone, r) & 1u << anchor;
        number += r > zone->from && begins;
        for (size_t i = 0; i < row->count; i++) {
            const struct word_line *piece = &zone->sheet->pieces[row->pieces[i]];
            table->cells = mem_grow(table->cells, table->count + piece->count, sizeof *table->cells);
            for (size_t w = piece->first; w < piece->first + piece->count; w++)
                table->cells[table->count++] =
                    (struct table_cell){w, number, (uint32_t)column_of(zone, &zone->sheet->words->list[w].box), (uint32_t)r};
        }
    }
}

static void gutters_keep_widest(struct gutters *gutters) {
    for (size_t g = 1; g < gutters->count; g++)
        if (gutters->list[g].x1 - gutters->list[g].x0 > gutters->list[0].x1 - gutters->list[0].x0)
            gutters->list[0] = gutters->list[g];
    gutters->count = 1;
}

static size_t zone_take(const struct sheet *sheet, size_t from, struct tables *tables) {
    struct gutters gutters;
    size_t end = zone_find(sheet, from, &gutters);
    if (end == from)
        return from + 1;
    struct zone zone = {sheet, from, end, &gutters};
    struct bands bands = zone_bands(&zone);
    bool blocks = zone_is_blocks(&zone, &bands);
    if (blocks)
        gutters_keep_widest(&gutters);
    bool table = !blocks && zone_is_table(&zone, &bands);
    if (!blocks && !table)
        blocks = zone_is_mixed(&zone);
    if (blocks || table) {
        tables->list = mem_grow(tables->list, tables->count + 1, sizeof *tables->list);
        tables->list[tables->count] = (struct table){0};
        table_fill(&zone, blocks ? NULL : &bands, &tables->list[tables->count++]);
    }
    return end;
}

void tables_find(const struct words *words, struct tables *ret) {
    struct sheet sheet = {.words = words};
    *ret = (struct tables){0};
    sheet_pieces(&sheet);
    sheet.height = pieces_height(&sheet);
    sheet_rows(&sheet);
    if (sheet.height > 0 && sheet.row_count <= ROWS_MOST)
        for (size_t r = 0; r < sheet.row_count;)
            r = zone_take(&sheet, r, ret);
    for (size_t r = 0; r < sheet.row_count; r++)
        free(sheet.rows[r].pieces);
    free(sheet.rows);
    free(sheet.pieces);
}

void tables_drop(struct tables *tables) {
    for (size_t i = 0; i < tables->count; i++)
        free(tables->list[i].cells);
    free(tables->list);
    *tables = (struct tables){0};
}
