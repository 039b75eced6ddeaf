/* read_text.c: the words of pages as plain text, a form feed between pages. */
#include "ocr/read_form.h"

static void text_begin(struct read_output *output) {
    (void)output;
}

static void text_page(struct read_output *output, const struct read_page *page) {
    if (output->pages)
        buf_add_byte(&output->out, '\f');
    words_text(page->words, &output->out);
    if (page->words->count)
        buf_add_byte(&output->out, '\n');
}

static void text_end(struct read_output *output) {
    (void)output;
}

const struct read_form read_form_text = {text_begin, text_page, text_end, NULL};
