#include "daemon/flag_text.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_ON_PAGE (PAGE_WORDS_MOST / 2) /* a text without form feeds is parted here */

bool flag_text_is(struct view bytes) {
    if (!text_is_utf8(bytes))
        return false;
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] < 0x20 && !memchr("\t\n\r\f\v", bytes.data[i], 5))
            return false;
    return true;
}

struct text_reader {
    struct document_words *document;
    struct flag_page *pages;
    size_t page_room, begin_room;
    uint32_t line, block, points;
    bool line_empty;
    size_t page_begin; /* byte of the file */
};

static void page_begin(struct text_reader *r, size_t at) {
    struct document_words *d = r->document;
    if (d->page_count == r->page_room) {
        r->page_room = r->page_room ? r->page_room * 2 : 4;
        d->pages = mem_grow(d->pages, r->page_room, sizeof *d->pages);
        r->pages = mem_grow(r->pages, r->page_room, sizeof *r->pages);
    }
    d->pages[d->page_count] = (struct document_page){.number = (uint32_t)d->page_count + 1};
    r->pages[d->page_count++] = (struct flag_page){0};
    r->page_begin = at;
    r->begin_room = 0;
    r->line_empty = true;
}

/* Closes the page: its text, and one place more than words. */
static void page_end(struct text_reader *r, struct view bytes, size_t at) {
    struct flag_page *page = &r->pages[r->document->page_count - 1];
    size_t count = r->document->pages[r->document->page_count - 1].words.count;
    buf_add(&page->text, bytes.data + r->page_begin, at - r->page_begin);
    buf_text(&page->text);
    page->begins = mem_grow(page->begins, count + 1, sizeof *page->begins);
    page->word_bytes = mem_grow(page->word_bytes, count + 1, sizeof *page->word_bytes);
    page->begins[count] = r->points;
    page->word_bytes[count] = (uint32_t)page->text.len;
}

static void word_put(struct text_reader *r, const char *word, size_t len, size_t at) {
    struct words *words = &r->document->pages[r->document->page_count - 1].words;
    struct flag_page *page = &r->pages[r->document->page_count - 1];
    if (words->count + 1 >= r->begin_room) {
        r->begin_room = r->begin_room ? r->begin_room * 2 : 256;
        page->begins = mem_grow(page->begins, r->begin_room, sizeof *page->begins);
        page->word_bytes = mem_grow(page->word_bytes, r->begin_room, sizeof *page->word_bytes);
    }
    page->begins[words->count] = r->points;
    page->word_bytes[words->count] = (uint32_t)(at - r->page_begin);
    char *copy = mem_text_part(word, len);
    words_add(words, (struct box){0}, r->line, r->block, 100, copy);
    free(copy);
    r->line_empty = false;
    for (size_t i = 0; i < len; i++)
        r->points += ((unsigned char)word[i] & 0xC0) != 0x80;
}

/* Bytes of white space here: no-break spaces too. */
static size_t space_bytes(const unsigned char *at, size_t left) {
    if (*at == ' ' || (*at >= '\t' && *at <= '\r'))
        return 1;
    return left >= 2 && at[0] == 0xC2 && at[1] == 0xA0 ? 2 : 0;
}

static void space_put(struct text_reader *r, unsigned char c) {
    r->points++;
    if (c != '\n')
        return;
    r->block += r->line_empty;
    r->line++;
    r->line_empty = true;
}

void flag_text_read(struct view bytes, struct document_words *ret, struct flag_page **ret_pages) {
    *ret = (struct document_words){0};
    struct text_reader r = {.document = ret};
    page_begin(&r, 0);
    for (size_t at = 0; at < bytes.len;) {
        size_t space = space_bytes(bytes.data + at, bytes.len - at), end = at;
        if (space) {
            space_put(&r, bytes.data[at]);
            at += space;
            size_t count = ret->pages[ret->page_count - 1].words.count;
            bool full = count >= PAGE_WORDS_MOST - 1 || (count >= WORDS_ON_PAGE && r.line_empty);
            if (bytes.data[at - 1] == '\f' || full) {
                page_end(&r, bytes, at);
                page_begin(&r, at);
            }
            continue;
        }
        while (end < bytes.len && end - at < PAGE_WORD_BYTES - 4 && !space_bytes(bytes.data + end, bytes.len - end))
            end++;
        end = at + text_cut((const char *)bytes.data + at, bytes.len - at, end - at);
        word_put(&r, (const char *)bytes.data + at, end - at, at);
        at = end;
    }
    page_end(&r, bytes, bytes.len);
    *ret_pages = r.pages;
}
