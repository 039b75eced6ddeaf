/* cmd_document.h: documents of the store written out as one PDF, with marks on their pages. */
#ifndef DAEMON_CMD_DOCUMENT_H
#define DAEMON_CMD_DOCUMENT_H

#include "daemon/command.h"
#include "ocr/page_mark.h"

struct pages_order {
    const int64_t *documents;
    size_t count;
    int (*marks)(void *state, int64_t page_id, struct page_marks *marks); /* adds the marks of a page; NULL: none */
    void *state;
    const char *watermark; /* or NULL */
};
/* Writes them to a new file; each is entered in the audit log as read. An exit status; what is wrong is printed. */
int documents_write(struct command_context *context, const struct pages_order *order, const char *path);

#endif
