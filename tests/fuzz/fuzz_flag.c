/* fuzz_flag: any bytes as a flag; what decodes encodes to the same bytes again. */
#include "store/flag.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct flag flag;
    struct buf out = {0};
    if (flag_decode(view_of(data, size), &flag) == 0) {
        flag_encode(&flag, &out);
        if (out.len != size || memcmp(out.data, data, size) != 0)
            abort();
    }
    flag_drop(&flag);
    buf_drop(&out);
    return 0;
}
