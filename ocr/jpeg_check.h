/* jpeg_check.h: whether a JPEG's picture is all there. Decoders show the missing part grey and say nothing.
 */
#ifndef OCR_JPEG_CHECK_H
#define OCR_JPEG_CHECK_H

#include "base/buf.h"

/* Decodes at an eighth of the size and throws the picture away. 0, ERR_DAMAGED (no JPEG; cut; its codes make
 * no sense), ERR_TOO_LARGE (more than PIX_PIXELS_MOST by its header, before memory is taken; or more than
 * 1,000 scans). A missing end marker alone does no harm. */
int jpeg_check(struct view bytes, int *ret_width_px, int *ret_height_px);

#endif
