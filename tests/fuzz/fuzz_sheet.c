/* Any text as the code of a sheet: what is believed must be what would be printed. */
#include "base/mem.h"
#include "ingest/separator_code.h"
#include "ingest/sheet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct store store = {0}; /* only its key counts */
    struct sheet sheet;
    char again[SHEET_PAYLOAD_MOST];
    char *payload = mem_text_part((const char *)data, size);
    memset(&sheet, 0x55, sizeof sheet);
    sheet_read(&store, payload, &sheet);
    if (!memchr(sheet.council_id, 0, sizeof sheet.council_id) || !memchr(sheet.document_kind, 0, sizeof sheet.document_kind))
        abort();
    sheet_payload(&store, &sheet, again);
    if (sheet.believed && strcmp(again, payload))
        abort();
    /* With its own tag it is believed: a fuzzer cannot guess tags. */
    sheet_read(&store, again, &sheet);
    if (!sheet.believed)
        abort();
    separator_payload_is_one(payload);
    free(payload);
    return 0;
}
