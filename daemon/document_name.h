/* document_name.h: documents as people name them, and the line that tells of one. */
#ifndef DAEMON_DOCUMENT_NAME_H
#define DAEMON_DOCUMENT_NAME_H

#include "daemon/command.h"

/* "41", or a receipt ("R000123") that holds one document; of one that holds several they are listed. 0, or an exit status. */
int document_named(struct command_context *context, const char *text, int64_t *ret);
/* The next row of: document, receipt, part, first page, last page, what is said of it. */
void document_line_print(struct store *store, struct rows *rows);
/* The row ids of children by their council ids; 0, or an exit status. */
int children_named(struct command_context *context, int count, char **council_ids, int64_t *ret);

#endif
