/* session.h: a worker's talk with the broker: READY, beats, answers. One job at a time. */
#ifndef QUEUE_SESSION_H
#define QUEUE_SESSION_H

#include "queue/link.h"

#define SESSION_BEAT_MS 1000

struct session {
    struct link *link;
    const char *name, *kinds; /* borrowed */
    uint64_t job;             /* 0: none */
    uint32_t attempt;
    int64_t beat_ms;
};

int session_open(const char *address, const struct link_keys *keys, const char *name, const char *kinds,
                 struct session *ret);
void session_close(struct session *session); /* says BYE */
void session_ready(struct session *session);
/* Sends a beat when one is due. Call it at least every second. */
void session_beat(struct session *session, const char *doing);
/* 1: a new job in *ret (you drop it; session->job is set); 2: the present attempt has ended, drop what you do (READY was said);
 * 0: nothing now. */
int session_receive(struct session *session, struct message *ret);
int session_result(struct session *session, struct view bytes);
int session_done(struct session *session, struct view bytes);
/* page: of the page that was being worked on when the helper ended or hung, else 0. */
int session_fail(struct session *session, const char *reason, int final, uint32_t page);

/* The loop of a program that does its jobs itself and commits them in its own store: handle returns 0 (committed) or an
 * error; it calls session_beat while it works for long. final errors: see session_error_is_final. */
int session_run(struct session *session, int (*handle)(void *state, const struct message *job), void *state,
                volatile int *stop);
/* Whether trying again cannot help (damaged, locked, too large, unknown kind, ...). */
int session_error_is_final(int err);

#endif
