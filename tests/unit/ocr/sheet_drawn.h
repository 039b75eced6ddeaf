/* sheet_drawn.h: a sheet of typed paper on a table, seen in perspective. Coordinates on the sheet: 0 to 1. */
#ifndef TESTS_SHEET_DRAWN_H
#define TESTS_SHEET_DRAWN_H

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

struct sheet_drawn {
    int width, height, depth; /* of the picture */
    int table, paper, ink;    /* grey levels */
    float x[4], y[4];         /* corners: top left, top right, bottom right, bottom left */
    float lines_end;          /* the sheet is typed down to here; 0: empty */
    float note_x, note_y;     /* left top of a typed slip beside the sheet, pixels; 0: none */
};

/* The homography of the unit square (Heckbert 1989, section 2.2.3), row by row. */
static void sheet_homography(const struct sheet_drawn *s, double m[9]) {
    double x[4], y[4];
    for (int i = 0; i < 4; i++) {
        x[i] = (double)s->x[i];
        y[i] = (double)s->y[i];
    }
    double dx1 = x[1] - x[2], dx2 = x[3] - x[2], sx = x[0] - x[1] + x[2] - x[3];
    double dy1 = y[1] - y[2], dy2 = y[3] - y[2], sy = y[0] - y[1] + y[2] - y[3];
    double det = dx1 * dy2 - dx2 * dy1, g = (sx * dy2 - dx2 * sy) / det, h = (dx1 * sy - sx * dy1) / det;
    double all[9] = {x[1] - x[0] + g * x[1],
                     x[3] - x[0] + h * x[3],
                     x[0],
                     y[1] - y[0] + g * y[1],
                     y[3] - y[0] + h * y[3],
                     y[0],
                     g,
                     h,
                     1};
    memcpy(m, all, sizeof all);
}

static void sheet_unpoint(const double m[9], double x, double y, double *u, double *v) {
    double a = m[0] - x * m[6], b = m[1] - x * m[7], c = x * m[8] - m[2];
    double d = m[3] - y * m[6], e = m[4] - y * m[7], f = y * m[8] - m[5], det = a * e - b * d;
    *u = (c * e - b * f) / det;
    *v = (a * f - c * d) / det;
}

/* Typed lines, 44 on a sheet, of words of different length. */
static bool sheet_typed(double u, double v, double end) {
    if (u < 0.12 || u > 0.88 || v < 0.08 || v > end)
        return false;
    double line = v * 44, place = u * 70;
    unsigned n = (unsigned)line, word = (unsigned)(place / 5);
    double gap = 1 + (n * 7 + word * 13) % 3 * 0.5;
    return line - n < 0.4 && place - word * 5.0 > gap && fmod(place * 3, 1) > 0.25;
}

static int sheet_level(const struct sheet_drawn *s, const double m[9], double x, double y) {
    double u, v;
    sheet_unpoint(m, x, y, &u, &v);
    if (u >= 0 && u <= 1 && v >= 0 && v <= 1)
        return sheet_typed(u, v, (double)s->lines_end) ? s->ink : s->paper;
    u = (x - (double)s->note_x) / 400;
    v = (y - (double)s->note_y) / 600;
    if (s->note_x > 0 && u >= 0 && u <= 1 && v >= 0 && v <= 0.3)
        return sheet_typed(u, v, 0.25) ? s->ink : s->paper;
    return s->table;
}

/* Four samples a pixel, a little noise. */
static PIX *sheet_draw(const struct sheet_drawn *s) {
    double m[9];
    sheet_homography(s, m);
    PIX *pix = pixCreate(s->width, s->height, s->depth);
    unsigned noise = 12345;
    for (int y = 0; y < s->height; y++)
        for (int x = 0; x < s->width; x++) {
            int sum = 0;
            for (int i = 0; i < 4; i++)
                sum += sheet_level(s, m, x + (i & 1) * 0.5, y + (i >> 1) * 0.5);
            noise = noise * 1664525 + 1013904223;
            l_uint32 level = (l_uint32)(sum / 4 + (int)(noise >> 29) - 4);
            pixSetPixel(pix, x, y, s->depth == 32 ? level << 24 | level << 16 | level << 8 : level);
        }
    return pix;
}

#endif
