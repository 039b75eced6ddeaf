/* Any bytes as a calendar entry. */
#include "ingest/calendar_text.h"
#include "tests/fuzz/caught_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf out = {0};
    int err = calendar_text(view_of(data, size), &out);
    check(err <= 0 && (err == 0 || out.len == 0));
    check(text_is_utf8(buf_view(&out)) && !memchr(out.data ? (const char *)out.data : "", 0, out.len));
    buf_drop(&out);
    return 0;
}
