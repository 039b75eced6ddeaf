#include "ocr/pdf_shapes.h"

#include "base/mem.h"
#include "base/text.h"
#include "ocr/ink_bits.h"

#include <glib.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

enum {
    SIDE_MOST = 120,      /* dots; of larger letters only every second one is looked at, or third, ... */
    HEIGHT_LEAST = 22,    /* pixels of the line: smaller holes fill with ink */
    LOOKED_AT_MOST = 400, /* letters of one font */
    SEEN_LEAST = 6,       /* closed letters: a signature in a script typeface has fewer */
    INK_LEAST = 8,        /* dots */
};

static const char closed_letters[] = "abdeopqABDOPQR0689";

/* A letter, row by row: a frame of paper round it, and which paper can be reached from there. */
typedef unsigned __int128 dots; /* of one row; the rightmost is the lowest bit */
struct letter {
    dots paper[SIDE_MOST + 3], outside[SIDE_MOST + 3];
    int rows; /* with the frame */
};

static dots row_dots(const l_uint32 *line, int x0, int x1, int step) {
    dots row = 0;
    for (int x = x0; step > 1 && x < x1; x += step)
        row = row << 1 | GET_DATA_BIT(line, x);
    for (int x = x0; step == 1 && x < x1;) {
        int end = (x / 32 + 1) * 32 < x1 ? (x / 32 + 1) * 32 : x1, count = end - x;
        l_uint32 word = line[x / 32] << x % 32;
        row = row << count | word >> (32 - count);
        x = end;
    }
    return row;
}

static int dots_count(dots row) {
    return __builtin_popcountll((uint64_t)row) + __builtin_popcountll((uint64_t)(row >> 64));
}

/* Takes the box's ink; false when there is too little, or the box is not on the page. */
static bool letter_take(struct letter *l, PIX *ink, const struct pixel_box *b) {
    int w = b->x1 - b->x0, h = b->y1 - b->y0, side = w > h ? w : h, step = (side + SIDE_MOST - 1) / SIDE_MOST, count = 0;
    struct pixel_box cut = *b;
    if (!pixel_box_cut(ink, &cut) || memcmp(&cut, b, sizeof cut) != 0)
        return false;
    dots full = ((dots)1 << ((w + step - 1) / step + 2)) - 1;
    l->rows = 0;
    l->paper[l->rows++] = full;
    for (int y = b->y0; y < b->y1; y += step) {
        const l_uint32 *line = pixGetData(ink) + (size_t)y * (size_t)pixGetWpl(ink);
        dots row = row_dots(line, b->x0, b->x1, step);
        count += dots_count(row);
        l->paper[l->rows++] = full & ~(row << 1);
    }
    l->paper[l->rows++] = full;
    return count >= INK_LEAST;
}

/* What of a row's paper hangs together with what is reached already. */
static dots row_fill(dots reached, dots paper) {
    for (dots before = 0; reached != before;) {
        before = reached;
        reached |= (reached << 1 | reached >> 1) & paper;
    }
    return reached;
}

static bool row_reach(struct letter *l, int y, int from) {
    dots before = l->outside[y];
    l->outside[y] = row_fill(before | (l->outside[from] & l->paper[y]), l->paper[y]);
    return l->outside[y] != before;
}

static void letter_find_outside(struct letter *l) {
    memset(l->outside, 0, sizeof l->outside);
    l->outside[0] = l->paper[0];
    for (bool more = true; more;) {
        more = false;
        for (int y = 1; y < l->rows; y++)
            more |= row_reach(l, y, y - 1);
        for (int y = l->rows - 2; y >= 0; y--)
            more |= row_reach(l, y, y + 1);
    }
}

/* A hole of one dot is a fleck. */
static bool letter_has_hole(struct letter *l) {
    letter_find_outside(l);
    for (int y = 1; y < l->rows; y++) {
        dots here = l->paper[y] & ~l->outside[y], above = l->paper[y - 1] & ~l->outside[y - 1];
        if ((here & here >> 1) || (here & above))
            return true;
    }
    return false;
}

struct votes {
    int seen, wrong; /* closed letters, and those of them without a hole */
};

static void letter_vote(struct letter *l, PIX *ink, float dpi, uint32_t c, const PopplerRectangle *r,
                        struct votes *votes) {
    const double box_pt[4] = {fmin(r->x1, r->x2), fmin(r->y1, r->y2), fmax(r->x1, r->x2), fmax(r->y1, r->y2)};
    struct pixel_box box = pixel_box_of(box_pt, dpi);
    int w = box.x1 - box.x0, h = box.y1 - box.y0;
    if (c >= 128 || !strchr(closed_letters, (int)c) || w < 4 || h < HEIGHT_LEAST || w > 2 * h || !letter_take(l, ink, &box))
        return;
    votes->seen++;
    votes->wrong += !letter_has_hole(l);
}

static bool range_agrees(struct letter *l, PIX *ink, float dpi, const uint32_t *text,
                         const PopplerRectangle *rects, const int *fonts, guint count, int font) {
    struct votes votes = {0};
    for (guint i = 0; i < count && votes.seen < LOOKED_AT_MOST; i++)
        if (fonts[i] == font && text[i])
            letter_vote(l, ink, dpi, text[i], &rects[i], &votes);
    return votes.seen < SEEN_LEAST || votes.wrong * 6 <= votes.seen;
}

/* The number of each character's font; fonts of one name are one. Returns how many there are. */
static int fonts_number(GList *attributes, int *fonts, guint count) {
    const char *names[32];
    int known = 0;
    for (GList *at = attributes; at; at = at->next) {
        const PopplerTextAttributes *a = at->data;
        const char *name = a->font_name ? a->font_name : "";
        int n = 0;
        while (n < known && strcmp(names[n], name) != 0)
            n++;
        if (n == known && known < 32)
            names[known++] = name;
        for (int i = a->start_index; i <= a->end_index && i >= 0 && (guint)i < count; i++)
            fonts[i] = n;
    }
    return known;
}

bool pdf_shapes_agree(PopplerPage *page, struct Pix *ink, float dpi) {
    char *text = poppler_page_get_text(page);
    PopplerRectangle *rects = NULL;
    guint count = 0;
    bool agree = true;
    if (text && poppler_page_get_text_layout(page, &rects, &count) && count) {
        uint32_t *letters = mem_new(count * sizeof *letters);
        int *fonts = mem_new(count * sizeof *fonts);
        struct letter *l = mem_new(sizeof *l);
        GList *attributes = poppler_page_get_text_attributes(page);
        const char *at = text;
        for (guint i = 0; i < count; i++)
            letters[i] = text_next(&at);
        int known = fonts_number(attributes, fonts, count);
        for (int f = 0; f < known && agree; f++)
            agree = range_agrees(l, ink, dpi, letters, rects, fonts, count, f);
        poppler_page_free_text_attributes(attributes);
        mem_free(&letters);
        mem_free(&fonts);
        mem_free(&l);
    }
    g_free(text);
    g_free(rects);
    return agree;
}
