/* Any bytes as an office file of any kind: an answer, never more. The first byte chooses the ending. */
#include "ingest/office.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const endings[] = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "rtf", "csv", "xlsb"};
    if (!size)
        return 0;
    const char *ending = endings[data[0] % (sizeof endings / sizeof endings[0])];
    struct view bytes = {data + 1, size - 1};
    struct office_way way = {0};
    int err = office_way_of(ending, bytes, &way);
    if (err == 0 && (!way.import || !way.export || strcmp(way.ending, ending)))
        abort();
    char *unseen = office_unseen(ending, bytes);
    if (!unseen)
        abort();
    free(unseen);
    return 0;
}
