/* Any bytes as winmail.dat, and as packed RTF, which it holds. */
#include "ingest/outlook.h"
#include "ingest/rtf_text.h"
#include "tests/fuzz/caught_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool started;
    if (!started)
        mail_library_start();
    started = true;
    struct caught_count count = {0};
    struct mail_sink sink = counting_sink(&count);
    int err = tnef_open(view_of(data, size), &sink);
    check(err <= 0 && (err != 0 || count.bodies == 1));
    struct buf rtf = {0}, text = {0};
    rtf_unpack(view_of(data, size), &rtf);
    rtf_text(buf_view(&rtf), &text);
    rtf_text(view_of(data, size), &text);
    check(text_is_utf8(buf_view(&text)));
    buf_drop(&rtf);
    buf_drop(&text);
    return 0;
}
