#include "ocr/pdf_fax.h"

#include "base/mem.h"

#include <leptonica/allheaders.h>
#include <string.h>

enum { CODE_BITS = 13, CODES = 1 << CODE_BITS, MODE_BITS = 7, EOL_BITS = 12, FAR = 64, WHITE = 0, BLACK = 1 };

struct code {
    int16_t run;
    uint8_t bits; /* 0: no code begins like this */
};

struct fax {
    const uint8_t *data;
    size_t bits, at; /* of the data; the next one */
    struct code codes[2][CODES];
    int *above, *row; /* where the colour changes, white to black first; the rest is the width */
    int count;        /* changes in row */
    int width;
    bool two_ways;    /* the next row is in two dimensions */
    bool line_ends;   /* an end of line may come: else what fills a byte and a code can look like one */
};

/* ---- bits ---- */

/* The next bits, zeros behind the end. */
static uint32_t peek(const struct fax *fax, int bits) {
    uint32_t value = 0;
    size_t byte = fax->at / 8, len = fax->bits / 8;
    for (size_t i = byte; i < byte + 4; i++)
        value = value << 8 | (i < len ? fax->data[i] : 0);
    return value << (fax->at % 8) >> (32 - bits);
}

static void pass(struct fax *fax, int bits) {
    fax->at += (size_t)bits;
}

static bool is_past_end(const struct fax *fax) {
    return fax->at > fax->bits + 7; /* the last code may miss the zeros that fill its byte */
}

/* ---- codes of runs: T.4, tables 2 and 3 ---- */

static const char *const white_ends[64] = {
    "00110101", "000111",   "0111",     "1000",     "1011",     "1100",     "1110",     "1111",     "10011",    "10100",    "00111",
    "01000",    "001000",   "000011",   "110100",   "110101",   "101010",   "101011",   "0100111",  "0001100",  "0001000",  "0010111",
    "0000011",  "0000100",  "0101000",  "0101011",  "0010011",  "0100100",  "0011000",  "00000010", "00000011", "00011010", "00011011",
    "00010010", "00010011", "00010100", "00010101", "00010110", "00010111", "00101000", "00101001", "00101010", "00101011", "00101100",
    "00101101", "00000100", "00000101", "00001010", "00001011", "01010010", "01010011", "01010100", "01010101", "00100100", "00100101",
    "01011000", "01011001", "01011010", "01011011", "01001010", "01001011", "00110010", "00110011", "00110100"};
static const char *const black_ends[64] = {
    "0000110111",   "010",          "11",           "10",           "011",          "0011",         "0010",         "00011",
    "000101",       "000100",       "0000100",      "0000101",      "0000111",      "00000100",     "00000111",     "000011000",
    "0000010111",   "0000011000",   "0000001000",   "00001100111",  "00001101000",  "00001101100",  "00000110111",  "00000101000",
    "00000010111",  "00000011000",  "000011001010", "000011001011", "000011001100", "000011001101", "000001101000", "000001101001",
    "000001101010", "000001101011", "000011010010", "000011010011", "000011010100", "000011010101", "000011010110", "000011010111",
    "000001101100", "000001101101", "000011011010", "000011011011", "000001010100", "000001010101", "000001010110", "000001010111",
    "000001100100", "000001100101", "000001010010", "000001010011", "000000100100", "000000110111", "000000111000", "000000100111",
    "000000101000", "000001011000", "000001011001", "000000101011", "000000101100", "000001011010", "000001100110", "000001100111"};
/* 64, 128, ... 1728 */
static const char *const white_parts[27] = {"11011",     "10010",     "010111",    "0110111",   "00110110",  "00110111",  "01100100",
                                            "01100101",  "01101000",  "01100111",  "011001100", "011001101", "011010010", "011010011",
                                            "011010100", "011010101", "011010110", "011010111", "011011000", "011011001", "011011010",
                                            "011011011", "010011000", "010011001", "010011010", "011000",    "010011011"};
static const char *const black_parts[27] = {
    "0000001111",    "000011001000",  "000011001001",  "000001011011",  "000000110011",  "000000110100",  "000000110101",
    "0000001101100", "0000001101101", "0000001001010", "0000001001011", "0000001001100", "0000001001101", "0000001110010",
    "0000001110011", "0000001110100", "0000001110101", "0000001110110", "0000001110111", "0000001010010", "0000001010011",
    "0000001010100", "0000001010101", "0000001011010", "0000001011011", "0000001100100", "0000001100101"};
/* 1792, 1856, ... 2560, of both colours */
static const char *const long_parts[13] = {"00000001000",  "00000001100",  "00000001101",  "000000010010", "000000010011",
                                           "000000010100", "000000010101", "000000010110", "000000010111", "000000011100",
                                           "000000011101", "000000011110", "000000011111"};

static void code_enter(struct code *codes, const char *text, int run) {
    int bits = (int)strlen(text), value = 0;
    for (int i = 0; i < bits; i++)
        value = value << 1 | (text[i] - '0');
    int from = value << (CODE_BITS - bits), to = (value + 1) << (CODE_BITS - bits);
    for (int i = from; i < to; i++)
        codes[i] = (struct code){(int16_t)run, (uint8_t)bits};
}

static void codes_enter(struct code *codes, const char *const *ends, const char *const *parts) {
    for (int i = 0; i < 64; i++)
        code_enter(codes, ends[i], i);
    for (int i = 0; i < 27; i++)
        code_enter(codes, parts[i], 64 * (i + 1));
    for (int i = 0; i < 13; i++)
        code_enter(codes, long_parts[i], 1792 + 64 * i);
}

/* -1 when there is no such code, or the run is longer than a row. */
static int run_take(struct fax *fax, int colour) {
    for (int total = 0;;) {
        struct code code = fax->codes[colour][peek(fax, CODE_BITS)];
        if (!code.bits || is_past_end(fax))
            return -1;
        pass(fax, code.bits);
        total += code.run;
        if (total > fax->width)
            return -1;
        if (code.run < 64)
            return total;
    }
}

/* ---- rows ---- */

static bool change_add(struct fax *fax, int at) {
    if (fax->count > fax->width || at > fax->width)
        return false;
    fax->row[fax->count++] = at;
    return true;
}

static bool row_one_way(struct fax *fax) {
    int at = 0;
    for (int colour = WHITE; at < fax->width; colour ^= 1) {
        int run = run_take(fax, colour);
        if (run < 0 || !change_add(fax, at + run))
            return false;
        at += run;
    }
    return true;
}

/* What a code of the two-dimensional table says (T.4, table 4). */
enum mode { MODE_PASS = 10, MODE_RUNS, MODE_NONE };

/* MODE_..., or how far the change lies right of the one above (-3 to 3). */
static int mode_take(struct fax *fax) {
    static const struct {
        uint8_t bits, code;
        int8_t mode;
    } modes[] = {{1, 1, 0}, {3, 3, 1}, {3, 2, -1}, {3, 1, MODE_RUNS}, {4, 1, MODE_PASS}, {6, 3, 2}, {6, 2, -2}, {7, 3, 3}, {7, 2, -3}};
    uint32_t next = peek(fax, MODE_BITS);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (next >> (MODE_BITS - modes[i].bits) == modes[i].code) {
            pass(fax, modes[i].bits);
            return modes[i].mode;
        }
    return MODE_NONE;
}

/* The first change above, right of at, that begins the other colour: T.4's b1. from: where to look first. */
static int change_above(const struct fax *fax, int at, int colour, int from) {
    int i = (from & ~1) | colour;
    while (i >= 2 && fax->above[i - 2] > at)
        i -= 2;
    while (fax->above[i] <= at && fax->above[i] < fax->width)
        i += 2;
    return i;
}

static bool row_two_ways(struct fax *fax) {
    int at = -1, colour = WHITE, i = 0;
    while (at < fax->width) {
        i = change_above(fax, at, colour, i);
        int mode = mode_take(fax), start = at < 0 ? 0 : at;
        if (mode == MODE_NONE || is_past_end(fax))
            return false;
        if (mode == MODE_PASS) {
            at = fax->above[i + 1];
        } else if (mode == MODE_RUNS) {
            int first = run_take(fax, colour), second = first < 0 ? -1 : run_take(fax, !colour);
            if (second < 0 || !change_add(fax, start + first) || !change_add(fax, start + first + second))
                return false;
            at = start + first + second;
        } else {
            at = fax->above[i] + mode;
            if (at < start || !change_add(fax, at))
                return false;
            colour ^= 1;
        }
    }
    return true;
}

static void row_paint(const struct fax *fax, l_uint32 *line) {
    for (int i = 0; i + 1 < fax->count + 2; i += 2) {
        int from = fax->row[i], to = fax->row[i + 1];
        for (int x = from; x < to;) {
            if (x % 8 == 0 && to - x >= 8) {
                SET_DATA_BYTE(line, x / 8, 0xFF);
                x += 8;
            } else {
                SET_DATA_BIT(line, x);
                x++;
            }
        }
    }
}

/* ---- the whole ---- */

/* Zeros that fill, an end of line, and the bit that says how the next row is kept. Two ends of line end the fax: the
 * row that is then asked for makes no sense. */
static bool row_begin(struct fax *fax, const struct pdf_fax *way) {
    bool line_ended = false;
    if (way->k >= 0 && (fax->line_ends || fax->at == 0)) {
        while (peek(fax, EOL_BITS) == 0 && !is_past_end(fax))
            pass(fax, 1);
        line_ended = peek(fax, EOL_BITS) == 1;
        if (line_ended)
            pass(fax, EOL_BITS);
        fax->line_ends |= line_ended;
    }
    if (way->byte_align && !line_ended)
        fax->at = (fax->at + 7) & ~(size_t)7;
    fax->two_ways = way->k < 0;
    if (way->k > 0) {
        fax->two_ways = peek(fax, 1) == 0;
        pass(fax, 1);
    }
    return !is_past_end(fax);
}

/* The row becomes the one above; changes behind its last are the width. */
static void row_end(struct fax *fax) {
    int *row = fax->row;
    for (int i = 0; i < FAR && fax->count + i < fax->width + FAR; i++)
        row[fax->count + i] = fax->width;
}

static bool rows_decode(struct fax *fax, const struct pdf_fax *way, PIX *pix) {
    row_end(fax); /* white */
    for (int y = 0; y < way->height_px; y++) {
        int *above = fax->row;
        fax->row = fax->above;
        fax->above = above;
        fax->count = 0;
        if (!row_begin(fax, way) || !(fax->two_ways ? row_two_ways(fax) : row_one_way(fax)))
            return false;
        row_end(fax);
        row_paint(fax, pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix));
    }
    return true;
}

struct Pix *pdf_fax_decode(struct view data, const struct pdf_fax *way) {
    PIX *pix = pixCreate(way->width_px, way->height_px, 1);
    if (!pix)
        return NULL;
    struct fax *fax = mem_new(sizeof *fax);
    fax->data = data.data;
    fax->bits = data.len * 8;
    fax->width = way->width_px;
    fax->line_ends = way->line_ends || !way->byte_align;
    fax->row = mem_new(((size_t)way->width_px + FAR) * sizeof *fax->row);
    fax->above = mem_new(((size_t)way->width_px + FAR) * sizeof *fax->above);
    codes_enter(fax->codes[WHITE], white_ends, white_parts);
    codes_enter(fax->codes[BLACK], black_ends, black_parts);
    if (!rows_decode(fax, way, pix))
        pixDestroy(&pix);
    mem_free(&fax->row);
    mem_free(&fax->above);
    mem_free(&fax);
    return pix;
}
