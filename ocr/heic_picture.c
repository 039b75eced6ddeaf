#include "ocr/heic_picture.h"

#include "base/err.h"
#include "base/pix.h"
#include "ocr/picture_pages.h"

#include <leptonica/allheaders.h>
#include <libheif/heif.h>

static PIX *pix_from_rows(const uint8_t *rows, int stride, int w, int h, bool alpha) {
    PIX *pix = pixCreateNoInit(w, h, 32);
    int step = alpha ? 4 : 3;
    for (int y = 0; pix && y < h; y++) {
        const uint8_t *row = rows + (size_t)y * (size_t)stride;
        l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
        for (int x = 0; x < w; x++, row += step) {
            int a = alpha ? row[3] : 255, white = 255 - a;
            composeRGBPixel((row[0] * a + 255 * white) / 255, (row[1] * a + 255 * white) / 255,
                            (row[2] * a + 255 * white) / 255, line + x);
        }
    }
    return pix;
}

static PIX *handle_decode(struct heif_image_handle *handle) {
    struct heif_image *image = NULL;
    bool alpha = heif_image_handle_has_alpha_channel(handle);
    struct heif_error error =
        heif_decode_image(handle, &image, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, NULL);
    if (error.code != heif_error_Ok)
        return NULL;
    int stride = 0;
    int w = heif_image_get_width(image, heif_channel_interleaved),
        h = heif_image_get_height(image, heif_channel_interleaved);
    const uint8_t *rows = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    bool fine = rows && w > 0 && h > 0 && (uint64_t)w * (uint64_t)h <= PIX_PIXELS_MOST;
    PIX *pix = fine ? pix_from_rows(rows, stride, w, h, alpha) : NULL;
    heif_image_release(image);
    return pix;
}

/* What the file says of the picture's size is asked before it is decoded. */
static int picture_give(struct heif_context *context, heif_item_id id,
                        const struct picture_frames_sink *sink) {
    struct heif_image_handle *handle = NULL;
    PIX *pix = NULL;
    if (heif_context_get_image_handle(context, id, &handle).code == heif_error_Ok) {
        uint64_t w = (uint64_t)heif_image_handle_get_width(handle),
                 h = (uint64_t)heif_image_handle_get_height(handle);
        if (w && h && w * h > PIX_PIXELS_MOST) {
            heif_image_handle_release(handle);
            return ERR_TOO_LARGE;
        }
        pix = handle_decode(handle);
        heif_image_handle_release(handle);
    }
    return sink->frame(sink->state, pix, 0, 0);
}

static int error_of(struct heif_error error) {
    bool limit = error.code == heif_error_Memory_allocation_error ||
                 error.subcode == heif_suberror_Security_limit_exceeded;
    return limit ? ERR_TOO_LARGE : ERR_DAMAGED;
}

int heic_picture_open(struct view bytes, const struct picture_frames_sink *sink) {
    heif_item_id ids[PICTURE_FRAMES_MOST];
    struct heif_context *context = heif_context_alloc();
    heif_context_set_max_decoding_threads(context, 0);
    struct heif_error error =
        heif_context_read_from_memory_without_copy(context, bytes.data, bytes.len, NULL);
    int err = error_of(error);
    int count = error.code == heif_error_Ok ? heif_context_get_number_of_top_level_images(context) : 0;
    if (count > (int)PICTURE_FRAMES_MOST)
        err = ERR_TOO_MANY;
    else if (count > 0) {
        count = heif_context_get_list_of_top_level_image_IDs(context, ids, count);
        err = sink->count(sink->state, (uint32_t)count);
        for (int i = 0; i < count && !err; i++)
            err = picture_give(context, ids[i], sink);
    }
    heif_context_free(context);
    return err;
}
