#include "base/pix.h"

#include "base/err.h"
#include "base/mem.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <zlib.h>

/* More makes a noisy A4 scan take seconds and hardly smaller. */
enum { PNG_LEVEL = 2, PNG_PIECE = 1 << 16, PNG_CHUNK_MOST = INT32_MAX };

void pix_silence(void) {
    setMsgSeverity(L_SEVERITY_NONE);
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
}

static int pix_check_size(struct view bytes, l_int32 *ret_format) {
    l_int32 format = IFF_UNKNOWN, w = 0, h = 0, bps = 0, spp = 0, cmap = 0;
    if (bytes.len < 16 || pixReadHeaderMem(bytes.data, bytes.len, &format, &w, &h, &bps, &spp, &cmap))
        return ERR_DAMAGED;
    if (w <= 0 || h <= 0)
        return ERR_DAMAGED;
    if ((uint64_t)w * (uint64_t)h > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    *ret_format = format;
    return 0;
}

/* Only these decoders are reached: Leptonica has more of them, and each is one more thing that hostile bytes
 * can try. */
static PIX *pix_decode_as(struct view bytes, l_int32 format) {
    switch (format) {
    case IFF_JFIF_JPEG:
        return pixReadMemJpeg(bytes.data, bytes.len, 0, 1, NULL,
                              0); /* half a page must not pass for a whole one */
    case IFF_PNG:
        return pixReadMemPng(bytes.data, bytes.len);
    case IFF_TIFF:
    case IFF_TIFF_PACKBITS:
    case IFF_TIFF_RLE:
    case IFF_TIFF_G3:
    case IFF_TIFF_G4:
    case IFF_TIFF_LZW:
    case IFF_TIFF_ZIP:
    case IFF_TIFF_JPEG:
        return pixReadMemTiff(bytes.data, bytes.len, 0);
    default:
        return NULL;
    }
}

/* A palette of two greys, the darker one being ink, is 1-bit. */
static PIX *pix_without_palette(PIX *pix) {
    if (pixGetDepth(pix) == 1) {
        l_int32 colour = 1;
        pixcmapHasColor(pixGetColormap(pix), &colour);
        if (!colour)
            return pixRemoveColormap(pix, REMOVE_CMAP_TO_BINARY);
    }
    return pixRemoveColormap(pix, REMOVE_CMAP_BASED_ON_SRC);
}

/* One of 1, 8 or 32 bits without a palette; takes pix and gives another or the same. */
static PIX *pix_make_plain(PIX *pix) {
    PIX *plain = pix;
    if (pixGetColormap(pix))
        plain = pix_without_palette(pix);
    else if (pixGetDepth(pix) == 32 && pixGetSpp(pix) == 4)
        plain = pixRemoveAlpha(pix); /* on white */
    else if (pixGetDepth(pix) == 16)
        plain = pixConvert16To8(pix, L_MS_BYTE);
    else if (pixGetDepth(pix) == 2 || pixGetDepth(pix) == 4)
        plain = pixConvertTo8(pix, 0);
    if (plain != pix)
        pixDestroy(&pix);
    return plain;
}

int pix_decode(struct view bytes, uint16_t turn_deg, struct Pix **ret) {
    assert(turn_deg % 90 == 0 && turn_deg < 360);
    l_int32 format;
    int err = pix_check_size(bytes, &format);
    if (err)
        return err;
    PIX *pix = pix_decode_as(bytes, format);
    if (pix)
        pix = pix_make_plain(pix);
    if (pix && turn_deg) {
        PIX *turned = pixRotateOrth(pix, turn_deg / 90);
        pixDestroy(&pix);
        pix = turned;
    }
    if (!pix)
        return ERR_DAMAGED;
    *ret = pix;
    return 0;
}

/* Appends what Leptonica wrote and frees it. */
static int pix_take(int failed, l_uint8 *data, size_t len, struct buf *out) {
    if (!failed && len)
        buf_add(out, data, len);
    lept_free(data);
    return failed || !len ? ERR_MEMORY : 0;
}

int pix_encode_tiff_g4(struct Pix *pix, struct buf *out) {
    assert(pixGetDepth(pix) == 1);
    l_uint8 *data = NULL;
    size_t len = 0;
    int failed = pixWriteMemTiff(&data, &len, pix, IFF_TIFF_G4);
    return pix_take(failed, data, len, out);
}

static uint32_t tiff_number(const uint8_t *at, int bytes) {
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

/* The value of a directory entry with one SHORT (3) or LONG (4); 0 when it is not there. */
static uint32_t tiff_entry(struct view tiff, uint32_t directory, uint32_t tag) {
    uint32_t entries = tiff_number(tiff.data + directory, 2);
    for (uint32_t i = 0; i < entries && directory + 2 + 12 * (i + 1) <= tiff.len; i++) {
        const uint8_t *e = tiff.data + directory + 2 + 12 * i;
        if (tiff_number(e, 2) == tag && tiff_number(e + 4, 4) == 1)
            return tiff_number(e + 8, tiff_number(e + 2, 2) == 3 ? 2 : 4);
    }
    return 0;
}

/* Our own TIFF, little-endian, one strip: its data is the bare Group 4 stream. */
int pix_encode_g4_strip(struct Pix *pix, struct buf *out) {
    enum { TAG_STRIP_PLACE = 273, TAG_STRIP_BYTES = 279 };
    struct buf file = {0};
    int err = pix_encode_tiff_g4(pix, &file);
    struct view tiff = buf_view(&file);
    if (!err &&
        (tiff.len < 16 || memcmp(tiff.data, "II*", 4) != 0 || tiff_number(tiff.data + 4, 4) > tiff.len - 2))
        err = ERR_STATE;
    if (!err) {
        uint32_t directory = tiff_number(tiff.data + 4, 4);
        uint64_t place = tiff_entry(tiff, directory, TAG_STRIP_PLACE);
        uint64_t bytes = tiff_entry(tiff, directory, TAG_STRIP_BYTES);
        if (place && bytes && place + bytes <= tiff.len)
            buf_add(out, tiff.data + place, bytes);
        else
            err = ERR_STATE;
    }
    buf_drop(&file);
    return err;
}

int pix_encode_jpeg(struct Pix *pix, int quality, struct buf *out) {
    assert(pixGetDepth(pix) == 8 || pixGetDepth(pix) == 32);
    l_uint8 *data = NULL;
    size_t len = 0;
    int failed = pixWriteMemJpeg(&data, &len, pix, quality, 0);
    return pix_take(failed, data, len, out);
}

/* ---- PNG: grey or colour, rows as they are. libpng tries five filters on each row, which takes longer than everything else and makes
 * letters on paper no smaller. (PNG specification, second edition, 5 and 11.) */

static void put_big_endian(struct buf *out, uint32_t value) {
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
    buf_add(out, bytes, sizeof bytes);
}

static void png_chunk(struct buf *out, const char name[5], struct view data) {
    put_big_endian(out, (uint32_t)data.len);
    size_t start = out->len;
    buf_add(out, name, 4);
    buf_add(out, data.data, data.len);
    put_big_endian(out, (uint32_t)crc32(crc32(0, NULL, 0), out->data + start, (uInt)(out->len - start)));
}

static void png_head(PIX *pix, struct buf *out) {
    struct buf head = {0};
    uint32_t per_metre = (uint32_t)((double)pixGetXRes(pix) / 0.0254 + 0.5);
    put_big_endian(&head, (uint32_t)pixGetWidth(pix));
    put_big_endian(&head, (uint32_t)pixGetHeight(pix));
    buf_add_byte(&head, 8);                                        /* bits of a sample */
    buf_add_byte(&head, (uint8_t)(pixGetDepth(pix) == 32 ? 2 : 0)); /* red, green, blue; or grey */
    buf_add(&head, "\0\0\0", 3);                                   /* deflate, filters by row, not interlaced */
    png_chunk(out, "IHDR", buf_view(&head));
    buf_reset(&head);
    put_big_endian(&head, per_metre);
    put_big_endian(&head, per_metre);
    buf_add_byte(&head, 1); /* in metres */
    if (per_metre)
        png_chunk(out, "pHYs", buf_view(&head));
    buf_drop(&head);
}

/* A row with its filter (0: none) before it. */
static size_t png_row(PIX *pix, int y, uint8_t *to) {
    const l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
    int w = pixGetWidth(pix);
    size_t n = 0;
    to[n++] = 0;
    for (int x = 0; x < w && pixGetDepth(pix) == 8; x++)
        to[n++] = GET_DATA_BYTE(line, x);
    for (int x = 0; x < w && pixGetDepth(pix) == 32; x++, n += 3) {
        to[n] = (uint8_t)(line[x] >> 24);
        to[n + 1] = (uint8_t)(line[x] >> 16);
        to[n + 2] = (uint8_t)(line[x] >> 8);
    }
    return n;
}

static int png_data(PIX *pix, struct buf *out) {
    z_stream z = {0};
    size_t row_bytes = (size_t)pixGetWidth(pix) * 3 + 1;
    uint8_t *row = mem_new(row_bytes), *packed = mem_new(PNG_PIECE);
    int h = pixGetHeight(pix), state = deflateInit(&z, PNG_LEVEL);
    for (int y = 0; state == Z_OK && y <= h; y++) { /* one more to end it */
        z.next_in = row;
        z.avail_in = y < h ? (uInt)png_row(pix, y, row) : 0;
        do {
            z.next_out = packed;
            z.avail_out = PNG_PIECE;
            state = deflate(&z, y < h ? Z_NO_FLUSH : Z_FINISH);
            buf_add(out, packed, PNG_PIECE - z.avail_out);
        } while (state == Z_OK && !z.avail_out);
        state = state == Z_BUF_ERROR ? Z_OK : state; /* nothing left to do */
    }
    deflateEnd(&z);
    free(row);
    free(packed);
    return state == Z_STREAM_END ? 0 : ERR_MEMORY;
}

static int png_encode_plain(PIX *pix, struct buf *out) {
    struct buf data = {0};
    int err = png_data(pix, &data);
    if (!err && data.len > PNG_CHUNK_MOST)
        err = ERR_TOO_LARGE;
    if (!err) {
        buf_add(out, "\x89PNG\r\n\x1A\n", 8);
        png_head(pix, out);
        png_chunk(out, "IDAT", buf_view(&data));
        png_chunk(out, "IEND", (struct view){0});
    }
    buf_drop(&data);
    return err;
}

int pix_encode_png(struct Pix *pix, struct buf *out) {
    l_uint8 *data = NULL;
    size_t len = 0;
    if (!pixGetColormap(pix) && (pixGetDepth(pix) == 8 || (pixGetDepth(pix) == 32 && pixGetSpp(pix) == 3)))
        return png_encode_plain(pix, out);
    l_int32 special = pix->special;
    pixSetZlibCompression(pix, PNG_LEVEL);
    int failed = pixWriteMemPng(&data, &len, pix, 0.0f);
    pixSetSpecial(pix, special);
    return pix_take(failed, data, len, out);
}

/* Most words of a page are paper. */
void pix_row_sums(const uint32_t *row, int side, int count, uint32_t *sums) {
    for (int at = 0; at * 32 < count * side; at++) {
        if (!row[at])
            continue;
        for (int i = at * 32 / side; i < count && i * side < at * 32 + 32; i++) {
            int from = i * side - at * 32, to = from + side;
            uint32_t mask = from > 0 ? ~0u >> from : ~0u;
            mask = to < 32 ? mask & ~(~0u >> to) : mask;
            sums[i] += (uint32_t)__builtin_popcount(row[at] & mask);
        }
    }
}

struct Pix *pix_grey(struct Pix *pix) {
    return pixConvertTo8(pix, 0);
}

struct Pix *pix_step(struct Pix *old, struct Pix *next) {
    pixDestroy(&old);
    return next;
}
