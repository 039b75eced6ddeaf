#include "base/wire.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <string.h>

void wire_put_u8(struct buf *out, uint8_t value) {
    buf_add_byte(out, value);
}

void wire_put_u32(struct buf *out, uint32_t value) {
    uint8_t *at = buf_room(out, 4);
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

void wire_put_u64(struct buf *out, uint64_t value) {
    uint8_t *at = buf_room(out, 8);
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

void wire_put_f32(struct buf *out, float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    wire_put_u32(out, bits);
}

void wire_put_bytes(struct buf *out, struct view bytes) {
    wire_put_u32(out, (uint32_t)bytes.len);
    buf_add(out, bytes.data, bytes.len);
}

void wire_put_text(struct buf *out, const char *text) {
    wire_put_bytes(out, view_text(text ? text : ""));
}

struct wire_reader wire_reader(struct view bytes) {
    return (struct wire_reader){.left = bytes};
}

static const uint8_t *wire_take(struct wire_reader *in, size_t len) {
    if (in->err || in->left.len < len) {
        in->err = ERR_PROTOCOL;
        return NULL;
    }
    const uint8_t *at = in->left.data;
    in->left.data += len;
    in->left.len -= len;
    return at;
}

uint8_t wire_u8(struct wire_reader *in) {
    const uint8_t *at = wire_take(in, 1);
    return at ? *at : 0;
}

uint32_t wire_u32(struct wire_reader *in) {
    const uint8_t *at = wire_take(in, 4);
    uint32_t value = 0;
    for (int i = 0; at && i < 4; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

uint64_t wire_u64(struct wire_reader *in) {
    const uint8_t *at = wire_take(in, 8);
    uint64_t value = 0;
    for (int i = 0; at && i < 8; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

float wire_f32(struct wire_reader *in) {
    uint32_t bits = wire_u32(in);
    float value;
    memcpy(&value, &bits, 4);
    if (!isfinite(value)) {
        in->err = ERR_PROTOCOL;
        return 0;
    }
    return value;
}

struct view wire_bytes(struct wire_reader *in, size_t most_bytes) {
    uint32_t len = wire_u32(in);
    if (len > most_bytes)
        in->err = ERR_PROTOCOL;
    const uint8_t *at = wire_take(in, len);
    return at ? view_of(at, len) : (struct view){0};
}

char *wire_text(struct wire_reader *in, size_t most_bytes) {
    struct view v = wire_bytes(in, most_bytes);
    if (v.len && memchr(v.data, 0, v.len)) {
        in->err = ERR_PROTOCOL;
        v.len = 0;
    }
    return mem_text_part(v.len ? (const char *)v.data : "", v.len);
}

int wire_end(struct wire_reader *in) {
    if (!in->err && in->left.len)
        in->err = ERR_PROTOCOL;
    return in->err;
}
