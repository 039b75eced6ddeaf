/* caught_pages.h: a sink that keeps what an opener gives. */
#ifndef TESTS_CAUGHT_PAGES_H
#define TESTS_CAUGHT_PAGES_H

#include "base/mem.h"
#include "store/page_sink.h"

#include <string.h>

#define CAUGHT_MOST 64

struct caught_page {
    struct opened_page page; /* its bytes and words are copies */
    struct buf bytes;
};

struct caught {
    uint32_t said; /* pages that the opener announced */
    int counts;    /* how often it did */
    uint32_t given;
    int stop_at; /* answers stop_with at this page; 0: never */
    int stop_with;
    struct caught_page pages[CAUGHT_MOST];
};

static inline int caught_count(void *state, uint32_t pages) {
    struct caught *caught = state;
    caught->said = pages;
    caught->counts++;
    return 0;
}

static inline int caught_page(void *state, const struct opened_page *page) {
    struct caught *caught = state;
    if (caught->given < CAUGHT_MOST) {
        struct caught_page *c = &caught->pages[caught->given];
        c->page = *page;
        c->page.words = (struct words){0};
        for (size_t i = 0; i < page->words.count; i++) {
            const struct word *w = &page->words.list[i];
            words_add(&c->page.words, w->box, w->line, w->block, w->confidence, w->text);
        }
        buf_add(&c->bytes, page->picture.bytes.data, page->picture.bytes.len);
        c->page.picture.bytes = buf_view(&c->bytes);
    }
    caught->given++;
    return caught->stop_at == (int)caught->given ? caught->stop_with : 0;
}

static inline struct page_sink caught_sink(struct caught *caught) {
    memset(caught, 0, sizeof *caught);
    return (struct page_sink){.count = caught_count, .page = caught_page, .state = caught};
}

static inline void caught_drop(struct caught *caught) {
    for (int i = 0; i < CAUGHT_MOST; i++) {
        words_drop(&caught->pages[i].page.words);
        buf_drop(&caught->pages[i].bytes);
    }
}

#endif
