/* cover_label.h: the code of a reason as it is drawn in a covered area, and as a proof expects to find it there. It shows nothing but the code. Private to
 * redact/. */
#ifndef REDACT_COVER_LABEL_H
#define REDACT_COVER_LABEL_H

#include <stdint.h>

struct Pix;

/* 1-bit, ink on white, cut to its ink, in the largest of Leptonica's bitmap fonts with which it fits into so many pixels; enlarged by whole numbers where there
 * is room. *ret_size: which font, and how often enlarged (size + 32 * (times - 1)). NULL: it does not fit. You pixDestroy it. */
struct Pix *cover_label_draw(const char *code, int width_px, int height_px, uint8_t *ret_size);
/* The same in a known size. */
struct Pix *cover_label_draw_sized(const char *code, uint8_t size);

#endif
