/* clean.h: the picture that Tesseract gets, made from the picture that came. */
#ifndef OCR_CLEAN_H
#define OCR_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

struct Pix;

enum clean_way {
    CLEAN_BITS,  /* came as 1-bit */
    CLEAN_SCAN,  /* even paper, letters of good size: normalise, straighten, threshold */
    CLEAN_PHOTO, /* uneven light or small letters: normalise, keep the greys */
};

/* What has been found out about a picture before it is cleaned. */
struct clean_view {
    struct Pix *shown; /* 1-bit or grey, as shown, square pixels */
    struct Pix *small; /* 1-bit, ink 1, half its size, only the parts that can be letters */
    struct Pix *light; /* grey: the paper's brightness, tile by tile; NULL for 1-bit */
    int shrink;        /* shown pixels for each pixel of small */
    int tile_px;       /* shown pixels for each pixel of light */
    float letter_px;   /* median height of the letters in shown pixels; 0 without letters */
    int ink_parts;     /* connected parts of letter size */
    bool lines_go_down; /* letters stand above each other rather than side by side */
    bool lines_known;   /* enough letters to tell */
    enum clean_way way;
};

/* Takes shown. False when memory is short; drop it in any case. */
bool clean_look(struct Pix *shown, struct clean_view *ret);
void clean_drop(struct clean_view *view);

/* The picture turned upright by turn, with a border all round, straightened by lean_deg, cleaned. NULL when memory is
 * short. You pixDestroy it. */
struct Pix *clean_make(const struct clean_view *view, uint16_t turn, float lean_deg, int border_px);

#endif
