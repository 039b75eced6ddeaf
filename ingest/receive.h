/* receive.h: custody begins: bytes become a receipt, a sealed original and a job, or nothing at all. */
#ifndef INGEST_RECEIVE_H
#define INGEST_RECEIVE_H

#include "store/store.h"

struct receive_order {
    const char *channel; /* "scan folder", "command", "mailbox" */
    const char *name;    /* the file's own name (sealed; never logged) */
    const char *who;     /* account, or "machine" */
    const char *source;  /* what tells this very item from any other in its channel, also after a restart (device, inode and time
                            of a file); NULL when the channel cannot give an item twice */
    struct view bytes;
    const char *profile; /* name of the profile or mailbox it came through, or NULL */
    const char *scanner; /* as the profile says, or NULL */
    int64_t child;       /* the child that it was said to be about, or 0 */
    const char *kind;    /* the kind of document that was said ("visit_record"), or NULL */
    int dpi;             /* of pictures that do not say it themselves; 0: not known */
    int priority;        /* JOB_BACKLOG, JOB_USUAL, JOB_REQUEST; 0 is JOB_BACKLOG */
};

struct receipt {
    int64_t number;
    int64_t part_id;
    int again;       /* this very item was received before the program was last ended: nothing new was stored */
    int64_t same_as; /* the part with the same bytes that was received before, or 0 */
    char hash[17];   /* first 8 bytes of the keyed content hash, in hexadecimal, for people to compare */
};

/* When it returns 0 the bytes are durable and will be worked on; only then may the source be let go. */
int receive(struct store *store, const struct receive_order *order, struct receipt *ret);

/* A part inside a part (an attachment), inside the caller's transaction. Does nothing when it is there already. attached: see
 * open_order.h. */
struct inner_part {
    int64_t parent;
    uint32_t ordinal; /* from 1 */
    const char *name, *attached;
    struct view bytes;
};
int receive_inner(struct store *store, const struct inner_part *inner);

/* "R000123" */
#define RECEIPT_TEXT 16
void receipt_text(int64_t number, char out[RECEIPT_TEXT]);
int receipt_number(const char *text, int64_t *ret); /* "R000123", "r123", "123"; ERR_INPUT */

#endif
