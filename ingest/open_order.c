#include "ingest/open_order.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 4096
#define PASSWORD_BYTES 512

void open_order_encode(const struct open_order *order, struct buf *out) {
    wire_put_text(out, order->name);
    wire_put_text(out, order->attached);
    wire_put_u32(out, order->depth);
    wire_put_u32(out, order->archives);
    wire_put_u8(out, order->is_scan);
    wire_put_u8(out, order->as_picture);
    wire_put_text(out, order->password);
    wire_put_f32(out, order->dpi);
    wire_put_u32(out, order->first);
    wire_put_u32(out, (uint32_t)order->skip_count);
    for (size_t i = 0; i < order->skip_count; i++)
        wire_put_u32(out, order->skip[i]);
    wire_put_bytes(out, order->bytes);
}

static int skip_decode(struct wire_reader *in, struct open_order *order) {
    uint32_t count = wire_u32(in);
    if (in->err || count > OPEN_SKIP_MOST)
        return ERR_PROTOCOL;
    order->skip = mem_grow(NULL, count + 1, sizeof *order->skip);
    for (; order->skip_count < count && !in->err; order->skip_count++)
        order->skip[order->skip_count] = wire_u32(in);
    return in->err;
}

int open_order_decode(struct view bytes, struct open_order *ret) {
    struct wire_reader in = wire_reader(bytes);
    struct open_order order = {0};
    order.name = wire_text(&in, NAME_BYTES);
    order.attached = wire_text(&in, 16);
    order.depth = wire_u32(&in);
    order.archives = wire_u32(&in);
    order.is_scan = wire_u8(&in);
    order.as_picture = wire_u8(&in);
    order.password = wire_text(&in, PASSWORD_BYTES);
    order.dpi = wire_f32(&in);
    order.first = wire_u32(&in);
    int err = skip_decode(&in, &order);
    order.bytes = wire_bytes(&in, 1u << 30);
    if (!err)
        err = wire_end(&in);
    if (!err && (order.first == 0 || order.as_picture > 1 || order.is_scan > 1 || !(order.dpi >= 0 && order.dpi <= 10000)))
        err = ERR_PROTOCOL;
    if (err)
        open_order_drop(&order);
    else
        *ret = order;
    return err;
}

/* The compiler must not take the wiping away. */
static void text_wipe(char *text) {
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void open_order_drop(struct open_order *order) {
    free(order->name);
    free(order->attached);
    text_wipe(order->password);
    free(order->skip);
    *order = (struct open_order){0};
}

int open_order_skips(const struct open_order *order, uint32_t page) {
    for (size_t i = 0; i < order->skip_count; i++)
        if (order->skip[i] == page)
            return 1;
    return 0;
}
