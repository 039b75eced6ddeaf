#include "ocr/pdf_jbig2.h"

#include "base/mem.h"

#include <jbig2.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIXED = 32 << 20, HEADER = 16 };

/* jbig2dec takes all its memory here, so that what it may have is known: dictionaries of symbols and the picture itself. */
struct room {
    Jbig2Allocator calls; /* first: jbig2dec gives it back */
    size_t used, most;
};

static void *room_take(Jbig2Allocator *calls, size_t size) {
    struct room *room = (struct room *)(void *)calls;
    if (size > room->most - room->used)
        return NULL;
    size_t *block = malloc(size + HEADER);
    if (!block)
        return NULL;
    *block = size;
    room->used += size;
    return (char *)block + HEADER;
}

static void room_give_back(Jbig2Allocator *calls, void *p) {
    struct room *room = (struct room *)(void *)calls;
    if (!p)
        return;
    size_t *block = (size_t *)(void *)((char *)p - HEADER);
    room->used -= *block;
    free(block);
}

static void *room_change(Jbig2Allocator *calls, void *p, size_t size) {
    void *other = room_take(calls, size);
    if (other && p) {
        size_t old = *(size_t *)(void *)((char *)p - HEADER);
        memcpy(other, p, old < size ? old : size);
        room_give_back(calls, p);
    }
    return other;
}

static void on_message(void *data, const char *text, Jbig2Severity severity, uint32_t segment) {
    int *bad = data;
    (void)text, (void)segment;
    *bad |= severity == JBIG2_SEVERITY_FATAL || severity == JBIG2_SEVERITY_WARNING;
}

static PIX *pix_from_image(const Jbig2Image *image) {
    PIX *pix = pixCreate((int)image->width, (int)image->height, 1);
    for (uint32_t y = 0; pix && y < image->height; y++) {
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        const uint8_t *row = image->data + (size_t)y * image->stride;
        for (uint32_t i = 0; i < (image->width + 7) / 8; i++)
            SET_DATA_BYTE(line, i, row[i]);
    }
    if (pix)
        pixSetPadBits(pix, 0);
    return pix;
}

static PIX *page_decode(Jbig2Ctx *ctx, struct view data, const int size_px[2], const int *bad) {
    if (jbig2_data_in(ctx, data.data, data.len) < 0 || *bad)
        return NULL;
    jbig2_complete_page(ctx);
    Jbig2Image *image = jbig2_page_out(ctx);
    bool fits = image && !*bad && (int)image->width == size_px[0] && (int)image->height == size_px[1];
    PIX *pix = fits ? pix_from_image(image) : NULL;
    if (image)
        jbig2_release_page(ctx, image);
    return pix;
}

struct Pix *pdf_jbig2_decode(struct view data, struct view globals, const int size_px[2]) {
    struct room room = {.calls = {room_take, room_give_back, room_change},
                        .most = ROOM_FIXED + (size_t)size_px[0] * (size_t)size_px[1] / 2};
    int bad = 0;
    Jbig2GlobalCtx *shared = NULL;
    if (globals.len) {
        Jbig2Ctx *first = jbig2_ctx_new(&room.calls, JBIG2_OPTIONS_EMBEDDED, NULL, on_message, &bad);
        if (!first)
            return NULL;
        bad |= jbig2_data_in(first, globals.data, globals.len) < 0;
        shared = jbig2_make_global_ctx(first);
    }
    Jbig2Ctx *ctx = jbig2_ctx_new(&room.calls, JBIG2_OPTIONS_EMBEDDED, shared, on_message, &bad);
    PIX *pix = ctx && data.len ? page_decode(ctx, data, size_px, &bad) : NULL;
    if (ctx)
        jbig2_ctx_free(ctx);
    if (shared)
        jbig2_global_ctx_free(shared);
    return pix;
}
