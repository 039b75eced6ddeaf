/* Any bytes as a file whose kind is asked, and as a name. */
#include "base/mem.h"
#include "ingest/sniff.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    static int started;
    if (!started++)
        sniff_load();
    struct view bytes = view_of(data, len);
    enum content_kind kind = sniff_kind(bytes);
    if (kind > CONTENT_OTHER || !content_kind_text(kind))
        abort();
    sniff_office_ending(bytes);
    sniff_office_is_active(bytes);
    char *name = mem_text_part((const char *)data, len < 300 ? len : 300);
    sniff_name_lies(name, CONTENT_HTML);
    sniff_name_lies(name, CONTENT_TEXT);
    mem_free(&name);
    return 0;
}
