/* Any bytes as the words of a page: what decodes encodes to the same bytes again. */
#include "store/page.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct words words;
    if (words_decode(view_of(data, size), &words) != 0) {
        if (words.list)
            abort();
        return 0;
    }
    struct buf again = {0}, text = {0};
    words_encode(&words, &again);
    words_text(&words, &text);
    if (!view_equal(buf_view(&again), view_of(data, size)))
        abort();
    words_drop(&words);
    buf_drop(&again);
    buf_drop(&text);
    return 0;
}
