#include "ingest/separator.h"

#include "base/pix.h"
#include "base/shrink.h"
#include "ingest/separator_code.h"
#include "ingest/separator_patch.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

#define CODE_DPI 150.0f    /* a bar of a separator sheet's code has 2 pixels and more */
#define SQUEEZED_DPI 25.0f /* across the line that is looked along: bars are tall, and the mean of many lines is free of noise */
#define PAGE_INCH_MOST 24.0f
#define PAGE_INCH_LEAST 3.0f
#define A4_INCH 11.7f
enum {
    INK_MOST = 170,      /* lighter is paper, when the page has black ink: the code on another sheet shines through, and mirrored it reads too */
    CONTRAST_LEAST = 45, /* less than that between paper and ink is an empty side, or the other one shining through */
};

/* ---- tone ---------------------------------------------------------------------------------------------------------- */

/* The levels of the ink and of the paper, without the margins, which may be black. */
static bool levels_find(PIX *grey, int *ret_ink, int *ret_paper) {
    int w = pixGetWidth(grey), h = pixGetHeight(grey), step = 2;
    l_uint32 counts[256] = {0}, all = 0, below = 0;
    for (int y = h / 16; y < h - h / 16; y += step) {
        const l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = w / 16; x < w - w / 16; x += step, all++)
            counts[GET_DATA_BYTE(line, x)]++;
    }
    *ret_ink = *ret_paper = -1;
    for (int level = 0; level < 256 && *ret_paper < 0; level++) {
        below += counts[level];
        if (*ret_ink < 0 && below > all / 500)
            *ret_ink = level;
        if (below > all / 2)
            *ret_paper = level;
    }
    return *ret_paper - *ret_ink >= CONTRAST_LEAST;
}

/* What is black and what is white: in the picture as it came, and in the mean of many lines of it. */
struct tone {
    int black, white;
    int mean_black, mean_white; /* closer: ZBar takes each trace of noise inside a bar for another bar */
};

static bool tone_find(PIX *grey, struct tone *ret) {
    int ink, paper;
    if (!levels_find(grey, &ink, &paper))
        return false;
    bool dark = ink < INK_MOST / 2;
    int range = paper - ink, white = ink + range * 2 / 3;
    *ret = (struct tone){dark ? 0 : ink, dark && white > INK_MOST ? INK_MOST : white, ink + range * 36 / 100, ink + range * 60 / 100};
    return true;
}

/* ---- sizes --------------------------------------------------------------------------------------------------------- */

static PIX *scaled(PIX *grey, float k) {
    return k > 0.95f ? pixClone(grey) : shrink_grey(grey, k, k);
}

/* The mean of so many pixels across the line that is looked along. */
static PIX *squeezed(PIX *grey, int n, bool rows) {
    float k = 1 / (float)n;
    return rows ? shrink_grey(grey, 1, k) : shrink_grey(grey, k, 1);
}

/* What a file says of its resolution is at times wrong; no sheet is that large or small. */
static float dpi_mend(PIX *pix, float dpi) {
    float longer = (float)(pixGetWidth(pix) > pixGetHeight(pix) ? pixGetWidth(pix) : pixGetHeight(pix));
    return longer / dpi > PAGE_INCH_MOST || longer / dpi < PAGE_INCH_LEAST ? longer / A4_INCH : dpi;
}

/* ---- looking ------------------------------------------------------------------------------------------------------- */

/* A page at three sizes. */
struct views {
    PIX *full, *less, *least; /* full: as it came, in grey, its tones not set */
    float dpi;                /* of full */
    struct tone tone;
};

static void views_drop(struct views *v) {
    pixDestroy(&v->full);
    pixDestroy(&v->less);
    pixDestroy(&v->least);
}

static PIX *less_make(PIX *pix, PIX *full, float k) {
    PIX *less = pixGetDepth(pix) == 1 && k < 0.75f ? pixScaleToGray(pix, k) : NULL;
    return less ? less : k > 0.95f ? pixCopy(NULL, full) : shrink_grey(full, k, k);
}

static bool views_make(PIX *pix, float dpi, struct views *v) {
    *v = (struct views){.full = pixGetDepth(pix) == 8 ? pixClone(pix) : pix_grey(pix), .dpi = dpi};
    v->less = v->full ? less_make(pix, v->full, CODE_DPI / dpi) : NULL;
    if (!v->less || !tone_find(v->less, &v->tone))
        return false;
    pixGammaTRC(v->less, v->less, 1.0f, v->tone.black, v->tone.white);
    float less_dpi = dpi < CODE_DPI ? dpi : CODE_DPI;
    v->least = scaled(v->less, PATCH_DPI / less_dpi);
    return v->least != NULL;
}

/* Bars only, as finely as they came along the line that crosses them. */
static bool find_bars(const struct views *v, bool rows, char payload[SEPARATOR_PAYLOAD_MOST]) {
    int n = (int)(v->dpi / SQUEEZED_DPI) > 1 ? (int)(v->dpi / SQUEEZED_DPI) : 1;
    PIX *pix = squeezed(v->full, n, rows);
    if (pix)
        pixGammaTRC(pix, pix, 1.0f, v->tone.mean_black, v->tone.mean_white);
    bool found = pix && separator_code_find(pix, rows ? LOOK_ACROSS : LOOK_DOWN, payload);
    pixDestroy(&pix);
    return found;
}

static bool find_patch_t(PIX *grey) {
    int n = (int)(PATCH_DPI / SQUEEZED_DPI);
    PIX *down = squeezed(grey, n, false), *across = squeezed(grey, n, true);
    bool found = across && down && separator_patch_find(down, across);
    pixDestroy(&across);
    pixDestroy(&down);
    return found;
}

/* ZBar misses a QR code now and then that it finds at another size, so two sizes are looked at. */
static bool find_any(const struct views *v, char payload[SEPARATOR_PAYLOAD_MOST]) {
    if (separator_code_find(v->less, LOOK_ALL, payload) || find_bars(v, true, payload) || find_bars(v, false, payload) ||
        separator_code_find(v->least, LOOK_ALL, payload))
        return true;
    if (!find_patch_t(v->least))
        return false;
    strcpy(payload, "PATCH-T");
    return true;
}

bool separator_find(struct Pix *pix, float dpi, char payload[SEPARATOR_PAYLOAD_MOST]) {
    struct views views;
    char found[SEPARATOR_PAYLOAD_MOST] = "";
    if (!(dpi >= 40 && dpi <= 2400) || pixGetWidth(pix) < 200 || pixGetHeight(pix) < 200)
        return false;
    bool is_one = views_make(pix, dpi_mend(pix, dpi), &views) && find_any(&views, found);
    views_drop(&views);
    if (is_one)
        memcpy(payload, found, sizeof found);
    return is_one;
}
