/* read_alto.c: ALTO 4.2 (loc.gov/standards/alto). Places are pixels of the page's picture as it was shown. A word that is broken by a
 * hyphen at a line's end stands as two strings, each of which says what the whole is. */
#include "ocr/read_form.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void alto_begin(struct read_output *output) {
    buf_add_text(&output->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" "
                               "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
                               "  xsi:schemaLocation=\"http://www.loc.gov/standards/alto/ns-v4# "
                               "http://www.loc.gov/standards/alto/v4/alto-4-2.xsd\" SCHEMAVERSION=\"4.2\">\n"
                               "<Description>\n<MeasurementUnit>pixel</MeasurementUnit>\n"
                               "<Processing ID=\"casefile\"><processingSoftware><softwareName>casefile</softwareName></processingSoftware>"
                               "</Processing>\n</Description>\n<Layout>\n");
}

struct alto_page {
    struct buf *out;
    const struct read_page *page;
    struct read_scale scale;
    unsigned blocks, lines;
    char *broken; /* the whole of which the next word is the second part, or NULL; owned */
};

static void put_place(const struct alto_page *a, struct box b) {
    int x = read_pixels(a->scale, b.x0), y = read_pixels(a->scale, b.y0);
    buf_print(a->out, " HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\"", x, y, read_pixels(a->scale, b.x1) - x,
              read_pixels(a->scale, b.y1) - y);
}

static void put_attribute(struct buf *out, const char *name, const char *text) {
    buf_print(out, " %s=\"", name);
    read_put_xml(out, text);
    buf_add_byte(out, '"');
}

static void put_string(const struct alto_page *a, size_t i, struct box box, const char *content) {
    buf_print(a->out, "      <String ID=\"w%u_%zu\"", a->page->number, i + 1);
    put_place(a, box);
    put_attribute(a->out, "CONTENT", content);
    buf_print(a->out, " WC=\"%.2f\"", a->page->words->list[i].confidence / 100.0);
}

static void put_substitute(struct buf *out, const char *type, const char *whole) {
    put_attribute(out, "SUBS_TYPE", type);
    put_attribute(out, "SUBS_CONTENT", whole);
}

static size_t text_letters(const char *text) {
    size_t n = 0;
    while (text_next(&text))
        n++;
    return n;
}

/* The hyphen is the last letter of the word, which is taken to be as wide as the others. */
static void put_broken(struct alto_page *a, size_t i) {
    const struct word *word = &a->page->words->list[i];
    size_t letters = text_letters(word->text), len = strlen(word->text);
    size_t hyphen = word->text[len - 1] == '-' ? 1 : 3;
    char *first = strndup(word->text, len - hyphen);
    struct box box = word->box, rest = word->box;
    float each = (box.x1 - box.x0) / (float)letters;
    if (a->page->turn % 180 == 0)
        box.x1 = rest.x0 = box.x1 - each;
    put_string(a, i, box, first ? first : "");
    put_substitute(a->out, "HypPart1", a->broken);
    buf_add_text(a->out, " />\n      <HYP");
    put_place(a, rest);
    put_attribute(a->out, "CONTENT", word->text + len - hyphen);
    buf_add_text(a->out, " />\n");
    free(first);
}

static void put_word(struct alto_page *a, size_t i) {
    const struct word *word = &a->page->words->list[i];
    char *second = a->broken;
    a->broken = second ? NULL : words_joined(a->page->words, i);
    if (a->broken) {
        put_broken(a, i);
        return;
    }
    put_string(a, i, word->box, word->text);
    if (second)
        put_substitute(a->out, "HypPart2", second);
    buf_add_text(a->out, " />\n");
    free(second);
}

static void put_space(const struct alto_page *a, struct box left, struct box right) {
    int x = read_pixels(a->scale, left.x1), y = read_pixels(a->scale, left.y0);
    int width = read_pixels(a->scale, right.x0) - x;
    buf_print(a->out, "      <SP HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\" />\n", x, y, width > 0 ? width : 0);
}

static void put_line(struct alto_page *a, size_t from, size_t to) {
    const struct words *words = a->page->words;
    buf_print(a->out, "     <TextLine ID=\"l%u_%u\"", a->page->number, ++a->lines);
    put_place(a, read_words_box(words, from, to));
    buf_add_text(a->out, ">\n");
    for (size_t i = from; i < to; i++) {
        if (i > from)
            put_space(a, words->list[i - 1].box, words->list[i].box);
        put_word(a, i);
    }
    buf_add_text(a->out, "     </TextLine>\n");
}

static void put_block(struct alto_page *a, size_t from, size_t to) {
    const struct words *words = a->page->words;
    const char *code = read_language_code(a->page->language);
    buf_print(a->out, "    <TextBlock ID=\"b%u_%u\"", a->page->number, ++a->blocks);
    put_place(a, read_words_box(words, from, to));
    if (a->page->turn)
        buf_print(a->out, " ROTATION=\"%u\"", a->page->turn);
    if (*code)
        put_attribute(a->out, "LANG", code);
    buf_add_text(a->out, ">\n");
    for (size_t i = from, end; i < to; i = end) {
        end = read_line_end(words, i);
        put_line(a, i, end);
    }
    buf_add_text(a->out, "    </TextBlock>\n");
}

static void put_regions(const struct alto_page *a) {
    for (size_t i = 0; i < a->page->regions->count; i++) {
        const struct region *region = &a->page->regions->list[i];
        buf_print(a->out, "    <Illustration ID=\"r%u_%zu\"", a->page->number, i + 1);
        put_place(a, region->box);
        put_attribute(a->out, "TYPE", region_kind_text(region->kind));
        buf_add_text(a->out, " />\n");
    }
}

static void alto_page(struct read_output *output, const struct read_page *page) {
    struct alto_page a = {.out = &output->out, .page = page, .scale = read_scale_of(page)};
    struct box all = {0};
    read_page_size(page, &all.x1, &all.y1);
    buf_print(a.out, "  <Page ID=\"p%u\" PHYSICAL_IMG_NR=\"%u\" HEIGHT=\"%d\" WIDTH=\"%d\">\n   <PrintSpace", page->number, page->number,
              read_pixels(a.scale, all.y1), read_pixels(a.scale, all.x1));
    put_place(&a, all);
    buf_add_text(a.out, ">\n");
    for (size_t i = 0, end; i < page->words->count; i = end) {
        end = read_block_end(page->words, i);
        put_block(&a, i, end);
    }
    put_regions(&a);
    buf_add_text(a.out, "   </PrintSpace>\n  </Page>\n");
    free(a.broken);
}

static void alto_end(struct read_output *output) {
    buf_add_text(&output->out, "</Layout>\n</alto>\n");
}

const struct read_form read_form_alto = {alto_begin, alto_page, alto_end, NULL};
