/* Any bytes as a picture file. What is given must be a picture that can be decoded, or have its trouble;
 * large ones are left alone here. */
#include "base/pix.h"
#include "ocr/picture_facts.h"
#include "ocr/picture_pages.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int on_count(void *state, uint32_t pages) {
    (void)state;
    return pages > 20 ? 1 : 0;
}

static int on_page(void *state, const struct opened_page *page) {
    (void)state;
    bool troubled = page->trouble[0] != 0;
    if (troubled != (page->picture.format == PICTURE_NONE))
        abort();
    if (!troubled && !(page->width_pt > 0 && page->height_pt > 0 && page->picture.dpi > 0))
        abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    struct page_sink sink = {.count = on_count, .page = on_page};
    struct picture_order order = {.bytes = view_of(data, len), .dpi = 200};
    picture_facts_jpeg(order.bytes);
    picture_facts_png(order.bytes);
    picture_pages_open(&order, &sink);
    return 0;
}
