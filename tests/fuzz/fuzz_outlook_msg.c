/* Any bytes as a saved Outlook message. */
#include "ingest/outlook.h"
#include "tests/fuzz/caught_parts.h"

/* libgsf loses names of a broken directory; in the helper the process ends with the job. Nothing of ours is
 * allocated by GLib. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libglib-2.0.so\nleak:libgsf-1.so\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool started;
    if (!started)
        mail_library_start();
    started = true;
    struct caught_count count = {0};
    struct mail_sink sink = counting_sink(&count);
    int err = outlook_msg_open(view_of(data, size), &sink);
    check(err <= 0 && (err != 0 || count.bodies == 1));
    return 0;
}
