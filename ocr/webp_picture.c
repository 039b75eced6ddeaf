#include "base/err.h"
#include "base/pix.h"
#include "ocr/picture_facts.h"
#include "ocr/picture_frames.h"
#include "ocr/picture_pages.h"

#include <leptonica/allheaders.h>
#include <webp/decode.h>
#include <webp/demux.h>

/* Red, green, blue, alpha on white. */
static PIX *pix_from_rgba(const uint8_t *rgba, int w, int h) {
    PIX *pix = pixCreateNoInit(w, h, 32);
    for (int y = 0; pix && y < h; y++) {
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++, rgba += 4) {
            int a = rgba[3], white = 255 - a;
            composeRGBPixel((rgba[0] * a + 255 * white) / 255, (rgba[1] * a + 255 * white) / 255,
                            (rgba[2] * a + 255 * white) / 255, line + x);
        }
    }
    return pix;
}

static int moving_open(struct view bytes, const struct picture_frames_sink *sink) {
    WebPData data = {bytes.data, bytes.len};
    WebPAnimDecoderOptions options;
    WebPAnimInfo info;
    if (!WebPAnimDecoderOptionsInit(&options))
        return ERR_DAMAGED;
    options.color_mode = MODE_RGBA;
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
    if (!decoder || !WebPAnimDecoderGetInfo(decoder, &info)) {
        WebPAnimDecoderDelete(decoder);
        return ERR_DAMAGED;
    }
    int err =
        info.frame_count > PICTURE_FRAMES_MOST ? ERR_TOO_MANY : sink->count(sink->state, info.frame_count);
    for (uint32_t i = 0; i < info.frame_count && !err; i++) {
        uint8_t *rgba = NULL;
        int moment_ms;
        bool fine = WebPAnimDecoderGetNext(decoder, &rgba, &moment_ms);
        err = sink->frame(sink->state,
                          fine ? pix_from_rgba(rgba, (int)info.canvas_width, (int)info.canvas_height) : NULL,
                          0, 0);
    }
    WebPAnimDecoderDelete(decoder);
    return err;
}

/* Resolution and orientation by the EXIF block. */
static struct picture_facts still_facts(struct view bytes) {
    struct picture_facts facts = {0};
    WebPData data = {bytes.data, bytes.len};
    WebPDemuxer *demuxer = WebPDemux(&data);
    WebPChunkIterator chunk;
    if (demuxer && WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk)) {
        struct view exif = view_of(chunk.chunk.bytes, chunk.chunk.size);
        if (exif.len > 6 && exif.data[0] == 'E') /* some write the name that it has in a JPEG */
            exif = view_of(exif.data + 6, exif.len - 6);
        picture_facts_exif(exif, &facts);
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    WebPDemuxDelete(demuxer);
    return facts;
}

static PIX *pix_upright(PIX *pix, const struct picture_facts *facts) {
    if (pix && facts->mirrored)
        pixFlipLR(pix, pix);
    if (!pix || !facts->turn)
        return pix;
    PIX *turned = pixRotateOrth(pix, facts->turn / 90);
    pixDestroy(&pix);
    return turned;
}

int webp_picture_open(struct view bytes, const struct picture_frames_sink *sink) {
    WebPBitstreamFeatures features;
    enum { LOSSLESS = 2 };
    if (WebPGetFeatures(bytes.data, bytes.len, &features) != VP8_STATUS_OK)
        return ERR_DAMAGED;
    if ((uint64_t)features.width * (uint64_t)features.height > PIX_PIXELS_MOST)
        return ERR_TOO_LARGE;
    if (features.has_animation)
        return moving_open(bytes, sink);
    int w, h;
    uint8_t *rgba = WebPDecodeRGBA(bytes.data, bytes.len, &w, &h);
    if (!rgba)
        return ERR_DAMAGED;
    struct picture_facts facts = still_facts(bytes);
    PIX *pix = pix_upright(pix_from_rgba(rgba, w, h), &facts);
    WebPFree(rgba);
    int err = sink->count(sink->state, 1);
    if (err)
        pixDestroy(&pix);
    return err ? err : sink->frame(sink->state, pix, features.format == LOSSLESS, facts.dpi);
}
