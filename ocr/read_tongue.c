#include "ocr/read_tongue.h"

#include "ocr/tess_words.h"

#include <leptonica/allheaders.h>

enum {
    QUALITY_BAD = 55,  /* of a page in another script, read as English */
    QUALITY_FINE = 80, /* of a part: it is this one */
};
#define SCRIPT_SURE 2.0f /* script_find()'s own figure */

static uint8_t part_try(const struct tongue_order *order, const char *languages, struct words *words) {
    struct engine_order engine = {.languages = languages, .dpi = order->dpi};
    engine_words(order->ocr, order->part, &engine, words);
    return tess_words_quality(words);
}

/* The installed language with which a part of the page reads best, and reads well enough; NULL when none does. */
static const struct language *part_fit(const struct tongue_order *order, struct script_found found, struct words *ret_words) {
    const struct language *list[LANGUAGE_CANDIDATES_MOST], *fit = NULL;
    size_t count = language_candidates(found, list);
    struct words english = {0};
    uint8_t plain = count ? part_try(order, NULL, &english) : 0, most = 0;
    words_drop(&english);
    for (size_t i = 0; i < count; i++) {
        struct words words = {0};
        uint8_t quality = part_try(order, list[i]->code, &words);
        if (quality > most && language_fits(list[i], &words, quality, plain)) {
            words_drop(ret_words);
            *ret_words = words;
            words = (struct words){0};
            most = quality;
            fit = list[i];
        }
        words_drop(&words);
        if (most >= QUALITY_FINE && (i + 1 == count || list[i + 1]->script != fit->script))
            break;
    }
    return fit;
}

static struct language_guess tongue_of_other_script(const struct tongue_order *order) {
    struct script_found found = script_find(order->clean, order->dpi, order->ocr->folder);
    struct words words = {0};
    const struct language *fit = part_fit(order, found, &words);
    struct language_guess guess = fit ? language_guess_words(&words) : (struct language_guess){0};
    if (fit && !guess.language)
        guess.language = fit;
    if (!fit && found.script > SCRIPT_LATIN && found.sure >= SCRIPT_SURE)
        guess = language_guess_of_script(found.script);
    words_drop(&words);
    return guess;
}

struct language_guess tongue_find(const struct tongue_order *order) {
    struct language_guess guess = language_guess_words(order->words);
    if (!guess.language && order->quality < QUALITY_BAD && order->some_letters)
        guess = tongue_of_other_script(order);
    if (guess.language && language_is_in(guess.language->code, order->ocr->languages))
        guess = (struct language_guess){0};
    return guess;
}
