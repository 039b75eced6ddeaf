#include "ocr/laid_out.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "base/text.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define PAGE_WIDTH_PT 595.0f
#define PAGE_HEIGHT_PT 842.0f
#define MARGIN_PT 56.0f
#define LINE_PT 14.0f
#define LAID_DPI 200
enum {
    LINES_ON_PAGE = 52, /* (842 - 2 x 56) / 14 */
    PAGES_MOST = 2000,
    PIECE_BYTES = 4000, /* a paragraph without an end is set in pieces of this size */
    INK_BELOW = 150,
};

struct setting {
    PangoLayout *layout;
    const struct page_sink *sink; /* NULL: only count the lines */
    uint32_t lines;               /* set so far, over all pages */
    uint32_t block;               /* on this page */
    bool gap;                     /* an empty line has come: the next one begins a block */
    cairo_surface_t *surface;
    cairo_t *cairo;
    struct words words; /* of this page */
    int err;
};

/* ---- pages
 * ----------------------------------------------------------------------------------------------------- */

static uint32_t line_on_page(const struct setting *s) {
    return s->lines % LINES_ON_PAGE;
}

static void page_begin(struct setting *s) {
    int w = (int)(PAGE_WIDTH_PT * LAID_DPI / 72), h = (int)(PAGE_HEIGHT_PT * LAID_DPI / 72);
    s->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    s->cairo = cairo_create(s->surface);
    cairo_set_source_rgb(s->cairo, 1, 1, 1);
    cairo_paint(s->cairo);
    cairo_set_source_rgb(s->cairo, 0, 0, 0);
    cairo_scale(s->cairo, LAID_DPI / 72.0, LAID_DPI / 72.0);
    s->block = 0;
    s->gap = false;
}

static PIX *page_pix(cairo_surface_t *surface) {
    cairo_surface_flush(surface);
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    const uint8_t *data = cairo_image_surface_get_data(surface);
    PIX *pix = data ? pixCreate(w, h, 1) : NULL;
    for (int y = 0; pix && y < h; y++) {
        const uint32_t *row =
            (const uint32_t *)(const void *)(data +
                                             (size_t)y * (size_t)cairo_image_surface_get_stride(surface));
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++)
            if ((row[x] >> 8 & 255) < INK_BELOW)
                SET_DATA_BIT(line, x);
    }
    if (pix)
        pixSetResolution(pix, LAID_DPI, LAID_DPI);
    return pix;
}

static int page_give(struct setting *s, uint32_t number) {
    struct buf png = {0};
    PIX *pix = page_pix(s->surface);
    int err = pix ? pix_encode_png(pix, &png) : ERR_MEMORY;
    struct opened_page page = {
        .number = number,
        .width_pt = PAGE_WIDTH_PT,
        .height_pt = PAGE_HEIGHT_PT,
        .role = PAGE_TEXT,
        .payload = "",
        .picture = {.format = PICTURE_PNG, .bytes = buf_view(&png), .dpi = LAID_DPI},
        .source = WORDS_LAID_OUT,
        .words = s->words,
        .trouble = "",
    };
    if (!err)
        err = s->sink->page(s->sink->state, &page);
    pixDestroy(&pix);
    buf_drop(&png);
    return err;
}

static void page_end(struct setting *s) {
    if (!s->surface)
        return;
    uint32_t number = (s->lines - 1) / LINES_ON_PAGE + 1;
    if (!s->err && page_sink_wants(s->sink, number))
        s->err = page_give(s, number);
    words_drop(&s->words);
    cairo_destroy(s->cairo);
    cairo_surface_destroy(s->surface);
    s->cairo = NULL;
    s->surface = NULL;
}

/* ---- lines
 * ----------------------------------------------------------------------------------------------------- */

/* The box of the characters from start to end (bytes of the layout's text) of a line that is set at top_pt.
 */
static struct box part_box(PangoLayout *layout, int start, int end, float top_pt) {
    struct box box = {PAGE_WIDTH_PT, top_pt, 0, top_pt + LINE_PT};
    const char *text = pango_layout_get_text(layout);
    for (int i = start; i < end; i = (int)(g_utf8_next_char(text + i) - text)) {
        PangoRectangle r;
        pango_layout_index_to_pos(layout, i, &r);
        float a = MARGIN_PT + (float)r.x / PANGO_SCALE, b = a + (float)r.width / PANGO_SCALE;
        box.x0 = fminf(box.x0, fminf(a, b));
        box.x1 = fmaxf(box.x1, fmaxf(a, b));
    }
    box.x1 = fmaxf(box.x0, fminf(box.x1, PAGE_WIDTH_PT));
    return box;
}

static void line_words(struct setting *s, PangoLayoutLine *line, float top_pt) {
    const char *text = pango_layout_get_text(s->layout);
    int at = line->start_index, end = line->start_index + line->length;
    while (at < end) {
        int from = at;
        while (at < end && !g_unichar_isspace(g_utf8_get_char(text + at)))
            at = (int)(g_utf8_next_char(text + at) - text);
        if (at > from) {
            char *word = mem_text_part(text + from, (size_t)(at - from));
            words_add(&s->words, part_box(s->layout, from, at, top_pt), line_on_page(s), s->block, 100, word);
            mem_free(&word);
        }
        if (at < end)
            at = (int)(g_utf8_next_char(text + at) - text);
    }
}

static void line_draw(struct setting *s, PangoLayoutLine *line) {
    float top = MARGIN_PT + LINE_PT * (float)line_on_page(s);
    if (!s->surface)
        page_begin(s);
    if (line->length) {
        if (s->gap)
            s->block++;
        s->gap = false;
        line_words(s, line, top);
        cairo_move_to(s->cairo, MARGIN_PT, top + LINE_PT * 0.78);
        pango_cairo_show_layout_line(s->cairo, line);
    } else if (s->words.count) {
        s->gap = true;
    }
}

static void line_set(struct setting *s, PangoLayoutLine *line) {
    if (s->sink)
        line_draw(s, line);
    s->lines++;
    if (s->sink && line_on_page(s) == 0)
        page_end(s);
}

/* ---- paragraphs
 * ------------------------------------------------------------------------------------------------ */

static void piece_set(struct setting *s, const char *text, size_t len, int bold_bytes) {
    PangoAttrList *attributes = pango_attr_list_new();
    if (bold_bytes > 0) {
        PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
        bold->start_index = 0;
        bold->end_index = (guint)bold_bytes;
        pango_attr_list_insert(attributes, bold);
    }
    pango_layout_set_attributes(s->layout, attributes);
    pango_layout_set_text(s->layout, text, (int)len);
    for (GSList *at = pango_layout_get_lines_readonly(s->layout); at && !s->err; at = at->next) {
        if (s->lines >= (uint32_t)PAGES_MOST * LINES_ON_PAGE)
            s->err = ERR_TOO_LARGE;
        else
            line_set(s, at->data);
    }
    pango_attr_list_unref(attributes);
}

/* Where to cut a paragraph that is too long for one layout: after a space, else between two characters. */
static size_t piece_bytes(const char *text, size_t len) {
    if (len <= PIECE_BYTES)
        return len;
    for (size_t n = PIECE_BYTES; n > PIECE_BYTES / 2; n--)
        if (text[n - 1] == ' ')
            return n;
    return text_cut(text, len, PIECE_BYTES);
}

static void paragraph_set(struct setting *s, const char *text, size_t len, int bold_bytes) {
    do {
        size_t n = piece_bytes(text, len);
        piece_set(s, text, n, bold_bytes);
        bold_bytes = 0;
        text += n;
        len -= n;
    } while (len && !s->err);
}

static void lines_set(struct setting *s, const char *text, bool labels) {
    while (*text && !s->err) {
        size_t len = strcspn(text, "\n");
        const char *colon = labels ? memchr(text, ':', len) : NULL;
        paragraph_set(s, text, len, colon ? (int)(colon - text) + 1 : 0);
        text += len + (text[len] == '\n');
    }
}

static void rule_set(struct setting *s) {
    piece_set(s, "", 0, 0);
    if (!s->surface)
        return;
    s->gap = true;
    double y = MARGIN_PT + LINE_PT * ((double)line_on_page(s) - 0.5);
    cairo_set_line_width(s->cairo, 0.7);
    cairo_move_to(s->cairo, MARGIN_PT, y);
    cairo_line_to(s->cairo, PAGE_WIDTH_PT - MARGIN_PT, y);
    cairo_stroke(s->cairo);
}

static void document_set(struct setting *s, const char *heading, const char *body) {
    if (*heading) {
        lines_set(s, heading, true);
        rule_set(s);
    }
    lines_set(s, body, false);
    if (!s->lines)
        piece_set(s, "", 0, 0);
    page_end(s);
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------- */

/* UTF-8 without controls (but line feed and tab), so that a line here is a line for Pango too. */
static char *text_clean(const char *text) {
    struct buf out = {0};
    for (uint32_t c = text_next(&text); c; c = text_next(&text)) {
        bool breaks = c == 0x2028 || c == 0x2029 || c == 0x85 || c == '\f' || c == '\v';
        if (breaks)
            text_put(&out, '\n');
        else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7F && (c < 0x80 || c >= 0xA0)))
            text_put(&out, c);
    }
    char *clean = mem_text(buf_text(&out));
    buf_drop(&out);
    return clean;
}

static PangoLayout *layout_new(void) {
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = pango_font_description_from_string("Liberation Sans, DejaVu Sans, Sans");
    pango_cairo_context_set_resolution(context, 72); /* a font's point is a point of the page */
    pango_font_description_set_size(font, (int)(10.5 * PANGO_SCALE));
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)((PAGE_WIDTH_PT - 2 * MARGIN_PT) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_font_description_free(font);
    g_object_unref(context);
    return layout;
}

int laid_out_open(const char *heading, const char *body, const struct page_sink *sink) {
    assert(heading && body && sink);
    char *clean_heading = text_clean(heading), *clean_body = text_clean(body);
    struct setting count = {.layout = layout_new()};
    document_set(&count, clean_heading, clean_body);
    int err = count.err;
    if (!err)
        err = sink->count(sink->state, (count.lines + LINES_ON_PAGE - 1) / LINES_ON_PAGE);
    if (!err) {
        struct setting set = {.layout = count.layout, .sink = sink};
        document_set(&set, clean_heading, clean_body);
        err = set.err;
    }
    g_object_unref(count.layout);
    mem_free(&clean_heading);
    mem_free(&clean_body);
    return err;
}
