/* print_sheets.h: sheets to be printed: separators, a child's cover sheets, batch headers. A4, PDF. */
#ifndef INGEST_PRINT_SHEETS_H
#define INGEST_PRINT_SHEETS_H

#include "ingest/batch.h"

/* What stands on the sheets. All texts are UTF-8 and borrowed; "" where nothing is known. */
struct sheet_print {
    struct sheet sheet;
    const char *child_name;    /* a cover sheet's */
    const struct batch *batch; /* a batch header's; else NULL */
    uint32_t copies;           /* pages, 1 to 500 */
};

/* Appends the PDF. The code stands on the sheet four times (Code 128 and QR, at the head and, upside down, at the foot), so that a sheet that is
 * cut, folded or turned over its end works as well. ERR_SYSTEM when it cannot be drawn. */
int sheets_print(struct store *store, const struct sheet_print *print, struct buf *out);

#endif
