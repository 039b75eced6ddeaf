/* Any bytes as an archive. */
#include "ingest/archive.h"
#include "tests/fuzz/caught_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool started;
    if (!started)
        mail_library_start();
    started = true;
    struct caught_count count = {0};
    struct mail_sink sink = counting_sink(&count);
    int err = archive_open(view_of(data, size), &sink.parts);
    check(err <= 0 && count.bodies == 0 && count.parts <= ARCHIVE_MEMBERS_MOST);
    return 0;
}
