/* page_typed.h: pages with real letters on them, for tests that look at pictures. Include known_leaks.h too. */
#ifndef TESTS_PAGE_TYPED_H
#define TESTS_PAGE_TYPED_H

#include <cairo/cairo.h>
#include <leptonica/allheaders.h>
#include <stdbool.h>

/* How letters are drawn. */
struct typed {
    float size_px; /* of the font; a capital is 0.7 of it */
    int ink;       /* grey level */
    bool bold;
};

static inline PIX *typed_paper(int w, int h, int grey) {
    PIX *pix = pixCreate(w, h, 8);
    pixSetAllGray(pix, grey);
    return pix;
}

static inline void typed_blend(PIX *pix, int x, int y, int alpha, int ink) {
    l_uint32 paper = 0;
    if (alpha && pixGetPixel(pix, x, y, &paper) == 0)
        pixSetPixel(pix, x, y, (l_uint32)(((int)paper * (255 - alpha) + ink * alpha) / 255));
}

/* Text on its baseline, from x, y on, with the soft edges that a scan has. */
static inline void typed_write(PIX *pix, const struct typed *how, int x, int y, const char *text) {
    int w = pixGetWidth(pix), h = (int)(how->size_px * 2), top = y - (int)(how->size_px * 1.4f);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, w, h);
    cairo_t *cairo = cairo_create(surface);
    cairo_select_font_face(cairo, "Liberation Sans", CAIRO_FONT_SLANT_NORMAL, how->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, (double)how->size_px);
    cairo_move_to(cairo, x, y - top);
    cairo_show_text(cairo, text);
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    for (int row = 0; row < h; row++)
        for (int column = 0; column < w; column++)
            typed_blend(pix, column, top + row, data[row * cairo_image_surface_get_stride(surface) + column], how->ink);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

static inline void typed_rectangle(PIX *pix, int x, int y, int w, int h, int grey) {
    BOX *box = boxCreate(x, y, w, h);
    pixSetInRectArbitrary(pix, box, (l_uint32)grey);
    boxDestroy(&box);
}

/* Lines of a letter, from y on, so far apart. */
static inline void typed_lines(PIX *pix, const struct typed *how, int y, int lines, int apart) {
    static const char *const texts[] = {"Thank you for meeting us on Tuesday morning at the family centre in",
                                        "Marlsea. We agreed that your son would stay with his grandmother until",
                                        "the end of term, and that the school would ring you every Friday about",
                                        "how he is getting on with reading, sums and the other children there."};
    for (int i = 0; i < lines; i++)
        typed_write(pix, how, pixGetWidth(pix) / 10, y + i * apart, texts[i % 4]);
}

static inline int typed_ink(PIX *bits) {
    l_int32 pixels = 0;
    pixCountPixels(bits, &pixels, NULL);
    return pixels;
}

/* Ink of a 1-bit picture in a rectangle. */
static inline int typed_ink_in(PIX *bits, int x, int y, int w, int h) {
    BOX *box = boxCreate(x, y, w, h);
    PIX *part = pixClipRectangle(bits, box, NULL);
    int pixels = part ? typed_ink(part) : 0;
    pixDestroy(&part);
    boxDestroy(&box);
    return pixels;
}

#endif
