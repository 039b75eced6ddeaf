/* imap_session.h: the dialog with an IMAP server, as a table of steps: each is one command and what to do
 * when it is answered.
 *
 * Nothing waits: imap_session_step() does what can be done at once. The order for each mail: its size and
 * date; its bytes; the durable receipt; only then the move. A connection may be cut anywhere: the next one
 * finds the mail where it was and knows it by its source (address, account, folder, UIDVALIDITY, UID, and its
 * date, so that a UID that a restored server gives twice is another mail).
 *
 * Never lost and never received twice; only a server that dies within a move, or a cut between the COPY and
 * the deletion where there is no MOVE, can leave a mail in both folders. It is then moved again and lies in
 * Filed twice: better than to delete somebody's mail.
 *
 * Mails of quarantined receipts are found in Filed by their size and then their bytes (the keyed content
 * hash): exact, and nothing has to be remembered. A keyword for each mail would be shorter, but servers hold
 * few keywords, and every mail would add one for ever. */
#ifndef INGEST_IMAP_SESSION_H
#define INGEST_IMAP_SESSION_H

#include "base/number_set.h"
#include "ingest/channel.h"
#include "ingest/imap_answer.h"
#include "ingest/imap_connection.h"
#include "ingest/mailbox.h"

enum imap_step {
    STEP_AWAY,         /* no connection; the next one at retry_at_ms */
    STEP_CONNECT,
    STEP_CAPABILITY,
    STEP_SELECT,
    STEP_SEARCH,
    STEP_DETAILS,      /* size and date of the next mails */
    STEP_BODY,
    STEP_MOVE,
    STEP_COPY,         /* a server without MOVE: copy, mark as deleted, expunge */
    STEP_DELETE,
    STEP_EXPUNGE,
    STEP_SEEN,         /* filed_folder is empty */
    STEP_CREATE,       /* the folder that is moved to */
    STEP_SUBSCRIBE,
    STEP_READY,        /* all is done; looked at again at search_at_ms */
    STEP_IDLE,
    STEP_IDLE_END,
    STEP_TIDY_SELECT,  /* the folder Filed */
    STEP_TIDY_SEARCH,  /* mails of the size of one in quarantine */
    STEP_TIDY_BODY,    /* is it the one? */
    STEP_COUNT
};

/* A mail that was found. */
struct imap_item {
    uint32_t uid;
    bool detailed;
    uint64_t size; /* bytes */
    char date[40];
};

struct imap_session {
    struct store *store;
    const struct mailbox *mailbox;
    size_t most_bytes;

    enum imap_step step;
    struct imap_connection *connection;
    struct imap_reader reader;
    uint32_t tag;            /* of the command that is not answered yet */
    int64_t alive_ms;        /* bytes moved last: clock_steady() */
    int64_t started_ms;      /* the connection was begun */
    int64_t retry_at_ms, search_at_ms, idle_since_ms;
    int retry_ms, retry_first_ms;
    bool has_move, has_uidplus, has_idle, idling, changed; /* changed: more mail is there, says the server */
    uint32_t uidvalidity, selected_uidvalidity;

    struct imap_item *items;
    size_t item_count, item_next, item_detailed;
    uint32_t floor_uid;      /* filed_folder is empty: mails up to this one are done */
    struct number_set skip;   /* mails that stay where they are, or that are done, under this UIDVALIDITY */
    size_t skip_left;        /* how many of them are left though they should not be */
    bool list_gap;           /* of a mail in the list nothing was said */
    bool may_not_move;       /* a move was refused */
    int64_t skip_until_ms;   /* then what is left, and moves, are tried again */

    struct imap_fetch fetch; /* the last one; its body lies in body */
    struct buf body;
    uint32_t bad_uid;        /* the connection broke while this mail was fetched ... */
    int bad_count;           /* ... so often */
    int64_t bad_until_ms;

    uint32_t move_uid;
    const char *move_folder;
    bool move_created;

    struct mailbox_troubled troubled;
    bool tidying;
    size_t tidy_next;        /* in troubled.todo */
    struct number_set hits;   /* mails of the right size */
    size_t hit_next;

    const char *link_trouble, *mail_trouble, *move_trouble; /* plain words, or NULL */
    struct channel_look *look;               /* the present one */
};

void imap_session_begin(struct imap_session *session, struct store *store, const struct mailbox *mailbox,
                        size_t most_bytes);
void imap_session_end(struct imap_session *session);
/* 1: something was done; 0: nothing can be done now. Waits up to wait_ms for a connection that is being made.
 */
int imap_session_step(struct imap_session *session, int wait_ms);
bool imap_session_rests(
    const struct imap_session *session); /* away, or all is done: nothing before imap_session_wait_ms() */
int imap_session_wait_ms(const struct imap_session *session);

/* ---- within the dialog: imap_mail.c, imap_tidy.c
 * --------------------------------------------------------------- */
void session_command(struct imap_session *session, enum imap_step step, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void session_fail(struct imap_session *session, const char *trouble);
void session_select(struct imap_session *session); /* the folder that mail is taken from */
void session_rest(struct imap_session *session);   /* until it is looked at again */

void mail_search(struct imap_session *session);
void mail_next(struct imap_session *session);
void mail_data(struct imap_session *session, const struct imap_answer *answer);
void mail_answered(struct imap_session *session, const struct imap_answer *answer);
void mail_forget(struct imap_session *session); /* what holds for one UIDVALIDITY only */
void mail_move(struct imap_session *session, uint32_t uid, const char *folder);
void mail_cut(struct imap_session *session); /* the connection has ended */

bool tidy_wanted(const struct imap_session *session);
bool tidy_begin(struct imap_session *session); /* false: nothing to do */
void tidy_next(struct imap_session *session);
void tidy_data(struct imap_session *session, const struct imap_answer *answer);
void tidy_answered(struct imap_session *session, const struct imap_answer *answer);


#endif
