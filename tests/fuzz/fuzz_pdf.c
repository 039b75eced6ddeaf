/* Any bytes as a content stream, as a table of characters, and as a PDF whose contents are asked (our own
 * reading by qpdf, no rendering). */
#include "ocr/pdf_contents.h"
#include "ocr/pdf_drawn.h"
#include "ocr/pdf_fonts.h"
#include "ocr/pdf_trouble.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int on_drawn(void *state, const char *name) {
    (void)state;
    if (name[0] != '/' || strlen(name) >= PDF_DRAWN_NAME_MOST)
        abort();
    return 0;
}

static int on_file(void *state, const char *name, struct view bytes) {
    (void)state, (void)bytes;
    return name ? 0 : 1;
}

static int on_note(void *state, const char *text) {
    (void)state;
    if (strlen(text) > 200)
        abort();
    return 0;
}

static void look_at_pages(const struct pdf_order *order) {
    struct pdf_file *file;
    if (pdf_file_open(order, &file) != 0)
        return;
    struct pdf_trouble *trouble = pdf_trouble_new(file);
    for (uint32_t n = 0; file->usable && n < file->pages && n < 10; n++) {
        pdf_trouble_of_page(trouble, n);
        pdf_trouble_of_drawn(trouble, n);
        pdf_trouble_layer_lies(trouble, n);
    }
    pdf_file_lost_pages(file, order->bytes, file->pages);
    pdf_trouble_drop(&trouble);
    pdf_file_drop(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    struct pdf_characters characters;
    struct pdf_order order = {.bytes = view_of(data, len)};
    struct pdf_contents_sink sink = {on_file, on_note, NULL};
    pdf_drawn_names(order.bytes, on_drawn, NULL);
    pdf_characters_read(order.bytes, &characters);
    pdf_contents_open(&order, &sink);
    look_at_pages(&order);
    return 0;
}
