/* command.h: the commands of casefile(1). */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include "base/buf.h"
#include "config/rules.h"
#include "config/settings.h"
#include "store/store.h"

#include <stdbool.h>

/* What a command runs on. */
struct command_context {
    const struct settings *settings;
    struct store *store;
    const char *who; /* the account that acts: --who, else $USER */
};

struct command {
    const char *name, *arguments, *help;
    int (*run)(struct command_context *context, int argc, char **argv); /* argv[0] is the command; an exit status */
    bool needs_store;
};

/* Exit statuses, as in sysexits.h where there is one. */
enum { EXIT_OK = 0, EXIT_FOUND = 1, EXIT_USAGE = 64, EXIT_DATA = 65, EXIT_NO_INPUT = 66, EXIT_SOFTWARE = 70, EXIT_NO_OUTPUT = 73,
       EXIT_STATE = 75, EXIT_NOT_OURS = 77, EXIT_STOPPED = 130 };

int command_ingest(struct command_context *context, int argc, char **argv);
int command_register(struct command_context *context, int argc, char **argv);
int command_status(struct command_context *context, int argc, char **argv);
int command_summary(struct command_context *context, int argc, char **argv);
int command_wait(struct command_context *context, int argc, char **argv);
int command_custody(struct command_context *context, int argc, char **argv);
int command_quarantine(struct command_context *context, int argc, char **argv);
int command_read(struct command_context *context, int argc, char **argv);
int command_flags(struct command_context *context, int argc, char **argv);
int command_document(struct command_context *context, int argc, char **argv);
int command_original(struct command_context *context, int argc, char **argv);
int command_check(struct command_context *context, int argc, char **argv);
int command_sheets(struct command_context *context, int argc, char **argv);
int command_batch(struct command_context *context, int argc, char **argv);
int command_page(struct command_context *context, int argc, char **argv);
int command_rescan(struct command_context *context, int argc, char **argv);
int command_duplicates(struct command_context *context, int argc, char **argv);
int command_linkage(struct command_context *context, int argc, char **argv);
int command_report(struct command_context *context, int argc, char **argv);
int command_triage(struct command_context *context, int argc, char **argv);
int command_request(struct command_context *context, int argc, char **argv);
int command_prove(struct command_context *context, int argc, char **argv);
int command_log(struct command_context *context, int argc, char **argv);
int command_export(struct command_context *context, int argc, char **argv);
int command_audit(struct command_context *context, int argc, char **argv);
int command_settings(struct command_context *context, int argc, char **argv);
int command_worker_key(struct command_context *context, int argc, char **argv);

/* Takes "--name VALUE" out of argv; NULL when it is not there. */
const char *option_value(int *argc, char **argv, const char *name);
/* Takes "--name" out of argv; whether it was there. */
bool option_switch(int *argc, char **argv, const char *name);
/* Options that nobody took: prints which, returns EXIT_USAGE; else 0. */
int options_left(int argc, char **argv);
/* For commands without arguments: the same, and nothing else stands there. */
int nothing_else(int argc, char **argv);
/* Prints "casefile: what: why" and gives the exit status for the error. */
int command_failed(const char *what, int err);
/* The exit status for a file that was given and could not be read. */
int command_file_status(int err);
/* The first line of the file at path, "" when path is NULL: borrowed from bytes, which you wipe. Prints what is wrong; an exit status, or 0. */
int command_password(const char *command, const char *path, struct buf *bytes, const char **ret);
int command_rules(const struct command_context *context, struct rules **ret);

/* A progress line on a terminal (redrawn), or a line now and then elsewhere. */
struct progress {
    const char *what;
    long long last_shown_ms, last_done;
};
void progress_show(struct progress *progress, long long done, long long all, const char *note);
void progress_end(struct progress *progress);

/* A leaf of its own in the audit log, such as ("read", "document 4", "triage"). Looking at what a record holds is reading it. */
int audit_act(struct command_context *context, const char *action, const char *what, const char *why);
/* "R000123", or one part of it "R000123/57": *ret_part 0 when none is named. ERR_INPUT. */
int reference_read(const char *text, int64_t *ret_receipt, int64_t *ret_part);

/* Whether casefiled holds the store's lock. */
bool daemon_runs(const struct command_context *context);

/* Jobs that are done, and all. */
int work_left(struct store *store, int64_t *ret_done, int64_t *ret_all);

#endif
