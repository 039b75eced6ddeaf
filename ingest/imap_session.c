#include "ingest/imap_session.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STALL_MS 60000         /* nothing came and nothing went: the connection is given up */
#define RETRY_FIRST_MS 500
#define RETRY_MOST_MS 300000
#define IDLE_MOST_MS 540000    /* IDLE is said anew: firewalls forget silent connections */
#define LASTED_MS 60000
#define LITERAL_SLACK 65536    /* bytes that a mail may be larger than its server says */

/* ---- beginning and end
 * ----------------------------------------------------------------------------------------- */

void imap_session_begin(struct imap_session *session, struct store *store, const struct mailbox *mailbox,
                        size_t most_bytes) {
    *session = (struct imap_session){.store = store,
                                     .mailbox = mailbox,
                                     .most_bytes = most_bytes,
                                     .step = STEP_AWAY,
                                     .retry_ms = RETRY_FIRST_MS,
                                     .retry_first_ms = RETRY_FIRST_MS};
    session->reader.most_literal = most_bytes + LITERAL_SLACK;
}

static void session_cut(struct imap_session *session) {
    mail_cut(session);
    imap_connection_drop(&session->connection);
    imap_reader_drop(&session->reader);
    buf_wipe(&session->body);
    session->step = STEP_AWAY;
    session->tidying = session->idling = false;
}

void imap_session_end(struct imap_session *session) {
    if (session->connection && imap_connection_fd(session->connection) >= 0) {
        imap_connection_say(session->connection, session->idling ? "DONE\r\nc0 LOGOUT\r\n" : "c0 LOGOUT\r\n");
        imap_connection_pump(session->connection, &session->reader);
    }
    session_cut(session);
    free(session->items);
    number_set_drop(&session->skip);
    number_set_drop(&session->hits);
    mailbox_troubled_drop(&session->troubled);
}

/* Each failure waits twice as long as the one before; a mail that was moved, or a connection that held, makes
 * it short again. */
void session_fail(struct imap_session *session, const char *trouble) {
    if (session->connection && clock_steady() - session->started_ms > LASTED_MS)
        session->retry_ms = session->retry_first_ms;
    session->link_trouble = trouble;
    session_cut(session);
    session->retry_at_ms = clock_steady() + session->retry_ms;
    session->retry_ms = session->retry_ms > RETRY_MOST_MS / 2 ? RETRY_MOST_MS : session->retry_ms * 2;
}

/* ---- commands
 * -------------------------------------------------------------------------------------------------- */

void session_command(struct imap_session *session, enum imap_step step, const char *format, ...) {
    struct buf line = {0};
    char *text = NULL;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    session->step = step;
    session->tag++;
    buf_print(&line, "c%u %s\r\n", session->tag, n < 0 ? "NOOP" : text);
    imap_connection_say(session->connection, buf_text(&line));
    session->alive_ms = clock_steady();
    buf_drop(&line);
    free(text);
}

void session_select(struct imap_session *session) {
    char *folder = imap_folder_argument(session->mailbox->folder);
    session->selected_uidvalidity = 0;
    session_command(session, STEP_SELECT, "SELECT %s", folder ? folder : "INBOX");
    free(folder);
}

/* Notices of new mail come by IDLE, where the server knows it; else it is asked at its time. */
void session_rest(struct imap_session *session) {
    int64_t now = clock_steady();
    session->idle_since_ms = now;
    if (session->search_at_ms <= now)
        session->search_at_ms = now + 1000ll * session->mailbox->poll_seconds;
    if (session->has_idle)
        session_command(session, STEP_IDLE, "IDLE");
    else
        session->step = STEP_READY;
}

static void session_start(struct imap_session *session) {
    const char *trouble = "";
    if (imap_connection_open(session->mailbox, &session->connection, &trouble)) {
        session_fail(session, trouble);
        return;
    }
    session->step = STEP_CONNECT;
    session->alive_ms = session->started_ms = clock_steady();
    session->has_move = session->has_uidplus = session->has_idle = false;
}

static void session_selected(struct imap_session *session, const struct imap_answer *answer) {
    if (answer->status != IMAP_OK) {
        session_fail(session, "the folder for mail cannot be opened");
        return;
    }
    if (!session->selected_uidvalidity) {
        session_fail(session, "the server gives its mails no lasting numbers");
        return;
    }
    if (session->selected_uidvalidity != session->uidvalidity)
        mail_forget(session);
    session->uidvalidity = session->selected_uidvalidity;
    session->link_trouble = NULL;
    mail_search(session);
}

static void session_capable(struct imap_session *session, const struct imap_answer *answer) {
    if (answer->status == IMAP_OK)
        session_select(session);
    else
        session_fail(session, "the server's answer is not understood");
}

/* ---- answers
 * --------------------------------------------------------------------------------------------------- */

static void session_data(struct imap_session *session, const struct imap_answer *answer) {
    uint32_t n;
    if (answer->status == IMAP_BYE) {
        session_fail(session, "the server has ended the connection");
        return;
    }
    if (session->step == STEP_CAPABILITY && imap_answer_is(answer, "CAPABILITY")) {
        session->has_move = imap_answer_has_word(answer, "MOVE");
        session->has_uidplus = imap_answer_has_word(answer, "UIDPLUS");
        session->has_idle = imap_answer_has_word(answer, "IDLE");
    }
    if (session->step == STEP_SELECT && imap_answer_code_number(answer, "UIDVALIDITY", &n))
        session->selected_uidvalidity = n;
    if (imap_answer_exists(answer, &n) &&
        (session->step == STEP_IDLE || session->step == STEP_IDLE_END || session->step == STEP_READY))
        session->changed = true;
    if (session->step >= STEP_TIDY_SELECT)
        tidy_data(session, answer);
    else
        mail_data(session, answer);
}

static void session_answered(struct imap_session *session, const struct imap_answer *answer) {
    if (answer->status == IMAP_BAD) {
        session_fail(session, "the server does not understand a command");
        return;
    }
    switch (session->step) {
    case STEP_CAPABILITY:
        session_capable(session, answer);
        break;
    case STEP_SELECT:
        session_selected(session, answer);
        break;
    case STEP_IDLE: /* refused, or ended by the server */
    case STEP_IDLE_END:
        session->has_idle = session->has_idle && answer->status == IMAP_OK;
        session->idling = false;
        session->step = STEP_READY;
        break;
    case STEP_TIDY_SELECT:
    case STEP_TIDY_SEARCH:
    case STEP_TIDY_BODY:
        tidy_answered(session, answer);
        break;
    default:
        mail_answered(session, answer);
    }
}

static void session_hear(struct imap_session *session, const struct imap_answer *answer) {
    if (answer->kind == IMAP_UNTAGGED)
        session_data(session, answer);
    else if (answer->kind == IMAP_CONTINUE && session->step == STEP_IDLE)
        session->idling = true;
    else if (answer->kind == IMAP_TAGGED && answer->tag == session->tag)
        session_answered(session, answer);
}

/* ---- steps
 * ----------------------------------------------------------------------------------------------------- */

static int step_away(struct imap_session *session) {
    if (clock_steady() < session->retry_at_ms)
        return 0;
    session_start(session);
    return session->step != STEP_AWAY;
}

static int step_connect(struct imap_session *session, int wait_ms) {
    const char *trouble = "";
    int got = imap_connection_ready(session->connection, wait_ms, &trouble);
    if (got < 0)
        session_fail(session, trouble);
    if (got > 0)
        session_command(session, STEP_CAPABILITY, "CAPABILITY");
    return got > 0;
}

/* Ends the rest when there is something to do. */
static int step_rest(struct imap_session *session) {
    int64_t now = clock_steady();
    bool due = session->changed || now >= session->search_at_ms;
    bool wake = due || tidy_wanted(session);
    if (session->step == STEP_IDLE && session->idling &&
        (wake || now - session->idle_since_ms > IDLE_MOST_MS)) {
        imap_connection_say(session->connection, "DONE\r\n");
        session->step = STEP_IDLE_END;
        session->alive_ms = now;
        return 1;
    }
    if (session->step != STEP_READY)
        return 0;
    if (tidy_begin(session))
        return 1;
    if (due)
        mail_search(session);
    else if (session->has_idle)
        session_rest(session);
    else
        return 0;
    return 1;
}

static int step_talk(struct imap_session *session) {
    struct imap_answer answer;
    int64_t now = clock_steady();
    int got = imap_reader_next(&session->reader, &answer);
    if (got > 0) {
        session_hear(session, &answer);
        return 1;
    }
    if (got < 0) {
        session_fail(session, "the server's answer is not understood");
        return 0;
    }
    got = imap_connection_pump(session->connection, &session->reader);
    if (got < 0)
        session_fail(session, "the connection was cut");
    else if (got > 0)
        session->alive_ms = now;
    else if (!imap_session_rests(session) && now - session->alive_ms > STALL_MS)
        session_fail(session, "the server does not answer");
    return got > 0;
}

int imap_session_step(struct imap_session *session, int wait_ms) {
    if (session->step == STEP_AWAY)
        return step_away(session);
    if (session->step == STEP_CONNECT)
        return step_connect(session, wait_ms);
    return step_talk(session) || (session->step != STEP_AWAY && step_rest(session));
}

bool imap_session_rests(const struct imap_session *session) {
    return session->step == STEP_AWAY || session->step == STEP_READY ||
           (session->step == STEP_IDLE && session->idling);
}

int imap_session_wait_ms(const struct imap_session *session) {
    int64_t at = session->step == STEP_AWAY ? session->retry_at_ms : session->search_at_ms;
    int64_t wait = at - clock_steady();
    if (session->step == STEP_IDLE && wait > IDLE_MOST_MS)
        wait = IDLE_MOST_MS;
    return wait < 0 ? 0 : wait > 86400000 ? 86400000 : (int)wait;
}
