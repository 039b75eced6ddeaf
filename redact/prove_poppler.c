#include "base/err.h"
#include "base/mem.h"
#include "redact/cover_label.h"
#include "redact/prover.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#define RENDER_DPI 200.0
#define RENDER_PIXELS_MOST 100e6
#define AREA_EDGE_PX 2 /* half-covered pixels at the edge of a box */
#define AREA_RING_PX 9 /* a JPEG block that straddles the edge rings inside it */
#define AREA_RING_LEVELS 72
#define LABEL_EDGE_PX 3      /* letters are softened by drawing them at another size */
#define LABEL_LIKENESS 0.6   /* correlation with the code drawn again; another code of that length has less than half */
#define AREA_LEVELS 20 /* levels of 256 between the lightest and the darkest pixel of one colour */

struct _PopplerDocument *prove_poppler_open(struct prover *prover) {
    struct view pdf = prover->order->pdf;
    GBytes *bytes = g_bytes_new_static(pdf.data, pdf.len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    g_bytes_unref(bytes);
    return document;
}

/* One rectangle for each character of the text, also for those between words. */
static void poppler_places(struct prover *prover, PopplerPage *leaf, uint32_t page, const char *text) {
    PopplerRectangle *places = NULL;
    guint count = 0;
    if (!prover_page_has_area(prover, page) || !poppler_page_get_text_layout(leaf, &places, &count))
        return;
    const char *at = text;
    for (guint i = 0; i < count && *at; i++, at = g_utf8_next_char(at)) {
        struct box box = {(float)places[i].x1, (float)places[i].y1, (float)places[i].x2, (float)places[i].y2};
        if ((unsigned char)*at > ' ' && prover_in_area(prover, page, box)) {
            prover_add(prover, page, box, "poppler text", "text lies in a covered area");
            break;
        }
    }
    g_free(places);
}

static void poppler_page_text(struct prover *prover, PopplerDocument *document, uint32_t page) {
    PopplerPage *leaf = poppler_document_get_page(document, (int)page - 1);
    if (!leaf) {
        prover_add(prover, page, PROVE_AREA_NONE, "poppler text", "the page cannot be opened");
        return;
    }
    char *text = poppler_page_get_text(leaf), *label = poppler_page_get_label(leaf);
    if (text) {
        prover_search(prover, view_text(text), page, "poppler text", "", prover_least(prover, page));
        poppler_places(prover, leaf, page, text);
    }
    if (label)
        prover_search(prover, view_text(label), page, "poppler text", " in a page's label", SEARCH_SHORT);
    g_free(text);
    g_free(label);
    g_object_unref(leaf);
}

void prove_poppler_text(struct prover *prover, struct _PopplerDocument *document) {
    if (poppler_document_get_n_pages(document) != (int)prover->pages)
        prover_add(prover, 0, PROVE_AREA_NONE, "poppler text",
                   "two readers do not agree on the number of pages");
    for (uint32_t page = 1; page <= prover->pages; page++)
        poppler_page_text(prover, document, page);
}

static cairo_surface_t *page_draw(PopplerPage *leaf, double width, double height) {
    double scale = RENDER_DPI / 72;
    if (!(width > 0 && height > 0 && width * height * scale * scale <= RENDER_PIXELS_MOST))
        return NULL;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * scale), (int)ceil(height * scale));
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(leaf, cairo);
    bool failed = cairo_status(cairo) != CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    if (failed) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    cairo_surface_flush(surface);
    return surface;
}

/* 8-bit grey: the mean weighs the colours as the eye does. */
static PIX *page_grey(cairo_surface_t *surface) {
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *rows = cairo_image_surface_get_data(surface);
    PIX *pix = pixCreateNoInit(width, height, 8);
    if (!pix)
        return NULL;
    l_uint32 *data = pixGetData(pix);
    for (int y = 0; y < height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(rows + (size_t)y * (size_t)stride);
        l_uint32 *line = data + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < width; x++) {
            uint32_t c = row[x];
            SET_DATA_BYTE(line, x,
                          (l_uint8)(((c >> 16 & 255) * 77 + (c >> 8 & 255) * 150 + (c & 255) * 29) >> 8));
        }
    }
    pixSetResolution(pix, (l_int32)RENDER_DPI, (l_int32)RENDER_DPI);
    return pix;
}

struct span {
    int x0, y0, x1, y1;
};

static struct span span_of(PIX *pix, struct box box, int edge) {
    float scale = (float)RENDER_DPI / 72;
    struct span s = {(int)ceilf(box.x0 * scale) + edge, (int)ceilf(box.y0 * scale) + edge, (int)floorf(box.x1 * scale) - edge, (int)floorf(box.y1 * scale) - edge};
    s.x0 = s.x0 < 0 ? 0 : s.x0;
    s.y0 = s.y0 < 0 ? 0 : s.y0;
    s.x1 = s.x1 > pixGetWidth(pix) ? pixGetWidth(pix) : s.x1;
    s.y1 = s.y1 > pixGetHeight(pix) ? pixGetHeight(pix) : s.y1;
    return s;
}

/* Levels between the lightest and the darkest pixel of the area without so many pixels at its edge, and without the place of its code; 0 for a
 * smaller area. */
static int area_levels(PIX *pix, const struct prove_area *area, int edge) {
    struct span s = span_of(pix, area->box, edge), label = area->label.text[0] ? span_of(pix, area->label.box, -LABEL_EDGE_PX) : (struct span){0, 0, 0, 0};
    int least = 255, most = 0;
    for (int y = s.y0; y < s.y1; y++) {
        const l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = s.x0; x < s.x1; x++) {
            if (x >= label.x0 && x < label.x1 && y >= label.y0 && y < label.y1)
                continue;
            int level = GET_DATA_BYTE(line, x);
            least = level < least ? level : least;
            most = level > most ? level : most;
        }
    }
    return most > least ? most - least : 0;
}

/* What stands in the place of the code has to be the code: drawn again, it is as light and dark in the same places. */
static bool label_is_drawn(PIX *pix, const struct prove_area *area) {
    struct span s = span_of(pix, area->label.box, 0);
    PIX *drawn = cover_label_draw_sized(area->label.text, area->label.size);
    PIX *grey = drawn ? pixConvert1To8(NULL, drawn, 0, 255) : NULL; /* ink is white on black */
    PIX *sized = grey && s.x1 - s.x0 > 3 && s.y1 - s.y0 > 2 ? pixScaleToSize(grey, s.x1 - s.x0, s.y1 - s.y0) : NULL;
    double a = 0, b = 0, aa = 0, bb = 0, ab = 0, n = 0;
    for (int y = 0; sized && y < pixGetHeight(sized); y++)
        for (int x = 0; x < pixGetWidth(sized); x++, n++) {
            double u = GET_DATA_BYTE(pixGetData(sized) + (size_t)y * (size_t)pixGetWpl(sized), x);
            double v = GET_DATA_BYTE(pixGetData(pix) + (size_t)(s.y0 + y) * (size_t)pixGetWpl(pix), s.x0 + x);
            a += u;
            b += v;
            aa += u * u;
            bb += v * v;
            ab += u * v;
        }
    double spread = n > 0 ? (aa - a * a / n) * (bb - b * b / n) : 0, likeness = spread > 0 ? (ab - a * b / n) / sqrt(spread) : 0;
    pixDestroy(&drawn);
    pixDestroy(&grey);
    pixDestroy(&sized);
    return likeness >= LABEL_LIKENESS;
}

static void page_areas(struct prover *prover, PIX *pix, uint32_t page) {
    for (size_t i = 0; i < prover->order->area_count; i++) {
        const struct prove_area *area = &prover->order->areas[i];
        if (area->page != page)
            continue;
        if (area_levels(pix, area, AREA_EDGE_PX) > AREA_RING_LEVELS || area_levels(pix, area, AREA_RING_PX) > AREA_LEVELS)
            prover_add(prover, page, area->box, "covered area", "a covered area is not of one colour");
        else if (area->label.text[0] && !label_is_drawn(pix, area))
            prover_add(prover, page, area->box, "covered area", "what a covered area shows is not its code");
    }
}

static void page_recognise(struct prover *prover, PIX *pix, uint32_t page, double width, double height) {
    struct words words = {0};
    struct buf text = {0};
    if (!prover->order->recognise)
        return;
    if (prover->order->recognise(prover->order->state, pix, (float)width, (float)height, &words)) {
        prover_add(prover, page, PROVE_AREA_NONE, "recognition", "the page could not be recognised");
        return;
    }
    words_text(&words, &text);
    prover_search(prover, buf_view(&text), page, "recognition", "", prover_least(prover, page));
    words_drop(&words);
    buf_drop(&text);
}

void prove_poppler_page(struct prover *prover, struct _PopplerDocument *document, uint32_t page) {
    double width = 0, height = 0;
    PopplerPage *leaf = poppler_document_get_page(document, (int)page - 1);
    if (leaf)
        poppler_page_get_size(leaf, &width, &height);
    cairo_surface_t *surface = leaf ? page_draw(leaf, width, height) : NULL;
    PIX *pix = surface ? page_grey(surface) : NULL;
    if (surface)
        cairo_surface_destroy(surface);
    if (pix) {
        page_areas(prover, pix, page);
        page_recognise(prover, pix, page, width, height);
    } else {
        prover_add(prover, page, PROVE_AREA_NONE, "recognition", "the page cannot be rendered");
    }
    pixDestroy(&pix);
    if (leaf)
        g_object_unref(leaf);
}
