#include "base/err.h"
#include "base/mem.h"
#include "base/pix.h"
#include "ocr/picture_frames.h"
#include "ocr/picture_pages.h"

#include <gif_lib.h>
#include <leptonica/allheaders.h>
#include <string.h>

/* ---- how many frames there are (GIF89a, 18 to 26): the blocks are passed over, nothing is decoded ---- */

static size_t pass_blocks(struct view bytes, size_t at) {
    while (at < bytes.len && bytes.data[at])
        at += 1 + (size_t)bytes.data[at];
    return at + 1;
}

static size_t table_bytes(uint8_t flags) {
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static uint32_t frames_count(struct view bytes) {
    uint32_t frames = 0;
    size_t at = bytes.len > 13 ? 13 + table_bytes(bytes.data[10]) : bytes.len;
    while (at + 2 < bytes.len && frames <= PICTURE_FRAMES_MOST) {
        if (bytes.data[at] == 0x21) { /* an extension and its label */
            at = pass_blocks(bytes, at + 2);
        } else if (bytes.data[at] == 0x2C && at + 10 < bytes.len) {
            frames++;
            at = pass_blocks(bytes, at + 10 + table_bytes(bytes.data[at + 9]) + 1);
        } else {
            break;
        }
    }
    return frames;
}

/* ---- frames ---- */

struct moving {
    struct view left; /* not read yet */
    GifFileType *gif;
    PIX *canvas, *before; /* before: what the canvas was, for a frame that is taken away again */
    uint8_t *row;
    int transparent; /* index of a colour that paints nothing, or -1 */
    int disposal;
};

static int on_read(GifFileType *gif, GifByteType *out, int want) {
    struct moving *m = gif->UserData;
    size_t n = want < 0 ? 0 : (size_t)want < m->left.len ? (size_t)want : m->left.len;
    memcpy(out, m->left.data, n);
    m->left = view_of(m->left.data + n, m->left.len - n);
    return (int)n;
}

static void paint_row(struct moving *m, const ColorMapObject *colours, int y) {
    const GifImageDesc *d = &m->gif->Image;
    if (y >= pixGetHeight(m->canvas))
        return;
    l_uint32 *line = pixGetData(m->canvas) + (size_t)y * (size_t)pixGetWpl(m->canvas);
    for (int x = 0; x < d->Width && d->Left + x < pixGetWidth(m->canvas); x++) {
        int index = m->row[x];
        if (index == m->transparent || index >= colours->ColorCount)
            continue;
        GifColorType c = colours->Colors[index];
        composeRGBPixel(c.Red, c.Green, c.Blue, line + d->Left + x);
    }
}

/* All rows of one frame onto the canvas; false when they are not all there. */
static bool paint_frame(struct moving *m) {
    static const int from[4] = {0, 4, 2, 1}, step[4] = {8, 8, 4, 2};
    const GifImageDesc *d = &m->gif->Image;
    const ColorMapObject *colours = d->ColorMap ? d->ColorMap : m->gif->SColorMap;
    if (!colours || d->Width < 1 || d->Height < 1 || d->Left < 0 || d->Top < 0 ||
        (uint64_t)d->Width * (uint64_t)d->Height > PIX_PIXELS_MOST)
        return false;
    m->row = mem_grow(m->row, (size_t)d->Width, 1);
    for (int pass = 0; pass < (d->Interlace ? 4 : 1); pass++)
        for (int y = d->Interlace ? from[pass] : 0; y < d->Height; y += d->Interlace ? step[pass] : 1) {
            if (DGifGetLine(m->gif, m->row, d->Width) != GIF_OK)
                return false;
            paint_row(m, colours, d->Top + y);
        }
    return true;
}

static bool take_extension(struct moving *m) {
    GifByteType *data = NULL;
    GraphicsControlBlock control;
    int label;
    if (DGifGetExtension(m->gif, &label, &data) != GIF_OK)
        return false;
    if (data && label == GRAPHICS_EXT_FUNC_CODE &&
        DGifExtensionToGCB(data[0], data + 1, &control) == GIF_OK) {
        m->transparent = control.TransparentColor;
        m->disposal = control.DisposalMode;
    }
    while (data)
        if (DGifGetExtensionNext(m->gif, &data) != GIF_OK)
            return false;
    return true;
}

/* What the frame leaves behind for the next one. */
static void dispose_frame(struct moving *m) {
    if (m->disposal == DISPOSE_PREVIOUS && m->before)
        pixCopy(m->canvas, m->before);
    else if (m->disposal == DISPOSE_BACKGROUND) {
        BOX *box =
            boxCreate(m->gif->Image.Left, m->gif->Image.Top, m->gif->Image.Width, m->gif->Image.Height);
        pixSetInRect(m->canvas, box);
        boxDestroy(&box);
    }
    pixDestroy(&m->before);
    m->transparent = -1;
    m->disposal = DISPOSAL_UNSPECIFIED;
}

/* The next frame as it is seen: a picture that is the caller's; NULL when it is damaged, and all after it. */
static PIX *frame_next(struct moving *m) {
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(m->gif, &type) == GIF_OK && type == EXTENSION_RECORD_TYPE)
        if (!take_extension(m))
            return NULL;
    if (type != IMAGE_DESC_RECORD_TYPE || DGifGetImageDesc(m->gif) != GIF_OK)
        return NULL;
    if (m->disposal == DISPOSE_PREVIOUS)
        m->before = pixCopy(NULL, m->canvas);
    PIX *seen = paint_frame(m) ? pixCopy(NULL, m->canvas) : NULL;
    dispose_frame(m);
    return seen;
}

static int frames_give(struct moving *m, uint32_t frames, const struct picture_frames_sink *sink) {
    int w = m->gif->SWidth, h = m->gif->SHeight, err;
    if (w < 1 || h < 1)
        return ERR_DAMAGED;
    if ((uint64_t)w * (uint64_t)h > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    m->canvas = pixCreate(w, h, 32);
    if (!m->canvas)
        return ERR_TOO_LARGE;
    pixSetAll(m->canvas);
    err = sink->count(sink->state, frames);
    bool whole = true;
    for (uint32_t i = 0; i < frames && !err; i++) {
        PIX *pix = whole ? frame_next(m) : NULL;
        whole = pix != NULL;
        err = sink->frame(sink->state, pix, 1, 0);
    }
    return err;
}

int gif_picture_open(struct view bytes, const struct picture_frames_sink *sink) {
    struct moving m = {.left = bytes, .transparent = -1};
    uint32_t frames = frames_count(bytes);
    if (!frames)
        return ERR_DAMAGED;
    if (frames > PICTURE_FRAMES_MOST)
        return ERR_TOO_MANY;
    int why;
    m.gif = DGifOpen(&m, on_read, &why);
    int err = m.gif ? frames_give(&m, frames, sink) : ERR_DAMAGED;
    if (m.gif)
        DGifCloseFile(m.gif, &why);
    pixDestroy(&m.canvas);
    pixDestroy(&m.before);
    mem_free(&m.row);
    return err;
}
