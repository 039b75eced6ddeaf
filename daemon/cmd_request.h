#ifndef DAEMON_CMD_REQUEST_H
#define DAEMON_CMD_REQUEST_H

#include "daemon/command.h"
#include "disclose/pack.h"

/* One call of "casefile request ...". */
struct call {
    struct command_context *context;
    struct rules *rules;
    struct request request; /* loaded when the call names one */
};

#endif
