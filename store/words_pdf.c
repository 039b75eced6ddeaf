#include "store/words_pdf.h"

#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BASELINE_PART 0.2f /* of a line's height lies below the base line */
#define LINE_HEIGHTS_MOST 1.8f  /* a "line" higher than this many words is no line: each word stands for itself */
#define LEAN_HEIGHTS_LEAST 1.2f /* a line higher than this many words leans */
#define LEAN_MOST 0.2f          /* 11 degrees: more is no lean */

/* Codes 0x80 to 0x9F of Windows-1252; 0: not assigned. */
static const uint16_t windows_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                          0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                          0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                          0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void words_pdf_start(struct words_pdf_fonts *fonts) {
    memset(fonts, 0, sizeof *fonts);
    fonts->count = 1;
    for (uint32_t i = 0x20; i < 256; i++)
        fonts->codes[0][i] = i == 0x7F ? 0 : i < 0x80 || i >= 0xA0 ? i : windows_1252[i - 0x80];
}

struct glyph {
    uint8_t font, code;
};

static bool fonts_lookup(const struct words_pdf_fonts *fonts, uint32_t c, struct glyph *ret) {
    for (size_t f = 0; f < fonts->count; f++)
        for (uint32_t i = 1; i < 256; i++)
            if (fonts->codes[f][i] == c) {
                *ret = (struct glyph){(uint8_t)f, (uint8_t)i};
                return true;
            }
    return false;
}

/* A character that no font has gets the next free code; when all are taken it is shown as a question mark. */
static struct glyph fonts_glyph(struct words_pdf_fonts *fonts, uint32_t c) {
    struct glyph glyph = {0, '?'};
    if (c < 0x20 || fonts_lookup(fonts, c, &glyph))
        return glyph;
    size_t last = fonts->count - 1;
    if (last == 0 || fonts->next[last] == 256) {
        if (fonts->count == WORDS_PDF_FONTS_MOST)
            return glyph;
        last = fonts->count++;
        fonts->next[last] = 1;
    }
    uint32_t code = fonts->next[last]++;
    fonts->codes[last][code] = c;
    return (struct glyph){(uint8_t)last, (uint8_t)code};
}

struct line_span {
    float top, bottom;
    bool single; /* words differ too much: each has its own height */
    bool leans;  /* then it is as high as its tallest word, and its bottom lies at bottom + lean * x */
    float lean;
};

static struct line_span line_of(const struct words *words, size_t from, size_t *ret_to) {
    struct line_span span = {.top = words->list[from].box.y0, .bottom = words->list[from].box.y1};
    float tallest = 0;
    size_t i = from;
    for (; i < words->count && words->list[i].line == words->list[from].line; i++) {
        struct box b = words->list[i].box;
        span.top = fminf(span.top, b.y0);
        span.bottom = fmaxf(span.bottom, b.y1);
        tallest = fmaxf(tallest, b.y1 - b.y0);
    }
    span.single = span.bottom - span.top > LINE_HEIGHTS_MOST * tallest;
    *ret_to = i;
    return span;
}

/* Hebrew, Arabic and their neighbours, and their presentation forms, but not their digits (UAX 9, classes R and AL). */
static bool is_leftwards(uint32_t c) {
    if ((c >= 0x660 && c < 0x66A) || (c >= 0x6F0 && c < 0x6FA))
        return false;
    return (c >= 0x590 && c < 0x900) || (c >= 0xFB1D && c < 0xFE00) || (c >= 0xFE70 && c < 0xFF00);
}

static bool runs_leftwards(const char *text) {
    for (uint32_t c; (c = text_next(&text));)
        if (is_leftwards(c))
            return true;
    return false;
}

static void turn_round(uint32_t *list, size_t from, size_t to) {
    for (; from + 1 < to; from++, to--) {
        uint32_t c = list[from];
        list[from] = list[to - 1];
        list[to - 1] = c;
    }
}

/* The word as it is seen from left to right: what shows PDF turns such words round again when they are copied. Digits and Latin letters in
 * it keep their order. You free it. */
static char *text_as_seen(const char *text) {
    uint32_t *list = mem_grow(NULL, strlen(text) + 1, sizeof *list);
    size_t count = 0;
    for (uint32_t c; (c = text_next(&text));)
        list[count++] = c;
    turn_round(list, 0, count);
    for (size_t i = 0, to; i < count; i = to) {
        for (to = i; to < count && !is_leftwards(list[to]); to++)
            ;
        turn_round(list, i, to);
        to += to == i;
    }
    struct buf seen = {0};
    for (size_t i = 0; i < count; i++)
        text_put(&seen, list[i]);
    char *all = mem_text(buf_text(&seen));
    buf_drop(&seen);
    free(list);
    return all;
}

/* The line of least squares through the middles of the words' lower edges; words weigh by their width. */
static void line_lean(const struct words *words, size_t from, size_t to, struct line_span *span) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    float tallest = 0;
    for (size_t i = from; i < to; i++) {
        struct box b = words->list[i].box;
        double wide = (double)fmaxf(b.x1 - b.x0, 0.1f), at = (double)(b.x0 + b.x1) / 2, bottom = (double)b.y1;
        w += wide, x += wide * at, y += wide * bottom, xx += wide * at * at, xy += wide * at * bottom;
        tallest = fmaxf(tallest, b.y1 - b.y0);
    }
    double spread = w * xx - x * x, lean = spread > 1 ? (w * xy - x * y) / spread : 0;
    if (to - from < 3 || span->bottom - span->top < LEAN_HEIGHTS_LEAST * tallest || fabs(lean) > (double)LEAN_MOST)
        return;
    float bottom = (float)((y - lean * x) / w);
    *span = (struct line_span){bottom - tallest, bottom, false, true, (float)lean};
}

struct text_place {
    float x, base, size, width; /* points; base from the bottom */
};

/* Returns one bit for each font used; *ret_last: the last. The string of the last letters is left open. */
static uint32_t text_put_letters(struct words_pdf_fonts *fonts, const char *text, struct text_place place, int *ret_last,
                                 struct buf *out) {
    uint32_t used = 0;
    size_t glyphs = 0;
    for (const char *at = text; text_next(&at);)
        glyphs++;
    float stretch = 100 * place.width / ((float)glyphs * WORDS_PDF_GLYPH_WIDTH / 1000 * place.size);
    buf_print(out, "BT 3 Tr %.2f Tz 1 0 0 1 %.2f %.2f Tm", (double)stretch, (double)place.x,
              (double)place.base);
    int open = -1;
    const char *at = text;
    for (uint32_t c; (c = text_next(&at));) {
        struct glyph glyph = fonts_glyph(fonts, c);
        if (glyph.font != open)
            buf_print(out, "%s /V%u %.2f Tf <", open < 0 ? "" : "> Tj", glyph.font, (double)place.size);
        buf_print(out, "%02X", glyph.code);
        open = glyph.font;
        used |= 1u << glyph.font;
    }
    *ret_last = open;
    return used;
}

/* The space behind a word is said, not left to be guessed from the gap. */
static uint32_t text_put_word(struct words_pdf_fonts *fonts, const char *text, struct text_place place, struct buf *out) {
    int last;
    uint32_t used = text_put_letters(fonts, text, place, &last, out);
    buf_add_text(out, last == 0 ? "20> Tj ET\n" : "> Tj ET\n");
    return used;
}

/* Of any script. Behind a word that runs leftwards is its left side: there only the gap tells. */
static uint32_t text_put_any(struct words_pdf_fonts *fonts, const char *text, struct text_place place, struct buf *out) {
    int last;
    bool leftwards = runs_leftwards(text);
    char *seen = leftwards ? text_as_seen(text) : NULL;
    uint32_t used = text_put_letters(fonts, seen ? seen : text, place, &last, out);
    if (leftwards)
        buf_add_text(out, "> Tj ET\n");
    else if (last == 0)
        buf_add_text(out, "20> Tj ET\n");
    else
        buf_print(out, "> Tj /V0 %.2f Tf <20> Tj ET\n", (double)place.size);
    free(seen);
    return used | (leftwards ? 0 : 1);
}

uint32_t words_pdf_put(struct words_pdf_fonts *fonts, const struct words_pdf_order *order, struct buf *out) {
    const struct words *words = order->words;
    uint32_t used = 0;
    for (size_t i = 0, to; i < words->count; i = to) {
        struct line_span line = line_of(words, i, &to);
        if (order->any_script)
            line_lean(words, i, to, &line);
        for (size_t j = i; j < to; j++) {
            struct box b = words->list[j].box;
            float shift = line.leans ? line.lean * (b.x0 + b.x1) / 2 : 0;
            float bottom = line.single ? b.y1 : line.bottom + shift;
            float size = fmaxf(bottom - (line.single ? b.y0 : line.top + shift), 1);
            b.y0 = bottom - size;
            b.y1 = bottom;
            if (order->keep && !order->keep(&b, order->state))
                continue;
            float base = order->top - bottom + BASELINE_PART * size;
            struct text_place place = {b.x0, base, size, b.x1 - b.x0};
            used |= (order->any_script ? text_put_any : text_put_word)(fonts, words->list[j].text, place, out);
        }
    }
    return used;
}

static void map_unicode(struct buf *out, uint32_t c) {
    if (c < 0x10000)
        buf_print(out, "<%04X>", c);
    else
        buf_print(out, "<%04X%04X>", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
}

void words_pdf_map(const struct words_pdf_fonts *fonts, size_t font, struct buf *out) {
    const uint32_t *codes = fonts->codes[font];
    buf_add_text(out, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                      "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n");
    for (uint32_t block = 0; block < 256; block += 64) { /* at most 100 lines in one block */
        uint32_t lines = 0;
        for (uint32_t i = block; i < block + 64; i++)
            lines += codes[i] != 0;
        if (!lines)
            continue;
        buf_print(out, "%u beginbfchar\n", lines);
        for (uint32_t i = block; i < block + 64; i++)
            if (codes[i]) {
                buf_print(out, "<%02X> ", i);
                map_unicode(out, codes[i]);
                buf_add_byte(out, '\n');
            }
        buf_add_text(out, "endbfchar\n");
    }
    buf_add_text(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}

void words_pdf_encoding(const struct words_pdf_fonts *fonts, size_t font, struct buf *out) {
    buf_add_text(out, "<< /Type /Encoding /Differences [0");
    for (int i = 0; i < 256; i++)
        buf_add_text(out, fonts->codes[font][i] ? " /g" : " /.notdef");
    buf_add_text(out, "] >>");
}

void words_pdf_widths(struct buf *out) {
    buf_add_text(out, "[");
    for (int i = 0; i < 256; i++)
        buf_print(out, "%d ", WORDS_PDF_GLYPH_WIDTH);
    buf_add_text(out, "]");
}
