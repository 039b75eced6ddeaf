/* mail_parts.h: which parts of a mail are its body, which are attached, and how. Private to mail*.c. */
#ifndef INGEST_MAIL_PARTS_H
#define INGEST_MAIL_PARTS_H

#include "base/buf.h"
#include "ingest/mail.h"

#include <gmime/gmime.h>
#include <stdbool.h>

#define MAIL_NOTES_MOST 16

struct mail_item {
    GMimeObject *object;  /* borrowed from the mail, or NULL: then bytes, name and type are its own */
    const char *attached; /* as found_part has it */
    const char *type;
    char *name;
    struct buf bytes;
};

struct mail {
    GMimeMessage *message;
    GMimeObject *body;       /* text/plain or text/html, or NULL */
    GMimeObject *last;       /* the last part that is no multipart */
    struct mail_item *items; /* in order, MAIL_PARTS_MOST of room */
    size_t item_count, parts;
    GPtrArray *unsealed; /* what came out of signed envelopes: ours to drop */
    const char *notes[MAIL_NOTES_MOST];
    size_t note_count;
};

void mail_parts_start(struct mail *mail, GMimeMessage *message);
void mail_parts_drop(struct mail *mail);
/* Walks the whole mail. ERR_DAMAGED, ERR_LOCKED, ERR_UNKNOWN_KIND, ERR_TOO_DEEP, ERR_TOO_MANY. */
int mail_parts_find(struct mail *mail);
/* Adds a part whose bytes are not in the mail as they stand; takes the bytes and the name over. ERR_TOO_MANY.
 */
int mail_parts_add(struct mail *mail, char *name, const char *type, struct buf *bytes);
/* A static text; each once. */
void mail_parts_note(struct mail *mail, const char *text);

bool mail_part_is(GMimeObject *object, const char *type, const char *subtype);
const char *mail_part_name(GMimeObject *object);            /* borrowed; "" when it has none */
void mail_part_bytes(GMimeObject *object, struct buf *out); /* decoded */
void mail_part_raw(GMimeObject *object, struct buf *out);   /* as it stands in the mail */
/* The text of a text part, UTF-8; HTML is made plain. */
void mail_part_text(GMimeObject *object, struct buf *out);

#endif
