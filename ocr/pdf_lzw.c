#include "ocr/pdf_lzw.h"

#include "base/mem.h"

#include <string.h>

enum { CODE_CLEAR = 256, CODE_END = 257, CODE_FIRST = 258, CODES = 4096, WIDTH_LEAST = 9, WIDTH_MOST = 12, NONE = -1 };

struct pdf_lzw {
    uint32_t bits;
    int have;       /* bits that wait */
    int width;      /* of the next code */
    int early, next, previous;
    uint16_t before[CODES]; /* the string without its last byte */
    uint16_t length[CODES];
    uint8_t last[CODES];
    bool ended;
};

static void table_clear(struct pdf_lzw *lzw) {
    lzw->next = CODE_FIRST;
    lzw->width = WIDTH_LEAST;
    lzw->previous = NONE;
}

struct pdf_lzw *pdf_lzw_new(bool early) {
    struct pdf_lzw *lzw = mem_new(sizeof *lzw);
    for (int i = 0; i < CODE_CLEAR; i++) {
        lzw->last[i] = (uint8_t)i;
        lzw->length[i] = 1;
    }
    lzw->early = early ? 1 : 0;
    table_clear(lzw);
    return lzw;
}

void pdf_lzw_drop(struct pdf_lzw **lzw) {
    mem_free(lzw);
}

static size_t string_write(const struct pdf_lzw *lzw, int code, uint8_t *out) {
    size_t len = lzw->length[code];
    for (size_t i = len; i-- > 0; code = lzw->before[code])
        out[i] = lzw->last[code];
    return len;
}

static void string_add(struct pdf_lzw *lzw, uint8_t last) {
    if (lzw->previous == NONE || lzw->next >= CODES)
        return;
    lzw->before[lzw->next] = (uint16_t)lzw->previous;
    lzw->length[lzw->next] = (uint16_t)(lzw->length[lzw->previous] + 1);
    lzw->last[lzw->next] = last;
    lzw->next++;
    while (lzw->width < WIDTH_MOST && lzw->next + lzw->early >= 1 << lzw->width)
        lzw->width++;
}

/* A code that is not there yet is the string before it with its own first byte behind it. */
static size_t code_take(struct pdf_lzw *lzw, int code, uint8_t *out, bool *ret_broken) {
    size_t len;
    if (code < lzw->next && code != CODE_CLEAR && code != CODE_END) {
        len = string_write(lzw, code, out);
    } else if (code == lzw->next && lzw->previous != NONE && lzw->next < CODES) {
        len = string_write(lzw, lzw->previous, out);
        out[len++] = out[0];
    } else {
        lzw->ended = *ret_broken = true;
        return 0;
    }
    string_add(lzw, out[0]);
    lzw->previous = code;
    return len;
}

size_t pdf_lzw_take(struct pdf_lzw *lzw, uint8_t byte, uint8_t *out, bool *ret_ended, bool *ret_broken) {
    size_t len = 0;
    lzw->bits = lzw->bits << 8 | byte;
    lzw->have += 8;
    if (!lzw->ended && lzw->have >= lzw->width) { /* a code has 9 bits at least: no byte ends two */
        int code = (int)(lzw->bits >> (lzw->have - lzw->width) & ((1u << lzw->width) - 1));
        lzw->have -= lzw->width;
        if (code == CODE_CLEAR)
            table_clear(lzw);
        else if (code == CODE_END)
            lzw->ended = true;
        else
            len = code_take(lzw, code, out, ret_broken);
    }
    if (lzw->ended)
        *ret_ended = true;
    return len;
}

/* A length of 0 to 127: so many bytes and one follow; 129 to 255: the next one 257 less it; 128: the end. */
size_t pdf_run_take(struct pdf_run *run, uint8_t byte, uint8_t *out, bool *ret_ended) {
    if (run->copy) {
        run->copy--;
        out[0] = byte;
        return 1;
    }
    if (run->repeat) {
        size_t len = (size_t)run->repeat;
        memset(out, byte, len);
        run->repeat = 0;
        return len;
    }
    if (byte == 128)
        *ret_ended = true;
    else if (byte < 128)
        run->copy = byte + 1;
    else
        run->repeat = 257 - byte;
    return 0;
}
