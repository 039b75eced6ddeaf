#include "store/page.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wire.h"

#include <assert.h>
#include <string.h>

static struct word *words_room(struct words *words) {
    if (words->count == words->room) {
        words->room = words->room ? words->room * 2 : 64;
        words->list = mem_grow(words->list, words->room, sizeof *words->list);
    }
    return &words->list[words->count];
}

/* What does not fit on a page (more words than PAGE_WORDS_MOST, bytes past PAGE_WORD_BYTES) is left out, so
 * that what was added can always be encoded and decoded again. */
void words_add(struct words *words, struct box box, uint32_t line, uint32_t block, uint8_t confidence,
               const char *text) {
    assert(text && *text && confidence <= 100);
    if (words->count >= PAGE_WORDS_MOST)
        return;
    struct word *w = words_room(words);
    *w = (struct word){.box = box, .line = line, .block = block, .confidence = confidence};
    w->text = mem_text_part(text, text_cut(text, strlen(text), PAGE_WORD_BYTES));
    words->count++;
}

void words_drop(struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        mem_free(&words->list[i].text);
    mem_free(&words->list);
    *words = (struct words){0};
}

void words_encode(const struct words *words, struct buf *out) {
    wire_put_u32(out, (uint32_t)words->count);
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        box_put(out, w->box);
        wire_put_u32(out, w->line);
        wire_put_u32(out, w->block);
        wire_put_u8(out, w->confidence);
        wire_put_text(out, w->text);
    }
}

static bool word_is_sane(const struct word *w) {
    return box_is_sane(w->box) && w->confidence <= 100 && *w->text &&
           text_is_utf8(view_text(w->text));
}

static void word_decode(struct wire_reader *in, struct words *ret) {
    struct word w = {0};
    w.box = box_take(in);
    w.line = wire_u32(in);
    w.block = wire_u32(in);
    w.confidence = wire_u8(in);
    w.text = wire_text(in, PAGE_WORD_BYTES);
    if (in->err || !word_is_sane(&w)) {
        in->err = ERR_PROTOCOL;
        mem_free(&w.text);
        return;
    }
    *words_room(ret) = w;
    ret->count++;
}

int words_decode(struct view bytes, struct words *ret) {
    *ret = (struct words){0};
    struct wire_reader in = wire_reader(bytes);
    uint32_t count = wire_u32(&in);
    if (count > PAGE_WORDS_MOST)
        return ERR_PROTOCOL;
    for (uint32_t i = 0; i < count && !in.err; i++)
        word_decode(&in, ret);
    int err = wire_end(&in);
    if (err)
        words_drop(ret);
    return err;
}

const char *word_gap(const struct word *before, const struct word *word) {
    return word->block != before->block ? "\n\n" : word->line != before->line ? "\n" : " ";
}

void words_text(const struct words *words, struct buf *out) {
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        buf_add_text(out, i ? word_gap(w - 1, w) : "");
        buf_add_text(out, w->text);
    }
}

/* ---- words that go on on the next line */

static bool is_lower(const char *text) {
    const char *at = text;
    uint32_t c = text_next(&at);
    return text_is_letter(c) && !text_is_upper(c);
}

char *words_joined(const struct words *words, size_t i) {
    const struct word *w = &words->list[i], *next = w + 1;
    size_t len = strlen(w->text);
    if (i + 1 >= words->count || next->line == w->line || len < 3 || !is_lower(next->text))
        return NULL;
    size_t hyphen = w->text[len - 1] == '-' ? 1 : len > 3 && strcmp(w->text + len - 3, "\xE2\x80\x90") == 0 ? 3 : 0;
    return hyphen ? mem_print("%.*s%s", (int)(len - hyphen), w->text, next->text) : NULL;
}

/* ---- regions */

void regions_add(struct regions *regions, struct box box, enum region_kind kind) {
    assert(kind > 0 && kind < REGION_KINDS);
    if (regions->count == PAGE_REGIONS_MOST) {
        struct box *last = &regions->list[regions->count - 1].box;
        *last = box_join(*last, box);
        return;
    }
    if (regions->count == regions->room) {
        regions->room = regions->room ? regions->room * 2 : 8;
        regions->list = mem_grow(regions->list, regions->room, sizeof *regions->list);
    }
    regions->list[regions->count++] = (struct region){box, kind};
}

void regions_drop(struct regions *regions) {
    mem_free(&regions->list);
    *regions = (struct regions){0};
}

void regions_encode(const struct regions *regions, struct buf *out) {
    wire_put_u32(out, (uint32_t)regions->count);
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *r = &regions->list[i];
        box_put(out, r->box);
        wire_put_u8(out, (uint8_t)r->kind);
    }
}

int regions_decode(struct view bytes, struct regions *ret) {
    *ret = (struct regions){0};
    struct wire_reader in = wire_reader(bytes);
    uint32_t count = wire_u32(&in);
    for (uint32_t i = 0; i < count && count <= PAGE_REGIONS_MOST && !in.err; i++) {
        struct box box = box_take(&in);
        uint8_t kind = wire_u8(&in);
        if (!in.err && box_is_sane(box) && kind && kind < REGION_KINDS)
            regions_add(ret, box, kind);
        else
            in.err = ERR_PROTOCOL;
    }
    int err = count > PAGE_REGIONS_MOST ? ERR_PROTOCOL : wire_end(&in);
    if (err)
        regions_drop(ret);
    return err;
}

const char *region_kind_text(enum region_kind kind) {
    static const char *const texts[REGION_KINDS] = {"", "handwriting", "too faint to read", "cut off at the edge", "a picture",
                                                    "a script that was not read", "hard to read"};
    return kind > 0 && kind < REGION_KINDS ? texts[kind] : "";
}

void page_reading_drop(struct page_reading *reading) {
    words_drop(&reading->words);
    regions_drop(&reading->regions);
    mem_free(&reading->language);
    mem_free(&reading->trouble);
    *reading = (struct page_reading){0};
}
