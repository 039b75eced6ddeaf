#include "ocr/pdf_shapes.h"

#include "base/mem.h"
#include "base/text.h"

#include <glib.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

enum {
    SIDE_MOST = 120,      /* pixels; larger letters are headings, and few */
    HEIGHT_LEAST = 22,    /* pixels of the line: smaller holes fill with ink */
    LOOKED_AT_MOST = 400, /* letters of one font */
    SEEN_LEAST = 6,       /* closed letters: a signature in a script typeface has fewer */
};

static const char closed_letters[] = "abdeopqABDOPQR0689";

/* Marks what can be reached from the edge, then counts the islands of paper that are left. rows: 1 ink, 0
 * paper; a frame of paper is round it. */
struct letter {
    uint8_t rows[SIDE_MOST + 2][SIDE_MOST + 2];
    uint16_t stack[(SIDE_MOST + 2) * (SIDE_MOST + 2)];
    int w, h; /* with the frame */
};

static int flood(struct letter *l, int x, int y) {
    int top = 0, size = 0;
    l->stack[top++] = (uint16_t)(y * (SIDE_MOST + 2) + x);
    l->rows[y][x] = 2;
    while (top) {
        static const int dx[4] = {1, -1, 0, 0}, dy[4] = {0, 0, 1, -1};
        int at = l->stack[--top], ax = at % (SIDE_MOST + 2), ay = at / (SIDE_MOST + 2);
        size++;
        for (int i = 0; i < 4; i++) {
            int bx = ax + dx[i], by = ay + dy[i];
            if (bx < 0 || by < 0 || bx >= l->w || by >= l->h || l->rows[by][bx])
                continue;
            l->rows[by][bx] = 2;
            l->stack[top++] = (uint16_t)(by * (SIDE_MOST + 2) + bx);
        }
    }
    return size;
}

/* -1 when there is nothing to count: no ink, or out of the page. A hole of one dot is a fleck. */
static int letter_holes(struct letter *l, PIX *ink, int x0, int y0, int w, int h) {
    int holes = 0, dots = 0;
    memset(l->rows, 0, sizeof l->rows);
    l->w = w + 2;
    l->h = h + 2;
    if (x0 < 0 || y0 < 0 || x0 + w > pixGetWidth(ink) || y0 + h > pixGetHeight(ink))
        return -1;
    for (int y = 0; y < h; y++) {
        const l_uint32 *line = pixGetData(ink) + (size_t)(y0 + y) * (size_t)pixGetWpl(ink);
        for (int x = 0; x < w; x++) {
            l->rows[y + 1][x + 1] = (uint8_t)GET_DATA_BIT(line, x0 + x);
            dots += l->rows[y + 1][x + 1];
        }
    }
    if (dots < 8)
        return -1;
    flood(l, 0, 0);
    for (int y = 1; y <= h; y++)
        for (int x = 1; x <= w; x++)
            if (!l->rows[y][x])
                holes += flood(l, x, y) > 1;
    return holes;
}

struct votes {
    int seen, wrong; /* closed letters, and those of them without a hole */
};

static void letter_vote(struct letter *l, PIX *ink, float dpi, uint32_t c, const PopplerRectangle *r,
                        struct votes *votes) {
    float k = dpi / 72;
    int x0 = (int)floor(fmin(r->x1, r->x2) * k), x1 = (int)ceil(fmax(r->x1, r->x2) * k);
    int y0 = (int)floor(fmin(r->y1, r->y2) * k), y1 = (int)ceil(fmax(r->y1, r->y2) * k);
    if (c >= 128 || !strchr(closed_letters, (int)c) || x1 - x0 < 4 || y1 - y0 < HEIGHT_LEAST ||
        x1 - x0 > SIDE_MOST || y1 - y0 > SIDE_MOST || x1 - x0 > 2 * (y1 - y0))
        return;
    int holes = letter_holes(l, ink, x0, y0, x1 - x0, y1 - y0);
    if (holes < 0)
        return;
    votes->seen++;
    votes->wrong += !holes;
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
