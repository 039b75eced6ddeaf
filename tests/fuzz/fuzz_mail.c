/* Any bytes as a mail: the pieces may be wrong, never the process. */
#include "ingest/mail.h"
#include "ingest/sniff.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

static int take_body(void *state, const char *heading, const char *body) {
    int *bodies = state;
    check(++*bodies == 1);
    check(text_is_utf8(view_text(heading)) && text_is_utf8(view_text(body)));
    check(!strchr(heading, '\r') && !strchr(body, '\r'));
    return 0;
}

static int take_attachment(void *state, const char *name, const char *type, bool is_inline,
                           struct view bytes) {
    const int *bodies = state;
    (void)is_inline, (void)bytes;
    check(*bodies == 1 && text_is_utf8(view_text(name)) && type);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool started;
    if (!started)
        mail_library_start();
    started = true;
    int bodies = 0;
    struct mail_sink sink = {take_body, take_attachment, &bodies};
    int err = mail_open(view_of(data, size), &sink);
    check(err <= 0 && (err != 0 || bodies == 1));
    sniff_kind(view_of(data, size));
    return 0;
}
