/* imap.h: an IMAP folder as a channel: imap_channel() of channel.h. The parts of it:
 *
 *   imap_connection  the line to the server, logged in (libcurl)
 *   imap_answer      what the server says, as bytes -> answers
 *   imap_session     the dialog; imap_mail takes mail in, imap_tidy moves what ended in quarantine
 *
 * A look lasts a second or two at most and goes on where it stopped at the next one; fd() tells when the
 * server has said something. */
#ifndef INGEST_IMAP_H
#define INGEST_IMAP_H

#include "ingest/channel.h"
#include "ingest/imap_session.h"

struct imap {
    struct channel channel; /* first */
    struct imap_session session;
    const char *password_file;
    int64_t password_time_ms; /* of the file, when it was last looked at */
};

#endif
