/* helper_program.h: how a helper is started by those who use one: the worker, and the commands that read. */
#ifndef DAEMON_HELPER_PROGRAM_H
#define DAEMON_HELPER_PROGRAM_H

#include "base/helper.h"
#include "config/settings.h"
#include "daemon/helper_request.h"

struct helper_order {
    const struct settings *settings; /* limits of memory and time, other languages */
    const char *folder;              /* of the programs */
    const char *program;
    const char *languages;           /* as Tesseract names them */
};

/* Its limit of time is a document's; an office file is one step, so there it is a page's. */
int helper_program_start(const struct helper_order *order, struct helper **ret);

#endif
