/* An operator ignores a list that cries wolf: each question asks for much before it says yes, and a page that is a photograph rather than
 * writing on paper is asked only whether it is black. */
#include "ocr/page_check.h"

#include "base/mem.h"
#include "ocr/page_defects.h"
#include "ocr/page_look.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>

#define LOOK_DPI 150.0f
#define SQUARE_MM 3.0f /* a letter and its paper */

static int grey_at_part(const int counts[256], int all, int percent) {
    int sum = 0, grey = 0;
    for (; grey < 255 && (sum += counts[grey]) * 100 <= all * percent;)
        grey++;
    return grey;
}

/* The largest step between neighbours, in both directions. */
static int square_steepest(const struct sheet_look *look, int x0, int y0) {
    int most = 0;
    for (int y = y0; y < y0 + look->side - 1; y++) {
        const uint8_t *row = look->grey + (size_t)y * (size_t)look->w, *next = row + look->w;
        for (int x = x0; x < x0 + look->side - 1; x++) {
            int right = abs(row[x + 1] - row[x]), below = abs(next[x] - row[x]);
            most = right > most ? right : most;
            most = below > most ? below : most;
        }
    }
    return most;
}

static struct square square_see(const struct sheet_look *look, int x0, int y0) {
    int counts[256] = {0}, all = look->side * look->side;
    for (int y = y0; y < y0 + look->side; y++)
        for (int x = x0; x < x0 + look->side; x++)
            counts[look_grey(look, x, y)]++;
    struct square square = {.dark = (uint8_t)grey_at_part(counts, all, 2), .bright = (uint8_t)grey_at_part(counts, all, 80)};
    square.steep = (uint8_t)square_steepest(look, x0, y0);
    return square;
}

static void look_see_squares(struct sheet_look *look) {
    look->side = (int)(look->dpi * SQUARE_MM / 25.4f);
    look->side = look->side < 6 ? 6 : look->side;
    look->columns = look->w / look->side;
    look->rows = look->h / look->side;
    look->squares = mem_new((size_t)(look->columns * look->rows + 1) * sizeof *look->squares);
    for (int row = 0; row < look->rows; row++)
        for (int column = 0; column < look->columns; column++)
            look->squares[row * look->columns + column] = square_see(look, column * look->side, row * look->side);
}

/* Paper: the grey that most squares have between their letters; noise: how much a square of bare paper spreads, at its usual. */
static void look_find_paper(struct sheet_look *look) {
    int brights[256] = {0}, spreads[256] = {0}, all = look->columns * look->rows, bare = 0, near = 0;
    for (int i = 0; i < all; i++)
        brights[look->squares[i].bright]++;
    look->paper = grey_at_part(brights, all, 60);
    for (int i = 0; i < all; i++) {
        const struct square *s = &look->squares[i];
        near += abs(s->bright - look->paper) <= PAPER_SPREAD;
        if (abs(s->bright - look->paper) <= PAPER_SPREAD) {
            spreads[s->bright > s->dark ? s->bright - s->dark : 0]++;
            bare++;
        }
    }
    look->noise = grey_at_part(spreads, bare, 25);
    look->paper_percent = all ? near * 100 / all : 0;
}

static void look_take_grey(struct sheet_look *look, PIX *small) {
    look->w = pixGetWidth(small);
    look->h = pixGetHeight(small);
    look->grey = mem_new((size_t)look->w * (size_t)look->h);
    for (int y = 0; y < look->h; y++) {
        l_uint32 *line = pixGetData(small) + (size_t)y * (size_t)pixGetWpl(small);
        for (int x = 0; x < look->w; x++)
            look->grey[(size_t)y * (size_t)look->w + (size_t)x] = GET_DATA_BYTE(line, x);
    }
}

const char *page_defect(struct Pix *pix, float dpi) {
    struct sheet_look look = {.one_bit = pixGetDepth(pix) == 1};
    const char *defect = "";
    PIX *small = page_look(pix, dpi, LOOK_DPI, &look.dpi);
    if (!small)
        return "";
    look_take_grey(&look, small);
    pixDestroy(&small);
    look_see_squares(&look);
    look_find_paper(&look);
    if (look.columns * look.rows < SQUARES_LEAST)
        defect = "";
    else if (defect_dark(&look))
        defect = "dark";
    else if (look.paper_percent < PAPER_PERCENT_LEAST)
        defect = ""; /* no writing on paper: a photograph, a screen */
    else if (defect_faint(&look))
        defect = "faint";
    else if (defect_blurred(&look))
        defect = "blurred";
    else if (defect_folded(&look))
        defect = "folded";
    else if (defect_cut(&look))
        defect = "cut";
    free(look.squares);
    free(look.grey);
    return defect;
}
