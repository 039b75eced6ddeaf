/* page_defects.h: the questions that page_check.c asks of a page, each answered from one look at it. Private to page_check. */
#ifndef OCR_PAGE_DEFECTS_H
#define OCR_PAGE_DEFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SQUARES_LEAST = 100,      /* a snippet is not judged */
    PAPER_SPREAD = 30,        /* grey levels: shading of paper, not another thing */
    PAPER_PERCENT_LEAST = 60, /* of the squares show paper, on writing on paper */
};

/* 3 mm of the page. */
struct square {
    uint8_t dark, bright; /* greys that 2 and 80 of 100 pixels are not brighter than */
    uint8_t steep;        /* the largest difference between neighbours */
};

struct sheet_look {
    uint8_t *grey; /* w x h */
    float dpi;
    int w, h, side; /* pixels; side: of a square */
    int columns, rows;
    struct square *squares; /* rows of columns */
    int paper, noise;       /* grey of the paper; how far a square of bare paper spreads */
    int paper_percent;      /* squares that show paper */
    bool one_bit;           /* the page was ink or no ink: nothing can be faint or blurred */
};

static inline int look_grey(const struct sheet_look *look, int x, int y) {
    return look->grey[(size_t)y * (size_t)look->w + (size_t)x];
}

static inline int look_px(const struct sheet_look *look, float mm) {
    return (int)(mm * look->dpi / 25.4f + 0.5f);
}

bool defect_dark(const struct sheet_look *look);
bool defect_faint(const struct sheet_look *look);
bool defect_blurred(const struct sheet_look *look);
bool defect_folded(const struct sheet_look *look); /* page_folded.c */
bool defect_cut(const struct sheet_look *look);    /* page_cut.c */

#endif
