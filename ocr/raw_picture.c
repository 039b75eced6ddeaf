#include "ocr/raw_picture.h"

#include "base/err.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>

enum { JPEG_QUALITY = 85, COLOUR_LEAST = 24, COLOURED_ONE_IN = 20000 };

static void put_number(struct buf *out, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (uint8_t)(value >> (8 * i)));
}

/* TIFF 6.0: little-endian header, one directory, then the data. */
void raw_picture_wrap_g4(struct view data, int width_px, int height_px, bool black_is_ink, struct buf *out) {
    enum { LONG = 4, SHORT = 3, ENTRIES = 8, START = 8 + 2 + ENTRIES * 12 + 4 };
    const struct {
        uint16_t tag, type;
        uint32_t value;
    } entries[ENTRIES] = {
        {256, LONG, (uint32_t)width_px},
        {257, LONG, (uint32_t)height_px},
        {258, SHORT, 1},                      /* bits of a sample */
        {259, SHORT, 4},                      /* compression: Group 4 */
        {262, SHORT, black_is_ink ? 0u : 1u}, /* photometric: 0 is white, or 0 is black */
        {273, LONG, START},                   /* where the strip is */
        {278, LONG, (uint32_t)height_px},     /* rows in it */
        {279, LONG, (uint32_t)data.len},
    };
    buf_add(out, "II*", 4);
    put_number(out, 8, 4);
    put_number(out, ENTRIES, 2);
    for (int i = 0; i < ENTRIES; i++) {
        put_number(out, entries[i].tag, 2);
        put_number(out, entries[i].type, 2);
        put_number(out, 1, 4);
        put_number(out, entries[i].value, 4);
    }
    put_number(out, 0, 4);
    buf_add(out, data.data, data.len);
}

/* Few coloured pixels are colour too: a red stamp, a highlighted line. */
static bool pix_has_colour(PIX *pix) {
    size_t coloured = 0;
    int w = pixGetWidth(pix), h = pixGetHeight(pix), wpl = pixGetWpl(pix);
    for (int y = 0; y < h; y += 2) {
        const l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)wpl;
        for (int x = 0; x < w; x++) {
            int r = (int)(line[x] >> 24), g = (int)(line[x] >> 16 & 255), b = (int)(line[x] >> 8 & 255);
            int most = r > g ? r : g, least = r < g ? r : g;
            coloured += (most > b ? most : b) - (least < b ? least : b) > COLOUR_LEAST;
        }
    }
    return coloured * COLOURED_ONE_IN > (size_t)w * (size_t)h / 2;
}

struct Pix *raw_picture_without_colour(struct Pix *pix) {
    if (pixGetDepth(pix) != 32 || pix_has_colour(pix))
        return pix;
    PIX *grey = pixGetRGBComponent(pix, COLOR_GREEN);
    if (!grey)
        return pix;
    pixDestroy(&pix);
    return grey;
}

/* Whether most of a grey or colour picture is plain paper: the share of neighbours that are equal. */
static bool pix_is_flat(PIX *pix) {
    size_t equal = 0, seen = 0;
    int w = pixGetWidth(pix), h = pixGetHeight(pix), wpl = pixGetWpl(pix);
    for (int y = 0; y < h; y += 16) {
        const l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)wpl;
        for (int x = 1; x < w; x += 2, seen++)
            equal += pixGetDepth(pix) == 32 ? line[x] == line[x - 1]
                                            : GET_DATA_BYTE(line, x) == GET_DATA_BYTE(line, x - 1);
    }
    return equal * 10 >= seen * 8;
}

int raw_picture_encode_best(struct Pix *pix, struct buf *out, enum picture_format *ret_format) {
    return raw_picture_encode_at(pix, JPEG_QUALITY, out, ret_format);
}

int raw_picture_encode_at(struct Pix *pix, int quality, struct buf *out, enum picture_format *ret_format) {
    int err;
    if (pixGetDepth(pix) == 1) {
        *ret_format = PICTURE_TIFF;
        err = pix_encode_tiff_g4(pix, out);
    } else if (pix_is_flat(pix)) {
        *ret_format = PICTURE_PNG;
        err = pix_encode_png(pix, out);
    } else {
        *ret_format = PICTURE_JPEG;
        err = pix_encode_jpeg(pix, quality, out);
    }
    return err;
}
