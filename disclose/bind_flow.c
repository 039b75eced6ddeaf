#include "disclose/bind_flow.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN_SIDE 68.0
#define MARGIN_TOP 60.0
#define MARGIN_BOTTOM 68.0
#define FOOT_Y (PAGE_HEIGHT - 46.0)
#define TEXT_WIDTH (PAGE_WIDTH - 2 * MARGIN_SIDE)
#define CELL_GAP 8.0
#define ROW_HEIGHT_MOST 400.0
#define BULLET_INDENT 16.0

/* One family in all parts: Liberation Sans is metric-compatible with what councils print letters in, and
 * every Debian has it. */
static const struct {
    const char *font;
    double before, after; /* points */
    double line;          /* line distance as a factor */
} flow_styles[FLOW_STYLES] = {
    [FLOW_TITLE] = {"Liberation Sans Bold 17", 0, 12, 1.15},
    [FLOW_HEADING] = {"Liberation Sans Bold 12.5", 11, 4, 1.15},
    [FLOW_BODY] = {"Liberation Sans 11", 0, 7, 1.25},
    [FLOW_BULLET] = {"Liberation Sans 11", 0, 4, 1.25},
    [FLOW_SMALL] = {"Liberation Sans 9", 0, 3, 1.2},
};

static cairo_status_t flow_take(void *closure, const unsigned char *data, unsigned int len) {
    buf_add(closure, data, len);
    return CAIRO_STATUS_SUCCESS;
}

/* Metrics must not depend on the screen that there is not. */
static void flow_font_options(PangoLayout *layout) {
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options);
    pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72);
    cairo_font_options_destroy(options);
}

int flow_open(struct flow *flow, struct buf *out) {
    *flow = (struct flow){.out = out};
    flow->surface = cairo_pdf_surface_create_for_stream(flow_take, out, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_restrict_to_version(flow->surface, CAIRO_PDF_VERSION_1_5);
    flow->cairo = cairo_create(flow->surface);
    flow->layout = pango_cairo_create_layout(flow->cairo);
    flow_font_options(flow->layout);
    return cairo_status(flow->cairo) ? ERR_MEMORY : 0;
}

int flow_close(struct flow *flow) {
    g_object_unref(flow->layout);
    cairo_destroy(flow->cairo);
    cairo_surface_finish(flow->surface);
    int err = cairo_surface_status(flow->surface) ? ERR_SYSTEM : 0;
    cairo_surface_destroy(flow->surface);
    return err;
}

/* Printable but for line feeds, of which our own texts have some. */
static char *flow_plain(const char *text) {
    struct buf out = {0};
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        char *line = text_printable(view_of(text, (size_t)(end - text)));
        buf_print(&out, "%s\n", line);
        free(line);
    }
    char *line = text_printable(view_text(text));
    buf_add_text(&out, line);
    free(line);
    buf_text(&out);
    return (char *)out.data;
}

static void flow_set(struct flow *flow, enum flow_style style, const char *text, double width) {
    PangoFontDescription *font = pango_font_description_from_string(flow_styles[style].font);
    char *plain = flow_plain(text);
    pango_layout_set_font_description(flow->layout, font);
    pango_layout_set_width(flow->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(flow->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(flow->layout, (float)flow_styles[style].line);
    pango_layout_set_text(flow->layout, plain, -1);
    pango_font_description_free(font);
    free(plain);
}

static double flow_height(struct flow *flow) {
    int height;
    pango_layout_get_size(flow->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static char *flow_roman(uint32_t n) {
    static const char *const ones[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
    static const char *const tens[] = {"", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"};
    return n < 100 ? mem_print("%s%s", tens[n / 10], ones[n % 10]) : mem_print("%u", n);
}

static size_t flow_run_glyphs(const PangoGlyphString *string, double *x, double y, cairo_glyph_t *glyphs) {
    size_t count = 0;
    for (int i = 0; i < string->num_glyphs; i++) {
        const PangoGlyphInfo *info = &string->glyphs[i];
        if (info->glyph != PANGO_GLYPH_EMPTY && !(info->glyph & PANGO_GLYPH_UNKNOWN_FLAG))
            glyphs[count++] = (cairo_glyph_t){info->glyph, *x + (double)info->geometry.x_offset / PANGO_SCALE,
                                              y + (double)info->geometry.y_offset / PANGO_SCALE};
        *x += (double)info->geometry.width / PANGO_SCALE;
    }
    return count;
}

/* Glyphs only: Pango's own drawing writes /ActualText for the spaces at which lines were broken, and a pack
 * has none. */
static void flow_show_line(struct flow *flow, PangoLayoutLine *line, double x, double y) {
    for (GSList *at = line->runs; at; at = at->next) {
        const PangoGlyphItem *run = at->data;
        cairo_scaled_font_t *font =
            pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(run->item->analysis.font));
        cairo_glyph_t *glyphs = mem_grow(NULL, (size_t)run->glyphs->num_glyphs + 1, sizeof *glyphs);
        size_t count = flow_run_glyphs(run->glyphs, &x, y, glyphs);
        if (font && count) {
            cairo_set_scaled_font(flow->cairo, font);
            cairo_show_glyphs(flow->cairo, glyphs, (int)count);
        }
        free(glyphs);
    }
}

static void flow_show_at(struct flow *flow, double x, double y) {
    PangoLayoutIter *iter = pango_layout_get_iter(flow->layout);
    do {
        PangoRectangle extents;
        pango_layout_iter_get_line_extents(iter, NULL, &extents);
        flow_show_line(flow, pango_layout_iter_get_line_readonly(iter), x + (double)extents.x / PANGO_SCALE,
                       y + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE);
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

static void flow_foot(struct flow *flow) {
    char *number = flow->roman ? flow_roman(flow->page) : mem_print("%u", flow->page);
    char *right = mem_print("%s%s", flow->foot_right, number);
    cairo_set_source_rgb(flow->cairo, 0.25, 0.25, 0.25);
    flow_set(flow, FLOW_SMALL, flow->foot_left, TEXT_WIDTH);
    flow_show_at(flow, MARGIN_SIDE, FOOT_Y);
    flow_set(flow, FLOW_SMALL, right, TEXT_WIDTH);
    pango_layout_set_alignment(flow->layout, PANGO_ALIGN_RIGHT);
    flow_show_at(flow, MARGIN_SIDE, FOOT_Y);
    pango_layout_set_alignment(flow->layout, PANGO_ALIGN_LEFT);
    free(number);
    free(right);
}

void flow_next_page(struct flow *flow) {
    if (flow->page)
        cairo_show_page(flow->cairo);
    cairo_pdf_surface_set_size(flow->surface, PAGE_WIDTH, PAGE_HEIGHT);
    flow->page++;
    flow_foot(flow);
    cairo_set_source_rgb(flow->cairo, 0, 0, 0);
    flow->y = MARGIN_TOP;
}

void flow_part(struct flow *flow, const char *foot_left, const char *foot_right, int roman) {
    flow->foot_left = foot_left;
    flow->foot_right = foot_right;
    flow->roman = roman;
    flow->page = 0;
    flow_next_page(flow);
}

void flow_end_part(struct flow *flow) {
    cairo_show_page(flow->cairo);
}

void flow_keep(struct flow *flow, double height) {
    if (flow->y + height > PAGE_HEIGHT - MARGIN_BOTTOM)
        flow_next_page(flow);
}

void flow_gap(struct flow *flow, double points) {
    flow->y += points;
}

/* Line by line, so that a paragraph may go over a page's end. */
static void flow_lines(struct flow *flow, enum flow_style style, const char *text, double indent) {
    PangoLayout *mine =
        pango_layout_copy(flow->layout); /* a new page sets its foot with the flow's own layout */
    PangoLayoutIter *iter;
    PangoLayout *kept = flow->layout;
    flow->layout = mine;
    flow_set(flow, style, text, TEXT_WIDTH - indent);
    flow->layout = kept;
    iter = pango_layout_get_iter(mine);
    do {
        int from, to;
        pango_layout_iter_get_line_yrange(iter, &from, &to);
        double height = (double)(to - from) / PANGO_SCALE;
        flow_keep(flow, height);
        double base = (double)(pango_layout_iter_get_baseline(iter) - from) / PANGO_SCALE;
        flow_show_line(flow, pango_layout_iter_get_line_readonly(iter), MARGIN_SIDE + indent, flow->y + base);
        flow->y += height;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(mine);
}

void flow_text(struct flow *flow, enum flow_style style, const char *text) {
    flow->y += flow->y > MARGIN_TOP ? flow_styles[style].before : 0;
    if (style == FLOW_HEADING)
        flow_keep(flow, 60); /* a heading stays with the lines below it */
    if (style == FLOW_BULLET) {
        flow_keep(flow, 16);
        flow_set(flow, style, "•", BULLET_INDENT);
        flow_show_at(flow, MARGIN_SIDE + 2, flow->y);
    }
    flow_lines(flow, style, text, style == FLOW_BULLET ? BULLET_INDENT : 0);
    flow->y += flow_styles[style].after;
}

static double flow_cells_height(struct flow *flow, const struct flow_table *table, const char *const *cells) {
    double most = 0;
    for (size_t i = 0; i < table->count; i++) {
        flow_set(flow, FLOW_SMALL, cells[i], table->columns[i].width - CELL_GAP);
        double height = flow_height(flow);
        most = height > most ? height : most;
    }
    return most < ROW_HEIGHT_MOST ? most : ROW_HEIGHT_MOST;
}

static void flow_cells(struct flow *flow, const struct flow_table *table, const char *const *cells,
                       double height) {
    double x = MARGIN_SIDE;
    for (size_t i = 0; i < table->count; i++) {
        flow_set(flow, FLOW_SMALL, cells[i], table->columns[i].width - CELL_GAP);
        pango_layout_set_height(flow->layout, (int)((height + 1) * PANGO_SCALE)); /* else the last line may fall to rounding */
        pango_layout_set_ellipsize(flow->layout, PANGO_ELLIPSIZE_END);
        flow_show_at(flow, x, flow->y);
        pango_layout_set_ellipsize(flow->layout, PANGO_ELLIPSIZE_NONE);
        pango_layout_set_height(flow->layout, -1);
        x += table->columns[i].width;
    }
    flow->y += height + 3;
    cairo_set_line_width(flow->cairo, 0.5);
    cairo_set_source_rgb(flow->cairo, 0.6, 0.6, 0.6);
    cairo_move_to(flow->cairo, MARGIN_SIDE, flow->y);
    cairo_line_to(flow->cairo, PAGE_WIDTH - MARGIN_SIDE, flow->y);
    cairo_stroke(flow->cairo);
    cairo_set_source_rgb(flow->cairo, 0, 0, 0);
    flow->y += 4;
}

void flow_table_head(struct flow *flow, const struct flow_table *table) {
    const char *heads[8];
    for (size_t i = 0; i < table->count && i < 8; i++)
        heads[i] = table->columns[i].head;
    PangoAttrList *bold = pango_attr_list_new();
    pango_attr_list_insert(bold, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
    pango_layout_set_attributes(flow->layout, bold);
    double height = flow_cells_height(flow, table, heads);
    flow_cells(flow, table, heads, height);
    pango_layout_set_attributes(flow->layout, NULL);
    pango_attr_list_unref(bold);
}

void flow_table_row(struct flow *flow, const struct flow_table *table, const char *const *cells) {
    double height = flow_cells_height(flow, table, cells);
    uint32_t page = flow->page;
    flow_keep(flow, height + 8);
    if (flow->page != page)
        flow_table_head(flow, table);
    flow_cells(flow, table, cells, height);
}

void flow_stamp(struct flow *flow, const char *text) {
    cairo_pdf_surface_set_size(flow->surface, FLOW_STAMP_WIDTH, FLOW_STAMP_HEIGHT);
    cairo_set_source_rgb(flow->cairo, 0, 0, 0);
    flow_set(flow, FLOW_SMALL, text, FLOW_STAMP_WIDTH - 12);
    pango_layout_set_alignment(flow->layout, PANGO_ALIGN_RIGHT);
    flow_show_at(flow, 0, 4);
    pango_layout_set_alignment(flow->layout, PANGO_ALIGN_LEFT);
    cairo_show_page(flow->cairo);
}
