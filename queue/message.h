/* message.h: the messages of message.def. On the wire: one frame; 'C', 'F', number, version, then the fields (base/wire.h). */
#ifndef QUEUE_MESSAGE_H
#define QUEUE_MESSAGE_H

#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>

enum message_type {
#define MESSAGE(number, NAME, version, from, what, fields) MESSAGE_##NAME = number,
#include "queue/message.def"
#undef MESSAGE
};

/* All fields that any message has; those that a message does not have are zero. */
struct message {
    enum message_type type;
    uint64_t job, subject;
    uint32_t attempt, pid, page;
    uint8_t final;
    char *name, *kinds, *kind, *doing, *reason; /* owned after message_decode; borrowed by message_encode */
    struct view bytes;                          /* borrowed always */
};

void message_encode(const struct message *message, struct buf *out);
/* ERR_PROTOCOL: unknown, wrong version, missing, over-long or trailing bytes. You drop ret. */
int message_decode(struct view frame, struct message *ret);
void message_drop(struct message *message);
const char *message_name(enum message_type type); /* "READY"; "?" */
void message_write_reference(FILE *out);          /* the table as Markdown */

#endif
