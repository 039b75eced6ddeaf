#include "ocr/recognise.h"

#include "base/pix.h"
#include "base/shrink.h"

#include <leptonica/allheaders.h>
#include <math.h>

/* At this resolution a full stop of 10 points is 1 to 2 pixels wide, and grain of paper is averaged away. */
#define LOOK_DPI 100.0f
enum {
    PAPER_LEVEL = 200,
    INK_DARK = 140,     /* of normalised greys: ink that is on this side, not what shines through */
    MARGIN_PERCENT = 3, /* shadows of the lid, punched holes */
    PART_LEAST_PX = 5,  /* high or wide: a digit of 8 points is 8 high */
    PARTS_MOST = 0,     /* parts of a digit's size on a page that is blank */
};

/* Grey at about LOOK_DPI, even paper. */
static PIX *blank_look(PIX *pix, float dpi) {
    float k = dpi > LOOK_DPI ? LOOK_DPI / dpi : 1;
    PIX *grey = pixGetDepth(pix) == 1 ? pixScaleToGray(pix, fminf(k, 0.5f)) : NULL;
    if (!grey) {
        PIX *full = pix_grey(pix);
        grey = full && k < 1 ? shrink_grey(full, k, k) : pixClone(full);
        pixDestroy(&full);
    }
    PIX *even = grey ? pixBackgroundNorm(grey, NULL, NULL, 20, 20, 60, 100, PAPER_LEVEL, 2, 2) : NULL;
    if (!even)
        return grey;
    pixDestroy(&grey);
    return even;
}

static PIX *without_margin(PIX *pix) {
    int w = pixGetWidth(pix), h = pixGetHeight(pix), x = w * MARGIN_PERCENT / 100,
        y = h * MARGIN_PERCENT / 100;
    BOX *box = boxCreate(x, y, w - 2 * x, h - 2 * y);
    PIX *middle = pixClipRectangle(pix, box, NULL);
    boxDestroy(&box);
    return middle;
}

static int count_marks(PIX *ink) {
    PIX *marks =
        pixSelectBySize(ink, PART_LEAST_PX, PART_LEAST_PX, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GTE, NULL);
    l_int32 count = 0;
    if (marks)
        pixCountConnComp(marks, 8, &count);
    pixDestroy(&marks);
    return count;
}

bool ocr_page_is_blank(struct Pix *pix, float dpi) {
    PIX *even = blank_look(pix, dpi);
    PIX *middle = even ? without_margin(even) : NULL;
    PIX *ink = middle ? pixThresholdToBinary(middle, INK_DARK) : NULL;
    int marks = ink ? count_marks(ink) : 1; /* what cannot be looked at is not blank */
    pixDestroy(&ink);
    pixDestroy(&middle);
    pixDestroy(&even);
    return marks <= PARTS_MOST;
}
