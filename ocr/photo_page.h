/* photo_page.h: a sheet of paper in a telephone's picture: where it lies and how to make it flat. */
#ifndef OCR_PHOTO_PAGE_H
#define OCR_PHOTO_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct Pix;

struct photo_page {
    float to_shown[9];          /* homography, row by row: pixels of the flat picture to pixels as shown */
    int width_px, height_px;    /* of the flat picture */
    int shown_w_px, shown_h_px; /* of the picture as shown */
    uint8_t paper;              /* grey level of the sheet */
};

/* Looks for a sheet that lies in perspective, or is turned too far for straightening. shown: 8-bit grey or
 * 32-bit. Sides are found by their edges; what cannot be seen of them is told by the lines of text. False for
 * a flat scan, for a picture without a sheet, and where flattening would not make the lines of text
 * straighter. No text-size ink on paper is left out of the flat picture. */
bool photo_page_find(struct Pix *shown, struct photo_page *ret);

#endif
