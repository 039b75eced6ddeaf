/* fuzz_redact_record: any bytes as the order to cover a page (first byte even) or to prove a pack (odd); what decodes encodes to the
 * same bytes again. */
#include "redact/redact_record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_same(const struct buf *again, struct view bytes) {
    if (!view_equal(buf_view(again), bytes))
        abort();
}

static void fuzz_cover(struct view bytes, struct buf *out) {
    struct cover_order order;
    if (cover_order_decode(bytes, &order))
        return;
    cover_order_encode(&order, out);
    fuzz_same(out, bytes);
    cover_order_drop(&order);
}

static void fuzz_prove(struct view bytes, struct buf *out) {
    struct prove_order order;
    if (prove_order_decode(bytes, &order))
        return;
    prove_order_encode(&order, out);
    fuzz_same(out, bytes);
    prove_order_drop(&order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf out = {0};
    if (!size)
        return 0;
    if (data[0] % 2)
        fuzz_prove(view_of(data + 1, size - 1), &out);
    else
        fuzz_cover(view_of(data + 1, size - 1), &out);
    buf_drop(&out);
    return 0;
}
