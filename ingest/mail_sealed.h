/* mail_sealed.h: S/MIME envelopes (RFC 8551; RFC 5652 for their inside): the content of a signed one, without
 * checking the signature. */
#ifndef INGEST_MAIL_SEALED_H
#define INGEST_MAIL_SEALED_H

#include "base/buf.h"

#include <stdbool.h>

/* bytes: BER or DER. said: the smime-type parameter, or NULL. Appends the signed content; nothing for
 * certificates alone. ERR_LOCKED: encrypted; ERR_UNKNOWN_KIND: compressed; ERR_DAMAGED. */
int mail_sealed_open(struct view bytes, const char *said, struct buf *out);

/* Whether bytes declare so many boundaries or messages that the mail parser, which calls itself for each,
 * must not see them. */
bool mail_has_many_levels(struct view bytes);

#endif
