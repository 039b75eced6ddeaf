/* open_order.h: what the job "open" (and "convert") tells the worker and the helper: the bytes, and what is known of them. */
#ifndef INGEST_OPEN_ORDER_H
#define INGEST_OPEN_ORDER_H

#include "base/buf.h"

#include <stdint.h>

#define OPEN_SKIP_MOST 1000 /* pages that are left out, then the whole part is given up */

struct open_order {
    char *name;          /* the file's own name, UTF-8 as shown; only to tell content that says it is something else. Never a path. */
    char *attached;      /* part.attached: "" for what was received itself, "attachment", "inline", "embedded", "member", "mail", "rendition" */
    uint32_t depth;      /* how many parts it lies in: 0 for what was received itself */
    uint32_t archives;   /* how many of those are archives */
    uint8_t is_scan;     /* from a scan folder or the command: separator and cover sheets are looked for; in a mail a code is only a code */
    uint8_t as_picture;  /* a person said: show it as pictures, and believe nothing else in it */
    char *password;      /* of an encrypted file, or "" */
    float dpi;           /* resolution that the scanner's profile says, for pictures that say none; 0: not known */
    uint32_t first;      /* the first page that is wanted: those before it are there already; at least 1 */
    uint32_t *skip;      /* pages that are not to be tried: they come back with trouble; in rising order */
    size_t skip_count;
    struct view bytes;   /* borrowed */
};

void open_order_encode(const struct open_order *order, struct buf *out);
int open_order_decode(struct view bytes, struct open_order *ret); /* ERR_PROTOCOL; you drop ret; bytes borrow from the input */
void open_order_drop(struct open_order *order);
/* Whether a page is one of those that are left out. */
int open_order_skips(const struct open_order *order, uint32_t page);

/* How deep parts may lie in parts. */
#define OPEN_DEPTH_MOST 8
#define OPEN_ARCHIVES_MOST 3 /* archives in archives: nobody sends more by accident */

#endif
