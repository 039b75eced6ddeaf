#include "ingest/separator_code.h"

#include <leptonica/allheaders.h>
#include <string.h>
#include <strings.h>
#include <zbar.h>

static bool payload_is_printable(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E)
            return false;
    return true;
}

bool separator_payload_is_one(const char *text) {
    static const char *const starts[] = {"CF1-", "SEP*"};
    static const char *const words[] = {"PATCHT", "PATCH-T", "PATCH T", "PATCH_T", "SEPARATOR", "SEPARATOR SHEET", "DOCUMENT SEPARATOR"};
    if (!payload_is_printable(text))
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* A sheet of ours says more than another code on the same page. */
static bool take_symbols(zbar_image_t *image, char payload[SEPARATOR_PAYLOAD_MOST]) {
    bool found = false;
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    for (; symbol; symbol = zbar_symbol_next(symbol)) {
        const char *text = zbar_symbol_get_data(symbol);
        size_t len = text ? strlen(text) : 0;
        if (!len || len >= SEPARATOR_PAYLOAD_MOST || len != zbar_symbol_get_data_length(symbol) || !separator_payload_is_one(text))
            continue;
        if (!found || strncmp(text, "CF1-", 4) == 0)
            memcpy(payload, text, len + 1);
        found = true;
    }
    return found;
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

static zbar_image_scanner_t *scanner_new(enum code_look look) {
    static const zbar_symbol_type_t bars[] = {ZBAR_CODE128, ZBAR_CODE39, ZBAR_CODE93};
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    for (size_t i = 0; i < sizeof bars / sizeof bars[0]; i++)
        zbar_image_scanner_set_config(scanner, bars[i], ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, look == LOOK_ALL);
    /* Lines are looked at in every so-many-th row and column; 0: in none. */
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, look == LOOK_ALL ? 3 : look == LOOK_DOWN ? 1 : 0);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, look == LOOK_ALL ? 3 : look == LOOK_ACROSS ? 1 : 0);
    return scanner;
}

bool separator_code_find(struct Pix *grey, enum code_look look, char payload[SEPARATOR_PAYLOAD_MOST]) {
    size_t len;
    unsigned char *rows = grey_rows(grey, &len);
    if (!rows)
        return false;
    zbar_image_scanner_t *scanner = scanner_new(look);
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
