/* Any picture as a separator sheet. The first bytes say how the picture is made: kind (1-bit, grey, colour,
 * or a file to be decoded), width in 8 pixels, resolution; the rest are its pixels, over and over. */
#include "base/pix.h"
#include "ingest/separator.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(PIX *pix, float dpi) {
    char payload[SEPARATOR_PAYLOAD_MOST];
    memset(payload, 'x', sizeof payload);
    if (separator_find(pix, dpi, payload) && !memchr(payload, 0, sizeof payload))
        abort();
}

static PIX *picture_of(const uint8_t *data, size_t size, int width, int depth) {
    const int height = 256;
    PIX *pix = pixCreate(width, height, depth);
    size_t row_bytes = ((size_t)width * (size_t)depth + 7) / 8;
    for (int y = 0; pix && y < height; y++) {
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (size_t i = 0; i < row_bytes; i++)
            SET_DATA_BYTE(line, i, data[((size_t)(y / 4) * row_bytes + i) % size]);
    }
    return pix;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int depths[3] = {1, 8, 32};
    PIX *pix = NULL;
    pix_silence();
    if (size < 4)
        return 0;
    float dpi = (float)data[2] * 4;
    if (data[0] % 4 < 3)
        pix = picture_of(data + 3, size - 3, 208 + data[1], depths[data[0] % 4]);
    else if (pix_decode(view_of(data + 3, size - 3), (uint16_t)(data[1] % 4 * 90), &pix) != 0)
        return 0;
    if (pix && (int64_t)pixGetWidth(pix) * pixGetHeight(pix) < 4000000)
        look(pix, dpi);
    pixDestroy(&pix);
    return 0;
}
