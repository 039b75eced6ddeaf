/* imap_tidy.c: the steps that bring mails of quarantined receipts from Filed to Problem.
 *
 * For each receipt: SELECT the folder once, SEARCH for the mail's exact size, FETCH what is found, compare
 * the keyed hash, MOVE. */
#include "ingest/imap_session.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

static const char *tidy_folder(const struct imap_session *session) {
    const struct mailbox *m = session->mailbox;
    return *m->filed_folder ? m->filed_folder : m->folder;
}

bool tidy_wanted(const struct imap_session *session) {
    return session->troubled.todo_count && !session->may_not_move;
}

bool tidy_begin(struct imap_session *session) {
    if (!tidy_wanted(session) || session->tidying)
        return false;
    char *folder = imap_folder_argument(tidy_folder(session));
    session->tidying = true;
    session->tidy_next = 0;
    session->hit_next = 0;
    number_set_drop(&session->hits);
    session_command(session, STEP_TIDY_SELECT, "SELECT %s", folder);
    free(folder);
    return true;
}

/* Back to the folder that mail is taken from. */
static void tidy_end(struct imap_session *session) {
    session->tidying = false;
    session->troubled.todo_count = 0;
    session_select(session);
}

static const struct mailbox_quarantined *tidy_one(const struct imap_session *session) {
    return &session->troubled.todo[session->tidy_next - 1];
}

static void tidy_search(struct imap_session *session) {
    if (session->tidy_next == session->troubled.todo_count) {
        tidy_end(session);
        return;
    }
    long long bytes = session->troubled.todo[session->tidy_next++].bytes;
    session->hit_next = 0;
    number_set_drop(&session->hits);
    if (bytes > 0)
        session_command(session, STEP_TIDY_SEARCH, "UID SEARCH UNDELETED LARGER %lld SMALLER %lld", bytes - 1,
                        bytes + 1);
    else
        session_command(session, STEP_TIDY_SEARCH, "UID SEARCH UNDELETED SMALLER 1");
}

void tidy_next(struct imap_session *session) {
    if (session->may_not_move) { /* tried again when moves are */
        tidy_end(session);
    } else if (session->hit_next < session->hits.count) {
        session->move_uid = (uint32_t)session->hits.list[session->hit_next++];
        session_command(session, STEP_TIDY_BODY, "UID FETCH %u (UID BODY.PEEK[])", session->move_uid);
    } else {
        if (session->tidy_next > 0)
            mailbox_troubled_done(&session->troubled, tidy_one(session)->number);
        tidy_search(session);
    }
}

static void hit_add(void *state, uint32_t uid) {
    number_set_add(state, uid);
}

void tidy_data(struct imap_session *session, const struct imap_answer *answer) {
    struct imap_fetch fetch;
    if (session->step == STEP_TIDY_SEARCH)
        imap_answer_search(answer, hit_add, &session->hits);
    if (session->step == STEP_TIDY_BODY && imap_answer_fetch(answer, &fetch) && fetch.has_body &&
        fetch.uid == session->move_uid) {
        buf_wipe(&session->body);
        session->fetch = fetch;
        imap_reader_take(&session->reader, &session->body);
    }
}

static bool body_is_it(struct imap_session *session) {
    uint8_t hash[STORE_HASH_BYTES];
    bool same = false;
    if (session->fetch.has_body) {
        store_content_hash(session->store, session->fetch.body, hash);
        same = memcmp(hash, tidy_one(session)->hash, sizeof hash) == 0;
    }
    buf_wipe(&session->body);
    session->fetch = (struct imap_fetch){0};
    return same;
}

void tidy_answered(struct imap_session *session, const struct imap_answer *answer) {
    bool ok = answer->status == IMAP_OK;
    if (session->step == STEP_TIDY_BODY) {
        bool same = body_is_it(session);
        session->move_created = false;
        if (ok && same)
            mail_move(session, session->move_uid, session->mailbox->problem_folder);
        else
            tidy_next(session);
    } else if (!ok && session->step == STEP_TIDY_SELECT) {
        tidy_end(session); /* no such folder: nothing lies there */
    } else {
        tidy_next(session);
    }
}
