/* sniff_office.h: what a container (OLE, zip) or RTF holds; the office part of ingest/sniff.h. */
#ifndef INGEST_SNIFF_OFFICE_H
#define INGEST_SNIFF_OFFICE_H

#include "ingest/sniff.h"

/* By the names in its directory; CONTENT_OTHER when it holds nothing that is known, or has no directory. */
enum content_kind sniff_ole_kind(struct view bytes);
/* CONTENT_ARCHIVE unless its members make it something else. */
enum content_kind sniff_zip_kind(struct view bytes);
bool sniff_is_ole(struct view bytes);
bool sniff_is_rtf(struct view bytes);

#endif
