/* open_record.h: what the helper tells of a part that it opens, piece by piece; and the order it gets. */
#ifndef INGEST_OPEN_RECORD_H
#define INGEST_OPEN_RECORD_H

#include "store/page.h"

enum open_record_type {
    OPEN_KIND = 1,  /* what it is: "pdf", "mail", ... and libmagic's words */
    OPEN_COUNT = 2, /* how many pages it says it has */
    OPEN_PAGE = 3,
    OPEN_PART = 4, /* an attachment, a member of an archive, a mail of a mailbox file, ... */
    OPEN_NOTE = 5, /* something that a person should know of it: "JavaScript in it was not run" */
    OPEN_CONVERT = 6, /* it has to be converted by the office program; kind: the ending that tells what it is ("docx", "xls", ...) */
    OPEN_ASIDE = 7,   /* kept, but no document of its own (a signature's logo, a signature block); description says why */
    OPEN_SCANNED = 8, /* kind: "clean" or "not scanned" (for malware); from the worker */
};

/* Bytes of a part's name and content type; who gives longer ones cuts them. */
#define OPEN_NAME_MOST 1024
#define OPEN_TYPE_MOST 200

struct open_record {
    enum open_record_type type;
    char *kind, *description;     /* OPEN_KIND; OPEN_NOTE and OPEN_ASIDE: description; OPEN_CONVERT and OPEN_SCANNED: kind */
    uint32_t count;               /* OPEN_COUNT */
    struct opened_page page;      /* OPEN_PAGE: payload and trouble are owned by the record, picture bytes borrowed */
    char *name;                   /* OPEN_PART: as it stands in the mail; kind: the content type it says */
    char *attached;               /* OPEN_PART: how it lies in what holds it; see open_order.h */
    uint32_t ordinal;             /* OPEN_PART: from 1 */
    struct view bytes;            /* OPEN_PART: borrowed */
};

void open_record_encode(const struct open_record *record, struct buf *out);
int open_record_decode(struct view bytes, struct open_record *ret); /* ERR_PROTOCOL; you drop ret */
void open_record_drop(struct open_record *record);                  /* of a decoded one */

#endif
