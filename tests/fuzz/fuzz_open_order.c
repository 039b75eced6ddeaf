/* Orders to open a part: whatever decodes encodes to the same bytes again. */
#include "base/err.h"
#include "ingest/open_order.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct open_order order;
    struct buf again = {0};
    if (open_order_decode(view_of(data, size), &order))
        return 0;
    open_order_encode(&order, &again);
    if (again.len != size || memcmp(again.data, data, size) || order.first == 0)
        abort();
    buf_drop(&again);
    open_order_drop(&order);
    return 0;
}
