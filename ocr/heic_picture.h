/* heic_picture.h: the pictures of a HEIC, HEIF or AVIF file (libheif), upright as the file says. */
#ifndef OCR_HEIC_PICTURE_H
#define OCR_HEIC_PICTURE_H

#include "ocr/picture_frames.h"

/* All pictures of the top level, not their thumbnails and parts. ERR_DAMAGED, ERR_TOO_LARGE, ERR_TOO_MANY, or
 * what the sink returned. */
int heic_picture_open(struct view bytes, const struct picture_frames_sink *sink);

#endif
