/* review.h: what people look at of the machine's filings, as the command shows it. Each gives an exit status. */
#ifndef DAEMON_REVIEW_H
#define DAEMON_REVIEW_H

#include "daemon/command.h"

int review_alarms(struct command_context *context);
int review_clear(struct command_context *context, const char *document, char *council_id, const char *why);
/* answer: "right", "wrong", or NULL: the list */
int review_check(struct command_context *context, const char *answer, const char *document);

#endif
