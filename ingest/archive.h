/* archive.h: zip, 7z, tar and what libarchive reads like them: each member becomes a part. */
#ifndef INGEST_ARCHIVE_H
#define INGEST_ARCHIVE_H

#include "ingest/part_sink.h"

#include <stdint.h>

#define ARCHIVE_MEMBERS_MOST 2000
#define ARCHIVE_MEMBER_BYTES_MOST (256u << 20)
#define ARCHIVE_BYTES_MOST (1024u << 20) /* of all members */
#define ARCHIVE_RATIO_MOST                                                                                   \
    200 /* unpacked to packed, counted once more than ARCHIVE_RATIO_FREE bytes have come out */
#define ARCHIVE_RATIO_FREE (16u << 20)

/* Parts "member". Names are told as they stand, never used. Folders are left out, links and devices are
 * noted. ERR_LOCKED (a member is encrypted), ERR_TOO_LARGE (size or ratio), ERR_TOO_MANY, ERR_DAMAGED
 * (nothing could be read), or what the sink returned. What was given before the trouble stays given: the
 * caller decides. */
int archive_open(struct view bytes, const struct part_sink *sink);
/* The same with a password that a person gave ("": none). A wrong one is ERR_LOCKED. */
int archive_open_with(struct view bytes, const char *password, const struct part_sink *sink);

#endif
