#include "ocr/recognise.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/clean.h"
#include "ocr/engine.h"
#include "ocr/flatten.h"
#include "ocr/read_tongue.h"
#include "ocr/regions_find.h"
#include "ocr/straighten.h"
#include "ocr/tess_words.h"
#include "ocr/thumb.h"
#include "ocr/uncurl.h"

#include <assert.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>

enum {
    SIDE_MOST_PX = 16000,     /* Tesseract counts pixels in 16 bits */
    PIXELS_MOST = 50000000,   /* larger pictures are made smaller before they are recognised */
    QUALITY_POOR = 60,        /* below: nobody should rely on a word of it */
    QUALITY_DOUBTFUL = 70,    /* below: perhaps the page stands another way */
    QUALITY_UPSIDE_DOWN = 45, /* letters that stand another way do not reach it */
    QUALITY_GAIN = 12,        /* by which another way must be better to be read in full */
    QUALITY_STRAIGHT = 94,    /* a photograph below it may show a bent sheet, */
    WORDS_BENT = 40,          /* when there is text enough to tell */
    LIGHT_SIDE_PX = 160,      /* of a small copy that the light is looked at in */
    LIGHT_EVEN = 92,          /* the darkest twentieth of the paper, in hundredths of the brightest */
    WORDS_LEAST = 3,          /* of a part, to judge by */
    PARTS_LEAST = 8,          /* parts of letter size that make a page more than dirt */
};

/* ---- a page as it came
 * ----------------------------------------------------------------------------------------- */

struct job {
    struct ocr *ocr;
    struct clean_view view;
    float width_pt, height_pt;
    int dpi;               /* of the picture that is recognised */
    const char *languages; /* NULL: the standing engine's */
};

static struct engine_order job_engine(const struct job *job) {
    /* White letters on a coloured ground come in screenshots and photographs; elsewhere they were turned round when the picture was
     * cleaned. */
    return (struct engine_order){.languages = job->languages, .dpi = (int)lroundf((float)job->dpi * job->view.scale), .light_letters = job->view.way == CLEAN_PHOTO};
}

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
    float w = (float)pixGetWidth(job->view.shown) * job->view.scale, h = (float)pixGetHeight(job->view.shown) * job->view.scale;
    struct way_back way = {.width_px = w,
                           .height_px = h,
                           .width_pt = job->width_pt,
                           .height_pt = job->height_pt,
                           .stance = stance};
    if (fabsf(stance.lean_deg) >= CLEAN_LEAN_LEAST_DEG)
        way.border_px = (float)stance_border(stance.lean_deg, (int)w, (int)h);
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
    struct engine_order engine = job_engine(job);
    engine_words(job->ocr, clean, &engine, &reading.words);
    regions_find(clean, &reading.words, (float)job->dpi * job->view.scale, &reading.regions);
    pixDestroy(&clean);
    for (size_t i = 0; i < reading.words.count; i++)
        reading.words.list[i].box = way_back_box(&way, reading.words.list[i].box);
    for (size_t i = 0; i < reading.regions.count; i++)
        reading.regions.list[i].box = way_back_box(&way, reading.regions.list[i].box);
    reading.skew_deg = way.stance.lean_deg;
    reading.quality = tess_words_quality(&reading.words);
    return reading;
}

/* ---- when the first reading is poor
 * ---------------------------------------------------------------------------- */

/* The band of the upright clean picture, so many tenths of its height, with the most letters. */
static BOX *fullest_band(const struct clean_view *view, uint16_t turn, int tenths) {
    PIX *small = view->small;
    float k = (float)view->shrink * view->scale;
    PIX *upright = pixRotateOrth(small, turn / 90);
    NUMA *rows = upright ? pixCountPixelsByRow(upright, NULL) : NULL;
    BOX *box = NULL;
    if (rows) {
        int h = numaGetCount(rows), band = h * tenths / 10, best = 0;
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
        box = boxCreate(0, (int)((float)best * k), (int)((float)pixGetWidth(upright) * k), (int)((float)band * k));
    }
    numaDestroy(&rows);
    pixDestroy(&upright);
    return box;
}

/* How well a part of the page reads when it is turned so. */
static uint8_t job_try(struct job *job, uint16_t turn) {
    struct clean_order order = {.turn = turn};
    PIX *clean = clean_make(&job->view, &order);
    BOX *band = clean ? fullest_band(&job->view, turn, 2) : NULL;
    PIX *part = band ? pixClipRectangle(clean, band, NULL) : NULL;
    struct words words = {0};
    struct engine_order engine = job_engine(job);
    if (part)
        engine_words(job->ocr, part, &engine, &words);
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

/* ---- other languages
 * ------------------------------------------------------------------------------------------- */

static struct language_guess job_tongue(struct job *job, const struct page_reading *best) {
    struct tongue_order order = {.ocr = job->ocr, .words = &best->words, .quality = best->quality,
                                 .dpi = (int)lroundf((float)job->dpi * job->view.scale),
                                 .some_letters = job->view.ink_parts >= PARTS_LEAST};
    struct clean_order clean = {.turn = best->turn};
    BOX *band = NULL;
    if (best->quality < QUALITY_DOUBTFUL) { /* only then it is looked at */
        order.clean = clean_make(&job->view, &clean);
        band = fullest_band(&job->view, best->turn, 4);
        order.part = order.clean && band ? pixClipRectangle(order.clean, band, NULL) : NULL;
    }
    order.some_letters &= order.part != NULL;
    struct language_guess guess = tongue_find(&order);
    boxDestroy(&band);
    pixDestroy(&order.part);
    pixDestroy(&order.clean);
    return guess;
}

/* Letters that no engine here knows: everything on the page is a region. */
static void reading_foreign(const struct job *job, struct page_reading *reading, const struct language_guess *guess) {
    mem_free(&reading->trouble);
    reading->trouble = language_missing_text(guess);
    if (guess->language->script != SCRIPT_LATIN) {
        regions_drop(&reading->regions);
        regions_add(&reading->regions, (struct box){0, 0, job->width_pt, job->height_pt}, REGION_SCRIPT);
    }
}

/* Reads the page again when it is in a language that has an engine of its own. */
static void job_read_in_its_language(struct job *job, struct page_reading *best) {
    struct language_guess guess = job_tongue(job, best);
    char engine[LANGUAGE_ENGINE_BYTES];
    if (!guess.language)
        return;
    if (!language_engine(&guess, engine)) {
        reading_foreign(job, best, &guess);
        return;
    }
    job->languages = engine;
    struct page_reading other = job_read(job, (struct stance){.turn = best->turn, .lean_deg = best->skew_deg}, false);
    job->languages = NULL;
    /* The same letters differ in bytes: the confidence alone tells, where the scripts are unlike. */
    bool better = guess.language->script == SCRIPT_LATIN ? reading_worth(&other) > reading_worth(best) : other.quality > best->quality;
    if (better) {
        struct page_reading was = *best;
        *best = other;
        other = was;
        mem_free(&best->language);
        best->language = mem_text(engine);
    }
    page_reading_drop(&other);
}

static struct page_reading job_do(struct job *job) {
    const struct clean_view *view = &job->view;
    struct stance stance = stance_find(view->small, view->lines_known && view->lines_go_down);
    struct page_reading best = job_read(job, stance, false);
    bool some_letters = view->ink_parts >= PARTS_LEAST;
    if (some_letters && best.quality < (stance.sure ? QUALITY_UPSIDE_DOWN : QUALITY_DOUBTFUL))
        job_try_other_ways(job, &best);
    if (best.quality < QUALITY_DOUBTFUL && pixGetDepth(view->shown) == 8) { /* cleaning can do harm, to handwriting above all */
        stance = (struct stance){.turn = best.turn, .lean_deg = best.skew_deg};
        struct page_reading other = job_read(job, stance, true);
        reading_choose(&best, &other);
    }
    best.language = mem_text(best.words.count ? job->ocr->languages : "");
    job_read_in_its_language(job, &best);
    return best;
}

static const char *reading_trouble(const struct page_reading *reading) {
    if (!reading->words.count)
        return "handwriting, a picture or too faint to read";
    return reading->quality < QUALITY_POOR ? "handwriting or too faint to read" : "";
}

/* ---- photographs
 * ----------------------------------------------------------------------------------------------- */

/* A sheet that was photographed: the flat picture takes the place of the photograph, at the same points for each pixel. */
struct sheet {
    bool found;
    struct photo_page page;
    float point_px;
};

/* The light on a scanner's glass is even to the edges, and nothing lies round the sheet: there is no photograph to look for. */
static bool light_is_even(PIX *pix) {
    struct thumb thumb;
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    if (w < LIGHT_SIDE_PX || h < LIGHT_SIDE_PX || w > 8 * h || h > 8 * w) /* no sheet of paper */
        return true;
    thumb_make(pix, LIGHT_SIDE_PX, &thumb);
    uint8_t *grey = thumb_grey(&thumb);
    int count = thumb.width * thumb.height, levels[256] = {0}, seen = 0, dark = 0, bright = 0;
    thumb_spread_bright(grey, thumb.width, thumb.height, LIGHT_SIDE_PX / 16 | 1);
    for (int i = 0; i < count; i++)
        levels[grey[i]]++;
    for (int level = 0; level < 256; level++) {
        dark = seen * 20 < count ? level : dark;
        bright = seen * 20 < count * 19 ? level : bright;
        seen += levels[level];
    }
    mem_free(&grey);
    thumb_drop(&thumb);
    return dark * 100 >= bright * LIGHT_EVEN;
}

static struct sheet sheet_flatten(PIX **pix, float *width_pt, float *height_pt) {
    struct sheet sheet = {.point_px = *width_pt / (float)pixGetWidth(*pix)};
    if (pixGetDepth(*pix) == 1 || light_is_even(*pix) || !photo_page_find(*pix, &sheet.page))
        return sheet;
    PIX *flat = flatten_make(*pix, &sheet.page);
    if (!flat)
        return sheet;
    pixDestroy(pix);
    *pix = flat;
    *width_pt = (float)sheet.page.width_px * sheet.point_px;
    *height_pt = (float)sheet.page.height_px * sheet.point_px;
    sheet.found = true;
    return sheet;
}

static struct box sheet_back(const struct sheet *sheet, struct box b) {
    float k = sheet->point_px;
    struct box px = flatten_back(&sheet->page, (struct box){b.x0 / k, b.y0 / k, b.x1 / k, b.y1 / k});
    return (struct box){px.x0 * k, px.y0 * k, px.x1 * k, px.y1 * k};
}

static void sheet_reading_back(const struct sheet *sheet, struct page_reading *reading) {
    if (!sheet->found)
        return;
    for (size_t i = 0; i < reading->words.count; i++)
        reading->words.list[i].box = sheet_back(sheet, reading->words.list[i].box);
    for (size_t i = 0; i < reading->regions.count; i++)
        reading->regions.list[i].box = sheet_back(sheet, reading->regions.list[i].box);
}

/* ---- a page
 * ---------------------------------------------------------------------------------------------------- */

/* A picture of a page that stands in for it: the page as shown, or the flat or straight picture of a photographed sheet. */
struct stand_in {
    PIX *pix;
    enum clean_from from;
    float width_pt, height_pt;
};

/* Takes in->pix; tells whether its greys were those of a photograph. */
static struct page_reading stand_in_read(struct ocr *ocr, struct stand_in *in, bool *ret_photo) {
    struct page_reading reading = {0};
    struct job job = {.ocr = ocr, .width_pt = in->width_pt, .height_pt = in->height_pt};
    job.dpi = (int)lroundf(fmaxf(70, fminf(2400, (float)pixGetWidth(in->pix) * 72 / in->width_pt)));
    if (clean_look(in->pix, in->from, (float)job.dpi, &job.view)) {
        reading = job_do(&job);
        if (!reading.trouble)
            reading.trouble = mem_text(reading_trouble(&reading));
    } else { /* some pixels, or memory is short */
        reading.trouble = mem_text("a picture, or nothing that can be read");
        reading.language = mem_text("");
    }
    *ret_photo = job.view.way == CLEAN_PHOTO;
    clean_drop(&job.view);
    in->pix = NULL;
    return reading;
}

/* All boxes of a reading: of its words, then of its regions. */
static struct box *reading_boxes(const struct page_reading *reading, float k) {
    struct box *boxes = mem_new((reading->words.count + reading->regions.count + 1) * sizeof *boxes);
    for (size_t i = 0; i < reading->words.count + reading->regions.count; i++) {
        struct box b = i < reading->words.count ? reading->words.list[i].box : reading->regions.list[i - reading->words.count].box;
        boxes[i] = (struct box){b.x0 * k, b.y0 * k, b.x1 * k, b.y1 * k};
    }
    return boxes;
}

static void reading_uncurl(const struct curl *curl, float point_px, struct page_reading *reading) {
    size_t words = reading->words.count;
    struct box *boxes = reading_boxes(reading, 1 / point_px);
    curl_back(curl, boxes, words + reading->regions.count);
    for (size_t i = 0; i < words + reading->regions.count; i++) {
        float k = point_px;
        struct box b = {boxes[i].x0 * k, boxes[i].y0 * k, boxes[i].x1 * k, boxes[i].y1 * k};
        if (i < words)
            reading->words.list[i].box = b;
        else
            reading->regions.list[i - words].box = b;
    }
    mem_free(&boxes);
}

/* A bent sheet is read again with its lines made straight; the better reading stays. */
static void reading_try_straight(struct ocr *ocr, PIX *pix, float point_px, struct page_reading *best) {
    struct curl curl;
    PIX *straight = curl_straighten(pix, &curl);
    if (straight) {
        struct stand_in in = {straight, CLEAN_FROM_PHOTO, (float)pixGetWidth(straight) * point_px, (float)pixGetHeight(straight) * point_px};
        bool photo;
        struct page_reading other = stand_in_read(ocr, &in, &photo);
        reading_uncurl(&curl, point_px, &other);
        reading_choose(best, &other);
    }
    curl_drop(&curl);
}

/* Takes pix. */
static struct page_reading pix_read(struct ocr *ocr, PIX *pix, float width_pt, float height_pt) {
    struct sheet sheet = sheet_flatten(&pix, &width_pt, &height_pt);
    struct stand_in in = {pixClone(pix), sheet.found ? CLEAN_FROM_PHOTO : CLEAN_FROM_ANY, width_pt, height_pt};
    bool photo;
    struct page_reading reading = stand_in_read(ocr, &in, &photo);
    if (photo && reading.turn == 0 && reading.quality < QUALITY_STRAIGHT && reading.words.count >= WORDS_BENT)
        reading_try_straight(ocr, pix, sheet.point_px, &reading);
    sheet_reading_back(&sheet, &reading);
    pixDestroy(&pix);
    return reading;
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
    *ret = pix_read(ocr, pix, width_pt, height_pt);
    return 0;
}

int ocr_read_upright(struct ocr *ocr, struct Pix *pix, float width_pt, float height_pt, struct words *ret) {
    assert(width_pt > 0 && height_pt > 0);
    *ret = (struct words){0};
    float kx = width_pt / (float)pixGetWidth(pix), ky = height_pt / (float)pixGetHeight(pix);
    struct engine_order engine = {.dpi = (int)lroundf(fmaxf(70, fminf(2400, 72 / kx)))};
    engine_words(ocr, pix, &engine, ret);
    for (size_t i = 0; i < ret->count; i++) {
        struct box *b = &ret->list[i].box;
        *b = (struct box){b->x0 * kx, b->y0 * ky, b->x1 * kx, b->y1 * ky};
    }
    return 0;
}
