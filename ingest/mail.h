/* mail.h: an e-mail (RFC 5322, MIME) taken apart with GMime. Helper only. */
#ifndef INGEST_MAIL_H
#define INGEST_MAIL_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define MAIL_DEPTH_MOST 10
#define MAIL_PARTS_MOST 500

struct mail_sink {
    /* Once, first: the message itself. heading: "From: ..\nTo: ..\nCc: ..\nDate: ..\nSubject: ..\n" (decoded, UTF-8; lines
     * that are not there are left out; for each attachment a line "Attachment: name"). body: the plain text (text/plain
     * preferred; else HTML made plain), UTF-8, LF line ends, trailing spaces kept. Not 0: stop and return that. */
    int (*body)(void *state, const char *heading, const char *body);
    /* For each attachment in order (also message/rfc822, whose bytes are the nested message whole; also parts without a
     * disposition that are neither body alternative). name: decoded, may be "". Borrowed for the call. */
    int (*attachment)(void *state, const char *name, const char *content_type, bool is_inline, struct view bytes);
    void *state;
};

/* ERR_DAMAGED when there is no message in it, ERR_TOO_LARGE past the limits, or what the sink returned. */
int mail_open(struct view bytes, const struct mail_sink *sink);
void mail_library_start(void); /* once in a program, before confinement */

#endif
