/* outlook.h: Outlook's own forms: a saved message (.msg: OLE, read with libgsf) and winmail.dat (TNEF). */
#ifndef INGEST_OUTLOOK_H
#define INGEST_OUTLOOK_H

#include "ingest/mail.h"

/* As mail_open: heading, body (plain text, else HTML, else RTF without its commands), attachments; a message inside a message is a part
 * "mail" (bytes: .msg for .msg). ERR_DAMAGED: not one, or cut. */
int outlook_msg_open(struct view bytes, const struct mail_sink *sink);
int tnef_open(struct view bytes, const struct mail_sink *sink);

#endif
