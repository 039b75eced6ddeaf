#include "redact/redact_record.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#include <stdio.h>
#include <stdlib.h>

#define BOXES_MOST 200000u
#define TEXTS_MOST 200000u

/* A count that the bytes that are left can hold. */
static size_t count_take(struct wire_reader *in, size_t most, size_t unit_bytes) {
    size_t n = wire_u32(in);
    if (n > most || n > in->left.len / unit_bytes)
        in->err = ERR_PROTOCOL;
    return in->err ? 0 : n;
}

void cover_order_encode(const struct cover_order *order, struct buf *out) {
    wire_put_u8(out, (uint8_t)order->picture.format);
    wire_put_f32(out, order->picture.dpi);
    wire_put_u32(out, order->picture.turn);
    wire_put_bytes(out, order->picture.bytes);
    wire_put_f32(out, order->width_pt);
    wire_put_f32(out, order->height_pt);
    wire_put_u32(out, order->turn);
    wire_put_f32(out, order->skew_deg);
    wire_put_u8(out, (uint8_t)order->whole_page);
    wire_put_u32(out, (uint32_t)order->box_count);
    for (size_t i = 0; i < order->box_count; i++)
        box_put(out, order->boxes[i]);
    wire_put_u8(out, order->codes != NULL);
    for (size_t i = 0; order->codes && i < order->box_count; i++)
        wire_put_text(out, order->codes[i].text);
    wire_put_u8(out, (uint8_t)order->has_words);
    if (order->has_words) {
        struct buf words = {0};
        words_encode(&order->words, &words);
        wire_put_bytes(out, buf_view(&words));
        buf_wipe(&words);
    }
}

static struct cover_code *codes_take(struct wire_reader *in, size_t count) {
    struct cover_code *codes = wire_u8(in) ? mem_new((count + 1) * sizeof *codes) : NULL;
    for (size_t i = 0; codes && i < count && !in->err; i++) {
        char *text = wire_text(in, COVER_CODE_BYTES - 1);
        snprintf(codes[i].text, sizeof codes[i].text, "%s", text ? text : "");
        free(text);
    }
    return codes;
}

int cover_order_decode(struct view bytes, struct cover_order *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct cover_order order = {0};
    order.picture.format = (enum picture_format)wire_u8(&in);
    order.picture.dpi = wire_f32(&in);
    uint32_t picture_turn = wire_u32(&in);
    order.picture.turn = (uint16_t)picture_turn;
    order.picture.bytes = wire_bytes(&in, PAGE_PICTURE_BYTES);
    order.width_pt = wire_f32(&in);
    order.height_pt = wire_f32(&in);
    uint32_t turn = wire_u32(&in);
    order.turn = (uint16_t)turn;
    order.skew_deg = wire_f32(&in);
    order.whole_page = wire_u8(&in);
    order.box_count = count_take(&in, BOXES_MOST, 16);
    struct box *boxes = mem_new(order.box_count * sizeof *boxes);
    for (size_t i = 0; i < order.box_count; i++)
        boxes[i] = box_take(&in);
    order.boxes = boxes;
    order.codes = codes_take(&in, order.box_count);
    order.has_words = wire_u8(&in);
    struct view words = order.has_words == 1 ? wire_bytes(&in, 64u << 20) : (struct view){0};
    int err = wire_end(&in);
    if (!err && order.has_words > 1)
        err = ERR_PROTOCOL;
    if (!err && order.has_words)
        err = words_decode(words, &order.words);
    if (!err && (order.picture.format > PICTURE_TIFF || picture_turn % 90 || picture_turn >= 360 || turn % 90 || turn >= 360 ||
                 order.whole_page > 1))
        err = ERR_PROTOCOL;
    if (err)
        cover_order_drop(&order);
    else
        *ret = order;
    return err;
}

void cover_order_drop(struct cover_order *order) {
    free((void *)(uintptr_t)order->boxes);
    free((void *)(uintptr_t)order->codes);
    words_drop(&order->words);
    *order = (struct cover_order){0};
}

static void texts_put(struct buf *out, char **texts, size_t count) {
    wire_put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        wire_put_text(out, texts[i]);
}

static char **texts_take(struct wire_reader *in, size_t *ret_count) {
    size_t n = count_take(in, TEXTS_MOST, 4);
    char **texts = mem_new((n + 1) * sizeof *texts);
    for (size_t i = 0; i < n; i++)
        texts[i] = wire_text(in, 1u << 16);
    *ret_count = n;
    return texts;
}

void prove_order_encode(const struct prove_order *order, struct buf *out) {
    wire_put_bytes(out, order->pdf);
    texts_put(out, order->withheld, order->withheld_count);
    texts_put(out, order->allowed, order->allowed_count);
    wire_put_u32(out, order->first_page);
    wire_put_u32(out, order->last_page);
    wire_put_u32(out, (uint32_t)order->area_count);
    for (size_t i = 0; i < order->area_count; i++) {
        wire_put_u32(out, order->areas[i].page);
        box_put(out, order->areas[i].box);
        box_put(out, order->areas[i].label.box);
        wire_put_u8(out, order->areas[i].label.size);
        wire_put_text(out, order->areas[i].label.text);
    }
}

int prove_order_decode(struct view bytes, struct prove_order *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct prove_order order = {0};
    order.pdf = wire_bytes(&in, 1u << 30);
    order.withheld = texts_take(&in, &order.withheld_count);
    order.allowed = texts_take(&in, &order.allowed_count);
    order.first_page = wire_u32(&in);
    order.last_page = wire_u32(&in);
    order.area_count = count_take(&in, BOXES_MOST, 41);
    order.areas = mem_new(order.area_count * sizeof *order.areas);
    for (size_t i = 0; i < order.area_count; i++) {
        order.areas[i].page = wire_u32(&in);
        order.areas[i].box = box_take(&in);
        order.areas[i].label.box = box_take(&in);
        order.areas[i].label.size = wire_u8(&in);
        char *text = wire_text(&in, COVER_CODE_BYTES - 1);
        snprintf(order.areas[i].label.text, COVER_CODE_BYTES, "%s", text ? text : "");
        free(text);
    }
    int err = wire_end(&in);
    if (err)
        prove_order_drop(&order);
    else
        *ret = order;
    return err;
}

static void texts_drop(char **texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void prove_order_drop(struct prove_order *order) {
    texts_drop(order->withheld, order->withheld_count);
    texts_drop(order->allowed, order->allowed_count);
    free(order->areas);
    *order = (struct prove_order){0};
}

void judge_order_encode(const struct judge_order *order, struct buf *out) {
    wire_put_u32(out, (uint32_t)order->file_count);
    for (size_t i = 0; i < order->file_count; i++) {
        wire_put_bytes(out, order->pdfs[i]);
        wire_put_text(out, order->names[i]);
    }
    texts_put(out, order->withheld, order->withheld_count);
    wire_put_u32(out, order->recognise_all);
}

int judge_order_decode(struct view bytes, struct judge_order *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct judge_order order = {0};
    size_t files = wire_u32(&in);
    if (files > JUDGE_FILES_MOST)
        in.err = ERR_PROTOCOL;
    for (; order.file_count < files && !in.err; order.file_count++) {
        order.pdfs[order.file_count] = wire_bytes(&in, 1u << 30);
        order.names[order.file_count] = wire_text(&in, 4096);
    }
    order.withheld = texts_take(&in, &order.withheld_count);
    order.recognise_all = wire_u32(&in) != 0;
    int err = wire_end(&in);
    if (err)
        judge_order_drop(&order);
    else
        *ret = order;
    return err;
}

void judge_order_drop(struct judge_order *order) {
    for (size_t i = 0; i < order->file_count; i++)
        free(order->names[i]);
    texts_drop(order->withheld, order->withheld_count);
    *order = (struct judge_order){0};
}
