/* picture_frames.h: pictures out of file formats that no page is kept in, one after the other. */
#ifndef OCR_PICTURE_FRAMES_H
#define OCR_PICTURE_FRAMES_H

#include "base/buf.h"

struct Pix;

struct picture_frames_sink {
    int (*count)(void *state, uint32_t frames); /* once, first */
    /* pix is the sink's (NULL: it is damaged). keep: it was kept without loss. dpi: 0 where the file does not
     * say. Not 0: stop, return that */
    int (*frame)(void *state, struct Pix *pix, int keep, float dpi);
    void *state;
};

/* Each: ERR_DAMAGED, ERR_TOO_LARGE, ERR_TOO_MANY (PICTURE_FRAMES_MOST) before anything is given, or what the
 * sink returned. */
int gif_picture_open(struct view bytes, const struct picture_frames_sink *sink);
int bmp_picture_open(struct view bytes, const struct picture_frames_sink *sink);
int webp_picture_open(struct view bytes, const struct picture_frames_sink *sink);

/* 32-bit colour made 8-bit grey where it has no colour, 1-bit where it is only black and white. Takes pix,
 * gives another or the same. */
struct Pix *picture_frame_least(struct Pix *pix);

#endif
