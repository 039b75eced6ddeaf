/* imap_mail.c: the steps of taking mail in. */
#include "ingest/imap_session.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DETAILS_MOST 100     /* mails whose size is asked for at once */
#define BAD_MOST 3           /* cuts while one mail was fetched: it is passed over */
#define LEAVE_MS 60000       /* a mail that is passed over, or a refused move, is tried again after so long */
#define STORE_AGAIN_MS 2000  /* so is a store that refused */

/* What is passed over is looked at once more: known mails cost no transfer. */
static void skip_forget(struct imap_session *session) {
    number_set_drop(&session->skip);
    session->skip_left = 0;
    session->may_not_move = false;
    session->mail_trouble = NULL;
}

void mail_forget(struct imap_session *session) {
    skip_forget(session);
    session->floor_uid = 0;
    session->bad_uid = 0;
}

static void list_forget(struct imap_session *session) {
    session->item_count = session->item_next = session->item_detailed = 0;
    session->list_gap = false;
}

void mail_cut(struct imap_session *session) {
    list_forget(session);
    if (session->step != STEP_BODY)
        return;
    session->bad_count = session->bad_uid == session->move_uid ? session->bad_count + 1 : 1;
    session->bad_uid = session->move_uid;
    session->bad_until_ms = clock_steady() + 10 * LEAVE_MS;
}

/* ---- what is there
 * --------------------------------------------------------------------------------------------- */

void mail_search(struct imap_session *session) {
    int64_t now = clock_steady();
    list_forget(session);
    session->changed = false;
    session->search_at_ms = now + 1000ll * session->mailbox->poll_seconds;
    if ((session->skip_left || session->may_not_move) && now >= session->skip_until_ms)
        skip_forget(session);
    if (session->floor_uid)
        session_command(session, STEP_SEARCH, "UID SEARCH UID %u:* UNDELETED", session->floor_uid);
    else
        session_command(session, STEP_SEARCH, "UID SEARCH UNDELETED");
}

static void item_add(void *state, uint32_t uid) {
    struct imap_session *session = state;
    /* "n:*" gives the last mail also when its number is smaller. */
    if (uid <= session->floor_uid || number_set_has(&session->skip, uid))
        return;
    session->items = mem_grow(session->items, session->item_count + 1, sizeof *session->items);
    session->items[session->item_count++] = (struct imap_item){.uid = uid};
}

static void item_detail(struct imap_session *session, const struct imap_fetch *fetch) {
    for (size_t i = session->item_next; i < session->item_detailed; i++) {
        struct imap_item *item = &session->items[i];
        if (item->uid != fetch->uid || !fetch->has_size || !fetch->date[0])
            continue;
        item->detailed = true;
        item->size = fetch->size;
        memcpy(item->date, fetch->date, sizeof item->date);
    }
}

static void body_keep(struct imap_session *session, const struct imap_fetch *fetch) {
    if (!fetch->has_body || fetch->uid != session->move_uid)
        return;
    buf_wipe(&session->body);
    session->fetch = *fetch;
    imap_reader_take(&session->reader, &session->body);
}

void mail_data(struct imap_session *session, const struct imap_answer *answer) {
    struct imap_fetch fetch;
    if (session->step == STEP_SEARCH)
        imap_answer_search(answer, item_add, session);
    if ((session->step == STEP_DETAILS || session->step == STEP_BODY) && imap_answer_fetch(answer, &fetch)) {
        if (session->step == STEP_DETAILS)
            item_detail(session, &fetch);
        else
            body_keep(session, &fetch);
    }
}

static void details_ask(struct imap_session *session) {
    struct buf list = {0};
    size_t end = session->item_next + DETAILS_MOST;
    session->item_detailed = end < session->item_count ? end : session->item_count;
    for (size_t i = session->item_next; i < session->item_detailed; i++)
        buf_print(&list, "%s%u", i > session->item_next ? "," : "", session->items[i].uid);
    session_command(session, STEP_DETAILS, "UID FETCH %s (UID RFC822.SIZE INTERNALDATE)", buf_text(&list));
    buf_drop(&list);
}

/* ---- what becomes of one
 * --------------------------------------------------------------------------------------- */

/* It stays: not looked at again for now. */
static void item_leave(struct imap_session *session, uint32_t uid, const char *trouble) {
    if (!session->skip_left++)
        session->skip_until_ms = clock_steady() + LEAVE_MS;
    number_set_add(&session->skip, uid);
    session->mail_trouble = trouble;
}

void mail_move(struct imap_session *session, uint32_t uid, const char *folder) {
    char *argument = imap_folder_argument(folder);
    if (session->move_uid != uid || session->move_folder != folder)
        session->move_created = false;
    session->move_uid = uid;
    session->move_folder = folder;
    if (session->has_move)
        session_command(session, STEP_MOVE, "UID MOVE %u %s", uid, argument);
    else
        session_command(session, STEP_COPY, "UID COPY %u %s", uid, argument);
    free(argument);
}

/* It has its receipt: out of the way with it, to Problem when it is in quarantine already (received before a
 * restart). */
static void item_let_go(struct imap_session *session, uint32_t uid, int64_t number) {
    const char *filed = session->mailbox->filed_folder, *problem = session->mailbox->problem_folder;
    bool troubled = *problem && mailbox_receipt_troubled(session->store, number);
    if (session->may_not_move && (troubled || *filed)) {
        item_leave(session, uid, session->move_trouble);
        mail_next(session);
    } else if (troubled || *filed) {
        mail_move(session, uid, troubled ? problem : filed);
    } else {
        session->move_uid = uid;
        session_command(session, STEP_SEEN, "UID STORE %u +FLAGS.SILENT (\\Seen)", uid);
    }
}

/* The store refuses: the mail stays, and is fetched again when the store is well. */
static void store_refused(struct imap_session *session, int err) {
    mailbox_store_refused(session->look, err);
    list_forget(session);
    session->search_at_ms = clock_steady() + STORE_AGAIN_MS;
    session->step = STEP_READY;
}

static char *item_source(const struct imap_session *session, const struct imap_item *item) {
    const struct mailbox *m = session->mailbox;
    return mem_print("imap %s %s %s %u %u %s", m->url, m->user, m->folder, session->uidvalidity, item->uid,
                     item->date);
}

static void too_large(struct imap_session *session, uint32_t uid) {
    if (*session->mailbox->problem_folder && !session->may_not_move) {
        log_warn("a mail that is too large is moved to the folder for problems");
        mail_move(session, uid, session->mailbox->problem_folder);
        return;
    }
    item_leave(session, uid, "a mail is too large and stays where it is");
    mail_next(session);
}

static void item_begin(struct imap_session *session, const struct imap_item *item) {
    int64_t number = 0;
    char *source = item_source(session, item);
    int err = mailbox_known(session->store, source, &number);
    free(source);
    session->move_uid = item->uid;
    session->move_created = false;
    if (err)
        store_refused(session, err);
    else if (number)
        item_let_go(session, item->uid, number);
    else if (item->size > session->most_bytes)
        too_large(session, item->uid);
    else
        session_command(session, STEP_BODY, "UID FETCH %u (UID BODY.PEEK[])", item->uid);
}

static bool item_is_bad(const struct imap_session *session, const struct imap_item *item) {
    return item->uid == session->bad_uid && session->bad_count >= BAD_MOST &&
           clock_steady() < session->bad_until_ms;
}

/* The list is done. Without a folder to move to, what was done is not asked for again. */
static void list_done(struct imap_session *session) {
    if (!*session->mailbox->filed_folder && !session->skip_left && !session->list_gap &&
        session->skip.count) {
        session->floor_uid = (uint32_t)session->skip.list[session->skip.count - 1];
        number_set_drop(&session->skip);
    }
    list_forget(session);
    if (!session->skip_left && !session->may_not_move)
        session->mail_trouble = NULL;
    if (!tidy_begin(session))
        session_rest(session);
}

void mail_next(struct imap_session *session) {
    while (session->item_next < session->item_detailed) {
        struct imap_item *item = &session->items[session->item_next++];
        if (item_is_bad(session, item)) {
            item_leave(session, item->uid, "a mail cannot be fetched: the server breaks off");
        } else if (item->detailed) {
            item_begin(session, item);
            return;
        }
        session->list_gap =
            session->list_gap || !item->detailed; /* it has gone since, or the server cannot say */
    }
    if (session->item_next < session->item_count)
        details_ask(session);
    else
        list_done(session);
}

/* ---- answers
 * --------------------------------------------------------------------------------------------------- */

static void body_receive(struct imap_session *session, const struct imap_item *item) {
    struct receipt receipt;
    char name[32];
    char *source = item_source(session, item);
    snprintf(name, sizeof name, "mail-%u.eml", item->uid);
    struct mailbox_mail mail = {name, source, session->fetch.body};
    int err = session->fetch.body.len > session->most_bytes
                  ? ERR_TOO_LARGE
                  : mailbox_receive(session->store, session->mailbox, &mail, &receipt);
    free(source);
    buf_wipe(&session->body);
    session->fetch = (struct imap_fetch){0};
    if (err == ERR_TOO_LARGE) {
        too_large(session, item->uid);
    } else if (err) {
        store_refused(session, err);
    } else {
        session->look->taken++;
        log_info("receipt R%06lld: %s", (long long)receipt.number,
                 receipt.same_as ? "the same bytes were received before" : "stored");
        item_let_go(session, item->uid, receipt.number);
    }
}

static void body_answered(struct imap_session *session, const struct imap_answer *answer) {
    struct imap_item item = session->items[session->item_next - 1];
    if (session->fetch.has_body && answer->status == IMAP_OK) {
        session->bad_uid = session->bad_uid == item.uid ? 0 : session->bad_uid;
        body_receive(session, &item);
        return;
    }
    if (answer->status == IMAP_NO) /* OK without a body: somebody has taken it away */
        item_leave(session, item.uid, "a mail cannot be fetched: the server refuses it");
    mail_next(session);
}

static void after_move(struct imap_session *session) {
    if (session->tidying)
        tidy_next(session);
    else
        mail_next(session);
}

static void moved(struct imap_session *session) {
    session->move_trouble = NULL;
    session->retry_ms = session->retry_first_ms;
    after_move(session);
}

/* No more moves for a while: each would be refused. Mail is taken in all the same. */
static void move_stop(struct imap_session *session, const char *trouble) {
    session->may_not_move = true;
    session->skip_until_ms = clock_steady() + LEAVE_MS;
    session->move_trouble = session->mail_trouble = trouble;
    if (!session->tidying)
        item_leave(session, session->move_uid, trouble);
    after_move(session);
}

static void move_refused(struct imap_session *session, const struct imap_answer *answer) {
    bool full = imap_answer_code_is(answer, "OVERQUOTA") || imap_answer_mentions(answer, "quota");
    if (!full && !session->move_created) { /* [TRYCREATE], or a server that does not say it */
        char *argument = imap_folder_argument(session->move_folder);
        session->move_created = true;
        session_command(session, STEP_CREATE, "CREATE %s", argument);
        free(argument);
        return;
    }
    move_stop(session, full ? "the mailbox is full: mails cannot be moved to another folder"
                            : "mails cannot be moved to another folder");
}

/* The folder is there now, or was there and refuses for another reason: the move is tried once more. */
static void folder_created(struct imap_session *session, const struct imap_answer *answer) {
    if (session->step == STEP_CREATE && answer->status == IMAP_OK) {
        char *argument = imap_folder_argument(session->move_folder);
        session_command(session, STEP_SUBSCRIBE, "SUBSCRIBE %s", argument);
        free(argument);
        return;
    }
    mail_move(session, session->move_uid, session->move_folder);
}

static void copy_answered(struct imap_session *session, bool ok) {
    if (session->step == STEP_COPY)
        session_command(session, STEP_DELETE, "UID STORE %u +FLAGS.SILENT (\\Deleted)", session->move_uid);
    else if (session->step == STEP_DELETE && !ok)
        move_stop(session, "mails that were copied cannot be deleted");
    else if (session->step == STEP_DELETE && session->has_uidplus)
        session_command(session, STEP_EXPUNGE, "UID EXPUNGE %u", session->move_uid);
    else
        moved(session); /* without UIDPLUS it stays, marked: a plain EXPUNGE would take other people's with it
                         */
}

static void seen_answered(struct imap_session *session) {
    number_set_add(&session->skip, session->move_uid);
    moved(session);
}

void mail_answered(struct imap_session *session, const struct imap_answer *answer) {
    bool ok = answer->status == IMAP_OK;
    switch (session->step) {
    case STEP_DETAILS: /* NO: not for all of them, say some servers */
        mail_next(session);
        break;
    case STEP_SEARCH:
        if (ok)
            mail_next(session);
        else
            session_fail(session, "the folder for mail cannot be searched");
        break;
    case STEP_BODY:
        body_answered(session, answer);
        break;
    case STEP_MOVE:
    case STEP_COPY:
        if (!ok)
            move_refused(session, answer);
        else if (session->step == STEP_MOVE)
            moved(session);
        else
            copy_answered(session, ok);
        break;
    case STEP_DELETE:
    case STEP_EXPUNGE:
        copy_answered(session, ok);
        break;
    case STEP_CREATE:
    case STEP_SUBSCRIBE:
        folder_created(session, answer);
        break;
    case STEP_SEEN:
        seen_answered(session);
        break;
    default:
        break;
    }
}
