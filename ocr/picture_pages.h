/* picture_pages.h: the pages of a picture file: TIFF, GIF, WebP and HEIC (many), JPEG, PNG and BMP (one). */
#ifndef OCR_PICTURE_PAGES_H
#define OCR_PICTURE_PAGES_H

#include "store/page_sink.h"

#define PICTURE_FRAMES_MOST 100u  /* of a moving picture */
#define PICTURE_PAGES_MOST 20000u /* of a TIFF */

struct picture_order {
    struct view bytes;
    float dpi; /* of the scanner's profile, for pictures that say none; 0: not known */
};

/* A JPEG or PNG comes as its own bytes; everything else is written anew, upright: 1-bit as Group 4, what was
 * kept without loss as PNG, the rest as PNG or JPEG. A JPEG's EXIF orientation becomes the picture's turn; a
 * mirrored one is written anew. Pixels per inch from the file when they lie between 50 and 1200, else the
 * order's, else such that the longer side is 11.69 inch (A4). Page size = pixels x 72 / dpi. ERR_DAMAGED
 * (also when a part of a single picture is missing), ERR_TOO_LARGE (more than PIX_PIXELS_MOST by its header,
 * before memory is taken), ERR_TOO_MANY, or what the sink returned. One damaged page of several has trouble.
 */
int picture_pages_open(const struct picture_order *order, const struct page_sink *sink);

#endif
