#include "disclose/bind_text.h"

#include "base/mem.h"

#include <math.h>
#include <stdint.h>

#define WORD_WIDTH_LEAST 0.5f

/* The page while its words go by. */
struct going {
    const struct covered_page *page;
    struct buf *out;
    struct bind_tags *tags;
    size_t next; /* area that was not met yet */
    bool open;   /* a paragraph */
};

static size_t tag_add(struct going *going, struct bind_tag tag) {
    going->tags->list = mem_grow(going->tags->list, going->tags->count + 1, sizeof *going->tags->list);
    going->tags->list[going->tags->count] = tag;
    return going->tags->count++;
}

static void paragraph_end(struct going *going) {
    if (going->open)
        buf_add_text(going->out, "EMC\n");
    going->open = false;
}

static void area_put(struct going *going) {
    paragraph_end(going);
    size_t id = tag_add(going, (struct bind_tag){true, going->next++});
    buf_print(going->out, "/Figure <</MCID %zu>> BDC EMC\n", id);
}

/* Above the word, or before it on its line. */
static bool area_is_before(struct box area, const struct box *word) {
    float y = (word->y0 + word->y1) / 2;
    return area.y1 <= y || (area.y0 <= y && area.x1 <= word->x0 + 1);
}

static void word_begin(struct going *going, const struct box *word) {
    while (going->next < going->page->covered_count && area_is_before(going->page->covered[going->next], word))
        area_put(going);
    if (!going->open)
        buf_print(going->out, "/P <</MCID %zu>> BDC\n", tag_add(going, (struct bind_tag){false, 0}));
    going->open = true;
}

/* Cuts the box off at the covered area that it runs into; false when its middle lies in one. */
static bool word_clear(struct box *word, const void *state) {
    struct going *going = (struct going *)(uintptr_t)state; /* the caller promises to change nothing: it is ours */
    const struct covered_page *page = going->page;
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
    if (word->x1 - word->x0 < WORD_WIDTH_LEAST)
        return false;
    word_begin(going, word);
    return true;
}

uint32_t bind_text(struct words_pdf_fonts *fonts, const struct covered_page *page, float lift, struct buf *out, struct bind_tags *tags) {
    struct going going = {.page = page, .out = out, .tags = tags};
    struct words_pdf_order order = {&page->words, lift + page->height_pt, word_clear, &going, false};
    uint32_t used = words_pdf_put(fonts, &order, out);
    while (going.next < page->covered_count)
        area_put(&going);
    paragraph_end(&going);
    return used;
}
