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

static PIX *directory_decode(struct tiff_pages *t) {
    size_t place = (size_t)TIFFCurrentDirOffset(t->tiff);
    complained = false;
    TIFFSetErrorHandlerExt(on_error); /* Leptonica takes the plain ones away */
    TIFFSetWarningHandlerExt(on_warning);
    PIX *pix = pixReadMemFromMultipageTiff(t->bytes.data, t->bytes.len, &place);
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
    PIX *pix = directory_decode(t);
    if (!pix)
        return ERR_DAMAGED;
    read_dpi(t->tiff, ret_dpi);
    *ret_pix = pix;
    return 0;
}
