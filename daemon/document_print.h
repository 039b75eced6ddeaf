/* document_print.h: what a document is, for people: kind, day, and whether the entry is late. */
#ifndef DAEMON_DOCUMENT_PRINT_H
#define DAEMON_DOCUMENT_PRINT_H

#include "config/kinds.h"
#include "daemon/command.h"

struct document_printer {
    struct rules *rules;
    struct kinds *kinds;
};

/* 0, or an exit status. */
int document_printer_open(const struct command_context *context, struct document_printer *ret);
void document_printer_close(struct document_printer *printer);
/* A line: "Record of visit of 2021-04-09, recorded 2021-04-20   LATE ENTRY (2 working days)"; nothing when nothing is known. */
void document_facts_print(const struct document_printer *printer, struct store *store, int64_t document_id, const char *indent);

#endif
