/* separator.h: separator sheets in a batch scan. */
#ifndef INGEST_SEPARATOR_H
#define INGEST_SEPARATOR_H

#include <stdbool.h>

struct Pix;

#define SEPARATOR_PAYLOAD_MOST 128

/* Whether a page (as shown, any way up) is a separator sheet: a code (ZBar: Code 128, Code 39, Code 93, QR) whose text begins with "CF1-" (see
 * sheet.h) or "SEP*", or is a plain word for it ("PATCHT", "SEPARATOR", ...); or two Patch T bars (narrow, wide, narrow, wide: 0.08 and 0.20 inch
 * with 0.08 inch spaces; Kodak's patch code T) across the page. Faint, noisy and skewed sheets too. A page of a document that merely holds a bar
 * code is none. payload: the code's text, or "PATCH-T". Some 40 ms a page. */
bool separator_find(struct Pix *pix, float dpi, char payload[SEPARATOR_PAYLOAD_MOST]);

#endif
