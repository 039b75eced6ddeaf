#include "ocr/tiff_pages.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

struct tiff_pages {
    TIFF *tiff;
    struct view bytes;
    toff_t at;
    bool started, ended;
};

/* ---- libtiff's file, in memory
 * --------------------------------------------------------------------------------- */

static tmsize_t memory_read(thandle_t handle, void *out, tmsize_t want) {
    struct tiff_pages *t = handle;
    if (want < 0 || t->at >= t->bytes.len)
        return 0;
    size_t left = t->bytes.len - (size_t)t->at, n = (size_t)want < left ? (size_t)want : left;
    memcpy(out, t->bytes.data + t->at, n);
    t->at += n;
    return (tmsize_t)n;
}

static tmsize_t memory_write(thandle_t handle, void *data, tmsize_t len) {
    (void)handle, (void)data, (void)len;
    return -1;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence) {
    struct tiff_pages *t = handle;
    t->at = whence == SEEK_CUR ? t->at + offset : whence == SEEK_END ? t->bytes.len + offset : offset;
    return t->at;
}

static int memory_close(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t memory_size(thandle_t handle) {
    return ((struct tiff_pages *)handle)->bytes.len;
}

static int memory_map(thandle_t handle, void **base, toff_t *size) {
    struct tiff_pages *t = handle;
    *base = (void *)(uintptr_t)t->bytes.data;
    *size = t->bytes.len;
    return 1;
}

static void memory_unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle, (void)base, (void)size;
}

/* ---- what libtiff has to say
 * ----------------------------------------------------------------------------------- */

static bool complained; /* libtiff's handlers know no state; one picture is decoded at a time */

static void on_error(thandle_t handle, const char *module, const char *format, va_list values) {
    (void)handle, (void)module, (void)format, (void)values;
    complained = true;
}

/* Of its warnings these say that rows are missing: it fills them in and goes on. The rest is about entries of
 * the directory. */
static void on_warning(thandle_t handle, const char *module, const char *format, va_list values) {
    (void)handle, (void)module;
    char text[200];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    vsnprintf(text, sizeof text, format, values);
#pragma GCC diagnostic pop
    if (strcasestr(text, "premature EOF") || strcasestr(text, "premature end"))
        complained = true;
}

/* ---- pages
 * ----------------------------------------------------------------------------------------------------- */

static uint32_t number_at(struct view v, size_t at, int bytes, bool little) {
    uint32_t value = 0;
    if (at > v.len || v.len - at < (size_t)bytes)
        return 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | v.data[at + (size_t)(little ? bytes - 1 - i : i)];
    return value;
}

/* libtiff opens no file whose first picture claims more than it could ever hold: why it did not is for a
 * person to know. */
static bool claims_too_much(struct view bytes) {
    bool little = bytes.len && bytes.data[0] == 'I';
    size_t at = number_at(bytes, 4, 4, little);
    uint32_t count = number_at(bytes, at, 2, little);
    uint64_t w = 0, h = 0;
    for (uint32_t i = 0; i < count && i < 200; i++) {
        size_t entry = at + 2 + 12 * (size_t)i;
        uint32_t tag = number_at(bytes, entry, 2, little);
        uint32_t value =
            number_at(bytes, entry + 8, number_at(bytes, entry + 2, 2, little) == 3 ? 2 : 4, little);
        w = tag == TIFFTAG_IMAGEWIDTH ? value : w;
        h = tag == TIFFTAG_IMAGELENGTH ? value : h;
    }
    return w * h > PIX_PIXELS_MOST;
}

int tiff_pages_open(struct view bytes, struct tiff_pages **ret) {
    pix_silence();
    struct tiff_pages *t = mem_new(sizeof *t);
    t->bytes = bytes;
    t->tiff = TIFFClientOpen("input", "r", t, memory_read, memory_write, memory_seek, memory_close,
                             memory_size, memory_map, memory_unmap);
    if (!t->tiff) {
        mem_free(&t);
        return claims_too_much(bytes) ? ERR_TOO_LARGE : ERR_DAMAGED;
    }
    *ret = t;
    return 0;
}

void tiff_pages_drop(struct tiff_pages **tiff) {
    if (!*tiff)
        return;
    TIFFClose((*tiff)->tiff);
    mem_free(tiff);
}

uint32_t tiff_pages_count(struct tiff_pages *tiff) {
    return TIFFNumberOfDirectories(tiff->tiff);
}

static void read_dpi(TIFF *tiff, float ret_dpi[2]) {
    uint16_t unit = RESUNIT_INCH, orientation = ORIENTATION_TOPLEFT;
    float x = 0, y = 0;
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x);
    TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation);
    float k = unit == RESUNIT_CENTIMETER ? 2.54f : unit == RESUNIT_INCH ? 1.0f : 0.0f;
    bool sideways = orientation >= ORIENTATION_LEFTTOP && orientation <= ORIENTATION_LEFTBOT;
    ret_dpi[0] = k * (sideways ? y : x);
    ret_dpi[1] = k * (sideways ? x : y);
}

/* False at the end. */
static bool directory_next(struct tiff_pages *t) {
    t->ended = t->ended || (t->started && !TIFFReadDirectory(t->tiff));
    t->started = true;
    return !t->ended;
}

void tiff_pages_skip(struct tiff_pages *t) {
    directory_next(t);
}

/* ---- pixels ---- */

static uint16_t number_of(TIFF *tiff, uint32_t tag, uint16_t otherwise) {
    uint16_t value = otherwise;
    TIFFGetFieldDefaulted(tiff, tag, &value);
    return value;
}

/* Strips of one sample of 1 or 8 bits: Leptonica keeps them as they are, turned upright. All else it reads wrongly or not at
 * all (1.82: tiles, planes, 4 and 16 bits with white first, some turns), or not in fewer than 32 bits anyway. */
static bool directory_is_simple(TIFF *tiff) {
    uint16_t bits = number_of(tiff, TIFFTAG_BITSPERSAMPLE, 1), photometric = number_of(tiff, TIFFTAG_PHOTOMETRIC, 0);
    bool grey = photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    return !TIFFIsTiled(tiff) && number_of(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) == 1 &&
           (bits == 1 || (bits == 8 && grey && number_of(tiff, TIFFTAG_ORIENTATION, 1) == ORIENTATION_TOPLEFT));
}

static PIX *directory_decode_simple(struct tiff_pages *t) {
    size_t place = (size_t)TIFFCurrentDirOffset(t->tiff);
    return pixReadMemFromMultipageTiff(t->bytes.data, t->bytes.len, &place);
}

/* libtiff's pixels (alpha, blue, green, red; multiplied with alpha) made Leptonica's, over white. */
static void pixels_convert(PIX *pix) {
    size_t count = (size_t)pixGetWidth(pix) * (size_t)pixGetHeight(pix);
    l_uint32 *data = pixGetData(pix);
    for (size_t i = 0; i < count; i++) {
        uint32_t from = data[i], white = 255 - TIFFGetA(from);
        uint32_t r = TIFFGetR(from) + white, g = TIFFGetG(from) + white, b = TIFFGetB(from) + white;
        data[i] = (r > 255 ? 255 : r) << 24 | (g > 255 ? 255 : g) << 16 | (b > 255 ? 255 : b) << 8;
    }
}

/* TIFF 6.0, page 36: which side of what is shown the stored rows and columns begin at. Takes pix. */
static PIX *pix_upright(PIX *pix, uint16_t orientation) {
    PIX *turned = orientation >= ORIENTATION_LEFTTOP && orientation <= ORIENTATION_LEFTBOT
                      ? pixRotateOrth(pix, orientation == ORIENTATION_LEFTBOT ? 3 : 1)
                      : pixClone(pix);
    pixDestroy(&pix);
    if (!turned)
        return NULL;
    if (orientation == ORIENTATION_TOPRIGHT || orientation == ORIENTATION_BOTRIGHT || orientation == ORIENTATION_LEFTTOP)
        pixFlipLR(turned, turned);
    if (orientation == ORIENTATION_BOTLEFT || orientation == ORIENTATION_BOTRIGHT || orientation == ORIENTATION_RIGHTBOT)
        pixFlipTB(turned, turned);
    return turned;
}

/* Every kind of pixel that libtiff knows, as stored: the pixels are written where the picture keeps them. */
static bool image_read(TIFF *tiff, PIX *pix) {
    char text[1024];
    TIFFRGBAImage image;
    if (!TIFFRGBAImageOK(tiff, text) || !TIFFRGBAImageBegin(&image, tiff, 1, text))
        return false;
    image.req_orientation = image.orientation; /* turned afterwards: libtiff knows only four of the eight ways */
    bool fine = TIFFRGBAImageGet(&image, pixGetData(pix), (uint32_t)pixGetWidth(pix), (uint32_t)pixGetHeight(pix)) != 0;
    TIFFRGBAImageEnd(&image);
    return fine;
}

static PIX *directory_decode_any(struct tiff_pages *t, uint32_t w, uint32_t h) {
    uint16_t photometric = number_of(t->tiff, TIFFTAG_PHOTOMETRIC, 0), orientation = number_of(t->tiff, TIFFTAG_ORIENTATION, 1);
    PIX *pix = pixCreate((int)w, (int)h, 32);
    if (pix && !image_read(t->tiff, pix))
        pixDestroy(&pix);
    if (!pix)
        return NULL;
    pixels_convert(pix);
    if (photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE) {
        PIX *grey = pixGetRGBComponent(pix, COLOR_GREEN);
        pixDestroy(&pix);
        pix = grey;
    }
    return pix ? pix_upright(pix, orientation) : NULL;
}

static PIX *directory_decode(struct tiff_pages *t, uint32_t w, uint32_t h) {
    complained = false;
    TIFFSetErrorHandlerExt(on_error); /* Leptonica takes the plain ones away */
    TIFFSetWarningHandlerExt(on_warning);
    PIX *pix = directory_is_simple(t->tiff) ? directory_decode_simple(t) : directory_decode_any(t, w, h);
    TIFFSetErrorHandlerExt(NULL);
    TIFFSetWarningHandlerExt(NULL);
    if (complained)
        pixDestroy(&pix);
    return pix;
}

int tiff_pages_next(struct tiff_pages *t, struct Pix **ret_pix, float ret_dpi[2]) {
    if (!directory_next(t))
        return ERR_NOT_FOUND;
    uint32_t w = 0, h = 0;
    TIFFGetField(t->tiff, TIFFTAG_IMAGEWIDTH, &w);
    TIFFGetField(t->tiff, TIFFTAG_IMAGELENGTH, &h);
    if (!w || !h)
        return ERR_DAMAGED;
    if ((uint64_t)w * h > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    PIX *pix = directory_decode(t, w, h);
    if (!pix)
        return ERR_DAMAGED;
    read_dpi(t->tiff, ret_dpi);
    *ret_pix = pix;
    return 0;
}
