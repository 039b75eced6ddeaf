/* clean.h: the picture that Tesseract gets, made from the picture that came. */
#ifndef OCR_CLEAN_H
#define OCR_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

struct Pix;

enum clean_way {
    CLEAN_BITS,  /* came as 1-bit */
    CLEAN_SCAN,  /* even paper, letters of good size: normalise, rid of what is no letter, white paper and black ink */
    CLEAN_PHOTO, /* uneven light or small letters: normalise, keep the greys */
};

/* What has been found out about a picture before it is cleaned. */
struct clean_view {
    struct Pix *shown;  /* 1-bit or grey, as shown, square pixels */
    struct Pix *small;  /* 1-bit, ink 1, half its size, only the parts that can be letters */
    struct Pix *light;  /* grey: the paper's brightness, tile by tile; NULL for 1-bit */
    struct Pix *clean;  /* cleaned, as shown, at scale */
    float scale;        /* pixels of clean for each of shown, at most 1: letters of one size are recognised */
    int shrink;         /* shown pixels for each pixel of small */
    float dpi;          /* pixels per inch of shown */
    float letter_px;    /* median height of the letters in shown pixels; 0 without letters */
    int ink_parts;      /* connected parts of letter size */
    bool lines_go_down; /* letters stand above each other rather than side by side */
    bool lines_known;   /* enough letters to tell */
    enum clean_way way;
};

/* Where a picture comes from. */
enum clean_from {
    CLEAN_FROM_ANY,
    CLEAN_FROM_PHOTO, /* a photograph that was made flat: no scanner's streaks, and its greys are kept */
};

/* Takes shown. dpi: its pixels per inch. False when memory is short; drop it in any case. */
bool clean_look(struct Pix *shown, enum clean_from from, float dpi, struct clean_view *ret);
void clean_drop(struct clean_view *view);

#define CLEAN_LEAN_LEAST_DEG 0.05f /* a smaller lean is left */

struct clean_order {
    uint16_t turn;   /* degrees clockwise to stand upright */
    float lean_deg;  /* clockwise lean to be taken out then */
    int border_px;   /* pixels of clean added all round before, so that no corner is lost */
    bool as_it_came; /* neither normalised nor thresholded */
};

/* The picture turned, straightened and cleaned, at view->scale. NULL when memory is short. You pixDestroy it. */
struct Pix *clean_make(const struct clean_view *view, const struct clean_order *order);

#endif
