/* mail_text.h: bytes of a mail's body in whatever character set, as UTF-8. */
#ifndef INGEST_MAIL_TEXT_H
#define INGEST_MAIL_TEXT_H

#include "base/buf.h"

/* Opens the converters that mails need: the C library loads them from files, which later cannot be reached.
 */
void mail_text_start(void);

/* Appends the bytes as UTF-8 with LF line ends and no NUL. charset: as the mail says, or NULL. A character
 * set that is unknown, or that the bytes do not keep to, is read as UTF-8 where they are that, else as
 * Windows-1252. */
void mail_text(struct view bytes, const char *charset, struct buf *out);

#endif
