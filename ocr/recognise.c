#include "ocr/recognise.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/clean.h"
#include "ocr/straighten.h"
#include "ocr/tess_words.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>
#include <tesseract/capi.h>

enum {
    SIDE_LEAST_PX = 32,
    SIDE_MOST_PX = 16000,     /* Tesseract counts pixels in 16 bits */
    PIXELS_MOST = 50000000,   /* larger pictures are made smaller before they are recognised */
    QUALITY_POOR = 60,        /* below: nobody should rely on a word of it */
    QUALITY_DOUBTFUL = 70,    /* below: perhaps the page stands another way */
    QUALITY_UPSIDE_DOWN = 45, /* letters that stand another way do not reach it */
    QUALITY_GAIN = 12,        /* by which another way must be better to be read in full */
    WORDS_LEAST = 3,          /* of a part, to judge by */
    PARTS_LEAST = 8,          /* parts of letter size that make a page more than dirt */
};

struct ocr {
    TessBaseAPI *api;
};

/* ---- the engine
 * ------------------------------------------------------------------------------------------------ */

/* Tesseract opens its message file when it first has something to say: it complains about the resolution of
 * this picture while there is still a file system. */
static void ocr_silence(struct ocr *ocr) {
    PIX *white = pixCreate(64, 64, 8);
    if (white) {
        pixSetAll(white);
        TessBaseAPISetImage2(ocr->api, white);
        TessBaseAPISetSourceResolution(ocr->api, 5);
        TessBaseAPIRecognize(ocr->api, NULL);
        TessBaseAPIClear(ocr->api);
    }
    pixDestroy(&white);
}

int ocr_new(const char *languages, struct ocr **ret) {
    pix_silence();
    struct ocr *ocr = mem_new(sizeof *ocr);
    ocr->api = TessBaseAPICreate();
    TessBaseAPISetVariable(ocr->api, "debug_file", "/dev/null");
    if (TessBaseAPIInit3(ocr->api, NULL, languages) != 0) {
        ocr_drop(&ocr);
        return ERR_NOT_FOUND;
    }
    TessBaseAPISetPageSegMode(ocr->api, PSM_AUTO);
    TessBaseAPISetVariable(ocr->api, "tessedit_do_invert", "0");
    ocr_silence(ocr);
    *ret = ocr;
    return 0;
}

void ocr_drop(struct ocr **ocr) {
    if (!*ocr)
        return;
    TessBaseAPIEnd((*ocr)->api);
    TessBaseAPIDelete((*ocr)->api);
    mem_free(ocr);
}

/* Words of a picture, boxes in its pixels. A picture that Tesseract refuses has none. */
static void ocr_words(struct ocr *ocr, PIX *pix, int dpi, struct words *words) {
    if (pixGetWidth(pix) < SIDE_LEAST_PX || pixGetHeight(pix) < SIDE_LEAST_PX)
        return;
    TessBaseAPISetImage2(ocr->api, pix);
    TessBaseAPISetSourceResolution(ocr->api, dpi);
    if (TessBaseAPIRecognize(ocr->api, NULL) == 0)
        tess_words_take(ocr->api, words);
    TessBaseAPIClear(ocr->api);
}

/* ---- a page as it came
 * ----------------------------------------------------------------------------------------- */

struct job {
    struct ocr *ocr;
    struct clean_view view;
    float width_pt, height_pt;
    int dpi; /* of the picture that is recognised */
};

/* Square pixels, not more than Tesseract takes, grey where it is not 1-bit. Takes pix. */
static PIX *shown_made_fit(PIX *pix, float width_pt, float height_pt) {
    float across = (float)pixGetWidth(pix) / width_pt, down = (float)pixGetHeight(pix) / height_pt;
    float kx = 1, ky = 1;
    if (across > 1.1f * down)
        ky = across / down;
    else if (down > 1.1f * across)
        kx = down / across;
    float w = (float)pixGetWidth(pix) * kx, h = (float)pixGetHeight(pix) * ky;
    float fit = fminf(1, fminf(SIDE_MOST_PX / fmaxf(w, h), sqrtf(PIXELS_MOST / (w * h))));
    if (pixGetDepth(pix) != 1) {
        PIX *grey = pix_grey(pix);
        pixDestroy(&pix);
        pix = grey;
    }
    if (pix && (kx * fit != 1 || ky * fit != 1)) {
        PIX *scaled = pixScale(pix, kx * fit, ky * fit);
        pixDestroy(&pix);
        pix = scaled;
    }
    return pix;
}

static struct way_back way_back_of(const struct job *job, struct stance stance) {
    int w = pixGetWidth(job->view.shown), h = pixGetHeight(job->view.shown);
    struct way_back way = {.width_px = (float)w,
                           .height_px = (float)h,
                           .width_pt = job->width_pt,
                           .height_pt = job->height_pt,
                           .stance = stance};
    if (fabsf(stance.lean_deg) >= CLEAN_LEAN_LEAST_DEG)
        way.border_px = (float)stance_border(stance.lean_deg, w, h);
    else
        way.stance.lean_deg = 0;
    return way;
}

static struct page_reading job_read(struct job *job, struct stance stance, bool as_it_came) {
    struct page_reading reading = {.turn = stance.turn};
    struct way_back way = way_back_of(job, stance);
    struct clean_order order = {.turn = stance.turn,
                                .lean_deg = way.stance.lean_deg,
                                .border_px = (int)way.border_px,
                                .as_it_came = as_it_came};
    PIX *clean = clean_make(&job->view, &order);
    if (!clean)
        return reading;
    ocr_words(job->ocr, clean, job->dpi, &reading.words);
    pixDestroy(&clean);
    for (size_t i = 0; i < reading.words.count; i++)
        reading.words.list[i].box = way_back_box(&way, reading.words.list[i].box);
    reading.skew_deg = way.stance.lean_deg;
    reading.quality = tess_words_quality(&reading.words);
    return reading;
}

/* ---- when the first reading is poor
 * ---------------------------------------------------------------------------- */

/* The band of the upright picture, a fifth of its height, with the most letters. */
static BOX *fullest_band(PIX *small, uint16_t turn, int shrink) {
    PIX *upright = pixRotateOrth(small, turn / 90);
    NUMA *rows = upright ? pixCountPixelsByRow(upright, NULL) : NULL;
    BOX *box = NULL;
    if (rows) {
        int h = numaGetCount(rows), band = h / 5, best = 0;
        double sum = 0, most = -1;
        for (int y = 0; y < h; y++) {
            l_float32 in = 0, out = 0;
            numaGetFValue(rows, y, &in);
            if (y >= band)
                numaGetFValue(rows, y - band, &out);
            sum += (double)in - (double)out;
            if (y >= band && sum > most) {
                most = sum;
                best = y - band;
            }
        }
        box = boxCreate(0, best * shrink, pixGetWidth(upright) * shrink, band * shrink);
    }
    numaDestroy(&rows);
    pixDestroy(&upright);
    return box;
}

/* How well a part of the page reads when it is turned so. */
static uint8_t job_try(struct job *job, uint16_t turn) {
    struct clean_order order = {.turn = turn};
    PIX *clean = clean_make(&job->view, &order);
    BOX *band = clean ? fullest_band(job->view.small, turn, job->view.shrink) : NULL;
    PIX *part = band ? pixClipRectangle(clean, band, NULL) : NULL;
    struct words words = {0};
    if (part)
        ocr_words(job->ocr, part, job->dpi, &words);
    uint8_t quality = words.count >= WORDS_LEAST ? tess_words_quality(&words) : 0;
    words_drop(&words);
    pixDestroy(&part);
    boxDestroy(&band);
    pixDestroy(&clean);
    return quality;
}

static double reading_worth(const struct page_reading *reading) {
    double characters = 0;
    for (size_t i = 0; i < reading->words.count; i++)
        characters += (double)strlen(reading->words.list[i].text);
    return characters * reading->quality * reading->quality;
}

/* Keeps the better reading in best. */
static void reading_choose(struct page_reading *best, struct page_reading *other) {
    if (reading_worth(other) > reading_worth(best)) {
        struct page_reading better = *other;
        *other = *best;
        *best = better;
    }
    page_reading_drop(other);
}

static void job_try_other_ways(struct job *job, struct page_reading *best) {
    uint16_t way = best->turn;
    uint8_t quality = 0;
    for (uint16_t turn = 0; turn < 360; turn = (uint16_t)(turn + 90)) {
        uint8_t this = turn == best->turn ? 0 : job_try(job, turn);
        if (this > quality) {
            quality = this;
            way = turn;
        }
    }
    if (quality < best->quality + QUALITY_GAIN)
        return;
    struct stance stance = {.turn = way, .lean_deg = stance_lean(job->view.small, way)};
    struct page_reading other = job_read(job, stance, false);
    reading_choose(best, &other);
}

static struct page_reading job_do(struct job *job) {
    const struct clean_view *view = &job->view;
    /* White letters on a coloured ground come in screenshots and photographs, and only greys can show them.
     */
    TessBaseAPISetVariable(job->ocr->api, "tessedit_do_invert", view->way == CLEAN_PHOTO ? "1" : "0");
    struct stance stance = stance_find(view->small, view->lines_known && view->lines_go_down);
    struct page_reading best = job_read(job, stance, false);
    bool some_letters = view->ink_parts >= PARTS_LEAST;
    if (some_letters && best.quality < (stance.sure ? QUALITY_UPSIDE_DOWN : QUALITY_DOUBTFUL))
        job_try_other_ways(job, &best);
    if (best.quality < QUALITY_DOUBTFUL && view->light) { /* cleaning can do harm, to handwriting above all */
        stance = (struct stance){.turn = best.turn, .lean_deg = best.skew_deg};
        struct page_reading other = job_read(job, stance, true);
        reading_choose(&best, &other);
    }
    return best;
}

static const char *reading_trouble(const struct page_reading *reading) {
    if (!reading->words.count)
        return "handwriting, a picture or too faint to read";
    return reading->quality < QUALITY_POOR ? "handwriting or too faint to read" : "";
}

int ocr_read_page(struct ocr *ocr, const struct picture *picture, float width_pt, float height_pt,
                  struct page_reading *ret) {
    assert(width_pt > 0 && height_pt > 0);
    *ret = (struct page_reading){0};
    PIX *pix = NULL;
    int err = pix_decode(picture->bytes, picture->turn, &pix);
    if (err)
        return err;
    pix = shown_made_fit(pix, width_pt, height_pt);
    if (!pix)
        return ERR_TOO_LARGE;
    struct job job = {.ocr = ocr, .width_pt = width_pt, .height_pt = height_pt};
    job.dpi = (int)lroundf(fmaxf(70, fminf(2400, (float)pixGetWidth(pix) * 72 / width_pt)));
    if (clean_look(pix, (float)job.dpi, &job.view)) {
        *ret = job_do(&job);
        ret->trouble = mem_text(reading_trouble(ret));
    } else {
        ret->trouble =
            mem_text("a picture, or nothing that can be read"); /* some pixels, or memory is short */
    }
    clean_drop(&job.view);
    return 0;
}

int ocr_read_upright(struct ocr *ocr, struct Pix *pix, float width_pt, float height_pt, struct words *ret) {
    assert(width_pt > 0 && height_pt > 0);
    *ret = (struct words){0};
    float kx = width_pt / (float)pixGetWidth(pix), ky = height_pt / (float)pixGetHeight(pix);
    ocr_words(ocr, pix, (int)lroundf(fmaxf(70, fminf(2400, 72 / kx))), ret);
    for (size_t i = 0; i < ret->count; i++) {
        struct box *b = &ret->list[i].box;
        *b = (struct box){b->x0 * kx, b->y0 * ky, b->x1 * kx, b->y1 * ky};
    }
    return 0;
}
