/* fuzz_open_record: any bytes as what a helper tells of a part that it opens; what decodes encodes to the same bytes again. */
#include "ingest/open_record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct open_record record;
    struct buf out = {0};
    if (open_record_decode(view_of(data, size), &record) == 0) {
        open_record_encode(&record, &out);
        if (!view_equal(buf_view(&out), view_of(data, size)))
            abort();
        open_record_drop(&record);
    }
    buf_drop(&out);
    return 0;
}
