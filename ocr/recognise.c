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
#include <stdlib.h>
#include <tesseract/capi.h>

enum {
    SIDE_LEAST_PX = 32,
    SIDE_MOST_PX = 16000,        /* Tesseract counts pixels in 16 bits */
    PIXELS_MOST = 50000000,      /* larger pictures are made smaller before they are recognised */
    QUALITY_POOR = 45,           /* below: nobody should rely on a word of it */
    QUALITY_DOUBTFUL = 70,       /* below: perhaps the page stands another way */
    PARTS_LEAST = 8,             /* parts of letter size that make a page more than dirt */
};

struct ocr {
    TessBaseAPI *api;
};

/* ---- the engine ------------------------------------------------------------------------------------------------ */

/* Tesseract opens its message file when it first has something to say; a picture that is too small makes it speak now,
 * while there is still a file system. */
static void ocr_silence(struct ocr *ocr) {
    PIX *tiny = pixCreate(2, 2, 8);
    if (tiny) {
        TessBaseAPISetImage2(ocr->api, tiny);
        TessBaseAPISetSourceResolution(ocr->api, 300);
        TessBaseAPIRecognize(ocr->api, NULL);
        TessBaseAPIClear(ocr->api);
    }
    pixDestroy(&tiny);
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

/* ---- a page as it came ----------------------------------------------------------------------------------------- */

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
    struct way_back way = {.width_px = (float)w, .height_px = (float)h, .width_pt = job->width_pt,
                           .height_pt = job->height_pt, .stance = stance};
    if (fabsf(stance.lean_deg) >= 0.05f)
        way.border_px = (float)stance_border(stance.lean_deg, w, h);
    else
        way.stance.lean_deg = 0;
    return way;
}

static void job_read(struct job *job, struct stance stance, struct page_reading *ret) {
    struct way_back way = way_back_of(job, stance);
    PIX *clean = clean_make(&job->view, stance.turn, way.stance.lean_deg, (int)way.border_px);
    if (!clean)
        return;
    const char *dump = getenv("DUMP");
    if (dump)
        pixWriteImpliedFormat(dump, clean, 0, 0);
    /* White letters on a coloured ground come in screenshots and photographs, and only greys can show them. */
    TessBaseAPISetVariable(job->ocr->api, "tessedit_do_invert", job->view.way == CLEAN_PHOTO ? "1" : "0");
    ocr_words(job->ocr, clean, job->dpi, &ret->words);
    pixDestroy(&clean);
    for (size_t i = 0; i < ret->words.count; i++)
        ret->words.list[i].box = way_back_box(&way, ret->words.list[i].box);
    ret->turn = stance.turn;
    ret->skew_deg = way.stance.lean_deg;
    ret->quality = tess_words_quality(&ret->words);
}

static const char *reading_trouble(const struct page_reading *reading, const struct clean_view *view) {
    if (!reading->words.count)
        return view->ink_parts >= PARTS_LEAST ? "handwriting, a picture or too faint to read"
                                              : "a picture, or nothing that can be read";
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
    struct job job = {.ocr = ocr, .width_pt = width_pt, .height_pt = height_pt};
    if (!pix || !clean_look(pix, &job.view)) {
        clean_drop(&job.view);
        return ERR_DAMAGED;
    }
    job.dpi = (int)lroundf((float)pixGetWidth(pix) * 72 / width_pt);
    job.dpi = job.dpi < 70 ? 70 : job.dpi > 2400 ? 2400 : job.dpi;
    struct stance stance = stance_find(job.view.small, job.view.lines_known && job.view.lines_go_down);
    if (getenv("STANCE"))
        fprintf(stderr, "known %d down %d way %d letter %.0f parts %d turn %d sure %d\n", job.view.lines_known, job.view.lines_go_down, job.view.way, job.view.letter_px, job.view.ink_parts, stance.turn, stance.sure);
    job_read(&job, stance, ret);
    ret->trouble = mem_text(reading_trouble(ret, &job.view));
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
