/* prove_disguise.c: withheld texts written in other letters: hexadecimal, base64, backwards. */
#include "redact/prove_search.h"

#include <stdlib.h>
#include <string.h>

#define HEX_LEAST (2 * SEARCH_BINARY)
#define BASE64_LEAST 12 /* characters: nine bytes */

static int hex_digit(uint8_t c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int base64_digit(uint8_t c) {
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

/* Digits of so many bits as bytes; skip: digits at the beginning that do not count, because the text may begin anywhere. */
static void digits_decode(struct view run, int (*digit)(uint8_t c), int bits, size_t skip, struct buf *out) {
    uint32_t held = 0;
    int have = 0;
    buf_reset(out);
    for (size_t i = 0; i < run.len; i++) {
        int value = digit(run.data[i]);
        if (value < 0 || skip) { /* a line end within the run */
            skip -= value >= 0;
            continue;
        }
        held = held << bits | (uint32_t)value;
        have += bits;
        if (have >= 8) {
            have -= 8;
            buf_add_byte(out, (uint8_t)(held >> have));
        }
    }
}

/* The run of digits that begins there, over line ends; *ret_digits: how many. */
static size_t run_length(struct view bytes, size_t from, int (*digit)(uint8_t c), size_t *ret_digits) {
    size_t i = from;
    for (*ret_digits = 0; i < bytes.len; i++) {
        bool is_digit = digit(bytes.data[i]) >= 0;
        if (!is_digit && bytes.data[i] != '\n' && bytes.data[i] != '\r')
            break;
        *ret_digits += is_digit;
    }
    return i - from;
}

static bool search_digits(const struct needles *needles, struct view bytes, int (*digit)(uint8_t c), int bits, uint8_t *hits) {
    struct buf plain = {0};
    bool any = false;
    for (size_t at = 0; at < bytes.len;) {
        size_t digits, len = run_length(bytes, at, digit, &digits);
        for (size_t skip = 0; skip < (bits == 4 ? 2u : 4u) && digits >= (bits == 4 ? HEX_LEAST : BASE64_LEAST); skip++) {
            digits_decode(view_of(bytes.data + at, len), digit, bits, skip, &plain);
            any |= needles_search_bytes(needles, buf_view(&plain), SEARCH_BINARY, hits);
        }
        at += len + 1;
    }
    buf_drop(&plain);
    return any;
}

static bool search_backwards(const struct needles *needles, struct view bytes, uint8_t *hits) {
    struct buf turned = {0};
    uint8_t *room = buf_room(&turned, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        room[i] = bytes.data[bytes.len - 1 - i];
    bool any = needles_search(needles, buf_view(&turned), SEARCH_BINARY, hits);
    buf_drop(&turned);
    return any;
}

bool needles_search_disguised(const struct needles *needles, struct view bytes, uint8_t *hits) {
    if (!needles_count(needles) || !bytes.len)
        return false;
    bool any = search_digits(needles, bytes, hex_digit, 4, hits);
    any |= search_digits(needles, bytes, base64_digit, 6, hits);
    any |= search_backwards(needles, bytes, hits);
    return any;
}
