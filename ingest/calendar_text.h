/* calendar_text.h: an iCalendar file (RFC 5545) as lines that people read. */
#ifndef INGEST_CALENDAR_TEXT_H
#define INGEST_CALENDAR_TEXT_H

#include "base/buf.h"

/* Appends plain lines, UTF-8: what, when, where, who, and the description, for each entry, task and note in
 * it. ERR_DAMAGED: no calendar, or nothing in it that can be told. */
int calendar_text(struct view bytes, struct buf *out);

#endif
