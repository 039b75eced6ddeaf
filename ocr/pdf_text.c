#include "ocr/pdf_text.h"

#include "base/mem.h"
#include "base/text.h"
#include "ocr/ink_bits.h"

#include <glib.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

/* ---- words from Poppler's characters
 * --------------------------------------------------------------------------- */

struct layer {
    const char *text; /* one rectangle for each of its characters */
    const PopplerRectangle *rect;
    float width_pt, height_pt;
    struct words *words;
    struct buf word;
    struct box box;
    bool open; /* a word has been begun */
    uint32_t line, block;
    struct box line_box, line_before;
    struct box last; /* of the character before */
    bool line_has_words;
    size_t soft; /* characters that no text has: private use, replacement, controls */
    size_t characters;
};

static struct box box_of(const PopplerRectangle *r) {
    return (struct box){(float)fmin(r->x1, r->x2), (float)fmin(r->y1, r->y2), (float)fmax(r->x1, r->x2),
                        (float)fmax(r->y1, r->y2)};
}

static bool box_is_on_page(const struct layer *in, struct box b) {
    return isfinite(b.x0 + b.y0 + b.x1 + b.y1) && b.x1 > 0 && b.y1 > 0 && b.x0 < in->width_pt &&
           b.y0 < in->height_pt;
}

/* A block ends where the next line is further down than one line, or goes up again, or begins beside this
 * one. */
static bool line_begins_block(struct box before, struct box line) {
    float height = fmaxf(before.y1 - before.y0, 1);
    float gap = line.y0 - before.y1;
    return gap > 0.75f * height || line.y1 < before.y0 || line.x0 > before.x1 || line.x1 < before.x0;
}

static void layer_end_word(struct layer *in) {
    if (in->open && in->word.len && box_is_on_page(in, in->box)) {
        if (!in->line_has_words)
            in->line_box = in->box;
        in->line_box = box_join(in->line_box, in->box);
        in->line_has_words = true;
        words_add(in->words, in->box, in->line, in->block, 100, buf_text(&in->word));
    }
    buf_reset(&in->word);
    in->open = false;
}

static void layer_end_line(struct layer *in) {
    layer_end_word(in);
    if (!in->line_has_words)
        return;
    size_t first = in->words->count;
    while (first && in->words->list[first - 1].line == in->line)
        first--;
    if (in->line && line_begins_block(in->line_before, in->line_box)) {
        in->block++;
        for (size_t i = first; i < in->words->count; i++)
            in->words->list[i].block = in->block;
    }
    in->line_before = in->line_box;
    in->line_has_words = false;
    in->line++;
}

static bool is_no_text(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFD || (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

/* Poppler gives the cells of a table without anything between them: where the next character stands says
 * whether the word, or the line, has ended. */
static void layer_break_at_gap(struct layer *in, struct box next) {
    struct box last = in->last;
    bool first = in->characters == 1;
    in->last = next;
    if (first)
        return;
    float height = fmaxf(fmaxf(last.y1 - last.y0, next.y1 - next.y0), 1);
    float down = fabsf((next.y0 + next.y1) / 2 - (last.y0 + last.y1) / 2);
    if (down > 0.7f * height || next.x1 < last.x0 - height)
        layer_end_line(in);
    else if (next.x0 - last.x1 > 0.25f * height || last.x0 - next.x1 > 0.25f * height)
        layer_end_word(in);
}

static void layer_add(struct layer *in, uint32_t c, const PopplerRectangle *rect) {
    if (c == '\n') {
        layer_end_line(in);
        return;
    }
    if (g_unichar_isspace(c)) {
        layer_end_word(in);
        return;
    }
    in->characters++;
    in->soft += is_no_text(c);
    if (c < 0x20)
        return;
    layer_break_at_gap(in, box_of(rect));
    if (!in->open)
        in->box = box_of(rect);
    in->box = box_join(in->box, box_of(rect));
    in->open = true;
    text_put(&in->word, c);
}

/* ---- whether they can be words
 * --------------------------------------------------------------------------------- */

/* In the languages written in Latin letters, 25 to 60 of 100 letters are vowels; a scrambled table of
 * characters seldom keeps that. Other scripts are not judged. */
static bool words_have_vowels(const struct words *words) {
    size_t letters = 0, vowels = 0;
    for (size_t i = 0; i < words->count; i++) {
        char *key = text_key(words->list[i].text);
        for (const char *at = key; *at; at++) {
            letters += *at >= 'a' && *at <= 'z';
            vowels += *at >= 'a' && *at <= 'z' && strchr("aeiouy", *at) != NULL;
        }
        mem_free(&key);
    }
    return letters < 60 || (vowels * 100 >= letters * 25 && vowels * 100 <= letters * 60);
}

static bool layer_is_sane(const struct layer *in) {
    return in->words->count && in->words->count < PAGE_WORDS_MOST && in->soft * 50 <= in->characters &&
           words_have_vowels(in->words);
}

bool pdf_text_words(PopplerPage *page, struct words *ret) {
    *ret = (struct words){0};
    double width, height;
    poppler_page_get_size(page, &width, &height);
    char *text = poppler_page_get_text(page);
    PopplerRectangle *rects = NULL;
    guint count = 0;
    bool sane = false;
    if (text && *text && poppler_page_get_text_layout(page, &rects, &count) &&
        (glong)count == g_utf8_strlen(text, -1)) {
        struct layer in = {
            .text = text, .rect = rects, .words = ret, .width_pt = (float)width, .height_pt = (float)height};
        const char *at = text;
        for (guint i = 0; i < count; i++)
            layer_add(&in, text_next(&at), &rects[i]);
        layer_end_line(&in);
        buf_drop(&in.word);
        sane = layer_is_sane(&in);
    }
    g_free(text);
    g_free(rects);
    if (!sane)
        words_drop(ret);
    return sane;
}

/* ---- whether they are what the page shows
 * ---------------------------------------------------------------------- */

static struct pixel_box box_pixels(struct box b, float dpi, int grow_px) {
    const double box_pt[4] = {b.x0, b.y0, b.x1, b.y1};
    struct pixel_box box = pixel_box_of(box_pt, dpi);
    return (struct pixel_box){box.x0 - grow_px, box.y0 - grow_px, box.x1 + grow_px, box.y1 + grow_px};
}

/* Ink in the box that somebody could read: some, but not all of it. */
static bool word_is_seen(const struct word *w, PIX *ink, float dpi) {
    struct pixel_box box = box_pixels(w->box, dpi, 0);
    if (!pixel_box_cut(ink, &box))
        return false;
    int64_t pixels = ink_bits_count(ink, &box);
    float area = (float)(box.x1 - box.x0) * (float)(box.y1 - box.y0);
    return pixels > 0 && (float)pixels <= 0.97f * area;
}

void pdf_text_add_faint(const struct words *words, struct Pix *ink, struct Pix *faint, float dpi) {
    for (size_t i = 0; i < words->count; i++) {
        struct pixel_box b = box_pixels(words->list[i].box, dpi, 0);
        if (!word_is_seen(&words->list[i], ink, dpi) && word_is_seen(&words->list[i], faint, dpi) && pixel_box_cut(ink, &b))
            pixRasterop(ink, b.x0, b.y0, b.x1 - b.x0, b.y1 - b.y0, PIX_SRC, faint, b.x0, b.y0);
    }
}

static bool ink_is_in_words(const struct words *words, const bool *seen, PIX *ink, float dpi) {
    PIX *left = pixCopy(NULL, ink);
    if (!left)
        return false;
    for (size_t i = 0; i < words->count; i++) {
        struct pixel_box b = box_pixels(words->list[i].box, dpi, 2);
        if (seen[i] && pixel_box_cut(ink, &b))
            pixRasterop(left, b.x0, b.y0, b.x1 - b.x0, b.y1 - b.y0, PIX_CLR, NULL, 0, 0);
    }
    /* Of text size: without what is larger than a capital of 40 points and without specks. */
    struct ink_sizes sizes = {.least_px = (int)(1.5f * dpi / 72) + 1, .most_px = (int)(40 * dpi / 72)};
    struct ink_sums sums;
    int err = ink_bits_by_size(ink, left, &sizes, &sums);
    pixDestroy(&left);
    return !err && sums.left * 100 <= sums.all * 20;
}

/* Whether a person would call it a word: soft hyphens and the like have no ink, and hide nothing. */
static bool word_says_something(const struct word *w) {
    char *key = text_key(w->text);
    bool says = key[0] != 0;
    mem_free(&key);
    return says;
}

static size_t words_keep_seen(struct words *words, const bool *seen) {
    size_t kept = 0, hidden = 0;
    for (size_t i = 0; i < words->count; i++) {
        struct word *w = &words->list[i];
        if (seen[i]) {
            words->list[kept++] = *w;
        } else {
            hidden += word_says_something(w);
            mem_free(&w->text);
        }
    }
    words->count = kept;
    return hidden;
}

bool pdf_text_fits_ink(struct words *words, struct Pix *ink, float dpi, size_t *ret_hidden) {
    bool *seen = mem_new(words->count * sizeof *seen + 1);
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++) {
        seen[i] = word_is_seen(&words->list[i], ink, dpi);
        count += seen[i];
    }
    bool fits = count && count * 100 >= words->count * 90 && ink_is_in_words(words, seen, ink, dpi);
    if (fits)
        *ret_hidden = words_keep_seen(words, seen);
    mem_free(&seen);
    return fits;
}

bool pdf_text_lies_on_picture(PopplerPage *page, const struct words *words) {
    GList *list = poppler_page_get_image_mapping(page);
    double width, height;
    poppler_page_get_size(page, &width, &height);
    size_t inside = 0;
    for (size_t i = 0; i < words->count; i++) {
        const struct box *b = &words->list[i].box;
        float x = (b->x0 + b->x1) / 2, y = (b->y0 + b->y1) / 2;
        bool covered = false;
        for (GList *at = list; at && !covered; at = at->next) {
            PopplerRectangle *r = &((PopplerImageMapping *)at->data)->area;
            double y0 = fmin(r->y1, r->y2), y1 = fmax(r->y1, r->y2);
            covered = x >= fmin(r->x1, r->x2) && x <= fmax(r->x1, r->x2) && y >= y0 && y <= y1;
        }
        inside += covered;
    }
    poppler_page_free_image_mapping(list);
    return inside * 10 > words->count;
}

bool pdf_text_lacks_notes(PopplerPage *page) {
    GList *list = poppler_page_get_annot_mapping(page);
    bool any = false;
    for (GList *at = list; at; at = at->next) {
        PopplerAnnotType type = poppler_annot_get_annot_type(((PopplerAnnotMapping *)at->data)->annot);
        any |= type != POPPLER_ANNOT_LINK && type != POPPLER_ANNOT_POPUP;
    }
    poppler_page_free_annot_mapping(list);
    return any;
}
