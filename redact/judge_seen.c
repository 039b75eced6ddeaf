/* judge_seen.c: text that cannot be seen, and what lies under boxes and in hidden layers. */
#include "base/mem.h"
#include "base/text.h"
#include "redact/judge_private.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#define PIXELS_MOST 40e6
#define INK_LEVELS 16       /* of 256: less difference nobody sees */
#define FLAT_LEVELS 40      /* between the lightest and the darkest pixel of a place that shows nothing */
#define SCAN_PART 0.2       /* of the page: a picture that may be the scan of the words on it */
#define HIDDEN_LEAST 3      /* letters on a page */
#define OVERLAP_PART 0.45   /* of the smaller: two words in one place */
#define DARK 110
#define BOX_LEAST_W_PT 14
#define BOX_LEAST_H_PT 5
#define CELL 6              /* pixels: less than the height of a small letter */

struct character {
    struct box box;
    uint32_t word;
    bool letter, hidden;
    bool light; /* hidden on light ground of a scan: a box in the text layer may miss its word by a little */
};

struct sight {
    struct judge_file *file;
    uint32_t page;
    PopplerPage *leaf;
    double width, height;
    PIX *seen, *bare, *unboxed; /* as it is; without text; without boxes */
    struct character *chars;
    size_t char_count;
    GList *pictures;
    struct words *recognised; /* the page's pixels, where they were asked */
};

struct Pix *judge_draw(struct _PopplerPage *leaf) {
    double width, height, scale = JUDGE_DPI / 72;
    poppler_page_get_size(leaf, &width, &height);
    if (!(width > 0 && height > 0 && width * height * scale * scale <= PIXELS_MOST))
        return NULL;
    int w = (int)ceil(width * scale), h = (int)ceil(height * scale);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(leaf, cairo);
    bool failed = cairo_status(cairo) != CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    PIX *pix = failed ? NULL : pixCreateNoInit(w, h, 8);
    for (int y = 0; pix && y < h; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) + (size_t)y * (size_t)cairo_image_surface_get_stride(surface));
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++)
            SET_DATA_BYTE(line, x, (l_uint8)(((row[x] >> 16 & 255) * 77 + (row[x] >> 8 & 255) * 150 + (row[x] & 255) * 29) >> 8));
    }
    cairo_surface_destroy(surface);
    return pix;
}

/* A rectangle in pixels within the picture. */
struct span {
    int x0, y0, x1, y1;
};

static struct span span_of(const PIX *pix, struct box b, float inset) {
    float s = (float)JUDGE_DPI / 72, dx = (b.x1 - b.x0) * inset, dy = (b.y1 - b.y0) * inset;
    struct span span = {(int)floorf((b.x0 + dx) * s), (int)floorf((b.y0 + dy) * s), (int)ceilf((b.x1 - dx) * s), (int)ceilf((b.y1 - dy) * s)};
    int w = pixGetWidth((PIX *)(uintptr_t)pix), h = pixGetHeight((PIX *)(uintptr_t)pix);
    span.x0 = span.x0 < 0 ? 0 : span.x0;
    span.y0 = span.y0 < 0 ? 0 : span.y0;
    span.x1 = span.x1 > w ? w : span.x1;
    span.y1 = span.y1 > h ? h : span.y1;
    return span;
}

static int pixel(PIX *pix, int x, int y) {
    return GET_DATA_BYTE(pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix), x);
}

/* Pixels that differ in the two pictures. */
static int span_ink(PIX *a, PIX *b, struct span s) {
    int count = 0;
    for (int y = s.y0; y < s.y1; y++)
        for (int x = s.x0; x < s.x1; x++)
            count += abs(pixel(a, x, y) - pixel(b, x, y)) >= INK_LEVELS;
    return count;
}

static int span_levels(PIX *pix, struct span s) {
    int least = 255, most = 0;
    for (int y = s.y0; y < s.y1; y++)
        for (int x = s.x0; x < s.x1; x++) {
            int level = pixel(pix, x, y);
            least = level < least ? level : least;
            most = level > most ? level : most;
        }
    return most > least ? most - least : 0;
}

static bool same_size(PIX *a, PIX *b) {
    return a && b && pixGetWidth(a) == pixGetWidth(b) && pixGetHeight(a) == pixGetHeight(b);
}

/* ---- characters */

static bool on_scan(const struct sight *s, struct box b) {
    float x = (b.x0 + b.x1) / 2, y = (b.y0 + b.y1) / 2;
    for (GList *l = s->pictures; l; l = l->next) {
        const PopplerRectangle *r = &((PopplerImageMapping *)l->data)->area;
        double left = fmin(r->x1, r->x2), right = fmax(r->x1, r->x2), top = fmin(r->y1, r->y2), bottom = fmax(r->y1, r->y2);
        if ((right - left) * (bottom - top) >= SCAN_PART * s->width * s->height && x >= left && x <= right && y >= top && y <= bottom)
            return true;
    }
    return false;
}

/* A letter adds no ink: it is hidden, unless a scan shows what it says. */
static void char_judge(const struct sight *s, struct character *c) {
    struct span span = span_of(s->seen, c->box, 0), inner = span_of(s->seen, c->box, 0.15f);
    bool scan = on_scan(s, c->box);
    if (span.x0 >= span.x1 || span.y0 >= span.y1)
        c->hidden = true;
    else if (!s->bare || !span_ink(s->seen, s->bare, span))
        c->hidden = span_levels(s->seen, inner) < FLAT_LEVELS || !scan;
    c->light = c->hidden && scan && inner.x0 < inner.x1 && inner.y0 < inner.y1 && pixel(s->seen, (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2) >= DARK;
}

static void chars_load(struct sight *s, const char *text) {
    PopplerRectangle *places = NULL;
    guint count = 0;
    uint32_t word = 0;
    if (!poppler_page_get_text_layout(s->leaf, &places, &count))
        return;
    s->chars = mem_new((count + 1) * sizeof *s->chars);
    for (guint i = 0; i < count && *text; i++) {
        const char *at = text;
        uint32_t c = text_next(&text);
        word += (unsigned char)*at <= ' ';
        if ((unsigned char)*at <= ' ' || c == 0xA0)
            continue;
        struct box b = {(float)fmin(places[i].x1, places[i].x2), (float)fmin(places[i].y1, places[i].y2), (float)fmax(places[i].x1, places[i].x2),
                        (float)fmax(places[i].y1, places[i].y2)};
        /* Letters, and what a font that says nothing gives in their place. */
        bool letter = text_is_letter(c) || text_is_digit(c) || c == 0xFFFD || (c >= 0xE000 && c < 0xF900);
        s->chars[s->char_count++] = (struct character){.box = b, .word = word, .letter = letter};
    }
    g_free(places);
}

/* ---- words */

struct run {
    size_t first, end; /* characters */
    size_t letters, hidden, light;
    struct box box;
};

static struct run run_next(const struct sight *s, size_t from) {
    struct run run = {from, from, 0, 0, 0, s->chars[from].box};
    for (; run.end < s->char_count && s->chars[run.end].word == s->chars[from].word; run.end++) {
        const struct character *c = &s->chars[run.end];
        run.letters += c->letter;
        run.hidden += c->letter && c->hidden;
        run.light += c->letter && c->light;
        run.box = box_join(run.box, c->box);
    }
    return run;
}

/* Half a line round it. */
static struct box box_wider(struct box b) {
    float by = (b.y1 - b.y0) / 2;
    return (struct box){b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by};
}

static bool run_is_hidden(const struct sight *s, const struct run *run) {
    size_t row = 0, longest = 0;
    if (run->light) /* nothing at all may be seen where the word, or what is just beside it, stands */
        return run->hidden == run->letters && run->letters >= 2 && span_levels(s->seen, span_of(s->seen, box_wider(run->box), 0)) < FLAT_LEVELS;
    for (size_t i = run->first; i < run->end; i++)
        if (s->chars[i].letter) {
            row = s->chars[i].hidden ? row + 1 : 0;
            longest = row > longest ? row : longest;
        }
    return run->hidden && (run->hidden * 10 >= run->letters * 6 || longest >= 3);
}

/* The text layer of a scan may put a word beside itself: then the pixels say it elsewhere on the page. */
static bool run_is_recognised(struct sight *s, const struct run *run) {
    const struct judge_page *page = &s->file->pages[s->page];
    if (!s->file->asked->recognise)
        return false;
    if (!s->recognised) {
        s->recognised = mem_new(sizeof *s->recognised);
        judge_page_read(s->file, s->page, s->recognised);
    }
    const char *key = NULL;
    for (size_t i = 0; i < page->word_count && !key; i++)
        if (page->words[i].box.x0 == run->box.x0 && page->words[i].box.y0 == run->box.y0)
            key = page->words[i].key;
    bool found = false;
    for (size_t i = 0; key && i < s->recognised->count && !found; i++) {
        char *seen = text_key(s->recognised->list[i].text);
        found = strcmp(seen, key) == 0;
        free(seen);
    }
    return found;
}

static void sight_hidden_text(struct sight *s) {
    size_t hidden = 0, words = 0;
    struct box first = PROVE_AREA_NONE;
    for (size_t i = 0; i < s->char_count; i++)
        if (s->chars[i].letter)
            char_judge(s, &s->chars[i]);
    for (size_t i = 0; i < s->char_count;) {
        struct run run = run_next(s, i);
        if (run_is_hidden(s, &run) && !(run.light && run_is_recognised(s, &run))) {
            first = words++ ? first : run.box;
            hidden += run.hidden;
        }
        i = run.end;
    }
    if (hidden < HIDDEN_LEAST)
        return;
    char *what = mem_print("%zu words of text cannot be seen on the page, and can be copied", words);
    judge_add(s->file, s->page, first, "hidden text (1, 2, 4)", what);
    free(what);
}

static bool chars_equal(const char *a, const char *b) {
    return strcmp(a, b) == 0 || strstr(a, b) || strstr(b, a);
}

/* Whether a box or a picture lies there, so that one of two texts may be on it and the other beneath. */
static bool may_part(const struct sight *s, struct box b) {
    float x = (b.x0 + b.x1) / 2, y = (b.y0 + b.y1) / 2;
    if (!s->bare || !span_ink(s->seen, s->bare, span_of(s->seen, b, 0)))
        return false; /* neither of them is drawn: the text layer of a scan */
    if (s->unboxed && span_ink(s->seen, s->unboxed, span_of(s->seen, b, 0)) > 0)
        return true;
    for (GList *l = s->pictures; l; l = l->next) {
        const PopplerRectangle *r = &((PopplerImageMapping *)l->data)->area;
        if (x >= fmin(r->x1, r->x2) && x <= fmax(r->x1, r->x2) && y >= fmin(r->y1, r->y2) && y <= fmax(r->y1, r->y2))
            return true;
    }
    return false;
}

/* Two texts in one place: a label on a box with the old words beneath. The same text twice is a shadow; a cell that runs over is read as it is. */
static void sight_overlaps(struct sight *s) {
    const struct judge_page *page = &s->file->pages[s->page];
    for (size_t i = 0; i < page->word_count; i++)
        for (size_t k = i + 1; k < page->word_count; k++) {
            struct box a = page->words[i].box, b = page->words[k].box;
            float w = fminf(a.x1, b.x1) - fmaxf(a.x0, b.x0), h = fminf(a.y1, b.y1) - fmaxf(a.y0, b.y0);
            float least = fminf((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0));
            float high = fmaxf(a.y1 - a.y0, b.y1 - b.y0), low = fminf(a.y1 - a.y0, b.y1 - b.y0);
            if (w <= 0 || h <= 0 || w * h < OVERLAP_PART * least || high > 3 * low || strlen(page->words[i].key) < 3 || strlen(page->words[k].key) < 3 ||
                chars_equal(page->words[i].key, page->words[k].key) || !may_part(s, a))
                continue;
            judge_add(s->file, s->page, a, "hidden text (1, 2, 4)", "two texts stand in one place: one hides the other");
            return;
        }
}

/* ---- boxes */

/* Whether what is hidden there can be recognised as a word. */
static bool reads_as_word(const struct judge_file *file, PIX *hidden, int x, int y, int w, int h) {
    const struct judge_order *order = file->asked;
    struct words words = {0};
    bool found = !order->recognise;
    BOX *box = boxCreateValid(x - 2, y - 2, w + 4, h + 4);
    PIX *part = box ? pixClipRectangle(hidden, box, NULL) : NULL, *large = part ? pixScale(part, 3, 3) : NULL;
    PIX *framed = large ? pixAddBorder(large, 30, 255) : NULL;
    if (framed && !found && !order->recognise(order->state, framed, (float)pixGetWidth(framed) / 4, (float)pixGetHeight(framed) / 4, &words))
        for (size_t i = 0; i < words.count && !found; i++) {
            char *key = text_key(words.list[i].text);
            found = words.list[i].confidence >= 50 && strlen(key) >= 3;
            free(key);
        }
    words_drop(&words);
    boxDestroy(&box);
    pixDestroy(&part);
    pixDestroy(&large);
    pixDestroy(&framed);
    return found;
}

bool judge_cells(struct judge_file *file, uint32_t page, const struct judge_cells *cells, const char *check, const char *what) {
    int w = pixGetWidth(cells->seen) / CELL, h = pixGetHeight(cells->seen) / CELL, tried = 0;
    bool any = false;
    if (!same_size(cells->seen, cells->hidden))
        return false;
    PIX *map = pixCreate(w > 0 ? w : 1, h > 0 ? h : 1, 1);
    for (int y = 0; map && y < h; y++)
        for (int x = 0; x < w; x++) {
            struct span s = {x * CELL, y * CELL, (x + 1) * CELL, (y + 1) * CELL};
            if ((!cells->dark_only || pixel(cells->seen, s.x0 + CELL / 2, s.y0 + CELL / 2) < DARK) && span_levels(cells->seen, s) < 24 &&
                span_levels(cells->hidden, s) > 90)
                pixSetPixel(map, x, y, 1);
        }
    PIX *joined = map ? pixCloseBrick(NULL, map, 5, 1) : NULL; /* the letters of a word */
    BOXA *groups = joined ? pixConnCompBB(joined, 8) : NULL;
    for (int i = 0; groups && i < boxaGetCount(groups) && !any; i++) {
        l_int32 x, y, bw, bh;
        boxaGetBoxGeometry(groups, i, &x, &y, &bw, &bh);
        if (bw < cells->least)
            continue;
        int light = pixel(cells->seen, x * CELL + CELL / 2, y * CELL + CELL / 2) >= DARK;
        if (cells->words_where_light && light && (tried++ > 5 || !reads_as_word(file, cells->hidden, x * CELL, y * CELL, bw * CELL, bh * CELL)))
            continue;
        float s = 72 / (float)JUDGE_DPI;
        struct box box = {(float)(cells->left + x * CELL) * s, (float)(cells->top + y * CELL) * s, (float)(cells->left + (x + bw) * CELL) * s,
                          (float)(cells->top + (y + bh) * CELL) * s};
        judge_add(file, page, box, check, what);
        any = true;
    }
    boxaDestroy(&groups);
    pixDestroy(&map);
    pixDestroy(&joined);
    return any;
}

/* A burnt-in box that is not quite of one colour: turning up the contrast brings back what it lies on. */
static void box_evenness(struct sight *s, struct span in) {
    int levels[256] = {0}, all = 0, middle = 0, away = 0, edges = 0, spread = span_levels(s->seen, in);
    if (in.x1 - in.x0 < 12 || in.y1 - in.y0 < 4 || spread < 8 || spread > 60)
        return;
    for (int y = in.y0; y < in.y1; y++)
        for (int x = in.x0; x < in.x1; x++, all++) {
            levels[pixel(s->seen, x, y)]++;
            edges += x > in.x0 && abs(pixel(s->seen, x, y) - pixel(s->seen, x - 1, y)) >= 4;
        }
    for (int n = levels[0]; n < all / 2; n += levels[middle])
        middle++;
    for (int i = 0; i < 256; i++)
        away += abs(i - middle) >= 5 ? levels[i] : 0;
    float k = 72 / (float)JUDGE_DPI;
    if (away * 25 > all && away * 3 < all && edges * 30 > all) /* strokes: neither a texture nor a shade that grows */
        judge_add(s->file, s->page, (struct box){(float)in.x0 * k, (float)in.y0 * k, (float)in.x1 * k, (float)in.y1 * k}, "pictures (3)",
                  "a dark box is not of one colour: with more contrast what is beneath it can be seen");
}

/* Dark places without anything on them: where redactions are. */
static void sight_find_boxes(struct sight *s) {
    struct judge_page *page = &s->file->pages[s->page];
    PIX *dark = pixThresholdToBinary(s->seen, 90);
    BOXA *groups = NULL;
    PIXA *parts = NULL;
    if (dark)
        groups = pixConnComp(dark, &parts, 4);
    for (int i = 0; groups && i < boxaGetCount(groups) && page->box_count < 500; i++) {
        l_int32 x, y, w, h, ink = 0;
        float k = 72 / (float)JUDGE_DPI;
        boxaGetBoxGeometry(groups, i, &x, &y, &w, &h);
        if ((float)w * k < BOX_LEAST_W_PT || (float)h * k < BOX_LEAST_H_PT)
            continue;
        PIX *part = pixaGetPix(parts, i, L_CLONE);
        pixCountPixels(part, &ink, NULL);
        pixDestroy(&part);
        if ((double)ink < 0.9 * w * h)
            continue;
        box_evenness(s, (struct span){x + 4, y + 4, x + w - 4, y + h - 4});
        page->boxes = mem_grow(page->boxes, page->box_count + 1, sizeof *page->boxes);
        page->boxes[page->box_count++] = (struct box){(float)x * k, (float)y * k, (float)(x + w) * k, (float)(y + h) * k};
    }
    boxaDestroy(&groups);
    pixaDestroy(&parts);
    pixDestroy(&dark);
}

static PIX *copy_draw(const struct sight *s, enum judge_copy copy) {
    PopplerDocument *document = s->file->copies[copy].document;
    PopplerPage *leaf = document ? poppler_document_get_page(document, (int)s->page - 1) : NULL;
    PIX *pix = leaf ? judge_draw(leaf) : NULL;
    if (leaf)
        g_object_unref(leaf);
    return pix;
}

static char *copy_text(const struct sight *s, enum judge_copy copy) {
    PopplerDocument *document = s->file->copies[copy].document;
    PopplerPage *leaf = document ? poppler_document_get_page(document, (int)s->page - 1) : NULL;
    char *text = leaf ? poppler_page_get_text(leaf) : NULL, *key = text_key(text ? text : "");
    g_free(text);
    if (leaf)
        g_object_unref(leaf);
    return key;
}

static void sight_boxes(struct sight *s) {
    struct judge_cells cells = {s->seen, s->unboxed, 0, 0, 3, true, false};
    if (s->unboxed)
        judge_cells(s->file, s->page, &cells, "under a box (1, 3)", "something that was drawn lies under a box");
}

/* What the hidden layers add is one of the words that are printed over drafts. */
static bool layer_is_watermark(const struct sight *s) {
    static const char *const words[] = {"draft", "copy", "confidential", "sample", "void", "notforrelease", "watermark"};
    char *with = copy_text(s, COPY_ALL_LAYERS), *without = copy_text(s, COPY_AS_IT_IS);
    bool found = false;
    for (size_t i = 0; i < sizeof words / sizeof *words && !found; i++)
        found = strlen(with) == strlen(without) + strlen(words[i]) && strstr(with, words[i]);
    free(with);
    free(without);
    return found;
}

static void sight_layers(struct sight *s) {
    PIX *all = copy_draw(s, COPY_ALL_LAYERS);
    bool differs = false;
    if (same_size(all, s->seen))
        differs = span_ink(all, s->seen, (struct span){0, 0, pixGetWidth(all), pixGetHeight(all)}) > 40;
    pixDestroy(&all);
    if (!differs && s->file->copies[COPY_ALL_LAYERS].document) {
        char *with = copy_text(s, COPY_ALL_LAYERS), *without = copy_text(s, COPY_AS_IT_IS);
        differs = strlen(with) > strlen(without);
        free(with);
        free(without);
    }
    if (differs && !layer_is_watermark(s))
        judge_add(s->file, s->page, PROVE_AREA_NONE, "hidden layers (5)", "a layer that is not shown holds something");
}

/* What stands beside the page. */
static void sight_outside(struct sight *s) {
    char *wide = copy_text(s, COPY_WIDE), *own = copy_text(s, COPY_AS_IT_IS);
    if (strlen(wide) >= strlen(own) + HIDDEN_LEAST)
        judge_add(s->file, s->page, PROVE_AREA_NONE, "hidden text (1, 2, 4)", "text stands outside of the page, where nobody sees it, and can be copied");
    free(wide);
    free(own);
}

/* ---- annotations and fields */

static bool sight_flat(const struct sight *s, struct box b) {
    struct span span = span_of(s->seen, b, 0.02f);
    return span.x0 >= span.x1 || span.y0 >= span.y1 || (s->bare && !span_ink(s->seen, s->bare, span));
}

/* A field's value, or what an annotation is drawn with, adds no ink to the page. */
static void sight_fields(struct sight *s) {
    GList *fields = poppler_page_get_form_field_mapping(s->leaf);
    for (GList *l = fields; l; l = l->next) {
        const PopplerFormFieldMapping *m = l->data;
        char *text = poppler_form_field_get_field_type(m->field) == POPPLER_FORM_FIELD_TEXT ? poppler_form_field_text_get_text(m->field) : NULL;
        struct box b = {(float)m->area.x1, (float)(s->height - m->area.y2), (float)m->area.x2, (float)(s->height - m->area.y1)};
        if (text && *text && sight_flat(s, b))
            judge_add(s->file, s->page, b, "annotations and fields (8)", "a form field holds a value that the page does not show");
        g_free(text);
    }
    poppler_page_free_form_field_mapping(fields);
}

static double item_number(qpdf_data pdf, qpdf_oh array, int i) {
    double value = 0;
    qpdf_oh_get_value_as_number(pdf, qpdf_oh_get_array_item(pdf, array, i), &value);
    return value;
}

static void sight_annotations(struct sight *s) {
    qpdf_data pdf = s->file->prover.pdf;
    qpdf_oh list = qpdf_oh_get_key(pdf, qpdf_get_page_n(pdf, s->page - 1), "/Annots");
    for (int i = 0; qpdf_oh_is_array(pdf, list) && i < qpdf_oh_get_array_n_items(pdf, list); i++) {
        qpdf_oh one = qpdf_oh_get_array_item(pdf, list, i), rect = qpdf_oh_get_key_if_dict(pdf, one, "/Rect");
        qpdf_oh looks = qpdf_oh_get_key_if_dict(pdf, one, "/AP"), normal = qpdf_oh_get_key_if_dict(pdf, looks, "/N");
        unsigned char *bytes = NULL;
        size_t len = 0;
        if (!qpdf_oh_is_stream(pdf, normal) || !qpdf_oh_is_array(pdf, rect) || qpdf_oh_get_array_n_items(pdf, rect) != 4)
            continue;
        struct box b = {(float)item_number(pdf, rect, 0), (float)(s->height - item_number(pdf, rect, 3)), (float)item_number(pdf, rect, 2),
                        (float)(s->height - item_number(pdf, rect, 1))};
        if (!(qpdf_oh_get_stream_data(pdf, normal, qpdf_dl_generalized, NULL, &bytes, &len) & QPDF_ERRORS) && judge_content_shows(view_of(bytes, len)) &&
            sight_flat(s, b))
            judge_add(s->file, s->page, b, "annotations and fields (8)", "a mark on the page is drawn with text that cannot be seen");
        free(bytes);
    }
}

static void page_words(struct judge_page *page, const struct sight *s, const char *text) {
    size_t at = 0;
    const char *p = text;
    page->words = mem_new((s->char_count + 1) * sizeof *page->words);
    while (at < s->char_count) {
        struct run run = run_next(s, at);
        p += strspn(p, " \t\r\n\f\v");
        size_t len = strcspn(p, " \t\r\n\f\v");
        char *word = mem_text_part(p, len), *key = text_key(word);
        free(word);
        p += len;
        at = run.end;
        if (*key)
            page->words[page->word_count++] = (struct word_place){key, run.box};
        else
            free(key);
    }
}

void judge_seen(struct judge_file *file, uint32_t page) {
    struct sight s = {.file = file, .page = page};
    s.leaf = poppler_document_get_page(file->copies[COPY_AS_IT_IS].document, (int)page - 1);
    if (!s.leaf) {
        judge_add(file, page, PROVE_AREA_NONE, "cannot be judged", "the page cannot be opened");
        return;
    }
    poppler_page_get_size(s.leaf, &s.width, &s.height);
    s.seen = judge_draw(s.leaf);
    char *text = poppler_page_get_text(s.leaf);
    file->pages[page].text = mem_text(text ? text : "");
    if (s.seen) {
        s.pictures = poppler_page_get_image_mapping(s.leaf);
        chars_load(&s, file->pages[page].text);
        page_words(&file->pages[page], &s, file->pages[page].text);
        if (s.char_count || file->recognise[page] || qpdf_oh_has_key(file->prover.pdf, qpdf_get_page_n(file->prover.pdf, page - 1), "/Annots"))
            s.bare = copy_draw(&s, COPY_NO_TEXT);
        s.unboxed = copy_draw(&s, COPY_NO_BOXES);
        if (s.bare && !same_size(s.bare, s.seen))
            pixDestroy(&s.bare);
        if (s.unboxed && !same_size(s.unboxed, s.seen))
            pixDestroy(&s.unboxed);
        sight_hidden_text(&s);
        sight_overlaps(&s);
        sight_find_boxes(&s);
        sight_boxes(&s);
        sight_fields(&s);
        sight_annotations(&s);
        sight_layers(&s);
        sight_outside(&s);
        judge_pictures(file, s.leaf, page, s.seen);
    } else {
        judge_add(file, page, PROVE_AREA_NONE, "cannot be judged", "the page cannot be drawn");
    }
    g_free(text);
    poppler_page_free_image_mapping(s.pictures);
    free(s.chars);
    if (s.recognised)
        words_drop(s.recognised);
    free(s.recognised);
    pixDestroy(&s.seen);
    pixDestroy(&s.bare);
    pixDestroy(&s.unboxed);
    g_object_unref(s.leaf);
}
