/* Cut: lines of text that run into an edge of the picture. Seen as runs of ink along the edge, each as high (or, at the top and bottom, as
 * wide) as letters are, with paper between them and more ink behind them. Shadows of the lid, black borders, punched holes and the rules
 * of forms are not so. */
#include "ocr/page_defects.h"

#include "base/mem.h"

#include <stdlib.h>

#define STRIP_MM 0.5f        /* that ink must touch */
#define BEHIND_MM 5.0f       /* where more ink must follow */
#define LETTER_LEAST_MM 0.8f /* high, or wide */
#define LETTER_MOST_MM 5.0f
enum {
    LINES_LEAST = 5,      /* at the left or right edge */
    LETTERS_LEAST = 12,   /* at the top or bottom */
    INK_BELOW_PAPER = 60, /* grey levels */
    STRIP_PERCENT_MOST = 60,
    PAPER_NEAR = 40,
};

enum edge { EDGE_LEFT, EDGE_RIGHT, EDGE_TOP, EDGE_BOTTOM };

/* A place along an edge and so deep into the page. */
static int edge_grey(const struct sheet_look *look, enum edge edge, int along, int deep) {
    switch (edge) {
    case EDGE_LEFT:
        return look_grey(look, deep, along);
    case EDGE_RIGHT:
        return look_grey(look, look->w - 1 - deep, along);
    case EDGE_TOP:
        return look_grey(look, along, deep);
    default:
        return look_grey(look, along, look->h - 1 - deep);
    }
}

/* Whether each place along the edge has ink in a strip. */
static void edge_ink(const struct sheet_look *look, enum edge edge, int from, int to, uint8_t *ret) {
    int length = edge >= EDGE_TOP ? look->w : look->h, limit = look->paper - INK_BELOW_PAPER;
    for (int along = 0; along < length; along++) {
        ret[along] = 0;
        for (int deep = from; deep < to && !ret[along]; deep++)
            ret[along] = edge_grey(look, edge, along, deep) < limit;
    }
}

/* Whether the strip is paper but for its ink: not a shadow, not a table that the paper lies on. */
static bool edge_is_paper(const struct sheet_look *look, enum edge edge, const uint8_t *ink) {
    int length = edge >= EDGE_TOP ? look->w : look->h, paper = 0, inky = 0;
    for (int along = 0; along < length; along++) {
        inky += ink[along];
        paper += abs(edge_grey(look, edge, along, 0) - look->paper) <= PAPER_NEAR;
    }
    return inky * 100 < length * STRIP_PERCENT_MOST && (paper + inky) * 100 >= length * 85;
}

static int edge_runs(const struct sheet_look *look, const uint8_t *ink, const uint8_t *behind, int length) {
    int least = look_px(look, LETTER_LEAST_MM), most = look_px(look, LETTER_MOST_MM), count = 0;
    for (int at = 0; at < length;) {
        int from = at, followed = 0;
        for (; at < length && ink[at]; at++)
            followed += behind[at];
        if (at - from >= least && at - from <= most && followed * 2 >= at - from)
            count++;
        at += at == from;
    }
    return count;
}

static bool edge_cuts(const struct sheet_look *look, enum edge edge) {
    int length = edge >= EDGE_TOP ? look->w : look->h, strip = look_px(look, STRIP_MM), deep = look_px(look, BEHIND_MM);
    uint8_t *ink = mem_new((size_t)length), *behind = mem_new((size_t)length);
    edge_ink(look, edge, 0, strip < 2 ? 2 : strip, ink);
    edge_ink(look, edge, strip * 2, deep, behind);
    bool cuts = edge_is_paper(look, edge, ink) &&
                edge_runs(look, ink, behind, length) >= (edge >= EDGE_TOP ? LETTERS_LEAST : LINES_LEAST);
    free(ink);
    free(behind);
    return cuts;
}

bool defect_cut(const struct sheet_look *look) {
    if (look->w < look_px(look, 40) || look->h < look_px(look, 40))
        return false;
    for (enum edge edge = EDGE_LEFT; edge <= EDGE_BOTTOM; edge++)
        if (edge_cuts(look, edge))
            return true;
    return false;
}
