/* Dark, faint and blurred: what the squares tell. */
#include "ocr/page_defects.h"

#include "base/mem.h"

#include <stdlib.h>

enum {
    BLACK_MOST = 60,          /* the brightest of a black square */
    BLACK_EVEN = 30,          /* and how far it spreads at most: a dark photograph is not so even */
    BLACK_PERCENT = 15,       /* of the page, in one area that touches an edge */
    DIM_PAPER = 70,           /* paper darker than this: hardly anything came through */
    MARKS_LEAST = 40,         /* squares with something on them, before it is judged how */
    MARK_DEEP = 12,           /* levels below paper */
    NOISE_TIMES = 3,          /* and so many times what bare paper spreads */
    FAINT_MOST = 42,          /* levels between paper and the darker marks of a faint page */
    BLUR_DEEP_LEAST = 40,     /* fainter marks do not tell how sharp they are */
    BLUR_MARKS_LEAST = 80,
    BLUR_PERCENT_MOST = 30,   /* steepest step in percent of the depth, at 150 dpi */
};

static bool square_black(const struct sheet_look *look, int at) {
    const struct square *s = &look->squares[at];
    return s->bright < BLACK_MOST && s->bright - s->dark < BLACK_EVEN;
}

/* Squares of the black area that holds this one; marks them as seen. Sets *ret_edge when it touches the page's edge. */
static int black_area(const struct sheet_look *look, uint8_t *seen, int *stack, int from) {
    int count = 0, depth = 0, edge = 0;
    stack[depth++] = from;
    seen[from] = 1;
    while (depth) {
        int at = stack[--depth], column = at % look->columns, row = at / look->columns;
        const int next[4] = {column ? at - 1 : -1, column + 1 < look->columns ? at + 1 : -1, row ? at - look->columns : -1,
                             row + 1 < look->rows ? at + look->columns : -1};
        count++;
        for (int i = 0; i < 4; i++) {
            edge |= next[i] < 0;
            if (next[i] >= 0 && !seen[next[i]] && square_black(look, next[i])) {
                seen[next[i]] = 1;
                stack[depth++] = next[i];
            }
        }
    }
    return edge ? count : 0;
}

bool defect_dark(const struct sheet_look *look) {
    int all = look->columns * look->rows, most = 0;
    uint8_t *seen = mem_new((size_t)all);
    int *stack = mem_new((size_t)all * sizeof *stack);
    for (int i = 0; i < all; i++)
        if (!seen[i] && square_black(look, i)) {
            int area = black_area(look, seen, stack, i);
            most = area > most ? area : most;
        }
    free(seen);
    free(stack);
    return most * 100 >= all * BLACK_PERCENT || (!look->one_bit && look->paper < DIM_PAPER && look->paper_percent >= PAPER_PERCENT_LEAST);
}

/* How deep the marks are: levels[d] squares whose darkest is d below their paper. Without the page's outermost squares. */
static int look_count_marks(const struct sheet_look *look, int levels[256]) {
    int least = look->noise * NOISE_TIMES > MARK_DEEP ? look->noise * NOISE_TIMES : MARK_DEEP, count = 0;
    for (int row = 2; row < look->rows - 2; row++)
        for (int column = 2; column < look->columns - 2; column++) {
            const struct square *s = &look->squares[row * look->columns + column];
            int deep = s->bright - s->dark;
            if (deep < least || abs(s->bright - look->paper) > PAPER_SPREAD)
                continue;
            levels[deep]++;
            count++;
        }
    return count;
}

bool defect_faint(const struct sheet_look *look) {
    int levels[256] = {0}, count = look->one_bit ? 0 : look_count_marks(look, levels), sum = 0, deep = 255;
    for (; deep > 0 && (sum += levels[deep]) * 10 < count;)
        deep--; /* one in ten is darker */
    return count >= MARKS_LEAST && deep < FAINT_MOST;
}

bool defect_blurred(const struct sheet_look *look) {
    int ratios[101] = {0}, count = 0, sum = 0, ratio = 0;
    for (int i = 0; i < look->columns * look->rows && !look->one_bit; i++) {
        const struct square *s = &look->squares[i];
        int deep = s->bright - s->dark;
        if (deep < BLUR_DEEP_LEAST || deep < look->noise * NOISE_TIMES || abs(s->bright - look->paper) > PAPER_SPREAD)
            continue;
        int percent = s->steep * 100 / deep;
        ratios[percent > 100 ? 100 : percent]++;
        count++;
    }
    for (; ratio < 100 && (sum += ratios[ratio]) * 2 < count;)
        ratio++; /* the median */
    return count >= BLUR_MARKS_LEAST && ratio < BLUR_PERCENT_MOST;
}
