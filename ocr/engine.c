#include "ocr/engine.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/language.h"
#include "ocr/line_pictures.h"
#include "ocr/recognise.h"
#include "ocr/tess_words.h"

#include <leptonica/allheaders.h>
#include <string.h>
#include <tesseract/capi.h>

enum { SIDE_LEAST_PX = 32 };

/* Tesseract opens its message file when it first has something to say: it complains about the resolution of this picture while there is
 * still a file system. */
static void engine_silence(TessBaseAPI *api) {
    PIX *white = pixCreate(64, 64, 8);
    if (white) {
        pixSetAll(white);
        TessBaseAPISetImage2(api, white);
        TessBaseAPISetSourceResolution(api, 5);
        TessBaseAPIRecognize(api, NULL);
        TessBaseAPIClear(api);
    }
    pixDestroy(&white);
}

/* Tesseract goes on without a language whose data are not there, as long as it has one: then pages would be read badly, and nobody told. */
static bool engine_has_all(TessBaseAPI *api, const char *languages) {
    char **loaded = TessBaseAPIGetLoadedLanguagesAsVector(api);
    bool all = loaded != NULL;
    for (size_t len; *languages && all; languages += len + (languages[len] == '+')) {
        len = strcspn(languages, "+");
        all = false;
        for (char **one = loaded; *one && !all; one++)
            all = strlen(*one) == len && strncmp(*one, languages, len) == 0;
    }
    TessDeleteTextArray(loaded);
    return all;
}

/* NULL when the data of a language are not there. */
static TessBaseAPI *engine_load(const char *languages) {
    TessBaseAPI *api = TessBaseAPICreate();
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    bool fine = TessBaseAPIInit3(api, NULL, languages) == 0;
    if (!fine || !engine_has_all(api, languages)) {
        TessBaseAPIEnd(api);
        TessBaseAPIDelete(api);
        return NULL;
    }
    TessBaseAPISetPageSegMode(api, PSM_AUTO);
    return api;
}

static void engine_drop(TessBaseAPI **api) {
    if (*api) {
        TessBaseAPIEnd(*api);
        TessBaseAPIDelete(*api);
    }
    *api = NULL;
}

int ocr_new(const char *languages, const char *other_languages, struct ocr **ret) {
    pix_silence();
    TessBaseAPI *api = engine_load(languages);
    if (!api)
        return ERR_NOT_FOUND;
    struct ocr *ocr = mem_new(sizeof *ocr);
    ocr->standing = api;
    ocr->languages = mem_text(languages);
    ocr->folder = mem_text(TessBaseAPIGetDatapath(api));
    engine_silence(api);
    languages_start(ocr->folder, other_languages);
    *ret = ocr;
    return 0;
}

void ocr_drop(struct ocr **ocr) {
    if (!*ocr)
        return;
    engine_drop(&(*ocr)->standing);
    engine_drop(&(*ocr)->other);
    mem_free(&(*ocr)->languages);
    mem_free(&(*ocr)->other_languages);
    mem_free(&(*ocr)->folder);
    mem_free(ocr);
}

static TessBaseAPI *engine_for(struct ocr *ocr, const char *languages) {
    if (!languages || strcmp(languages, ocr->languages) == 0)
        return ocr->standing;
    if (!ocr->other_languages || strcmp(languages, ocr->other_languages)) {
        engine_drop(&ocr->other);
        mem_free(&ocr->other_languages);
        ocr->other_languages = mem_text(languages);
        ocr->other = engine_load(languages);
    }
    return ocr->other;
}

void engine_words(struct ocr *ocr, struct Pix *pix, const struct engine_order *order, struct words *words) {
    TessBaseAPI *api = engine_for(ocr, order->languages);
    if (!api || pixGetWidth(pix) < SIDE_LEAST_PX || pixGetHeight(pix) < SIDE_LEAST_PX)
        return;
    TessBaseAPISetVariable(api, "tessedit_do_invert", order->light_letters ? "1" : "0");
    TessBaseAPISetImage2(api, pix);
    TessBaseAPISetSourceResolution(api, order->dpi);
    line_pictures_keep(true);
    if (TessBaseAPIRecognize(api, NULL) == 0)
        tess_words_take(api, words);
    line_pictures_keep(false);
    TessBaseAPIClear(api);
}
