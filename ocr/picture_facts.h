/* picture_facts.h: what the markers of a picture file say about size, resolution and which way is up. */
#ifndef OCR_PICTURE_FACTS_H
#define OCR_PICTURE_FACTS_H

#include "base/buf.h"

struct picture_facts {
    uint32_t width_px, height_px; /* as stored; 0 when the file does not say */
    float dpi;                    /* horizontal pixels per inch; 0 when the file does not say */
    uint16_t turn;                /* degrees clockwise that make the stored picture upright, by EXIF */
    bool mirrored;                /* left and right are to be changed before it is turned */
};

struct picture_facts picture_facts_jpeg(struct view bytes);
struct picture_facts picture_facts_png(struct view bytes);
/* Of the TIFF structure inside an EXIF block: resolution (when none is known yet) and orientation. */
void picture_facts_exif(struct view tiff, struct picture_facts *facts);

/* dpi where a page can have it (50 to 1200), else otherwise where that can be, else such that the longer side
 * is 11.69 inch (A4). The 72 and 96 that cameras and programs write when they know nothing are not believed
 * where they would make the longer side more than 24 inch. */
float picture_facts_sane_dpi(float dpi, float otherwise, int width_px, int height_px);

#endif
