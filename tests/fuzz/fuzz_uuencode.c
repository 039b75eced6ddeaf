/* Any text as one that holds uuencoded files; and any bytes as a signed envelope. */
#include "ingest/mail_sealed.h"
#include "ingest/mail_text.h"
#include "ingest/uuencode.h"
#include "tests/fuzz/caught_parts.h"

static int take(void *state, const char *name, struct buf *bytes) {
    const struct found_part part = {name, "", "attachment", buf_view(bytes)};
    return count_part(state, &part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct caught_count count = {0};
    struct buf text = {0}, out = {0};
    mail_text(view_of(data, size), NULL, &text);
    int err = uuencode_take(buf_text(&text), take, &count, &out);
    check(err <= 0);
    check(text_is_utf8(buf_view(&out)));
    check(count.parts > 0 || err != 0 || view_equal(buf_view(&text), buf_view(&out)));
    buf_reset(&out);
    check(mail_sealed_open(view_of(data, size), NULL, &out) <= 0 && out.len <= size);
    buf_drop(&text);
    buf_drop(&out);
    return 0;
}
