/* mailbox_file.h: files that hold many mails: mbox, and Outlook's .pst (libpst). Each mail becomes a part "mail" in RFC 5322 form. */
#ifndef INGEST_MAILBOX_FILE_H
#define INGEST_MAILBOX_FILE_H

#include "ingest/part_sink.h"

#define MAILBOX_MAILS_MOST 100000

/* "From " lines at the beginning and after an empty line part the mails; ">From " is unquoted. ERR_DAMAGED: no mail in it. */
int mbox_open(struct view bytes, const struct part_sink *sink);
/* Mails with their headers, bodies and attachments; contacts and appointments as text mails. ERR_DAMAGED, ERR_LOCKED, ERR_TOO_MANY. */
int pst_mails_open(struct view bytes, const struct part_sink *sink);

#endif
