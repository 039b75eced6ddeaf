#include "ocr/regions_find.h"

#include "base/pix.h"
#include "base/text.h"

#include <ctype.h>
#include <leptonica/allheaders.h>
#include <math.h>

/* Inches. */
#define RULE_LEAST 0.4f  /* a longer straight line is a rule, */
#define RULE_THICK 0.2f  /* unless it is so thick: then it is the dark of a picture */
#define SPECK_MOST 0.05f
#define GAP_ACROSS 0.12f /* between the strokes of one hand */
#define GAP_DOWN 0.06f
#define WIDE_LEAST 0.4f  /* a short written word */
#define HIGH_LEAST 0.09f
#define MARGIN 0.25f     /* along the sheet's edge lies the dirt of scanners */
#define PICTURE_LEAST 0.5f
#define SQUARE_LEAST 0.45f
#define PICTURE_FILL 0.3f
#define FILL_LEAST 0.05f
#define BAR_FILL 0.75f /* no hand fills so much of its box */
enum {
    SMALL_DPI = 75,
    INK_LEVEL = 140, /* of greys with paper at 200 */
    CONFIDENCE_LOW = 45,
    CONFIDENCE_FINE = 80, /* of a page on which low words are another hand's */
    LETTERS_LEAST = 6,    /* in a row of low words */
    LETTERS_AMONG_GOOD = 9,
};

struct sheet {
    PIX *ink;   /* 1-bit, about 75 dpi: what no word covers */
    int shrink; /* pixels of the picture for each of ink */
    float dpi;  /* of ink */
};

static int inches(const struct sheet *sheet, float length) {
    int pixels = (int)lroundf(length * sheet->dpi);
    return pixels < 1 ? 1 : pixels;
}

static bool sheet_make(PIX *pix, float dpi, struct sheet *ret) {
    PIX *bits = pixGetDepth(pix) == 1 ? pixClone(pix) : pixGetDepth(pix) == 8 ? pixThresholdToBinary(pix, INK_LEVEL) : NULL;
    *ret = (struct sheet){.shrink = 1, .dpi = dpi};
    while (bits && ret->dpi >= 1.7f * SMALL_DPI) {
        bits = pix_step(bits, pixReduceRankBinary2(bits, 1, NULL));
        ret->dpi /= 2;
        ret->shrink *= 2;
    }
    if (bits && bits == pix)
        bits = pix_step(bits, pixCopy(NULL, bits));
    ret->ink = bits;
    return bits != NULL;
}

static void words_clear(struct sheet *sheet, const struct words *words) {
    int grow = inches(sheet, 0.02f);
    for (size_t i = 0; i < words->count; i++) {
        const struct box *b = &words->list[i].box;
        int k = sheet->shrink, x = (int)b->x0 / k - grow, y = (int)b->y0 / k - grow;
        BOX *box = boxCreate(x < 0 ? 0 : x, y < 0 ? 0 : y, (int)(b->x1 - b->x0) / k + 2 * grow + 1, (int)(b->y1 - b->y0) / k + 2 * grow + 1);
        if (box)
            pixClearInRect(sheet->ink, box);
        boxDestroy(&box);
    }
}

static void rules_clear(struct sheet *sheet) {
    int longest = inches(sheet, RULE_LEAST), thick = inches(sheet, RULE_THICK);
    PIX *dark = pixOpenBrick(NULL, sheet->ink, thick, thick);
    for (int down = 0; down < 2; down++) {
        PIX *rules = pixOpenBrick(NULL, sheet->ink, down ? 1 : longest, down ? longest : 1);
        PIX *wide = rules ? pixDilateBrick(NULL, rules, down ? 5 : 3, down ? 3 : 5) : NULL;
        if (wide && dark)
            pixSubtract(wide, wide, dark);
        if (wide)
            pixSubtract(sheet->ink, sheet->ink, wide);
        pixDestroy(&rules);
        pixDestroy(&wide);
    }
    pixDestroy(&dark);
}

/* Strokes that lie near each other, as one part. */
static BOXA *clusters(struct sheet *sheet) {
    int speck = inches(sheet, SPECK_MOST);
    PIX *strokes = pixSelectBySize(sheet->ink, speck, speck, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GT, NULL);
    if (strokes)
        sheet->ink = pix_step(sheet->ink, strokes);
    PIX *joined = pixCloseSafeBrick(NULL, sheet->ink, inches(sheet, GAP_ACROSS) | 1, inches(sheet, GAP_DOWN) | 1);
    BOXA *boxes = joined ? pixConnCompBB(joined, 8) : NULL;
    pixDestroy(&joined);
    return boxes;
}

static float box_fill(const struct sheet *sheet, BOX *box, float area) {
    PIX *part = pixClipRectangle(sheet->ink, box, NULL);
    l_int32 pixels = 0;
    if (part)
        pixCountPixels(part, &pixels, NULL);
    pixDestroy(&part);
    return (float)pixels / area;
}

static void cluster_take(const struct sheet *sheet, BOX *box, struct regions *ret) {
    l_int32 x, y, w, h;
    boxGetGeometry(box, &x, &y, &w, &h);
    float wide = (float)w / sheet->dpi, high = (float)h / sheet->dpi, left = (float)x / sheet->dpi, top = (float)y / sheet->dpi;
    float across = (float)pixGetWidth(sheet->ink) / sheet->dpi, down = (float)pixGetHeight(sheet->ink) / sheet->dpi;
    if (wide < WIDE_LEAST || high < HIGH_LEAST || left < MARGIN || top < MARGIN || left + wide > across - MARGIN || top + high > down - MARGIN)
        return;
    float fill = box_fill(sheet, box, (float)w * (float)h);
    if (fill < FILL_LEAST)
        return;
    bool square = wide >= SQUARE_LEAST && high >= SQUARE_LEAST && wide < 2 * high && high < 2 * wide; /* a hand writes along */
    bool picture = square || (wide >= PICTURE_LEAST && high >= PICTURE_LEAST && fill >= PICTURE_FILL);
    if (!picture && fill >= BAR_FILL) /* a thick bar */
        return;
    if (!picture && high > PICTURE_LEAST && wide > 2 * PICTURE_LEAST && fill < 2 * FILL_LEAST) /* the rest of a frame */
        return;
    float k = (float)sheet->shrink;
    regions_add(ret, (struct box){(float)x * k, (float)y * k, (float)(x + w) * k, (float)(y + h) * k},
                picture ? REGION_PICTURE : REGION_HANDWRITING);
}

/* ---- words that are not to be relied on */

static size_t letters_of(const struct word *word) {
    size_t count = 0;
    for (const char *at = word->text; *at;) {
        uint32_t c = text_next(&at);
        count += text_is_letter(c) || (c < 128 && isdigit((int)c));
    }
    return count;
}

static unsigned page_confidence(const struct words *words) {
    size_t sum = 0, count = 0;
    for (size_t i = 0; i < words->count; i++) {
        size_t letters = letters_of(&words->list[i]);
        sum += letters * words->list[i].confidence;
        count += letters;
    }
    return count ? (unsigned)(sum / count) : 0;
}

static void low_words(const struct words *words, struct regions *ret) {
    enum region_kind kind = page_confidence(words) >= CONFIDENCE_FINE ? REGION_HANDWRITING : REGION_DOUBTFUL;
    for (size_t i = 0; i < words->count;) {
        struct box box = words->list[i].box;
        size_t letters = 0, end = i;
        for (; end < words->count && words->list[end].line == words->list[i].line && words->list[end].confidence < CONFIDENCE_LOW; end++) {
            box = box_join(box, words->list[end].box);
            letters += letters_of(&words->list[end]);
        }
        bool fine = kind == REGION_HANDWRITING; /* one low word among good ones is mostly right */
        if (letters >= LETTERS_LEAST && (!fine || (end - i > 1 && letters >= LETTERS_AMONG_GOOD)))
            regions_add(ret, box, kind);
        i = end > i ? end : i + 1;
    }
}

void regions_find(struct Pix *pix, const struct words *words, float dpi, struct regions *ret) {
    struct sheet sheet;
    if (sheet_make(pix, dpi, &sheet)) {
        words_clear(&sheet, words);
        rules_clear(&sheet);
        BOXA *boxes = clusters(&sheet);
        for (int i = 0; boxes && i < boxaGetCount(boxes); i++) {
            BOX *box = boxaGetBox(boxes, i, L_CLONE);
            cluster_take(&sheet, box, ret);
            boxDestroy(&box);
        }
        boxaDestroy(&boxes);
    }
    pixDestroy(&sheet.ink);
    low_words(words, ret);
}
