#include "ocr/read_form.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define A4_WIDTH_PT 595.28f
#define A4_HEIGHT_PT 841.89f
#define DPI_OTHERWISE 300.0f

static const struct {
    const char *ending;
    enum read_format format;
} endings[] = {{"txt", READ_TEXT}, {"text", READ_TEXT}, {"hocr", READ_HOCR}, {"html", READ_HOCR},
               {"xml", READ_ALTO}, {"alto", READ_ALTO}, {"pdf", READ_PDF}};

enum read_format read_format_named(const char *ending) {
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(endings[i].ending, ending) == 0)
            return endings[i].format;
    return READ_NONE;
}

const char *read_format_ending(enum read_format format) {
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (endings[i].format == format)
            return endings[i].ending;
    return "";
}

void read_output_pass(struct read_output *output, struct view bytes) {
    if (!output->err && bytes.len)
        output->err = output->target.write(output->target.state, bytes);
    if (!output->err)
        output->written += bytes.len;
}

void read_output_flush(struct read_output *output) {
    read_output_pass(output, buf_view(&output->out));
    buf_reset(&output->out);
}

int read_output_begin(enum read_format format, struct read_target target, struct read_output **ret) {
    static const struct read_form *const forms[] = {NULL, &read_form_text, &read_form_hocr, &read_form_alto, &read_form_pdf};
    if (format <= READ_NONE || format > READ_PDF)
        return ERR_INPUT;
    struct read_output *output = mem_new(sizeof *output);
    output->form = forms[format];
    output->target = target;
    output->form->begin(output);
    read_output_flush(output);
    int err = output->err;
    if (err)
        read_output_drop(&output);
    else
        *ret = output;
    return err;
}

int read_output_page(struct read_output *output, const struct read_page *page) {
    output->form->page(output, page);
    output->pages++;
    read_output_flush(output);
    return output->err;
}

int read_output_end(struct read_output **output) {
    struct read_output *o = *output;
    o->form->end(o);
    read_output_flush(o);
    int err = o->err;
    read_output_drop(output);
    return err;
}

void read_output_drop(struct read_output **output) {
    struct read_output *o = *output;
    if (!o)
        return;
    if (o->form->drop)
        o->form->drop(o);
    buf_wipe(&o->out);
    mem_free(output);
}

/* ---- what the forms share */

size_t read_line_end(const struct words *words, size_t from) {
    size_t i = from;
    while (i < words->count && words->list[i].line == words->list[from].line && words->list[i].block == words->list[from].block)
        i++;
    return i;
}

size_t read_block_end(const struct words *words, size_t from) {
    size_t i = from;
    while (i < words->count && words->list[i].block == words->list[from].block)
        i++;
    return i;
}

struct box read_words_box(const struct words *words, size_t from, size_t to) {
    struct box all = words->list[from].box;
    for (size_t i = from + 1; i < to; i++)
        all = box_join(all, words->list[i].box);
    return all;
}

static bool xml_allows(uint32_t c) {
    return (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
}

void read_put_xml(struct buf *out, const char *text) {
    for (uint32_t c; (c = text_next(&text));) {
        switch (c) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        default:
            text_put(out, xml_allows(c) ? c : 0xFFFD);
        }
    }
}

struct read_scale read_scale_of(const struct read_page *page) {
    return (struct read_scale){page->dpi > 0 ? page->dpi : DPI_OTHERWISE};
}

int read_pixels(struct read_scale scale, float points) {
    return (int)lrintf(points * scale.dpi / 72);
}

void read_page_size(const struct read_page *page, float *ret_width, float *ret_height) {
    bool known = page->width_pt > 0 && page->height_pt > 0;
    *ret_width = known ? page->width_pt : A4_WIDTH_PT;
    *ret_height = known ? page->height_pt : A4_HEIGHT_PT;
}

/* Tesseract's three letters (ISO 639-2) to the two of ISO 639-1, where there are two. */
const char *read_language_code(const char *language) {
    static const char *const codes[][2] = {{"eng", "en"}, {"cym", "cy"}, {"pol", "pl"}, {"urd", "ur"}, {"ara", "ar"}, {"pan", "pa"},
                                           {"ron", "ro"}, {"fra", "fr"}, {"deu", "de"}, {"spa", "es"}, {"por", "pt"}, {"ita", "it"},
                                           {"ben", "bn"}, {"guj", "gu"}, {"hin", "hi"}, {"tam", "ta"}, {"tur", "tr"}, {"fas", "fa"},
                                           {"lit", "lt"}, {"lav", "lv"}, {"slk", "sk"}, {"ces", "cs"}, {"hun", "hu"}, {"bul", "bg"},
                                           {"rus", "ru"}, {"ukr", "uk"}, {"som", "so"}, {"alb", "sq"}, {"sqi", "sq"}, {"pus", "ps"},
                                           {"kur", "ku"}, {"tir", "ti"}, {"amh", "am"}, {"gle", "ga"}, {"gla", "gd"}, {"vie", "vi"}};
    size_t len = strcspn(language, "+");
    for (size_t i = 0; len == 3 && i < sizeof codes / sizeof *codes; i++)
        if (strncmp(codes[i][0], language, 3) == 0)
            return codes[i][1];
    return "";
}
