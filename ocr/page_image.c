#include "ocr/page_image.h"

#include "base/err.h"
#include "base/wire.h"

void page_image_drop(struct page_image *image) {
    buf_wipe(&image->bytes);
    *image = (struct page_image){0};
}

void page_image_encode(const struct page_image *image, struct buf *out) {
    wire_put_u8(out, (uint8_t)image->format);
    wire_put_u32(out, image->width_px);
    wire_put_u32(out, image->height_px);
    wire_put_u8(out, image->channels);
    wire_put_bytes(out, buf_view(&image->bytes));
}

static bool image_is_sane(const struct page_image *image) {
    bool sized = image->width_px >= 1 && image->width_px <= PAGE_IMAGE_PIXELS_MOST && image->height_px >= 1 &&
                 image->height_px <= PAGE_IMAGE_PIXELS_MOST;
    return sized && image->format >= IMAGE_G4 && image->format <= IMAGE_ROWS &&
           (image->channels == 1 || (image->channels == 3 && image->format != IMAGE_G4));
}

int page_image_decode(struct view bytes, struct page_image *ret) {
    *ret = (struct page_image){0};
    struct wire_reader in = wire_reader(bytes);
    struct page_image image = {0};
    image.format = (enum page_image_format)wire_u8(&in);
    image.width_px = wire_u32(&in);
    image.height_px = wire_u32(&in);
    image.channels = wire_u8(&in);
    struct view data = wire_bytes(&in, PAGE_PICTURE_BYTES);
    int err = wire_end(&in);
    if (!err && (!image_is_sane(&image) || !data.len))
        err = ERR_PROTOCOL;
    if (err)
        return err;
    buf_add(&image.bytes, data.data, data.len);
    *ret = image;
    return 0;
}
