/* broker_state.h: what the files of the broker share.
 *
 *   broker.c   hears messages
 *   taker.c    who takes jobs, and the table "worker"
 *   attempt.c  what becomes of an attempt: its result, or that it came to nothing
 *   lend.c     which job next, and its order
 *   group.c    the open transaction, and what is sent when it is committed
 *   trouble.c  a store that can take nothing */
#ifndef QUEUE_BROKER_STATE_H
#define QUEUE_BROKER_STATE_H

#include "queue/broker.h"

#define BROKER_CHECK_MS 1000
#define TAKER_DOING 64

enum taker_state {
    TAKER_IDLE,
    TAKER_BUSY,
    TAKER_TOLD /* that its attempt has ended: it will say READY. A job that was lent before would be lost on the way. */
};

/* When its row in the table "worker" is written. */
enum taker_show { SHOW_NOT, SHOW_SOON, SHOW_NOW };

/* Somebody who takes jobs. */
struct taker {
    struct hub_sender at;
    char *name, *kinds;
    enum taker_state state;
    enum taker_show show;
    struct job job;  /* when busy */
    int lent_now;    /* in the open group: the order is sent after its commit */
    int gone;        /* the socket says so */
    int64_t seen_ms; /* steady clock */
    uint32_t pid;
    char doing[TAKER_DOING];
};

/* "The attempt has ended", to be sent when the group has ended. */
struct stale {
    struct hub_sender to;
    uint64_t job;
    uint32_t attempt;
    int if_lost; /* only when the group could not be committed: the result is lost with it */
};

struct group {
    int open, broken;
    struct job *ended; /* lent jobs whose rows it changes: when it is lost they shall wait again */
    size_t ended_count;
    struct stale *stales;
    size_t stale_count;
};

struct trouble {
    int err; /* 0: the store works */
    int64_t tried_ms;
    struct job *waits; /* lent in the table, but to wait again as soon as that can be written; no failures */
    size_t wait_count;
    int narrow; /* too little of the disk is free */
};

struct broker {
    const struct broker_order *order;
    struct store *store;
    struct taker *takers;
    size_t count;
    struct group group;
    struct trouble trouble;
    int64_t *tops; /* for each kind, the highest priority that waits; see lend.c */
    int64_t started_ms, version, checked_ms, shown_ms;
    int night; /* the backlog is worked on by everybody; also when the schedule has no hours */
    int look;  /* there may be something to lend */
    int sweep; /* the table "worker" is to be written anew */
};

/* ---- taker.c */
struct taker *taker_of(struct broker *b, const struct hub_sender *at);
int taker_takes(const struct taker *t, const char *kind);
void taker_add(struct broker *b, const struct hub_sender *at, const struct message *ready);
void taker_doing(struct taker *t, const char *doing);
void taker_idle(struct taker *t);
void taker_drop(struct broker *b, struct taker *t);   /* from the list; the last one takes its place */
void taker_forget(struct broker *b, struct taker *t); /* from the table too */
void takers_show(struct broker *b);                   /* writes the rows that are due */
void takers_drop(struct broker *b);

/* ---- group.c */
/* A step in the group's transaction, which is begun when there is none. An error: the store is in trouble, nothing can be written. */
int group_step(struct broker *b);
/* Keeps the step when err is 0, else takes it back; returns the first error. Trouble of the store is noticed here. */
int group_step_end(struct broker *b, int err);
void group_note_ended(struct broker *b, const struct job *job);
void group_answer(struct broker *b, struct stale answer);
/* Commits, then sends what has to be sent. */
void group_end(struct broker *b);
void group_drop(struct broker *b);

/* ---- attempt.c */
struct loss {
    const char *reason;
    int final, blameless; /* blameless: no failure, whatever the reason (it never reached its worker) */
    uint32_t page;        /* that was worked on, or 0 */
};
const struct job_kind *attempt_kind(const struct broker *b, const char *name);
void attempt_lost(struct broker *b, const struct job *job, struct loss loss);
/* Commits (in the group) a RESULT or a DONE. */
int attempt_result(struct broker *b, const struct job *job, const struct message *message);
/* The job that a message speaks of, when its attempt still counts, else ERR_STALE. */
int attempt_of(struct broker *b, const struct message *message, struct job *ret);

/* ---- lend.c */
void lend_all(struct broker *b);
void lend_send(struct broker *b); /* the orders of what was lent, after the commit */

/* ---- trouble.c */
void trouble_begin(struct broker *b, int err);
/* When err means that the store can take nothing: begins trouble and returns 1. */
int trouble_is(struct broker *b, int err);
void trouble_remember(struct broker *b, const struct job *job);
int trouble_remembers(const struct broker *b, int64_t job, uint32_t attempt);
void trouble_try(struct broker *b);
void trouble_look_at_disk(struct broker *b);

#endif
