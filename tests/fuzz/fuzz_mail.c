/* Any bytes as a mail: the pieces may be wrong, never the process. */
#include "ingest/sniff.h"
#include "tests/fuzz/caught_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool started;
    if (!started)
        mail_library_start();
    started = true;
    struct caught_count count = {0};
    struct mail_sink sink = counting_sink(&count);
    int err = mail_open(view_of(data, size), &sink);
    check(err <= 0 && (err != 0 || count.bodies == 1));
    sniff_kind(view_of(data, size));
    return 0;
}
