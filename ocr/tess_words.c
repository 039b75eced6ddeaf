#include "ocr/tess_words.h"

#include "base/text.h"
#include "ocr/join_lines.h"
#include "ocr/table_order.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <tesseract/capi.h>

/* Tesseract calls a picture a word of one space. */
static bool is_word(const char *text) {
    bool any = false;
    if (!text || !text_is_utf8(view_text(text)))
        return false;
    for (; *text; text++) {
        if (isspace((unsigned char)*text) && *text != ' ')
            return false;
        any |= *text != ' ';
    }
    return any;
}

static void take_word(TessResultIterator *at, uint32_t line, uint32_t block, struct words *words) {
    char *text = TessResultIteratorGetUTF8Text(at, RIL_WORD);
    int x0, y0, x1, y1;
    if (is_word(text) &&
        TessPageIteratorBoundingBox(TessResultIteratorGetPageIterator(at), RIL_WORD, &x0, &y0, &x1, &y1) &&
        x0 <= x1 && y0 <= y1) {
        float confidence = TessResultIteratorConfidence(at, RIL_WORD);
        struct box box = {(float)x0, (float)y0, (float)x1, (float)y1};
        words_add(words, box, line, block, (uint8_t)lroundf(fmaxf(0, fminf(100, confidence))), text);
    }
    TessDeleteText(text);
}

/* "|" for the word I, which no language model knows between spaces: where a word in small letters goes on, or an apostrophe. */
static void bars_mend(struct words *words) {
    for (size_t i = 0; i < words->count; i++) {
        struct word *w = &words->list[i], *next = w + 1;
        if (w->text[0] != '|')
            continue;
        bool goes_on = i + 1 < words->count && next->line == w->line && next->box.x0 - w->box.x1 < w->box.y1 - w->box.y0;
        bool alone = !w->text[1] && goes_on && islower((unsigned char)next->text[0]) && next->text[1];
        if (alone || w->text[1] == '\'' || strncmp(w->text + 1, "\xE2\x80\x99", 3) == 0)
            w->text[0] = 'I';
    }
}

void tess_words_take(struct TessBaseAPI *api, struct words *words) {
    TessResultIterator *at = TessBaseAPIGetIterator(api);
    if (!at)
        return;
    TessPageIterator *place = TessResultIteratorGetPageIterator(at);
    uint32_t lines = 0, blocks = 0;
    do {
        if (TessPageIteratorIsAtBeginningOf(place, RIL_TEXTLINE)) { /* each question costs a walk along the line */
            lines++;
            blocks += TessPageIteratorIsAtBeginningOf(place, RIL_PARA);
        }
        take_word(at, lines ? lines - 1 : 0, blocks ? blocks - 1 : 0, words);
    } while (TessResultIteratorNext(at, RIL_WORD));
    TessResultIteratorDelete(at);
    bars_mend(words);
    lines_join(words);
    table_order(words);
}

uint8_t tess_words_quality(const struct words *words) {
    double sum = 0, weight = 0;
    for (size_t i = 0; i < words->count; i++) {
        double characters = 0;
        for (const char *at = words->list[i].text; *at; characters++)
            text_next(&at);
        sum += characters * words->list[i].confidence;
        weight += characters;
    }
    return weight > 0 ? (uint8_t)lround(sum / weight) : 0;
}
