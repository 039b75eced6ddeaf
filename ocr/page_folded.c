/* Folded: a corner turned over. Its fold is a straight line from one edge of the page to the next one, with a step or a shadow along all of
 * it; nothing else on a page runs so. Small ones, that cover no more than the margin, are let be. */
#include "ocr/page_defects.h"

#include <math.h>
#include <stdlib.h>

#define LEG_LEAST_MM 18.0f /* from the corner to where the fold meets the edge */
#define LEG_MOST_MM 110.0f
#define LEG_STEP_MM 1.5f
#define TEXT_MM 14.0f      /* from both edges: nearer is margin */
#define BESIDE_MM 0.8f     /* how far beside the line it is compared */
enum {
    STEP_LEAST = 14,       /* grey levels between the line and beside it, or across it */
    ALONG_PERCENT = 88,    /* of the line must show it */
    ENDS_PARTS = 20,       /* the outermost parts of the line are left out: shadows of the edge */
    INSIDE_PERCENT = 85,   /* of what was turned over shows no ink: it is the back of the paper, or the lid */
    INK_BELOW = 60,
    GLANCE_PX = 12,        /* most lines are ruled out by every twelfth pixel */
};

/* A fold: how far from the corner it meets the horizontal and the vertical edge, in pixels. */
struct fold {
    int corner; /* 0 top left, 1 top right, 2 bottom left, 3 bottom right */
    float across, down;
};

/* The grey at a distance from the corner's two edges; -1: outside. */
static int fold_grey(const struct sheet_look *look, int corner, float across, float down) {
    int x = (int)across, y = (int)down;
    if (x < 0 || y < 0 || x >= look->w || y >= look->h)
        return -1;
    return look_grey(look, corner & 1 ? look->w - 1 - x : x, corner & 2 ? look->h - 1 - y : y);
}

/* Percent of the line that shows: dark against both sides, or darker on the corner's side, or brighter there. Looks at every so many pixels. */
static int fold_shown(const struct sheet_look *look, const struct fold *fold, int every_px) {
    float length = hypotf(fold->across, fold->down), beside = (float)look_px(look, BESIDE_MM);
    float nx = fold->down / length * beside, ny = fold->across / length * beside;
    int points = (int)(length / (float)every_px), seen = 0, shadow = 0, darker = 0, brighter = 0;
    for (int i = points / ENDS_PARTS; i <= points - points / ENDS_PARTS; i++) {
        float part = (float)i / (float)points, x = fold->across * (1 - part), y = fold->down * part;
        int on = fold_grey(look, fold->corner, x, y), in = fold_grey(look, fold->corner, x - nx, y - ny),
            out = fold_grey(look, fold->corner, x + nx, y + ny);
        if (on < 0 || in < 0 || out < 0)
            continue;
        seen++;
        shadow += in - on >= STEP_LEAST && out - on >= STEP_LEAST;
        darker += out - in >= STEP_LEAST;
        brighter += in - out >= STEP_LEAST;
    }
    int most = shadow > darker ? shadow : darker;
    most = most > brighter ? most : brighter;
    return seen ? most * 100 / seen : 0;
}

/* Whether the corner inside of the line is even: no letters on it. */
static bool fold_is_bare(const struct sheet_look *look, const struct fold *fold) {
    int step = look_px(look, 1) > 0 ? look_px(look, 1) : 1, all = 0, sum = 0, even = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int y = 3 * step; y < (int)fold->down; y += step)
            for (int x = 3 * step; x < (int)fold->across; x += step) {
                if ((float)x / fold->across + (float)y / fold->down > 0.85f)
                    continue;
                int grey = fold_grey(look, fold->corner, (float)x, (float)y);
                all += !pass;
                sum += pass ? 0 : grey;
                even += pass && abs(grey - sum / (all ? all : 1)) < INK_BELOW / 2;
            }
    return all > 20 && even * 100 >= all * INSIDE_PERCENT;
}

static bool corner_folded(const struct sheet_look *look, int corner) {
    float least = (float)look_px(look, LEG_LEAST_MM), most = (float)look_px(look, LEG_MOST_MM), step = (float)look_px(look, LEG_STEP_MM);
    float text = (float)look_px(look, TEXT_MM);
    for (float across = least; across < most && across < (float)look->w; across += step)
        for (float down = least; down < most && down < (float)look->h; down += step) {
            struct fold fold = {corner, across, down};
            if (text / across + text / down >= 1 || across > 4 * down || down > 4 * across)
                continue;
            if (fold_shown(look, &fold, GLANCE_PX) >= ALONG_PERCENT - 10 && fold_shown(look, &fold, 2) >= ALONG_PERCENT &&
                fold_is_bare(look, &fold))
                return true;
        }
    return false;
}

bool defect_folded(const struct sheet_look *look) {
    for (int corner = 0; corner < 4; corner++)
        if (corner_folded(look, corner))
            return true;
    return false;
}
