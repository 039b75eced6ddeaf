/* read_hocr.c: hOCR 1.2 (kba.github.io/hocr-spec/1.2) in XHTML. Places are pixels of the page's picture as it was shown: `scan_res` says
 * how many of them an inch has. Text that stands sideways has a `textangle`. */
#include "ocr/read_form.h"

#include <string.h>

static void hocr_begin(struct read_output *output) {
    buf_add_text(&output->out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
                 "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title></title>\n"
                 "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\" />\n"
                 "<meta name=\"ocr-system\" content=\"casefile\" />\n"
                 "<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea ocr_par ocr_line ocrx_word ocr_photo ocr_textimage ocrp_lang "
                 "ocrp_wconf\" />\n"
                 "</head>\n<body>\n");
}

/* Where a page is in its output, for the numbers of its parts. */
struct hocr_page {
    struct buf *out;
    const struct read_page *page;
    struct read_scale scale;
    unsigned blocks, lines;
};

static void put_box(const struct hocr_page *h, struct box b) {
    buf_print(h->out, "bbox %d %d %d %d", read_pixels(h->scale, b.x0), read_pixels(h->scale, b.y0), read_pixels(h->scale, b.x1),
              read_pixels(h->scale, b.y1));
}

static void put_language(struct buf *out, const char *language) {
    const char *code = read_language_code(language);
    if (*code)
        buf_print(out, " lang=\"%s\" xml:lang=\"%s\"", code, code);
}

static void put_line(struct hocr_page *h, size_t from, size_t to) {
    const struct words *words = h->page->words;
    buf_print(h->out, "   <span class=\"ocr_line\" id=\"line_%u_%u\" title=\"", h->page->number, ++h->lines);
    put_box(h, read_words_box(words, from, to));
    if (h->page->turn)
        buf_print(h->out, "; textangle %u", h->page->turn);
    buf_add_text(h->out, "\">\n");
    for (size_t i = from; i < to; i++) {
        buf_print(h->out, "    <span class=\"ocrx_word\" id=\"word_%u_%zu\" title=\"", h->page->number, i + 1);
        put_box(h, words->list[i].box);
        buf_print(h->out, "; x_wconf %u\">", words->list[i].confidence);
        read_put_xml(h->out, words->list[i].text);
        buf_add_text(h->out, "</span>\n");
    }
    buf_add_text(h->out, "   </span>\n");
}

static void put_block(struct hocr_page *h, size_t from, size_t to) {
    const struct words *words = h->page->words;
    struct box box = read_words_box(words, from, to);
    buf_print(h->out, " <div class=\"ocr_carea\" id=\"block_%u_%u\" title=\"", h->page->number, ++h->blocks);
    put_box(h, box);
    buf_print(h->out, "\">\n  <p class=\"ocr_par\" id=\"par_%u_%u\"", h->page->number, h->blocks);
    put_language(h->out, h->page->language);
    buf_add_text(h->out, " title=\"");
    put_box(h, box);
    buf_add_text(h->out, "\">\n");
    for (size_t i = from, end; i < to; i = end) {
        end = read_line_end(words, i);
        put_line(h, i, end);
    }
    buf_add_text(h->out, "  </p>\n </div>\n");
}

/* A photograph, or something that may be text and was not read (well). */
static void put_regions(const struct hocr_page *h) {
    for (size_t i = 0; i < h->page->regions->count; i++) {
        const struct region *region = &h->page->regions->list[i];
        buf_print(h->out, " <div class=\"%s\" id=\"region_%u_%zu\" title=\"", region->kind == REGION_PICTURE ? "ocr_photo" : "ocr_textimage",
                  h->page->number, i + 1);
        put_box(h, region->box);
        buf_add_text(h->out, "; x_kind &quot;");
        read_put_xml(h->out, region_kind_text(region->kind));
        buf_add_text(h->out, "&quot;\"></div>\n");
    }
}

static void hocr_page(struct read_output *output, const struct read_page *page) {
    struct hocr_page h = {.out = &output->out, .page = page, .scale = read_scale_of(page)};
    struct box all = {0};
    read_page_size(page, &all.x1, &all.y1);
    buf_print(h.out, "<div class=\"ocr_page\" id=\"page_%u\"", page->number);
    put_language(h.out, page->language);
    buf_add_text(h.out, " title=\"");
    put_box(&h, all);
    buf_print(h.out, "; ppageno %u; scan_res %d %d\">\n", page->number - 1, read_pixels(h.scale, 72), read_pixels(h.scale, 72));
    for (size_t i = 0, end; i < page->words->count; i = end) {
        end = read_block_end(page->words, i);
        put_block(&h, i, end);
    }
    put_regions(&h);
    buf_add_text(h.out, "</div>\n");
}

static void hocr_end(struct read_output *output) {
    buf_add_text(&output->out, "</body>\n</html>\n");
}

const struct read_form read_form_hocr = {hocr_begin, hocr_page, hocr_end, NULL};
