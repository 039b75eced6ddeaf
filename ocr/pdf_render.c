#include "ocr/pdf_render.h"

#include "base/mem.h"
#include "ocr/pdf_pages.h"

#include <cairo.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>

enum { SIDE_PIXELS_MOST = 32000, COLOUR_LEAST = 24 };

static float fitting_dpi(double width_pt, double height_pt, float dpi) {
    double pixels = width_pt * dpi / 72 * (height_pt * dpi / 72);
    if (pixels > PDF_RENDER_PIXELS_MOST)
        dpi = (float)(dpi * sqrt(PDF_RENDER_PIXELS_MOST / pixels));
    double side = fmax(width_pt, height_pt) * dpi / 72;
    return side > SIDE_PIXELS_MOST ? (float)(dpi * SIDE_PIXELS_MOST / side) : dpi;
}

/* Few coloured pixels are colour too: a red stamp, a highlighted line. One in 20,000 is the fringe of a scan.
 */
static bool has_colour(const cairo_surface_t *surface_in) {
    cairo_surface_t *surface = (cairo_surface_t *)surface_in;
    const uint8_t *data = cairo_image_surface_get_data(surface);
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    size_t coloured = 0;
    for (int y = 0; y < h; y += 2) {
        const uint32_t *row = (const uint32_t *)(const void *)(data + (size_t)y * (size_t)stride);
        for (int x = 0; x < w; x++) {
            int r = (int)(row[x] >> 16 & 255), g = (int)(row[x] >> 8 & 255), b = (int)(row[x] & 255);
            int most = r > g ? r : g, least = r < g ? r : g;
            coloured += (most > b ? most : b) - (least < b ? least : b) > COLOUR_LEAST;
        }
    }
    return coloured * 20000 > (size_t)w * (size_t)h / 2;
}

static PIX *pix_from_surface(cairo_surface_t *surface) {
    const uint8_t *data = cairo_image_surface_get_data(surface);
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    bool colour = has_colour(surface);
    PIX *pix = pixCreateNoInit(w, h, colour ? 32 : 8);
    for (int y = 0; pix && y < h; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(data + (size_t)y * (size_t)stride);
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++) {
            if (colour)
                line[x] = row[x] << 8;
            else
                SET_DATA_BYTE(line, x, row[x] >> 8 & 255);
        }
    }
    if (pix && !colour)
        pixSetPadBits(pix, 0);
    return pix;
}

struct Pix *pdf_render(PopplerPage *page, float *dpi) {
    double width, height;
    poppler_page_get_size(page, &width, &height);
    if (!(width >= 1 && height >= 1 && isfinite(width) && isfinite(height)))
        return NULL;
    float fit = fitting_dpi(width, height, *dpi);
    int w = (int)lround(width * fit / 72), h = (int)lround(height * fit / 72);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w < 1 ? 1 : w, h < 1 ? 1 : h);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, fit / 72, fit / 72);
    poppler_page_render(page, cairo);
    bool fine = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    PIX *pix = fine ? pix_from_surface(surface) : NULL;
    cairo_surface_destroy(surface);
    if (pix) {
        pixSetResolution(pix, (int)lroundf(fit), (int)lroundf(fit));
        *dpi = fit;
    }
    return pix;
}

struct Pix *pdf_render_unit(PopplerPage *page, float unit, float *dpi) {
    float of_page = *dpi * unit;
    PIX *pix = pdf_render(page, &of_page);
    if (pix) {
        *dpi = of_page / unit;
        pixSetResolution(pix, (int)lroundf(*dpi), (int)lroundf(*dpi));
    }
    return pix;
}

char *pdf_render_note(uint32_t number, float wanted_dpi, float dpi) {
    if (dpi >= wanted_dpi * 0.95f)
        return NULL;
    return mem_print("page %u is too large for the usual %d dpi: it is read at %d dpi", number, (int)lroundf(wanted_dpi),
                     (int)lroundf(dpi));
}
