#include "ocr/tiff_pages.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
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

/* ---- pages
 * ----------------------------------------------------------------------------------------------------- */

int tiff_pages_open(struct view bytes, struct tiff_pages **ret) {
    pix_silence();
    struct tiff_pages *t = mem_new(sizeof *t);
    t->bytes = bytes;
    t->tiff = TIFFClientOpen("input", "r", t, memory_read, memory_write, memory_seek, memory_close,
                             memory_size, memory_map, memory_unmap);
    if (!t->tiff) {
        mem_free(&t);
        return ERR_DAMAGED;
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

int tiff_pages_next(struct tiff_pages *t, struct Pix **ret_pix, float ret_dpi[2]) {
    if (t->ended || (t->started && !TIFFReadDirectory(t->tiff))) {
        t->ended = true;
        return ERR_NOT_FOUND;
    }
    t->started = true;
    uint32_t w = 0, h = 0;
    TIFFGetField(t->tiff, TIFFTAG_IMAGEWIDTH, &w);
    TIFFGetField(t->tiff, TIFFTAG_IMAGELENGTH, &h);
    if (!w || !h)
        return ERR_DAMAGED;
    if ((uint64_t)w * h > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    size_t place = (size_t)TIFFCurrentDirOffset(t->tiff);
    PIX *pix = pixReadMemFromMultipageTiff(t->bytes.data, t->bytes.len, &place);
    if (!pix)
        return ERR_DAMAGED;
    read_dpi(t->tiff, ret_dpi);
    *ret_pix = pix;
    return 0;
}
