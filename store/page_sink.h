/* page_sink.h: where an opener puts pages, one by one, so that a file of 1,000 pages needs the memory of one. */
#ifndef STORE_PAGE_SINK_H
#define STORE_PAGE_SINK_H

#include "store/page.h"

struct page_sink {
    /* Called once, before the first page, with the number of pages that the file says it has. 0 to go on. */
    int (*count)(void *state, uint32_t pages);
    /* Called for each page in order. A page that cannot be read comes with its trouble and no picture: one bad page
     * never loses the others. Everything in page is borrowed for the call. Not 0: stop and return that. */
    int (*page)(void *state, const struct opened_page *page);
    /* Asked before any work on a page: 0: leave it out, nothing is to be given for it (it is there already, or the sink has said itself
     * why not). NULL: every page is wanted. Called in rising order, once for each page. */
    int (*wanted)(void *state, uint32_t number);
    void *state;
    /* What a person should know of a page that can be read; plain words, nothing of what the page says. NULL: nobody asks. */
    int (*note)(void *state, const char *text);
};

static inline int page_sink_wants(const struct page_sink *sink, uint32_t number) {
    return !sink->wanted || sink->wanted(sink->state, number);
}

#endif
