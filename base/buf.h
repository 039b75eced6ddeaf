/* buf.h: bytes that grow. A zeroed struct is an empty buffer. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    uint8_t *data;
    size_t len; /* bytes in use */
    size_t cap; /* bytes allocated */
};

/* Bytes that somebody else owns. */
struct view {
    const uint8_t *data;
    size_t len;
};

void buf_drop(struct buf *buf);  /* frees the bytes; the buffer is empty afterwards */
void buf_reset(struct buf *buf); /* empty, keeps the memory */
void buf_add(struct buf *buf, const void *data, size_t len);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, uint8_t byte);
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint8_t *buf_room(struct buf *buf, size_t len); /* adds len unset bytes, returns where they are; borrowed */
const char *buf_text(struct buf *buf); /* the bytes ended by a 0 that is not counted; borrowed */
void buf_wipe(struct buf *buf);                 /* overwrites, then drops */
struct view buf_view(const struct buf *buf);
struct view view_of(const void *data, size_t len);
struct view view_text(const char *text);
bool view_equal(struct view a, struct view b);
/* start: len bytes, zeros among them. */
bool view_begins(struct view bytes, const char *start, size_t len);

#endif
