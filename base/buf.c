#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_drop(struct buf *buf) {
    free(buf->data);
    *buf = (struct buf){0};
}

void buf_wipe(struct buf *buf) {
    if (buf->data)
        explicit_bzero(buf->data, buf->cap);
    buf_drop(buf);
}

void buf_reset(struct buf *buf) {
    buf->len = 0;
}

uint8_t *buf_room(struct buf *buf, size_t len) {
    if (buf->cap - buf->len < len + 1) {
        size_t want = buf->len + len + 1;
        size_t cap = buf->cap < 256 ? 256 : buf->cap + buf->cap / 2;
        buf->cap = cap < want ? want : cap;
        buf->data = mem_grow(buf->data, buf->cap, 1);
    }
    uint8_t *at = buf->data + buf->len;
    buf->len += len;
    return at;
}

void buf_add(struct buf *buf, const void *data, size_t len) {
    if (len)
        memcpy(buf_room(buf, len), data, len);
}

void buf_add_text(struct buf *buf, const char *text) {
    buf_add(buf, text, strlen(text));
}

void buf_add_byte(struct buf *buf, uint8_t byte) {
    *buf_room(buf, 1) = byte;
}

void buf_print(struct buf *buf, const char *format, ...) {
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n > 0) {
        char *at = (char *)buf_room(buf, (size_t)n);
        vsnprintf(at, (size_t)n + 1, format, again);
    }
    va_end(again);
}

const char *buf_text(struct buf *buf) {
    *buf_room(buf, 1) = 0;
    buf->len--;
    return (const char *)buf->data;
}

struct view buf_view(const struct buf *buf) {
    return (struct view){buf->data, buf->len};
}

struct view view_of(const void *data, size_t len) {
    return (struct view){data, len};
}

struct view view_text(const char *text) {
    return (struct view){(const uint8_t *)text, strlen(text)};
}

bool view_equal(struct view a, struct view b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool view_begins(struct view bytes, const char *start, size_t len) {
    return bytes.len >= len && memcmp(bytes.data, start, len) == 0;
}
