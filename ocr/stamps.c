#include "ocr/stamps.h"

#include <leptonica/allheaders.h>

enum {
    DARK = 110,       /* of paper at 200: what is darker is ink of the page's letters */
    KEPT_LEAST = 75,  /* of 100 pixels of letters: as many must be so dark, or the letters are faint themselves */
    FADED_MOST = 65,  /* of 100 dark pixels that as much ink of letters would have: a stamp with the letters under it has no more */
    INK_LEAST = 1500, /* pixels of something that is worth the trouble */
};
#define LARGE 3.0f /* letters high and wide */

static int ink_of(PIX *pix) {
    l_int32 pixels = 0;
    if (pix)
        pixCountPixels(pix, &pixels, NULL);
    return pixels;
}

/* The parts of the page that are much larger than letters, with the letters that they touch. */
static PIX *large_parts(PIX *bits, float letter_px) {
    int least = (int)(LARGE * letter_px);
    return least >= 16 ? pixSelectBySize(bits, least, least, 8, L_SELECT_IF_BOTH, L_SELECT_IF_GTE, NULL) : NULL;
}

/* The page's ink and its dark ink, in a mask or outside of it. */
struct inks {
    int all, dark;
};

static struct inks inks_in(PIX *bits, PIX *dark, PIX *mask) {
    PIX *all = pixAnd(NULL, bits, mask), *part = pixAnd(NULL, dark, mask);
    struct inks inks = {ink_of(all), ink_of(part)};
    pixDestroy(&all);
    pixDestroy(&part);
    return inks;
}

static bool fade(PIX *bits, PIX *dark, PIX *mask) {
    struct inks in = inks_in(bits, dark, mask);
    int all = ink_of(bits) - in.all, all_dark = ink_of(dark) - in.dark;
    double share = all ? (double)all_dark / all : 0;
    if (in.all < INK_LEAST || share * 100 < KEPT_LEAST || in.dark * 100.0 > in.all * share * FADED_MOST)
        return false;
    PIX *rest = pixSubtract(NULL, bits, mask), *kept = pixAnd(NULL, dark, mask);
    if (rest && kept)
        pixOr(bits, rest, kept);
    pixDestroy(&rest);
    pixDestroy(&kept);
    return true;
}

bool stamps_fade(struct Pix *grey, struct Pix *bits, float letter_px) {
    PIX *large = large_parts(bits, letter_px);
    PIX *dark = large && ink_of(large) >= INK_LEAST ? pixThresholdToBinary(grey, DARK) : NULL;
    bool faded = dark && fade(bits, dark, large);
    pixDestroy(&large);
    pixDestroy(&dark);
    return faded;
}
