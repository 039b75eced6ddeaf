/* dark_areas.h: what is large and dark on a page: white letters on a dark ground are turned round, black borders and punched holes go. */
#ifndef OCR_DARK_AREAS_H
#define OCR_DARK_AREAS_H

struct Pix;

struct dark_areas {
    int turned;  /* areas with light letters, now dark on light */
    int borders; /* along the picture's edge: the scanner's lid, a copier's shadow */
    int holes;   /* punched ones */
};

/* In place. bits: 1-bit, ink 1, upright or not; dpi: pixels per inch. What is none of the three (a photograph, a bar, a logo) stays. */
struct dark_areas dark_areas_settle(struct Pix *bits, float dpi);

#endif
