/* uncurl.h: a sheet that is bent: its lines of text made straight, and the way back. Leptonica's model (dewarp: Bloomberg) of how far each
 * point lies from where it would lie on a flat sheet, found from the lines of text. */
#ifndef OCR_UNCURL_H
#define OCR_UNCURL_H

#include "store/page.h"

struct Pix;
struct L_Dewarpa;

struct curl {
    struct L_Dewarpa *model;
    struct Pix *part;  /* what was looked at: the rows with text */
    float top_px;      /* of part in the picture */
};

/* grey: 8-bit, upright, its lines about level. The straight picture (8-bit grey, paper bright), or NULL when there are too few long lines to
 * tell, or they are straight. You pixDestroy it and drop ret, in any case. About 0.1 s. */
struct Pix *curl_straighten(struct Pix *grey, struct curl *ret);
/* Rectangles of the straight picture become upright rectangles of the picture round them, in pixels. */
void curl_back(const struct curl *curl, struct box *boxes, size_t count);
void curl_drop(struct curl *curl);

#endif
