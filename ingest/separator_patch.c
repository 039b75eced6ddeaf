#include "ingest/separator_patch.h"

#include <leptonica/allheaders.h>

enum { RUNS_MOST = 400, LINES = 24 };

struct runs {
    int len[RUNS_MOST]; /* by turns white and black, white first */
    int count;
};

/* Runs along a column (or row) of the picture; runs of one pixel are dirt and belong to their neighbours. */
static void runs_take(PIX *bits, bool column, int at, struct runs *runs) {
    int length = column ? pixGetHeight(bits) : pixGetWidth(bits);
    runs->count = 0;
    runs->len[0] = 0;
    int colour = 0;
    for (int i = 0; i < length; i++) {
        l_uint32 bit = 0, next = 0;
        pixGetPixel(bits, column ? at : i, column ? i : at, &bit);
        if (i + 1 < length)
            pixGetPixel(bits, column ? at : i + 1, column ? i + 1 : at, &next);
        if ((int)bit != colour && (int)next == (int)bit) {
            if (++runs->count >= RUNS_MOST)
                return;
            runs->len[runs->count] = 0;
            colour = (int)bit;
        }
        runs->len[runs->count]++;
    }
    runs->count++;
}

static bool is_about(int px, float inch) {
    float want = inch * PATCH_DPI;
    return (float)px >= 0.65f * want && (float)px <= 1.4f * want;
}

/* Four bars and the three spaces between them, read from either end. */
static bool is_patch_t(const int *bar) {
    static const float inch[7] = {0.08f, 0.08f, 0.20f, 0.08f, 0.08f, 0.08f, 0.20f};
    bool forward = true, backward = true;
    for (int i = 0; i < 7; i++) {
        forward &= is_about(bar[i], inch[i]);
        backward &= is_about(bar[i], inch[6 - i]);
    }
    return forward || backward;
}

static int count_patches(const struct runs *runs) {
    int found = 0;
    for (int i = 1; i + 6 < runs->count; i += 2)
        if (is_patch_t(&runs->len[i])) {
            found++;
            i += 6;
        }
    return found;
}

static bool has_patches(PIX *grey, bool column) {
    PIX *bits = pixThresholdToBinary(grey, 128);
    if (!bits)
        return false;
    int across = column ? pixGetWidth(bits) : pixGetHeight(bits), hits = 0;
    struct runs runs;
    for (int i = 0; i < LINES; i++) {
        runs_take(bits, column, across / 4 + across / 2 * i / LINES, &runs);
        hits += count_patches(&runs) >= 2;
    }
    pixDestroy(&bits);
    return hits >= LINES * 2 / 3;
}

bool separator_patch_find(struct Pix *down, struct Pix *across) {
    return has_patches(down, true) || has_patches(across, false);
}
