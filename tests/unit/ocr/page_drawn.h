/* A page of words drawn with rectangles, for tests that look at a whole page: other words for another seed. */
#ifndef TESTS_PAGE_DRAWN_H
#define TESTS_PAGE_DRAWN_H

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>

enum { PAGE_W = 1240, PAGE_H = 1754 }; /* A4 at 150 dpi */

static inline void page_fill(PIX *pix, int x, int y, int w, int h, int grey) {
    BOX *box = boxCreate(x, y, w, h);
    pixSetInRectArbitrary(pix, box, (l_uint32)grey);
    boxDestroy(&box);
}

static inline void page_grain(PIX *pix, int most) {
    for (int y = 0; y < pixGetHeight(pix); y++)
        for (int x = 0; x < pixGetWidth(pix); x++) {
            l_uint32 value;
            pixGetPixel(pix, x, y, &value);
            int grey = (int)value + rand() % (2 * most + 1) - most;
            pixSetPixel(pix, x, y, (l_uint32)(grey < 0 ? 0 : grey > 255 ? 255 : grey));
        }
}

/* A letter of some strokes, 14 pixels high. */
static inline void page_letter(PIX *pix, int x, int y, int ink) {
    page_fill(pix, x, y, 2, 14, ink);
    page_fill(pix, x, y + (rand() % 2 ? 0 : 6), 8, 2, ink);
    if (rand() % 2)
        page_fill(pix, x + 6, y + 4, 2, 10, ink);
}

static inline PIX *page_drawn(unsigned seed, int paper, int ink) {
    PIX *pix = pixCreate(PAGE_W, PAGE_H, 8);
    srand(seed);
    page_fill(pix, 0, 0, PAGE_W, PAGE_H, paper);
    int heading = 120 + rand() % 200;
    for (int y = heading; y < PAGE_H - 150;) {
        int end = rand() % 4 ? PAGE_W - 140 : 200 + rand() % 700;
        for (int x = 140; x < end; x += 16)
            for (int letters = 2 + rand() % 8; letters > 0 && x < end; letters--, x += 11)
                page_letter(pix, x, y, ink);
        y += rand() % 6 ? 30 : 60 + rand() % 90;
    }
    return pix;
}

#endif
