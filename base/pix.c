#include "base/pix.h"

#include "base/err.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <string.h>
#include <tiffio.h>

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

/* The fastest useful compression: with the default a noisy A4 scan takes seconds and is hardly smaller. */
int pix_encode_png(struct Pix *pix, struct buf *out) {
    l_uint8 *data = NULL;
    size_t len = 0;
    l_int32 special = pix->special;
    pixSetZlibCompression(pix, 2);
    int failed = pixWriteMemPng(&data, &len, pix, 0.0f);
    pixSetSpecial(pix, special);
    return pix_take(failed, data, len, out);
}

struct Pix *pix_grey(struct Pix *pix) {
    return pixConvertTo8(pix, 0);
}
