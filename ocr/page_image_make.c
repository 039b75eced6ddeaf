#include "ocr/page_image.h"

#include "base/err.h"
#include "base/pix.h"

#include <leptonica/allheaders.h>
#include <string.h>

/* ---- JPEG: its own bytes without the notes */

static uint32_t big_endian(const uint8_t *at, int bytes) {
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

enum jpeg_marker { JPEG_SOI = 0xD8, JPEG_EOI = 0xD9, JPEG_SOS = 0xDA, JPEG_APP0 = 0xE0, JPEG_APP14 = 0xEE, JPEG_APP15 = 0xEF, JPEG_COM = 0xFE };

static bool jpeg_is_frame(uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* What a camera or a program noted (place, owner, a small copy of the picture before it was cut) is not part of the pixels. JFIF's and
 * Adobe's own marks are: they say which colours the numbers mean. */
static bool jpeg_is_note(uint8_t marker) {
    return marker == JPEG_COM || (marker > JPEG_APP0 && marker <= JPEG_APP15 && marker != JPEG_APP14);
}

/* Bytes 0 to 7 of a frame's segment after its length: precision, height, width, channels. Only what every PDF viewer shows: baseline,
 * extended and progressive, Huffman coded. */
static bool jpeg_frame(uint8_t marker, struct view segment, struct page_image *image) {
    if (segment.len < 6 || segment.data[0] != 8 || marker > 0xC2)
        return false;
    image->height_px = big_endian(segment.data + 1, 2);
    image->width_px = big_endian(segment.data + 3, 2);
    image->channels = segment.data[5];
    return image->height_px && image->width_px && image->height_px <= PAGE_IMAGE_PIXELS_MOST &&
           image->width_px <= PAGE_IMAGE_PIXELS_MOST && (image->channels == 1 || image->channels == 3);
}

/* False when it is not a plain one. Everything from the first scan on is copied: its data holds no length. */
static bool jpeg_copy(struct view jpeg, struct page_image *image) {
    size_t at = 2;
    bool framed = false;
    buf_add(&image->bytes, jpeg.data, 2);
    while (at + 4 <= jpeg.len && jpeg.data[at] == 0xFF) {
        uint8_t marker = jpeg.data[at + 1];
        size_t len = big_endian(jpeg.data + at + 2, 2);
        if (marker == 0xFF) {
            at++;
            continue;
        }
        if (marker == JPEG_SOS) {
            buf_add(&image->bytes, jpeg.data + at, jpeg.len - at);
            return framed;
        }
        if (len < 2 || at + 2 + len > jpeg.len)
            return false;
        if (jpeg_is_frame(marker)) {
            if (framed || !jpeg_frame(marker, view_of(jpeg.data + at + 4, len - 2), image))
                return false;
            framed = true;
        }
        if (!jpeg_is_note(marker))
            buf_add(&image->bytes, jpeg.data + at, 2 + len);
        at += 2 + len;
    }
    return false;
}

static bool image_from_jpeg(struct view jpeg, struct page_image *ret) {
    struct page_image image = {.format = IMAGE_JPEG};
    bool plain = jpeg.len > 4 && jpeg.data[0] == 0xFF && jpeg.data[1] == JPEG_SOI && jpeg_copy(jpeg, &image);
    if (plain)
        *ret = image;
    else
        page_image_drop(&image);
    return plain;
}

/* ---- PNG: its data as it is */

static bool png_head(struct view head, struct page_image *image) {
    if (head.len != 13 || head.data[8] != 8 || (head.data[9] != 0 && head.data[9] != 2) || head.data[12] != 0)
        return false; /* another depth, a palette, alpha, interlaced */
    image->width_px = big_endian(head.data, 4);
    image->height_px = big_endian(head.data + 4, 4);
    image->channels = head.data[9] == 0 ? 1 : 3;
    return image->width_px && image->height_px && image->width_px <= PAGE_IMAGE_PIXELS_MOST && image->height_px <= PAGE_IMAGE_PIXELS_MOST;
}

static bool png_copy(struct view png, struct page_image *image) {
    bool headed = false;
    for (size_t at = 8; at + 12 <= png.len;) {
        size_t len = big_endian(png.data + at, 4);
        const uint8_t *name = png.data + at + 4;
        struct view chunk = view_of(png.data + at + 8, len);
        if (len > png.len - at - 12 || memcmp(name, "tRNS", 4) == 0)
            return false;
        if (memcmp(name, "IEND", 4) == 0)
            return headed && image->bytes.len;
        if (memcmp(name, "IHDR", 4) == 0) {
            if (headed || !png_head(chunk, image))
                return false;
            headed = true;
        } else if (memcmp(name, "IDAT", 4) == 0) {
            buf_add(&image->bytes, chunk.data, chunk.len);
        }
        at += 12 + len;
    }
    return false;
}

static bool image_from_png(struct view png, struct page_image *ret) {
    struct page_image image = {.format = IMAGE_ROWS};
    bool plain = png.len > 8 && memcmp(png.data, "\x89PNG\r\n\x1A\n", 8) == 0 && png_copy(png, &image);
    if (plain)
        *ret = image;
    else
        page_image_drop(&image);
    return plain;
}

/* ---- anything else: decoded and written anew */

#define JPEG_QUALITY 85

static int image_from_bits(PIX *pix, struct page_image *ret) {
    struct page_image image = {.format = IMAGE_G4, .width_px = (uint32_t)pixGetWidth(pix), .height_px = (uint32_t)pixGetHeight(pix), .channels = 1};
    int err = pix_encode_g4_strip(pix, &image.bytes);
    if (err)
        page_image_drop(&image);
    else
        *ret = image;
    return err;
}

/* lossy: it came as a JPEG that no viewer would show as it is. */
static int image_from_pix(PIX *pix, bool lossy, struct page_image *ret) {
    struct buf file = {0};
    if (pixGetDepth(pix) == 1)
        return image_from_bits(pix, ret);
    if (pixGetWidth(pix) > (l_int32)PAGE_IMAGE_PIXELS_MOST || pixGetHeight(pix) > (l_int32)PAGE_IMAGE_PIXELS_MOST)
        return ERR_TOO_LARGE;
    int err = lossy ? pix_encode_jpeg(pix, JPEG_QUALITY, &file) : pix_encode_png(pix, &file);
    if (!err && !(lossy ? image_from_jpeg(buf_view(&file), ret) : image_from_png(buf_view(&file), ret)))
        err = ERR_DAMAGED;
    buf_drop(&file);
    return err;
}

int page_image_make(const struct picture *picture, struct page_image *ret) {
    PIX *pix = NULL;
    *ret = (struct page_image){0};
    if ((picture->format == PICTURE_JPEG && image_from_jpeg(picture->bytes, ret)) ||
        (picture->format == PICTURE_PNG && image_from_png(picture->bytes, ret)))
        return 0;
    int err = pix_decode(picture->bytes, 0, &pix);
    if (err)
        return err;
    err = image_from_pix(pix, picture->format == PICTURE_JPEG, ret);
    pixDestroy(&pix);
    return err;
}
