#include "store/page.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wire.h"

#include <assert.h>
#include <string.h>

/* The longest beginning of text that fits and does not cut a character. */
static size_t word_bytes(const char *text) {
    size_t len = strlen(text);
    if (len <= PAGE_WORD_BYTES)
        return len;
    len = PAGE_WORD_BYTES;
    while (len && ((uint8_t)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

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
    w->text = mem_text_part(text, word_bytes(text));
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
        wire_put_f32(out, w->box.x0);
        wire_put_f32(out, w->box.y0);
        wire_put_f32(out, w->box.x1);
        wire_put_f32(out, w->box.y1);
        wire_put_u32(out, w->line);
        wire_put_u32(out, w->block);
        wire_put_u8(out, w->confidence);
        wire_put_text(out, w->text);
    }
}

static bool word_is_sane(const struct word *w) {
    return w->box.x0 <= w->box.x1 && w->box.y0 <= w->box.y1 && w->confidence <= 100 && *w->text &&
           text_is_utf8(view_text(w->text));
}

static void word_decode(struct wire_reader *in, struct words *ret) {
    struct word w = {0};
    w.box.x0 = wire_f32(in);
    w.box.y0 = wire_f32(in);
    w.box.x1 = wire_f32(in);
    w.box.y1 = wire_f32(in);
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

void words_text(const struct words *words, struct buf *out) {
    for (size_t i = 0; i < words->count; i++) {
        const struct word *w = &words->list[i];
        if (i) {
            const struct word *before = w - 1;
            buf_add_text(out, w->block != before->block ? "\n\n" : w->line != before->line ? "\n" : " ");
        }
        buf_add_text(out, w->text);
    }
}

void page_reading_drop(struct page_reading *reading) {
    words_drop(&reading->words);
    mem_free(&reading->trouble);
    *reading = (struct page_reading){0};
}
