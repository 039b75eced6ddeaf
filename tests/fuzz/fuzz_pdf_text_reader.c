/* Any bytes as a page's content and as a font's character map. Input: two bytes for the length of the map,
 * the map, the content. */
#include "redact/pdf_text_reader.h"

#include <stdlib.h>
#include <string.h>

static const struct pdf_font *fuzz_font(void *state, const char *name) {
    return strcmp(name, "none") == 0 ? NULL : state;
}

static bool fuzz_is_picture(void *state, const char *name) {
    (void)state;
    return strcmp(name, "Page") == 0;
}

/* Each character's place in the text must be where a character is. */
static void fuzz_check(const struct pdf_text *text) {
    for (size_t i = 0; i < text->count; i++)
        if (text->chars[i].at >= text->text.len)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    if (len < 2)
        return 0;
    size_t map = ((size_t)data[0] << 8 | data[1]) % (len - 1);
    struct pdf_font font = {.code_bytes = 1 + data[1] % 2, .width = 0.5};
    struct pdf_scope scope = {fuzz_font, fuzz_is_picture, &font};
    struct pdf_text text;
    pdf_font_read_map(&font, view_of(data + 2, map < len - 2 ? map : len - 2));
    font.readable = font.count > 0;
    size_t from = 2 + (map < len - 2 ? map : len - 2);
    pdf_text_read(view_of(data + from, len - from), &scope, 595, 842, &text);
    fuzz_check(&text);
    pdf_text_drop(&text);
    pdf_font_drop(&font);
    return 0;
}
