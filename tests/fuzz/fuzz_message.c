/* fuzz_message: any bytes as a frame from a worker; what decodes encodes to the same bytes again. */
#include "queue/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct message message;
    struct buf out = {0};
    if (message_decode(view_of(data, size), &message) == 0) {
        message_encode(&message, &out);
        if (!view_equal(buf_view(&out), view_of(data, size)))
            abort();
        message_drop(&message);
    }
    buf_drop(&out);
    return 0;
}
