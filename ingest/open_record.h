/* open_record.h: what the helper tells of a part that it opens, piece by piece; and the order it gets. */
#ifndef INGEST_OPEN_RECORD_H
#define INGEST_OPEN_RECORD_H

#include "store/page.h"

enum open_record_type {
    OPEN_KIND = 1,  /* what it is: "pdf", "mail", ... and libmagic's words */
    OPEN_COUNT = 2, /* how many pages it says it has */
    OPEN_PAGE = 3,
    OPEN_PART = 4, /* an attachment */
};

struct open_record {
    enum open_record_type type;
    char *kind, *description;     /* OPEN_KIND */
    uint32_t count;               /* OPEN_COUNT */
    struct opened_page page;      /* OPEN_PAGE: payload and trouble are owned by the record, picture bytes borrowed */
    char *name;                   /* OPEN_PART: as it stands in the mail; kind: the content type it says */
    uint32_t ordinal;             /* OPEN_PART: from 1 */
    struct view bytes;            /* OPEN_PART: borrowed */
};

void open_record_encode(const struct open_record *record, struct buf *out);
int open_record_decode(struct view bytes, struct open_record *ret); /* ERR_PROTOCOL; you drop ret */
void open_record_drop(struct open_record *record);                  /* of a decoded one */

#endif
