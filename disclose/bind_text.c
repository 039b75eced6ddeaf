#include "disclose/bind_text.h"

#include <math.h>

#define WORD_WIDTH_LEAST 0.5f

/* Cuts the box off at the covered area that it runs into; false when its middle lies in one. */
static bool word_clear(struct box *word, const void *state) {
    const struct covered_page *page = state;
    for (size_t i = 0; i < page->covered_count; i++) {
        struct box area = page->covered[i];
        float x = (word->x0 + word->x1) / 2, y = (word->y0 + word->y1) / 2;
        if (y < area.y0 || y > area.y1 || word->x1 <= area.x0 || word->x0 >= area.x1)
            continue;
        if (x >= area.x0 && x <= area.x1)
            return false;
        if (x < area.x0)
            word->x1 = fminf(word->x1, area.x0);
        else
            word->x0 = fmaxf(word->x0, area.x1);
    }
    return word->x1 - word->x0 >= WORD_WIDTH_LEAST;
}

uint32_t bind_text(struct words_pdf_fonts *fonts, const struct covered_page *page, float lift, struct buf *out) {
    struct words_pdf_order order = {&page->words, lift + page->height_pt, word_clear, page, false};
    return words_pdf_put(fonts, &order, out);
}
