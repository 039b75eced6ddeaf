#include "redact/cover_label.h"

#include <leptonica/allheaders.h>
#include <string.h>

#define SIZE_LEAST 6   /* smaller letters of the font cannot be read */
#define SIZE_MOST 20   /* the largest that Leptonica has */
#define TIMES_MOST 4
#define HEIGHT_MOST_PX 60 /* a page that is covered whole needs no larger code */

struct Pix *cover_label_draw_sized(const char *code, uint8_t size) {
    int points = size % 32, times = size / 32 + 1;
    if (points < 4 || points > SIZE_MOST || times > TIMES_MOST || !*code)
        return NULL;
    L_BMF *font = bmfCreate(NULL, points);
    PIX *line = font ? pixCreate((l_int32)strlen(code) * points * 4 + 20, points * 6, 1) : NULL, *cut = NULL;
    l_int32 width, overflow;
    if (line)
        pixSetTextline(line, font, code, 1, 4, points * 4, &width, &overflow);
    if (line)
        pixClipToForeground(line, &cut, NULL);
    PIX *large = cut && times > 1 ? pixExpandReplicate(cut, times) : NULL;
    bmfDestroy(&font);
    pixDestroy(&line);
    if (large) {
        pixDestroy(&cut);
        return large;
    }
    return cut;
}

struct Pix *cover_label_draw(const char *code, int width_px, int height_px, uint8_t *ret_size) {
    if (height_px > HEIGHT_MOST_PX)
        height_px = HEIGHT_MOST_PX;
    for (int times = TIMES_MOST; times >= 1; times--)
        for (int points = SIZE_MOST; points >= SIZE_LEAST; points -= 2) {
            uint8_t size = (uint8_t)(points + 32 * (times - 1));
            PIX *pix = cover_label_draw_sized(code, size);
            if (pix && pixGetWidth(pix) <= width_px && pixGetHeight(pix) <= height_px) {
                *ret_size = size;
                return pix;
            }
            pixDestroy(&pix);
        }
    return NULL;
}
