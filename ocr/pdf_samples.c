#include "ocr/pdf_samples.h"

#include "base/mem.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>

/* ---- four inks ---- */

/* What full inks look like over each other: cyan 8, magenta 4, yellow 2, black 1; red, green, blue. Measured from what
 * Poppler shows, so that a page looks the same taken and rendered. */
static const uint8_t full_inks[16][3] = {
    {255, 255, 255}, {35, 31, 32}, {255, 242, 0}, {28, 26, 0}, {236, 0, 140}, {36, 0, 0}, {237, 28, 36}, {34, 0, 0},
    {0, 173, 239},   {0, 15, 36},  {0, 166, 80},  {0, 19, 0},  {46, 49, 146}, {0, 0, 1},  {54, 54, 57},  {0, 0, 0},
};

static int between(int from, int to, int part) {
    return from + ((to - from) * part * 257 + (1 << 15)) / (1 << 16); /* 257 / 65536: a 255th */
}

/* Between the sixteen, along one ink after the other (Demichel's weights in Neugebauer's model): black first. */
static void inks_begin(int black, uint8_t corner[8][3]) {
    for (int i = 0; i < 8; i++)
        for (int c = 0; c < 3; c++)
            corner[i][c] = (uint8_t)between(full_inks[2 * i][c], full_inks[2 * i + 1][c], black);
}

static void inks_end(const uint8_t corner[8][3], const uint8_t inks[3], uint8_t rgb[3]) {
    for (int c = 0; c < 3; c++) {
        int by_yellow[4], by_magenta[2];
        for (int i = 0; i < 4; i++)
            by_yellow[i] = between(corner[2 * i][c], corner[2 * i + 1][c], inks[2]);
        for (int i = 0; i < 2; i++)
            by_magenta[i] = between(by_yellow[2 * i], by_yellow[2 * i + 1], inks[1]);
        rgb[c] = (uint8_t)between(by_magenta[0], by_magenta[1], inks[0]);
    }
}

void pdf_samples_cmyk(const uint8_t inks[4], uint8_t rgb[3]) {
    uint8_t corner[8][3];
    inks_begin(inks[3], corner);
    inks_end((const uint8_t(*)[3])corner, inks, rgb);
}

/* ---- what the values show ---- */

static double decoded(const double *decode, int sample, int value, int most, double otherwise) {
    double low = decode ? decode[2 * sample] : 0, high = decode ? decode[2 * sample + 1] : otherwise;
    double at = low + value * (high - low) / most;
    return isfinite(at) ? at : 0;
}

static uint8_t to_level(double part) {
    return (uint8_t)lround(fmax(0, fmin(1, part)) * 255);
}

static int table_entry(const struct pdf_colour *colour, double at) {
    double entry = colour->is_palette ? at : at * (colour->entries - 1);
    return (int)lround(fmax(0, fmin(colour->entries - 1, entry)));
}

static void prepare_one(struct pdf_samples *s, const struct pdf_colour *colour, const double *decode) {
    int most = s->bits == 16 ? 255 : (1 << s->bits) - 1;
    bool grey = true, ink = s->bits == 1;
    for (int v = 0; v <= most; v++) {
        double at = decoded(decode, 0, v, most, colour->is_palette ? most : 1);
        uint8_t *rgb = s->rgb[v];
        if (colour->table)
            memcpy(rgb, colour->rgb[table_entry(colour, at)], 3);
        else
            memset(rgb, to_level(at), 3);
        grey &= rgb[0] == rgb[1] && rgb[1] == rgb[2];
        ink &= rgb[0] == 0 || rgb[0] == 255;
    }
    s->depth = !grey ? 32 : ink && s->rgb[0][0] != s->rgb[1][0] ? 1 : 8;
}

void pdf_samples_prepare(struct pdf_samples *s, const struct pdf_colour *colour, const double *decode) {
    s->count = colour->samples;
    s->cmyk = colour->kind == PDF_COLOUR_CMYK && !colour->table;
    if (s->count == 1) {
        prepare_one(s, colour, decode);
        return;
    }
    int most = s->bits == 16 ? 255 : (1 << s->bits) - 1;
    s->depth = 32;
    for (int c = 0; c < s->count; c++)
        for (int v = 0; v <= most; v++)
            s->level[c][v] = to_level(decoded(decode, c, v, most, 1));
    for (int black = 0; s->cmyk && black < 256; black++)
        inks_begin(black, s->under[black]);
}

size_t pdf_samples_row(const struct pdf_samples *s) {
    return ((size_t)s->width_px * (size_t)s->bits * (size_t)s->count + 7) / 8;
}

bool pdf_samples_are_ink(const struct pdf_samples *s, bool *ret_zero_is_black) {
    *ret_zero_is_black = s->rgb[0][0] == 0;
    return s->depth == 1;
}

/* ---- rows ---- */

/* As Leptonica keeps it. */
static l_uint32 colour_of(uint8_t red, uint8_t green, uint8_t blue) {
    return (l_uint32)red << 24 | (l_uint32)green << 16 | (l_uint32)blue << 8;
}

/* Samples of a row as one byte each; of 16 bits the higher ones. */
static void row_spread(const struct pdf_samples *s, const uint8_t *row, uint8_t *out) {
    size_t count = (size_t)s->width_px * (size_t)s->count;
    unsigned mask = (1u << (s->bits & 15)) - 1, bits = (unsigned)s->bits;
    for (size_t i = 0; i < count; i++) {
        size_t bit = i * bits;
        if (bits == 8)
            out[i] = row[i];
        else if (bits == 16)
            out[i] = row[2 * i];
        else
            out[i] = (uint8_t)(row[bit / 8] >> (8 - bits - bit % 8) & mask);
    }
}

static void row_ink(const struct pdf_samples *s, const uint8_t *row, l_uint32 *line) {
    uint8_t flip = s->rgb[0][0] == 0 ? 0xFF : 0;
    int bytes = (s->width_px + 7) / 8;
    for (int i = 0; i < bytes; i++)
        SET_DATA_BYTE(line, i, row[i] ^ flip);
}

static void row_one(const struct pdf_samples *s, const uint8_t *row, l_uint32 *line) {
    for (int x = 0; x < s->width_px; x++) {
        const uint8_t *rgb = s->rgb[row[x]];
        if (s->depth == 8)
            SET_DATA_BYTE(line, x, rgb[0]);
        else
            line[x] = colour_of(rgb[0], rgb[1], rgb[2]);
    }
}

static void row_rgb(const struct pdf_samples *s, const uint8_t *row, l_uint32 *line) {
    for (int x = 0; x < s->width_px; x++, row += 3)
        line[x] = colour_of(s->level[0][row[0]], s->level[1][row[1]], s->level[2][row[2]]);
}

/* Paper is mostly one colour: what was found for the pixel before is not found again. */
static void row_cmyk(const struct pdf_samples *s, const uint8_t *row, l_uint32 *line) {
    for (int x = 0; x < s->width_px; x++, row += 4) {
        if (x && memcmp(row, row - 4, 4) == 0) {
            line[x] = line[x - 1];
            continue;
        }
        const uint8_t inks[4] = {s->level[0][row[0]], s->level[1][row[1]], s->level[2][row[2]], s->level[3][row[3]]};
        uint8_t rgb[3];
        inks_end((const uint8_t(*)[3])s->under[inks[3]], inks, rgb);
        line[x] = colour_of(rgb[0], rgb[1], rgb[2]);
    }
}

struct Pix *pdf_samples_pix(const struct pdf_samples *s, struct view rows) {
    size_t stride = pdf_samples_row(s);
    if (rows.len / stride < (size_t)s->height_px)
        return NULL;
    PIX *pix = pixCreateNoInit(s->width_px, s->height_px, s->depth);
    uint8_t *spread = mem_new((size_t)s->width_px * (size_t)s->count);
    for (int y = 0; pix && y < s->height_px; y++) {
        const uint8_t *row = rows.data + stride * (size_t)y;
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        if (s->depth == 1) {
            row_ink(s, row, line);
            continue;
        }
        row_spread(s, row, spread);
        (s->count == 1 ? row_one : s->cmyk ? row_cmyk : row_rgb)(s, spread, line);
    }
    mem_free(&spread);
    if (pix && s->depth < 32)
        pixSetPadBits(pix, 0);
    return pix;
}

struct Pix *pdf_samples_pix_of_bits(const struct pdf_samples *s, struct Pix *zeros) {
    bool zero_is_black;
    if (pdf_samples_are_ink(s, &zero_is_black)) {
        if (!zero_is_black)
            pixInvert(zeros, zeros);
        pixSetPadBits(zeros, 0);
        return zeros;
    }
    PIX *shown = s->depth == 8 ? pixConvert1To8(NULL, zeros, s->rgb[1][0], s->rgb[0][0])
                               : pixConvert1To32(NULL, zeros, colour_of(s->rgb[1][0], s->rgb[1][1], s->rgb[1][2]),
                                                 colour_of(s->rgb[0][0], s->rgb[0][1], s->rgb[0][2]));
    pixDestroy(&zeros);
    return shown;
}
