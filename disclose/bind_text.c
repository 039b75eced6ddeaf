#include "disclose/bind_text.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

#define BASELINE_PART 0.2f /* of a line's height lies below the base line */
#define LINE_HEIGHTS_MOST                                                                                    \
    1.8f /* a "line" higher than this many words is no line: each word stands for itself */
#define WORD_WIDTH_LEAST 0.5f

/* Codes 0x80 to 0x9F of Windows-1252; 0: not assigned. */
static const uint16_t windows_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                          0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                          0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                          0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void bind_fonts_start(struct bind_fonts *fonts) {
    memset(fonts, 0, sizeof *fonts);
    fonts->count = 1;
    for (uint32_t i = 0x20; i < 256; i++)
        fonts->codes[0][i] = i == 0x7F ? 0 : i < 0x80 || i >= 0xA0 ? i : windows_1252[i - 0x80];
}

struct glyph {
    uint8_t font, code;
};

static bool fonts_lookup(const struct bind_fonts *fonts, uint32_t c, struct glyph *ret) {
    for (size_t f = 0; f < fonts->count; f++)
        for (uint32_t i = 1; i < 256; i++)
            if (fonts->codes[f][i] == c) {
                *ret = (struct glyph){(uint8_t)f, (uint8_t)i};
                return true;
            }
    return false;
}

/* A character that no font has gets the next free code; when all are taken it is shown as a question mark. */
static struct glyph fonts_glyph(struct bind_fonts *fonts, uint32_t c) {
    struct glyph glyph = {0, '?'};
    if (c < 0x20 || fonts_lookup(fonts, c, &glyph))
        return glyph;
    size_t last = fonts->count - 1;
    if (last == 0 || fonts->next[last] == 256) {
        if (fonts->count == BIND_FONTS_MOST)
            return glyph;
        last = fonts->count++;
        fonts->next[last] = 1;
    }
    uint32_t code = fonts->next[last]++;
    fonts->codes[last][code] = c;
    return (struct glyph){(uint8_t)last, (uint8_t)code};
}

/* Cuts the box off at the covered area that it runs into; false when its middle lies in one. */
static bool word_clear(struct box *word, const struct covered_page *page) {
    for (size_t i = 0; i < page->covered_count; i++) {
        struct box area = page->covered[i];
        float x = (word->x0 + word->x1) / 2, y = (word->y0 + word->y1) / 2;
        if (y < area.y0 || y > area.y1 || word->x1 <= area.x0 || word->x0 >= area.x1)
            continue;
        if (x >= area.x0 && x <= area.x1)
            return false;
        if (x < area.x0)
            word->x1 = fminf(word->x1, area.x0);
        else
            word->x0 = fmaxf(word->x0, area.x1);
    }
    return word->x1 - word->x0 >= WORD_WIDTH_LEAST;
}

struct line_span {
    float top, bottom;
    bool single; /* words differ too much: each has its own height */
};

static struct line_span line_of(const struct words *words, size_t from, size_t *ret_to) {
    struct line_span span = {words->list[from].box.y0, words->list[from].box.y1, false};
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

struct text_place {
    float x, base, size, width; /* points; base from the bottom of the pack's page */
};

static uint32_t text_put_word(struct bind_fonts *fonts, const char *text, struct text_place place,
                              struct buf *out) {
    uint32_t used = 0;
    size_t glyphs = 0;
    for (const char *at = text; text_next(&at);)
        glyphs++;
    float stretch = 100 * place.width / ((float)glyphs * BIND_GLYPH_WIDTH / 1000 * place.size);
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
    /* The space is said, not left to be guessed from the gap. */
    buf_add_text(out, open == 0 ? "20> Tj ET\n" : "> Tj ET\n");
    return used;
}

uint32_t bind_text(struct bind_fonts *fonts, const struct covered_page *page, float lift, struct buf *out) {
    uint32_t used = 0;
    for (size_t i = 0, to; i < page->words.count; i = to) {
        struct line_span line = line_of(&page->words, i, &to);
        for (size_t j = i; j < to; j++) {
            struct box b = page->words.list[j].box;
            if (!word_clear(&b, page))
                continue;
            float bottom = line.single ? b.y1 : line.bottom;
            float size = fmaxf(bottom - (line.single ? b.y0 : line.top), 1);
            float base = lift + page->height_pt - bottom + BASELINE_PART * size;
            used |= text_put_word(fonts, page->words.list[j].text,
                                  (struct text_place){b.x0, base, size, b.x1 - b.x0}, out);
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

void bind_fonts_map(const struct bind_fonts *fonts, size_t font, struct buf *out) {
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
