/* read_slot.h: one page in flight: what opening gave of it, and what its helpers are asked. Private to the command read. */
#ifndef DAEMON_READ_SLOT_H
#define DAEMON_READ_SLOT_H

#include "daemon/read_file.h"
#include "ingest/open_record.h"

struct read_slot {
    struct read_slot *next; /* the file's next page */
    struct read_pool *pool;
    struct open_record record; /* its picture's bytes are `picture` */
    struct buf picture;        /* wiped when nobody needs it any more */
    struct page_reading reading;
    struct page_image image;
    struct read_step {
        struct read_task task;
        bool waiting, gave; /* gave: an answer that could be understood */
        int tries, err; /* err: why it came to nothing */
    } read, draw;
};

/* Takes record and copies the bytes of its picture; asks the pool for what has to be found out. */
struct read_slot *read_slot_new(struct read_pool *pool, const struct read_wish *wish, struct open_record *record);
void read_slot_drop(struct read_slot **slot);
bool read_slot_is_done(const struct read_slot *slot);
/* What ret_page and ret_told point to is the slot's. */
void read_slot_page(const struct read_slot *slot, struct read_page *ret_page, struct read_told *ret_told);

#endif
