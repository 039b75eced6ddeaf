/* mail.h: a mail taken apart: heading, body, attachments (GMime). */
#ifndef INGEST_MAIL_H
#define INGEST_MAIL_H

#include "ingest/part_sink.h"

#define MAIL_DEPTH_MOST 10
#define MAIL_PARTS_MOST 500

struct mail_sink {
    /* Once, first: the message itself. heading: "From: ..\nTo: ..\nCc: ..\nDate: ..\nSubject: ..\n" (decoded,
     * UTF-8; lines that are not there are left out; for each attachment a line "Attachment: name"). body: the
     * plain text (text/plain preferred; else HTML made plain), UTF-8, LF line ends, trailing spaces kept. Not
     * 0: stop and return that. state: that of parts. */
    int (*body)(void *state, const char *heading, const char *body);
    struct part_sink parts;
};

void mail_library_start(void); /* before confinement */
/* The body is the plainest text alternative that is not empty; everything else is a part: attachments with
 * any disposition or none, pictures related to the HTML ("inline"), forwarded mails ("mail"), calendar
 * entries, what was uuencoded in the text, the signature of a signed mail ("signature"). ERR_EMPTY,
 * ERR_DAMAGED (cut, no mail), ERR_LOCKED (S/MIME or PGP encrypted), ERR_UNKNOWN_KIND (message/partial: a
 * piece of a mail), ERR_TOO_DEEP, ERR_TOO_MANY, ERR_TOO_LARGE, or what a sink returned. */
int mail_open(struct view bytes, const struct mail_sink *sink);

#endif
