#include "ocr/pdf_photographs.h"

#include "base/pix.h"
#include "ocr/ink_bits.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>

#define AREA_LEAST 3214.0 /* square points: 4 square centimetres */
#define TONES_LEAST 24.0  /* levels of grey, as many as there would be were all as frequent (Simpson 1949) */

/* How many tones a part of an 8-bit picture has. */
static double tones_of(PIX *grey, const struct pixel_box *box) {
    double counts[256] = {0}, all = 0, squares = 0;
    for (int y = box->y0; y < box->y1; y += 2) {
        const l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = box->x0; x < box->x1; x += 2)
            counts[GET_DATA_BYTE(line, x)]++;
    }
    for (int i = 0; i < 256; i++)
        all += counts[i];
    for (int i = 0; i < 256; i++)
        squares += counts[i] / all * (counts[i] / all);
    return all > 0 ? 1 / squares : 0;
}

static struct box box_on_page(const PopplerRectangle *r, double width, double height) {
    return (struct box){(float)fmax(0, fmin(r->x1, r->x2)), (float)fmax(0, fmin(r->y1, r->y2)), (float)fmin(width, fmax(r->x1, r->x2)),
                        (float)fmin(height, fmax(r->y1, r->y2))};
}

static bool is_photograph(PIX *grey, float dpi, const struct box *b) {
    const double box_pt[4] = {b->x0, b->y0, b->x1, b->y1};
    struct pixel_box box = pixel_box_of(box_pt, dpi);
    return b->x1 > b->x0 && b->y1 > b->y0 && (b->x1 - b->x0) * (b->y1 - b->y0) >= AREA_LEAST && pixel_box_cut(grey, &box) &&
           tones_of(grey, &box) >= TONES_LEAST;
}

void pdf_photographs_find(PopplerPage *page, struct Pix *pix, float dpi, struct regions *ret) {
    GList *list = pixGetDepth(pix) == 1 ? NULL : poppler_page_get_image_mapping(page);
    PIX *grey = list ? pix_grey(pix) : NULL;
    double width, height;
    poppler_page_get_size(page, &width, &height);
    for (GList *at = list; grey && at; at = at->next) {
        struct box box = box_on_page(&((PopplerImageMapping *)at->data)->area, width, height);
        if (is_photograph(grey, dpi, &box))
            regions_add(ret, box, REGION_PICTURE);
    }
    pixDestroy(&grey);
    poppler_page_free_image_mapping(list);
}
