/* picture_facts.h: what the markers of a JPEG or PNG say about resolution and which way is up. */
#ifndef OCR_PICTURE_FACTS_H
#define OCR_PICTURE_FACTS_H

#include "base/buf.h"

struct picture_facts {
    float dpi; /* horizontal pixels per inch; 0 when the file does not say */
    uint16_t
        turn; /* degrees clockwise that make the stored picture upright, by EXIF; 0 when it is no pure turn */
};

struct picture_facts picture_facts_jpeg(struct view bytes);
struct picture_facts picture_facts_png(struct view bytes);

/* dpi where a page can have it (50 to 1200), else such that the longer side is 11.69 inch (A4). */
float picture_facts_sane_dpi(float dpi, int width_px, int height_px);

#endif
