/* mapi_message.h: a message as Outlook's forms keep it: properties by number ([MS-OXPROPS]). Private to
 * outlook_msg.c and tnef.c. */
#ifndef INGEST_MAPI_MESSAGE_H
#define INGEST_MAPI_MESSAGE_H

#include "ingest/mail.h"

#include <stdbool.h>

enum mapi_type { /* [MS-OXCDATA] 2.11.1 */
                 MAPI_SHORT = 0x0002,
                 MAPI_LONG = 0x0003,
                 MAPI_BOOLEAN = 0x000B,
                 MAPI_OBJECT = 0x000D,
                 MAPI_STRING8 = 0x001E,
                 MAPI_UNICODE = 0x001F,
                 MAPI_TIME = 0x0040,
                 MAPI_BINARY = 0x0102,
};

struct mapi_part {
    char *name, *type; /* UTF-8; NULL when it has none */
    struct buf bytes;
    bool has_bytes, is_mail, is_inline, has_content_id, by_link;
};

struct mapi_message {
    unsigned code_page, html_code_page; /* of 8-bit texts; 0: not told */
    struct buf subject, sender, sender_mail, sender_smtp, to, cc, body, html,
        rtf;       /* texts as UTF-8; html as UTF-8; rtf packed */
    uint64_t sent; /* 100 nanoseconds since 1601; 0: not told */
    struct mapi_part *parts;
    size_t part_count;
};

/* Takes a property of the message; unknown ones are left out. Set code_page before texts come. */
void mapi_message_take(struct mapi_message *m, unsigned id, unsigned type, struct view value);
/* A property of an attachment. tag: number and type, as 0x37010102. */
void mapi_part_take(const struct mapi_message *m, struct mapi_part *part, uint32_t tag, struct view value);
/* A new attachment; NULL when there are MAIL_PARTS_MOST. Borrowed, until the next. */
struct mapi_part *mapi_part_add(struct mapi_message *m);
/* Heading, body, attachments. */
int mapi_message_give(const struct mapi_message *m, const struct mail_sink *sink);
void mapi_message_drop(struct mapi_message *m);

#endif
