/* cmd_request.h: the calls of "casefile request ...". Each is given what follows its name (argv[0]: the request's name, or the call's). */
#ifndef DAEMON_CMD_REQUEST_H
#define DAEMON_CMD_REQUEST_H

#include "daemon/command.h"
#include "disclose/decide.h"
#include "disclose/pack.h"

/* One call. */
struct call {
    struct command_context *context;
    struct rules *rules;
    struct request request; /* loaded when the call names one */
};
typedef int call_run(struct call *call, int argc, char **argv);

/* cmd_request_open.c: what happens to it */
call_run call_open, call_list, call_show, call_event, call_extend, call_letter;
/* cmd_request_choose.c: its documents */
call_run call_documents, call_gather, call_search, call_reduce, call_include, call_exclude, call_annotate;
/* cmd_request_decide.c: its flags */
call_run call_flags, call_people, call_decide, call_complete, call_lacks, call_undo, call_history, call_check, call_consult, call_answer, call_approve;
/* cmd_request_pack.c: its pack */
call_run call_build, call_prove, call_rebuild, call_release, call_draft;

int call_audit_read(struct call *call); /* looking is reading: a leaf */
/* What is in the record but would not be in the pack. */
void call_print_left_out(struct call *call);
/* --field NAME=VALUE, as often as it is there, and --note: *ret_fields is yours to free; its texts are argv's. An exit status, or 0. */
int call_act(struct call *call, int *argc, char **argv, struct act *ret);
/* A day that has been, or today when text is NULL; DATE_NONE: it is none (printed). */
int32_t call_day(const char *text);

#endif
