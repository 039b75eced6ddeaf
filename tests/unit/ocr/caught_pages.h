/* caught_pages.h: a sink that keeps what an opener gives. */
#ifndef TESTS_CAUGHT_PAGES_H
#define TESTS_CAUGHT_PAGES_H

#include "base/mem.h"
#include "store/page_sink.h"

#include <stdio.h>
#include <string.h>

#define CAUGHT_MOST 64

struct caught_page {
    struct opened_page page; /* its bytes, words and claimed words are copies; no regions, no pix */
    size_t regions;
    struct box first_region;
    int had_pix;
    struct buf bytes;
};

struct caught {
    uint32_t said; /* pages that the opener announced */
    int counts;    /* how often it did */
    uint32_t given;
    int stop_at; /* answers stop_with at this page; 0: never */
    int stop_with;
    int notes;
    char note[256]; /* the last */
    struct caught_page pages[CAUGHT_MOST];
};

static inline int caught_count(void *state, uint32_t pages) {
    struct caught *caught = state;
    caught->said = pages;
    caught->counts++;
    return 0;
}

static inline void caught_words(const struct words *words, struct words *ret) {
    *ret = (struct words){0};
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        words_add(ret, w->box, w->line, w->block, w->confidence, w->text);
    }
}

static inline int caught_note(void *state, const char *text) {
    struct caught *caught = state;
    caught->notes++;
    snprintf(caught->note, sizeof caught->note, "%s", text);
    return 0;
}

static inline int caught_page(void *state, const struct opened_page *page) {
    struct caught *caught = state;
    if (caught->given < CAUGHT_MOST) {
        struct caught_page *c = &caught->pages[caught->given];
        c->page = *page;
        caught_words(&page->words, &c->page.words);
        caught_words(&page->claimed, &c->page.claimed);
        c->regions = page->regions.count;
        c->first_region = page->regions.count ? page->regions.list[0].box : (struct box){0};
        c->had_pix = page->pix != NULL;
        c->page.regions = (struct regions){0};
        c->page.pix = NULL;
        buf_add(&c->bytes, page->picture.bytes.data, page->picture.bytes.len);
        c->page.picture.bytes = buf_view(&c->bytes);
    }
    caught->given++;
    return caught->stop_at == (int)caught->given ? caught->stop_with : 0;
}

static inline struct page_sink caught_sink(struct caught *caught) {
    memset(caught, 0, sizeof *caught);
    return (struct page_sink){.count = caught_count, .page = caught_page, .note = caught_note, .state = caught};
}

static inline void caught_drop(struct caught *caught) {
    for (int i = 0; i < CAUGHT_MOST; i++) {
        words_drop(&caught->pages[i].page.words);
        words_drop(&caught->pages[i].page.claimed);
        buf_drop(&caught->pages[i].bytes);
    }
}

#endif
