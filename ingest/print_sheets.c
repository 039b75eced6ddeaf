#include "ingest/print_sheets.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <zint.h>

#define PAGE_WIDTH 595.28 /* points, as everything here */
#define PAGE_HEIGHT 841.89
#define MARGIN 42.0
#define CODE_WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define BAR_HEIGHT 58.0
#define BAR_WIDTH_MOST 2.2 /* of one module: a short code need not fill the line */
#define QR_SIZE 116.0
#define QR_TOP (MARGIN + BAR_HEIGHT + 22)
#define TEXT_TOP 256.0
#define LABEL_WIDTH 150.0
enum { COPIES_MOST = 500 };

struct drawing {
    cairo_t *cairo;
    PangoLayout *layout;
    double y;
    int err;
};

/* ---- codes ------------------------------------------------------------------------------------------------------- */

struct code_place {
    double x, y, width, height; /* the code fills it as far as its form allows; bars are centred */
};

static void code_rectangles(struct drawing *d, const struct zint_vector *vector, const struct code_place *place) {
    double kx = place->width / (double)vector->width, ky = place->height / (double)vector->height;
    for (const struct zint_vector_rect *r = vector->rectangles; r; r = r->next)
        cairo_rectangle(d->cairo, place->x + (double)r->x * kx, place->y + (double)r->y * ky, (double)r->width * kx, (double)r->height * ky);
    cairo_fill(d->cairo);
}

static void code_draw(struct drawing *d, int symbology, const char *payload, struct code_place place) {
    struct zint_symbol *symbol = ZBarcode_Create();
    if (!symbol) {
        d->err = ERR_MEMORY;
        return;
    }
    symbol->symbology = symbology;
    symbol->show_hrt = 0;
    symbol->scale = 1;
    symbol->option_1 = symbology == BARCODE_QRCODE ? 3 : -1; /* a quarter of it may be lost */
    if (ZBarcode_Encode_and_Buffer_Vector(symbol, (unsigned char *)(uintptr_t)payload, 0, 0) >= ZINT_ERROR || !symbol->vector) {
        d->err = ERR_SYSTEM;
    } else {
        if (symbology == BARCODE_CODE128 && symbol->width * BAR_WIDTH_MOST < place.width) {
            place.x += (place.width - symbol->width * BAR_WIDTH_MOST) / 2;
            place.width = symbol->width * BAR_WIDTH_MOST;
        }
        code_rectangles(d, symbol->vector, &place);
    }
    ZBarcode_Delete(symbol);
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

struct line {
    const char *font;
    double x, width;
    PangoAlignment align;
    int lines;     /* at most: what people typed may be long */
    double indent; /* of the first line; negative: of the others */
};

#define INSIDE (MARGIN + 30)
#define INSIDE_WIDTH (CODE_WIDTH - 60)
static const struct line title = {"Liberation Sans Bold 58", MARGIN, CODE_WIDTH, PANGO_ALIGN_CENTER, 1, 0};
static const struct line number_title = {"Liberation Sans Bold 46", MARGIN, CODE_WIDTH, PANGO_ALIGN_CENTER, 1, 0};
static const struct line big = {"Liberation Sans Bold 30", MARGIN, CODE_WIDTH, PANGO_ALIGN_CENTER, 2, 0};
static const struct line subtitle = {"Liberation Sans 20", MARGIN, CODE_WIDTH, PANGO_ALIGN_CENTER, 1, 0};
static const struct line body_middle = {"Liberation Sans 13", INSIDE, INSIDE_WIDTH, PANGO_ALIGN_CENTER, 3, 0};
static const struct line step = {"Liberation Sans 12", INSIDE, INSIDE_WIDTH, PANGO_ALIGN_LEFT, 3, -14};
static const struct line note = {"Liberation Sans 10", INSIDE, INSIDE_WIDTH, PANGO_ALIGN_LEFT, 3, 0};
static const struct line label = {"Liberation Sans 12", INSIDE, LABEL_WIDTH, PANGO_ALIGN_LEFT, 1, 0};
static const struct line value = {"Liberation Sans Bold 12", INSIDE + LABEL_WIDTH, INSIDE_WIDTH - LABEL_WIDTH, PANGO_ALIGN_LEFT, 1, 0};
static const struct line small = {"Liberation Sans 9", MARGIN, CODE_WIDTH, PANGO_ALIGN_CENTER, 1, 0};

/* Gives the height. */
static double words_draw(struct drawing *d, const struct line *line, const char *text, double y) {
    PangoFontDescription *font = pango_font_description_from_string(line->font);
    char *shown = text_printable(view_text(text));
    int width, height;
    pango_layout_set_font_description(d->layout, font);
    pango_layout_set_width(d->layout, (int)(line->width * PANGO_SCALE));
    pango_layout_set_height(d->layout, -line->lines);
    pango_layout_set_indent(d->layout, (int)(line->indent * PANGO_SCALE));
    pango_layout_set_ellipsize(d->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_wrap(d->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(d->layout, line->align);
    pango_layout_set_text(d->layout, shown, -1);
    pango_layout_get_size(d->layout, &width, &height);
    cairo_move_to(d->cairo, line->x, y);
    pango_cairo_show_layout(d->cairo, d->layout);
    pango_font_description_free(font);
    free(shown);
    return (double)height / PANGO_SCALE;
}

static void words_put(struct drawing *d, const struct line *line, const char *text, double gap) {
    d->y += words_draw(d, line, text, d->y) + gap;
}

static void field_put(struct drawing *d, const char *name, const char *said) {
    if (!said[0])
        return;
    double left = words_draw(d, &label, name, d->y), right = words_draw(d, &value, said, d->y);
    d->y += (left > right ? left : right) + 4;
}

static void field_put_number(struct drawing *d, const char *name, int64_t number) {
    char *text = number < 0 ? mem_text("") : mem_print("%lld", (long long)number);
    field_put(d, name, text);
    free(text);
}

/* ---- sheets ------------------------------------------------------------------------------------------------------ */

static void separator_words(struct drawing *d) {
    words_put(d, &title, "SEPARATOR", 6);
    words_put(d, &subtitle, "Put between two documents.", 34);
    words_put(d, &body_middle, "One document ends above this sheet, the next begins below it.", 6);
    words_put(d, &body_middle, "Either way up; face up in the scanner. It can be used again.", 0);
}

static void cover_words(struct drawing *d, const struct sheet_print *print) {
    char *number = mem_print("Council number %s", print->sheet.council_id);
    words_put(d, &title, "COVER SHEET", 12);
    words_put(d, &big, print->child_name, 6);
    words_put(d, &subtitle, number, 6);
    free(number);
    if (print->sheet.document_kind[0]) {
        char *kind = mem_print("Kind of document: %s", print->sheet.document_kind);
        for (char *c = kind; *c; c++)
            *c = *c == '_' ? ' ' : *c;
        words_put(d, &subtitle, kind, 0);
        free(kind);
    }
    d->y += 26;
    words_put(d, &body_middle, "Put on top of the document. What lies below it, up to the next separator or cover sheet, is filed to this child.", 6);
    words_put(d, &body_middle, "This sheet names a child: keep it with the papers, and shred it when they are scanned.", 0);
}

static const char *duplex_words(enum duplex duplex) {
    return duplex == DUPLEX_SIMPLEX  ? "one side of each sheet"
           : duplex == DUPLEX_DUPLEX ? "both sides of each sheet, in one pass"
                                     : "both sides of each sheet, in two passes";
}

static void batch_words(struct drawing *d, const struct batch *batch) {
    static const char *const one[] = {"1. Put this sheet on top of the stack, face up, and scan the stack."};
    static const char *const two[] = {
        "1. Put this sheet on top of the stack, face up, and scan the fronts.",
        "2. Take this sheet off. Turn the whole stack over, so that the back of the last sheet is scanned first.",
        "3. Put this sheet on top again, face up, and scan the backs. Take no sheet out and turn none round in between.",
    };
    const char *const *steps = batch->duplex == DUPLEX_TWO_PASS ? two : one;
    int count = batch->duplex == DUPLEX_TWO_PASS ? 3 : 1;
    char *number = mem_print("BATCH %lld", (long long)batch->number);
    words_put(d, &number_title, number, 12);
    free(number);
    field_put(d, "Operator", batch->operator);
    field_put(d, "Scanner", batch->scanner);
    field_put(d, "Box", batch->box);
    field_put_number(d, "Sheets expected", batch->sheets);
    field_put_number(d, "Separators expected", batch->separators);
    field_put(d, "To be scanned", duplex_words(batch->duplex));
    d->y += 10;
    for (int i = 0; i < count; i++)
        words_put(d, &step, steps[i], 4);
    d->y += 4;
    if (batch->sheets >= 0 || batch->separators >= 0)
        words_put(d, &note, "When the numbers do not agree the batch asks, before anything is filed. Sheets are counted without this one and without"
                           " separators and cover sheets; cover sheets count as separators.", 0);
}

/* The codes and their text; drawn a second time for the foot, turned by half a turn about the middle of the sheet. */
static void codes_draw(struct drawing *d, const char *payload, const char *what) {
    code_draw(d, BARCODE_CODE128, payload, (struct code_place){MARGIN, MARGIN, CODE_WIDTH, BAR_HEIGHT});
    words_draw(d, &small, payload, MARGIN + BAR_HEIGHT + 4);
    code_draw(d, BARCODE_QRCODE, payload, (struct code_place){MARGIN, QR_TOP, QR_SIZE, QR_SIZE});
    struct line beside = {"Liberation Sans Bold 18", MARGIN + QR_SIZE + 24, CODE_WIDTH - QR_SIZE - 24, PANGO_ALIGN_LEFT, 1, 0};
    double height = words_draw(d, &beside, what, QR_TOP + 30);
    beside.font = "Liberation Sans 11";
    words_draw(d, &beside, "casefile: leave this sheet in the stack.", QR_TOP + 30 + height + 4);
}

static void sheet_draw(struct drawing *d, const struct sheet_print *print, const char *payload) {
    const char *what = print->sheet.kind == SHEET_SEPARATOR ? "Separator" : print->sheet.kind == SHEET_COVER ? "Cover sheet" : "Batch header";
    codes_draw(d, payload, what);
    cairo_save(d->cairo);
    cairo_translate(d->cairo, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_rotate(d->cairo, 3.14159265358979323846);
    codes_draw(d, payload, what);
    cairo_restore(d->cairo);
    d->y = TEXT_TOP;
    if (print->sheet.kind == SHEET_SEPARATOR)
        separator_words(d);
    else if (print->sheet.kind == SHEET_COVER)
        cover_words(d, print);
    else
        batch_words(d, print->batch);
    cairo_show_page(d->cairo);
}

/* Metrics must not depend on the screen that there is not. */
static PangoLayout *layout_new(cairo_t *cairo) {
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options);
    pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72);
    cairo_font_options_destroy(options);
    return layout;
}

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned int len) {
    buf_add(closure, data, len);
    return CAIRO_STATUS_SUCCESS;
}

int sheets_print(struct store *store, const struct sheet_print *print, struct buf *out) {
    char payload[SHEET_PAYLOAD_MOST];
    struct drawing d = {0};
    if (print->copies < 1 || print->copies > COPIES_MOST)
        return ERR_INPUT;
    sheet_payload(store, &print->sheet, payload);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "casefile sheets");
    d.cairo = cairo_create(surface);
    d.layout = layout_new(d.cairo);
    for (uint32_t i = 0; i < print->copies && !d.err; i++)
        sheet_draw(&d, print, payload);
    g_object_unref(d.layout);
    cairo_destroy(d.cairo);
    cairo_surface_finish(surface);
    int err = d.err ? d.err : cairo_surface_status(surface) ? ERR_SYSTEM : 0;
    cairo_surface_destroy(surface);
    return err;
}
