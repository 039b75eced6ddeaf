/* The rule: small on the screen, and either so small that nothing can be read in it, or drawn (few colours, flat areas) rather than
 * photographed, and without lines of text. A telephone's photograph or scan is megapixels; a screenshot is hundreds of pixels each way. */
#include "ingest/logo.h"

#include "base/mem.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRACKING_PX = 3,        /* wide or high: a tracking pixel or a spacer */
    ICON_PX = 64,           /* both ways: an icon */
    BANNER_HIGH_PX = 160,   /* a signature's logo or banner is no higher */
    BANNER_WIDE_PX = 800,
    BANNER_AREA_PX = 80000, /* 400 x 200 */
    BYTES_MOST = 200 * 1024,
    PIXELS_MOST = 4000000,  /* larger ones are not even decoded: documents */
    COLOUR_BITS = 4,        /* of each of three colours, that are told apart */
    MAIN_COLOURS = 8,       /* a drawing has so few that cover nearly all of it */
    MAIN_PERCENT = 85,
    TEXT_LINES_MOST = 3,    /* a logo's name and its motto */
};

/* Width and height of a GIF, which is not decoded. */
static int gif_size(struct view bytes, int *ret_w, int *ret_h) {
    if (bytes.len < 10 || memcmp(bytes.data, "GIF8", 4))
        return 0;
    *ret_w = bytes.data[6] | bytes.data[7] << 8;
    *ret_h = bytes.data[8] | bytes.data[9] << 8;
    return 1;
}

static int compare_counts(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return x > y ? -1 : x < y;
}

/* Percent of the picture in its most frequent colours. */
static int picture_main_percent(PIX *colour) {
    enum { COLOURS = 1 << (3 * COLOUR_BITS), SHIFT = 8 - COLOUR_BITS };
    int *counts = mem_new(COLOURS * sizeof *counts), w = pixGetWidth(colour), h = pixGetHeight(colour), sum = 0;
    for (int y = 0; y < h; y++) {
        l_uint32 *line = pixGetData(colour) + (size_t)y * (size_t)pixGetWpl(colour);
        for (int x = 0; x < w; x++) {
            l_int32 r, g, b;
            extractRGBValues(line[x], &r, &g, &b);
            counts[(r >> SHIFT) << (2 * COLOUR_BITS) | (g >> SHIFT) << COLOUR_BITS | b >> SHIFT]++;
        }
    }
    qsort(counts, COLOURS, sizeof *counts, compare_counts);
    for (int i = 0; i < MAIN_COLOURS; i++)
        sum += counts[i];
    free(counts);
    return (int)((int64_t)sum * 100 / ((int64_t)w * h));
}

/* Rows of ink with rows of ground between them: lines of text, of a screenshot say. Ground is the most frequent grey. */
static int picture_text_lines(PIX *grey) {
    int counts[256] = {0}, w = pixGetWidth(grey), h = pixGetHeight(grey), ground = 0, lines = 0, run = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int y = 0; y < h; y++) {
            l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
            int ink = 0;
            for (int x = 0; x < w; x++) {
                int value = GET_DATA_BYTE(line, x);
                counts[value] += !pass;
                ink += pass && abs(value - ground) > 48;
            }
            lines += pass && ink <= w / 200 && run >= 5;
            run = pass && ink > w / 200 ? run + 1 : 0;
        }
        for (int i = 0; i < 256 && !pass; i++)
            ground = counts[i] > counts[ground] ? i : ground;
    }
    return lines + (run >= 5);
}

static int picture_is_drawn(struct view bytes) {
    PIX *pix = NULL;
    if (pix_decode(bytes, 0, &pix))
        return 0; /* what cannot be seen may be anything */
    PIX *colour = pixConvertTo32(pix), *grey = pix_grey(pix);
    int drawn = colour && grey && picture_main_percent(colour) >= MAIN_PERCENT && picture_text_lines(grey) <= TEXT_LINES_MOST;
    pixDestroy(&colour);
    pixDestroy(&grey);
    pixDestroy(&pix);
    return drawn;
}

static int picture_size(struct view bytes, int *ret_w, int *ret_h) {
    l_int32 format, bits, samples, palette;
    if (gif_size(bytes, ret_w, ret_h))
        return 1;
    return bytes.len >= 16 && pixReadHeaderMem(bytes.data, bytes.len, &format, ret_w, ret_h, &bits, &samples, &palette) == 0;
}

int logo_likely(struct view bytes, const struct logo_facts *facts) {
    int w = 0, h = 0, is_inline = facts->attached && strcmp(facts->attached, "inline") == 0;
    if (!is_inline && !facts->has_content_id)
        return 0;
    if (!picture_size(bytes, &w, &h) || w <= 0 || h <= 0)
        return 0;
    if (w <= TRACKING_PX || h <= TRACKING_PX)
        return 1;
    if (w <= ICON_PX && h <= ICON_PX)
        return 1;
    if (bytes.len > BYTES_MOST || (int64_t)w * h > PIXELS_MOST)
        return 0;
    int shown_w = facts->width_px > 0 ? facts->width_px : w, shown_h = facts->height_px > 0 ? facts->height_px : h;
    if (shown_h > BANNER_HIGH_PX || shown_w > BANNER_WIDE_PX || (int64_t)shown_w * shown_h > BANNER_AREA_PX)
        return 0;
    return picture_is_drawn(bytes);
}
