#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/picture_frames.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

/* Windows bitmap: file header of 14 bytes, information header (12 bytes of OS/2, 40 or more), colours, rows
 * from the bottom up. */
enum { PLAIN = 0, RLE8 = 1, RLE4 = 2, FIELDS = 3, FIELDS_ALPHA = 6 };

struct bitmap {
    struct view bytes;
    int width_px, height_px;
    bool top_down;
    uint32_t header, bits, packing, colours; /* colours: how many the table holds */
    size_t table, colour_bytes, rows;        /* where they are */
    uint32_t masks[3];
    float dpi;
};

static uint32_t number_at(struct view v, size_t at, int bytes) {
    uint32_t value = 0;
    if (at > v.len || v.len - at < (size_t)bytes)
        return 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | v.data[at + (size_t)i];
    return value;
}

static void read_masks(struct bitmap *b) {
    static const uint32_t usual[2][3] = {{0x7C00, 0x3E0, 0x1F}, {0xFF0000, 0xFF00, 0xFF}};
    bool given = b->packing == FIELDS || b->packing == FIELDS_ALPHA;
    for (int i = 0; i < 3; i++)
        b->masks[i] = given ? number_at(b->bytes, 54 + 4 * (size_t)i, 4) : usual[b->bits == 32][i];
    if (given && b->header == 40)
        b->table += b->packing == FIELDS_ALPHA ? 16 : 12;
}

static int bitmap_read(struct bitmap *b) {
    b->header = number_at(b->bytes, 14, 4);
    bool old = b->header == 12;
    if (b->bytes.len < 26 || (!old && (b->header < 40 || b->header > 4096)))
        return ERR_DAMAGED;
    int64_t w = old ? (int64_t)number_at(b->bytes, 18, 2) : (int32_t)number_at(b->bytes, 18, 4);
    int64_t h = old ? (int64_t)number_at(b->bytes, 20, 2) : (int32_t)number_at(b->bytes, 22, 4);
    b->top_down = h < 0;
    h = llabs(h);
    if (w < 1 || h < 1)
        return ERR_DAMAGED;
    if ((uint64_t)w * (uint64_t)h > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    b->width_px = (int)w;
    b->height_px = (int)h;
    b->bits = number_at(b->bytes, old ? 24 : 28, 2);
    b->packing = old ? PLAIN : number_at(b->bytes, 30, 4);
    b->dpi = old ? 0 : (float)number_at(b->bytes, 38, 4) * 0.0254f;
    b->colour_bytes = old ? 3 : 4;
    b->table = 14 + b->header;
    b->rows = number_at(b->bytes, 10, 4);
    uint32_t said = old ? 0 : number_at(b->bytes, 46, 4);
    b->colours = b->bits > 8 ? 0 : said && said < 1u << b->bits ? said : 1u << b->bits;
    read_masks(b);
    return 0;
}

static bool bitmap_is_known(const struct bitmap *b) {
    static const uint8_t bits_of[7][6] = {{1, 4, 8, 16, 24, 32}, {8}, {4}, {16, 32}, {0}, {0}, {16, 32}};
    if (b->packing > FIELDS_ALPHA || !b->bits || b->rows > b->bytes.len)
        return false;
    return b->bits <= 32 && memchr(bits_of[b->packing], (int)b->bits, 6) != NULL;
}

static uint32_t colour_pixel(const struct bitmap *b, uint32_t index) {
    size_t at = b->table + b->colour_bytes * index;
    uint32_t pixel = 0;
    if (index < b->colours && at + 3 <= b->bytes.len)
        composeRGBPixel(b->bytes.data[at + 2], b->bytes.data[at + 1], b->bytes.data[at], &pixel);
    return pixel;
}

/* A channel's bits made 8. */
static int channel(uint32_t value, uint32_t mask) {
    if (!mask)
        return 0;
    int shift = __builtin_ctz(mask);
    uint32_t most = mask >> shift;
    return (int)((uint64_t)((value & mask) >> shift) * 255 / most);
}

static uint32_t direct_pixel(const struct bitmap *b, const uint8_t *at) {
    uint32_t pixel = 0, value = (uint32_t)at[0] | (uint32_t)at[1] << 8;
    if (b->bits == 24) {
        composeRGBPixel(at[2], at[1], at[0], &pixel);
        return pixel;
    }
    if (b->bits == 32)
        value |= (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    composeRGBPixel(channel(value, b->masks[0]), channel(value, b->masks[1]), channel(value, b->masks[2]),
                    &pixel);
    return pixel;
}

static l_uint32 *line_of(const struct bitmap *b, PIX *pix, int row) {
    int y = b->top_down ? row : b->height_px - 1 - row;
    return pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
}

static bool rows_plain(const struct bitmap *b, PIX *pix) {
    size_t stride = ((size_t)b->width_px * b->bits + 31) / 32 * 4;
    if (b->bytes.len - b->rows < stride * (size_t)b->height_px)
        return false;
    for (int row = 0; row < b->height_px; row++) {
        const uint8_t *data = b->bytes.data + b->rows + stride * (size_t)row;
        l_uint32 *line = line_of(b, pix, row);
        for (int x = 0; x < b->width_px; x++) {
            size_t bit = (size_t)x * b->bits;
            if (b->bits <= 8)
                line[x] = colour_pixel(b, data[bit / 8] >> (8 - b->bits - bit % 8) & ((1u << b->bits) - 1));
            else
                line[x] = direct_pixel(b, data + bit / 8);
        }
    }
    return true;
}

/* A run-length picture is painted on its first colour. True when its end mark, or its last row, was reached.
 */
struct runs {
    const struct bitmap *b;
    PIX *pix;
    int x, row;
};

static void runs_put(struct runs *r, uint32_t index) {
    if (r->x < r->b->width_px && r->row < r->b->height_px)
        line_of(r->b, r->pix, r->row)[r->x] = colour_pixel(r->b, index);
    r->x++;
}

static uint32_t runs_index(const struct bitmap *b, const uint8_t *data, int i) {
    if (b->bits == 8)
        return data[i];
    return i % 2 ? data[i / 2] & 15u : data[i / 2] >> 4;
}

static bool rows_runs(const struct bitmap *b, PIX *pix) {
    struct runs r = {.b = b, .pix = pix};
    size_t at = b->rows, end = b->bytes.len;
    const uint8_t *d = b->bytes.data;
    while (at + 1 < end && r.row < b->height_px) {
        int count = d[at], what = d[at + 1];
        at += 2;
        if (count) {
            uint8_t twice[1] = {(uint8_t)what};
            for (int i = 0; i < count; i++)
                runs_put(&r, runs_index(b, twice, b->bits == 8 ? 0 : i % 2));
        } else if (what == 0) {
            r.x = 0;
            r.row++;
        } else if (what == 1) {
            return true;
        } else if (what == 2) {
            if (at + 1 >= end)
                return false;
            r.x += d[at];
            r.row += d[at + 1];
            at += 2;
        } else {
            size_t bytes = b->bits == 8 ? (size_t)what : ((size_t)what + 1) / 2;
            if (end - at < bytes)
                return false;
            for (int i = 0; i < what; i++)
                runs_put(&r, runs_index(b, d + at, i));
            at += bytes + bytes % 2;
        }
    }
    return r.row >= b->height_px || (r.row == b->height_px - 1 && r.x >= b->width_px);
}

int bmp_picture_open(struct view bytes, const struct picture_frames_sink *sink) {
    struct bitmap b = {.bytes = bytes};
    int err = bitmap_read(&b);
    if (err)
        return err;
    if (!bitmap_is_known(&b))
        return ERR_DAMAGED;
    if ((b.packing == PLAIN || b.packing >= FIELDS) &&
        (bytes.len - b.rows) / (size_t)b.height_px < (size_t)b.width_px * b.bits / 8)
        return ERR_DAMAGED; /* before memory is taken for what is not there */
    PIX *pix = pixCreate(b.width_px, b.height_px, 32);
    bool whole = pix && (b.packing == RLE8 || b.packing == RLE4 ? rows_runs(&b, pix) : rows_plain(&b, pix));
    err = whole ? sink->count(sink->state, 1) : ERR_DAMAGED;
    if (err) {
        pixDestroy(&pix);
        return err;
    }
    return sink->frame(sink->state, pix, 1, b.dpi);
}
