#include "ocr/pdf_predictor.h"

#include <stdlib.h>
#include <string.h>

enum { PLAIN = 1, TIFF = 2, PNG_FIRST = 10, PNG_LAST = 15 };

static bool is_png(const struct pdf_predictor *p) {
    return p->predictor >= PNG_FIRST && p->predictor <= PNG_LAST;
}

size_t pdf_predictor_row(const struct pdf_predictor *p) {
    bool bits_fine = p->bits == 1 || p->bits == 2 || p->bits == 4 || p->bits == 8 || p->bits == 16;
    if (p->colours < 1 || p->colours > 32 || !bits_fine || p->columns < 1 || p->columns > 1 << 20)
        return 0;
    return ((size_t)p->colours * (size_t)p->bits * (size_t)p->columns + 7) / 8;
}

size_t pdf_predictor_packed(const struct pdf_predictor *p, size_t need) {
    size_t row = pdf_predictor_row(p);
    return is_png(p) && row ? need + (need + row - 1) / row : need;
}

static int paeth(int left, int up, int corner) {
    int guess = left + up - corner;
    int a = abs(guess - left), b = abs(guess - up), c = abs(guess - corner);
    return a <= b && a <= c ? left : b <= c ? up : corner;
}

/* The row that is undone lies in row, the one above it (undone) in up; NULL: zeros. */
static bool png_row(int way, uint8_t *row, const uint8_t *up, size_t len, size_t step) {
    for (size_t i = 0; way && i < len; i++) {
        int left = i >= step ? row[i - step] : 0, above = up ? up[i] : 0, corner = up && i >= step ? up[i - step] : 0;
        switch (way) {
        case 1:
            row[i] = (uint8_t)(row[i] + left);
            break;
        case 2:
            row[i] = (uint8_t)(row[i] + above);
            break;
        case 3:
            row[i] = (uint8_t)(row[i] + (left + above) / 2);
            break;
        case 4:
            row[i] = (uint8_t)(row[i] + paeth(left, above, corner));
            break;
        default:
            return false;
        }
    }
    return true;
}

/* Each row comes with a byte before it, and goes to where no such bytes are. */
static bool png_undo(const struct pdf_predictor *p, uint8_t *data, size_t *len) {
    size_t row = pdf_predictor_row(p), step = ((size_t)p->colours * (size_t)p->bits + 7) / 8;
    uint8_t *out = data;
    const uint8_t *up = NULL;
    for (size_t at = 0; at + 1 < *len; at += row + 1) {
        size_t here = *len - at - 1 < row ? *len - at - 1 : row;
        int way = data[at];
        memmove(out, data + at + 1, here);
        if (!png_row(way, out, up, here, step))
            return false;
        up = out;
        out += here;
    }
    *len = (size_t)(out - data);
    return true;
}

static bool tiff_undo(const struct pdf_predictor *p, uint8_t *data, size_t len) {
    size_t row = pdf_predictor_row(p), step = (size_t)p->colours * (size_t)p->bits / 8;
    if (p->bits < 8)
        return false;
    for (uint8_t *start = data; start < data + len; start += row) {
        size_t here = (size_t)(data + len - start) < row ? (size_t)(data + len - start) : row;
        for (size_t i = step; p->bits == 8 && i < here; i++)
            start[i] = (uint8_t)(start[i] + start[i - step]);
        for (size_t i = step; p->bits == 16 && i + 1 < here; i += 2) {
            int sum = (start[i] << 8 | start[i + 1]) + (start[i - step] << 8 | start[i - step + 1]);
            start[i] = (uint8_t)(sum >> 8);
            start[i + 1] = (uint8_t)sum;
        }
    }
    return true;
}

bool pdf_predictor_undo(const struct pdf_predictor *p, uint8_t *data, size_t *len) {
    if (p->predictor <= PLAIN)
        return true;
    if (!pdf_predictor_row(p))
        return false;
    if (p->predictor == TIFF)
        return tiff_undo(p, data, *len);
    return is_png(p) && png_undo(p, data, len);
}
