#include "ingest/separator.h"

#include <leptonica/allheaders.h>
#include <string.h>
#include <zbar.h>

#define CODE_DPI 150.0f /* a bar of a separator sheet's code has 2 pixels and more */
#define PATCH_DPI 100.0f
#define CODE_START "SEP*"
enum {
    INK_MOST = 170
}; /* lighter is paper: the code on the other side of a sheet shines through, and mirrored it reads too */

/* ---- bar codes
 * ------------------------------------------------------------------------------------------------- */

static bool payload_is_printable(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E)
            return false;
    return true;
}

static bool take_symbols(zbar_image_t *image, char payload[SEPARATOR_PAYLOAD_MOST]) {
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    for (; symbol; symbol = zbar_symbol_next(symbol)) {
        const char *text = zbar_symbol_get_data(symbol);
        size_t len = text ? strlen(text) : 0;
        if (len < SEPARATOR_PAYLOAD_MOST && len == zbar_symbol_get_data_length(symbol) &&
            strncmp(text, CODE_START, strlen(CODE_START)) == 0 && payload_is_printable(text)) {
            memcpy(payload, text, len + 1);
            return true;
        }
    }
    return false;
}

/* Rows of bytes, as ZBar wants them ("Y800"). */
static unsigned char *grey_rows(PIX *grey, size_t *ret_len) {
    int w = pixGetWidth(grey), h = pixGetHeight(grey);
    unsigned char *rows = malloc((size_t)w * (size_t)h);
    for (int y = 0; rows && y < h; y++) {
        const l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x < w; x++)
            rows[(size_t)y * (size_t)w + (size_t)x] = (unsigned char)GET_DATA_BYTE(line, x);
    }
    *ret_len = (size_t)w * (size_t)h;
    return rows;
}

static zbar_image_scanner_t *scanner_new(void) {
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_CODE128, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, 3);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, 3);
    return scanner;
}

static bool find_code(PIX *grey, char payload[SEPARATOR_PAYLOAD_MOST]) {
    size_t len;
    unsigned char *rows = grey_rows(grey, &len);
    if (!rows)
        return false;
    zbar_image_scanner_t *scanner = scanner_new();
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, (unsigned)pixGetWidth(grey), (unsigned)pixGetHeight(grey));
    zbar_image_set_data(image, rows, len, NULL);
    bool found = zbar_scan_image(scanner, image) > 0 && take_symbols(image, payload);
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(rows);
    return found;
}

/* ---- Patch T
 * --------------------------------------------------------------------------------------------------- */

enum { RUNS_MOST = 400, LINES = 24 };

struct runs {
    int len[RUNS_MOST]; /* by turns white and black, white first */
    int count;
};

/* Runs along a column (or row) of the picture; runs of one pixel are dirt and belong to their neighbours. */
static void runs_take(PIX *bits, bool column, int at, struct runs *runs) {
    int length = column ? pixGetHeight(bits) : pixGetWidth(bits);
    runs->count = 0;
    runs->len[0] = 0;
    int colour = 0;
    for (int i = 0; i < length; i++) {
        l_uint32 bit = 0, next = 0;
        pixGetPixel(bits, column ? at : i, column ? i : at, &bit);
        if (i + 1 < length)
            pixGetPixel(bits, column ? at : i + 1, column ? i + 1 : at, &next);
        if ((int)bit != colour && (int)next == (int)bit) {
            if (++runs->count >= RUNS_MOST)
                return;
            runs->len[runs->count] = 0;
            colour = (int)bit;
        }
        runs->len[runs->count]++;
    }
    runs->count++;
}

static bool is_about(int px, float inch) {
    float want = inch * PATCH_DPI;
    return (float)px >= 0.65f * want && (float)px <= 1.4f * want;
}

/* Four bars and the three spaces between them, read from either end. */
static bool is_patch_t(const int *bar) {
    static const float inch[7] = {0.08f, 0.08f, 0.20f, 0.08f, 0.08f, 0.08f, 0.20f};
    bool forward = true, backward = true;
    for (int i = 0; i < 7; i++) {
        forward &= is_about(bar[i], inch[i]);
        backward &= is_about(bar[i], inch[6 - i]);
    }
    return forward || backward;
}

static int count_patches(const struct runs *runs) {
    int found = 0;
    for (int i = 1; i + 6 < runs->count; i += 2)
        if (is_patch_t(&runs->len[i])) {
            found++;
            i += 6;
        }
    return found;
}

/* Two patches on most of the lines that cross the middle of the page. */
static bool has_patches(PIX *bits, bool column) {
    int across = column ? pixGetWidth(bits) : pixGetHeight(bits), hits = 0;
    struct runs runs;
    for (int i = 0; i < LINES; i++) {
        runs_take(bits, column, across / 4 + across / 2 * i / LINES, &runs);
        hits += count_patches(&runs) >= 2;
    }
    return hits >= LINES * 2 / 3;
}

static bool find_patch_t(PIX *reduced) {
    PIX *bits = pixThresholdToBinary(reduced, 128);
    bool found = bits && (has_patches(bits, true) || has_patches(bits, false));
    pixDestroy(&bits);
    return found;
}

/* ---- both
 * ------------------------------------------------------------------------------------------------------ */

static PIX *grey_at(PIX *pix, float dpi) {
    float k = CODE_DPI / dpi;
    PIX *small = NULL;
    if (pixGetDepth(pix) == 1 && k < 0.75f)
        small = pixScaleToGray(pix, k);
    if (small)
        return small;
    PIX *grey = pixConvertTo8(pix, 0);
    if (grey && k < 0.9f) {
        small = pixScaleAreaMap(grey, k, k);
        pixDestroy(&grey);
        return small;
    }
    return grey;
}

/* ZBar misses a QR code now and then that it finds at another size, so both sizes are looked at. */
static bool find_any(PIX *grey, char payload[SEPARATOR_PAYLOAD_MOST]) {
    if (find_code(grey, payload))
        return true;
    PIX *reduced = pixScaleAreaMap(grey, PATCH_DPI / CODE_DPI, PATCH_DPI / CODE_DPI);
    bool found = reduced && find_code(reduced, payload);
    if (!found && reduced && find_patch_t(reduced)) {
        strcpy(payload, "PATCH-T");
        found = true;
    }
    pixDestroy(&reduced);
    return found;
}

bool separator_find(struct Pix *pix, float dpi, char payload[SEPARATOR_PAYLOAD_MOST]) {
    if (!(dpi >= 40 && dpi <= 2400) || pixGetWidth(pix) < 200 || pixGetHeight(pix) < 200)
        return false;
    PIX *grey = grey_at(pix, dpi);
    if (!grey)
        return false;
    pixGammaTRC(grey, grey, 1.0f, 0, INK_MOST);
    char found[SEPARATOR_PAYLOAD_MOST] = "";
    bool is_one = find_any(grey, found);
    pixDestroy(&grey);
    if (is_one)
        memcpy(payload, found, sizeof found);
    return is_one;
}
