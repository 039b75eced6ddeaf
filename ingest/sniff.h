/* sniff.h: what a file is, by its content, never by its name. */
#ifndef INGEST_SNIFF_H
#define INGEST_SNIFF_H

#include "base/buf.h"

enum content_kind { CONTENT_EMPTY, CONTENT_PDF, CONTENT_TIFF, CONTENT_JPEG, CONTENT_PNG, CONTENT_MAIL, CONTENT_TEXT, CONTENT_OTHER };
const char *content_kind_text(enum content_kind kind); /* "pdf", "tiff", ... */

void sniff_load(void); /* loads libmagic's table: before confinement */
enum content_kind sniff_kind(struct view bytes);
/* What libmagic calls it ("Microsoft Word 2007+"), for a person to read; at most 100 printable ASCII characters. You free it. */
char *sniff_describe(struct view bytes);

#endif
