/* office_package.h: a single member of the zip that an office file is, without trust in anything that the zip says. */
#ifndef INGEST_OFFICE_PACKAGE_H
#define INGEST_OFFICE_PACKAGE_H

#include "base/buf.h"

/* Whether the bytes are a zip with a list of members that can be read. */
int office_package_is(struct view zip);
/* Adds the bytes of a member to out. ERR_NOT_FOUND: there is none of that name; ERR_LOCKED: it is encrypted by the zip; ERR_TOO_LARGE:
 * more than most bytes; ERR_DAMAGED. Formats: PKWARE APPNOTE 6.3, sections 4.3.7 (member), 4.3.12 (list), 4.3.16 (end). */
int office_package_read(struct view zip, const char *name, size_t most, struct buf *out);
/* Whether a member's name begins so. */
bool office_package_has(struct view zip, const char *start);

#endif
