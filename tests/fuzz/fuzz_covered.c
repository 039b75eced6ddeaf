/* Any bytes as a covered page and as findings. What is accepted must be written again as the same bytes. */
#include "store/covered.h"

#include <stdlib.h>
#include <string.h>

static void fuzz_same(const struct buf *again, const uint8_t *data, size_t len) {
    if (!view_equal(buf_view(again), view_of(data, len)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    struct covered_page page;
    struct findings findings;
    struct buf again = {0};
    if (covered_page_decode(view_of(data, len), &page) == 0) {
        covered_page_encode(&page, &again);
        fuzz_same(&again, data, len);
        covered_page_drop(&page);
    }
    buf_reset(&again);
    if (findings_decode(view_of(data, len), &findings) == 0) {
        findings_encode(&findings, &again);
        fuzz_same(&again, data, len);
        findings_drop(&findings);
    }
    buf_drop(&again);
    return 0;
}
