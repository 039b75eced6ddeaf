/* wire.h: numbers, texts and bytes in a row of bytes, little-endian. Used for messages, helper records and sealed
 * columns.
 *
 * Reading never goes past the end: the first failure sticks in the reader, later reads give zeros and empty views, and
 * wire_end tells. Trailing bytes are an error. */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include "base/buf.h"

#include <stdint.h>

void wire_put_u8(struct buf *out, uint8_t value);
void wire_put_u32(struct buf *out, uint32_t value);
void wire_put_u64(struct buf *out, uint64_t value);
void wire_put_f32(struct buf *out, float value);
void wire_put_bytes(struct buf *out, struct view bytes); /* u32 length, then the bytes */
void wire_put_text(struct buf *out, const char *text);   /* as bytes; NULL is written as "" */

struct wire_reader {
    struct view left;
    int err; /* 0, or ERR_PROTOCOL after the first failure */
};

struct wire_reader wire_reader(struct view bytes);
uint8_t wire_u8(struct wire_reader *in);
uint32_t wire_u32(struct wire_reader *in);
uint64_t wire_u64(struct wire_reader *in);
float wire_f32(struct wire_reader *in); /* not-a-number and infinity are an error */
struct view wire_bytes(struct wire_reader *in, size_t most_bytes); /* borrowed from the input */
char *wire_text(struct wire_reader *in, size_t most_bytes); /* a copy, you free it; a 0 inside is an error */
int wire_end(struct wire_reader *in);                       /* 0, or ERR_PROTOCOL */

#endif
