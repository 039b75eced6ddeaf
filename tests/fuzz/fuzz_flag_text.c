/* fuzz_flag_text: any bytes as a plain text: the words' places must be right. */
#include "daemon/flag_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct document_words document;
    struct flag_page *pages;
    flag_text_is(view_of(data, size));
    flag_text_read(view_of(data, size), &document, &pages);
    for (size_t p = 0; p < document.page_count; p++) {
        const struct words *words = &document.pages[p].words;
        for (size_t i = 0; i < words->count; i++) {
            size_t len = strlen(words->list[i].text), at = pages[p].word_bytes[i];
            if (!len || at + len > pages[p].text.len || memcmp(pages[p].text.data + at, words->list[i].text, len) != 0 ||
                pages[p].begins[i] > pages[p].begins[i + 1])
                abort();
        }
        flag_page_drop(&pages[p]);
    }
    free(pages);
    document_words_drop(&document);
    return 0;
}
