/* program.h: what every program of casefile does at its start. */
#ifndef DAEMON_PROGRAM_H
#define DAEMON_PROGRAM_H

#include "config/settings.h"

/* Set by SIGTERM and SIGINT. */
extern volatile int program_stop;

/* Names the log, catches the signals that stop, ignores SIGPIPE, and dies with the supervisor when started by it. */
void program_start(const char *name, const struct settings *settings);
/* The value after an option in argv, or the fallback. */
const char *program_option(int argc, char **argv, const char *option, const char *fallback);
/* The folder with the rule files: settings, else beside the programs, else as installed. You free it. */
char *program_rules_folder(const struct settings *settings);

#endif
