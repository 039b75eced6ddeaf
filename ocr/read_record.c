#include "ocr/read_record.h"

#include "base/err.h"
#include "base/wire.h"

void read_order_encode(const struct read_order *order, struct buf *out) {
    wire_put_u8(out, (uint8_t)order->picture.format);
    wire_put_f32(out, order->picture.dpi);
    wire_put_u32(out, order->picture.turn);
    wire_put_f32(out, order->width_pt);
    wire_put_f32(out, order->height_pt);
    wire_put_bytes(out, order->picture.bytes);
}

int read_order_decode(struct view bytes, struct read_order *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct read_order order = {0};
    order.picture.format = (enum picture_format)wire_u8(&in);
    order.picture.dpi = wire_f32(&in);
    uint32_t turn = wire_u32(&in);
    order.picture.turn = (uint16_t)turn;
    order.width_pt = wire_f32(&in);
    order.height_pt = wire_f32(&in);
    order.picture.bytes = wire_bytes(&in, PAGE_PICTURE_BYTES);
    int err = wire_end(&in);
    if (!err && (order.picture.format > PICTURE_TIFF || turn % 90 || turn >= 360))
        err = ERR_PROTOCOL;
    if (!err)
        *ret = order;
    return err;
}

void page_reading_encode(const struct page_reading *reading, struct buf *out) {
    wire_put_u32(out, reading->turn);
    wire_put_f32(out, reading->skew_deg);
    wire_put_u8(out, reading->quality);
    wire_put_text(out, reading->language);
    wire_put_text(out, reading->trouble);
    struct buf regions = {0};
    regions_encode(&reading->regions, &regions);
    wire_put_bytes(out, buf_view(&regions));
    buf_drop(&regions);
    words_encode(&reading->words, out);
}

int page_reading_decode(struct view bytes, struct page_reading *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct page_reading reading = {0};
    uint32_t turn = wire_u32(&in);
    reading.turn = (uint16_t)turn;
    reading.skew_deg = wire_f32(&in);
    reading.quality = wire_u8(&in);
    reading.language = wire_text(&in, PAGE_LANGUAGE_BYTES);
    reading.trouble = wire_text(&in, 512);
    struct view regions = wire_bytes(&in, PAGE_REGIONS_MOST * 32);
    int err = in.err ? in.err : regions_decode(regions, &reading.regions);
    if (!err)
        err = words_decode(in.left, &reading.words);
    if (!err && (turn % 90 || turn >= 360 || reading.quality > 100))
        err = ERR_PROTOCOL;
    if (err)
        page_reading_drop(&reading);
    else
        *ret = reading;
    return err;
}
