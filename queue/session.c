#include "queue/session.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

int session_open(const char *address, const struct link_keys *keys, const char *name, const char *kinds,
                 struct session *ret) {
    *ret = (struct session){.name = name, .kinds = kinds};
    int err = link_connect(address, keys, &ret->link);
    if (!err)
        session_ready(ret);
    return err;
}

static int session_say(struct session *session, struct message message) {
    message.job = session->job;
    message.attempt = session->attempt;
    session->beat_ms = clock_steady();
    int answer = message.type == MESSAGE_RESULT || message.type == MESSAGE_DONE || message.type == MESSAGE_FAIL;
    return answer ? link_send(session->link, &message) : link_send_now(session->link, &message);
}

void session_close(struct session *session) {
    if (!session->link)
        return;
    struct message message = {.type = MESSAGE_BYE, .name = (char *)(uintptr_t)session->name};
    link_send_now(session->link, &message);
    link_drop(&session->link);
}

void session_ready(struct session *session) {
    session->job = 0;
    session->attempt = 0;
    struct message message = {.type = MESSAGE_READY, .name = (char *)(uintptr_t)session->name,
                              .kinds = (char *)(uintptr_t)session->kinds, .pid = (uint32_t)getpid()};
    session_say(session, message);
}

void session_beat(struct session *session, const char *doing) {
    if (clock_steady() - session->beat_ms < SESSION_BEAT_MS)
        return;
    struct message message = {.type = MESSAGE_BEAT, .doing = (char *)(uintptr_t)doing};
    session_say(session, message);
}

int session_receive(struct session *session, struct message *ret) {
    struct message message = {0};
    if (link_receive(session->link, &message) <= 0)
        return 0;
    if (message.type == MESSAGE_JOB && !session->job) {
        session->job = message.job;
        session->attempt = message.attempt;
        *ret = message;
        return 1;
    }
    int stale = message.type == MESSAGE_STALE && message.job == session->job && message.attempt == session->attempt;
    if (message.type == MESSAGE_JOB)
        log_warn("a second job was sent while one is worked on; its lease will run out");
    message_drop(&message);
    if (!stale)
        return session_receive(session, ret);
    session_ready(session);
    return 2;
}

int session_result(struct session *session, struct view bytes) {
    struct message message = {.type = MESSAGE_RESULT, .bytes = bytes};
    return session_say(session, message);
}

int session_done(struct session *session, struct view bytes) {
    struct message message = {.type = MESSAGE_DONE, .bytes = bytes};
    int err = session_say(session, message);
    session->job = 0;
    session->attempt = 0;
    return err;
}

int session_fail(struct session *session, const char *reason, int final, uint32_t page) {
    struct message message = {.type = MESSAGE_FAIL, .reason = (char *)(uintptr_t)reason, .final = (uint8_t)final, .page = page};
    int err = session_say(session, message);
    session->job = 0;
    session->attempt = 0;
    return err;
}

int session_error_is_final(int err) {
    return err == ERR_DAMAGED || err == ERR_LOCKED || err == ERR_TOO_LARGE || err == ERR_UNKNOWN_KIND || err == ERR_EMPTY ||
           err == ERR_MALWARE || err == ERR_ACTIVE || err == ERR_PROGRAM || err == ERR_NAME_LIES || err == ERR_TOO_DEEP ||
           err == ERR_TOO_MANY || err == ERR_NO_PAGES || err == ERR_INPUT || err == ERR_NOT_FOUND || err == ERR_STATE || err == ERR_KEY;
}

int session_run(struct session *session, int (*handle)(void *state, const struct message *job), void *state,
                volatile int *stop) {
    while (!*stop) {
        struct message job = {0};
        int n = session_receive(session, &job);
        if (n == 1) {
            int err = handle(state, &job);
            if (err)
                session_fail(session, err_text(err), session_error_is_final(err), 0);
            else
                session_done(session, (struct view){0});
            message_drop(&job);
        } else {
            struct pollfd p = {.fd = link_fd(session->link), .events = POLLIN};
            poll(&p, 1, 20);
            session_beat(session, "idle");
        }
    }
    return 0;
}
