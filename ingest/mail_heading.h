/* mail_heading.h: the lines that stand above a mail's body. */
#ifndef INGEST_MAIL_HEADING_H
#define INGEST_MAIL_HEADING_H

#include "ingest/mail_parts.h"

/* "From: ..\nTo: ..\n" and so on, as mail.h has it. */
void mail_heading(const struct mail *mail, struct buf *out);
/* One line "label: text"; nothing when text is NULL or empty. Whatever would end the line or say something to
 * a terminal becomes a space. */
void mail_heading_line(struct buf *out, const char *label, const char *text);
/* The name of a part, UTF-8, as it is told; "" when it has none. */
void mail_item_name(const struct mail_item *item, struct buf *out);

#endif
