/* imap.c: an IMAP folder as a channel. */
#include "ingest/imap.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define LOOK_MS 1500  /* a look lasts about as long at most */
#define LOOK_MAILS 25
#define QUIET_MS 300  /* within a look the server is waited for so long at a time */

static struct imap *imap_of(struct channel *channel) {
    return (struct imap *)(void *)channel;
}

/* A password that was changed is tried at once. */
static void password_watch(struct imap *imap) {
    struct stat st;
    int64_t time_ms = stat(imap->password_file, &st)
                          ? -1
                          : (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
    if (time_ms != imap->password_time_ms && imap->session.step == STEP_AWAY)
        imap->session.retry_at_ms = clock_steady();
    imap->password_time_ms = time_ms;
}

static void look_run(struct imap *imap, struct channel_look *look) {
    struct imap_session *session = &imap->session;
    int64_t end_ms = clock_steady() + LOOK_MS;
    for (;;) {
        int64_t left = end_ms - clock_steady();
        if (left <= 0 || look->taken >= LOOK_MAILS || look->err)
            return;
        int wait = left < QUIET_MS ? (int)left : QUIET_MS;
        if (imap_session_step(session, wait) > 0)
            continue;
        if (imap_session_rests(session))
            return;
        if (session->step != STEP_CONNECT)
            imap_connection_wait(session->connection, wait);
    }
}

static void imap_look(struct channel *channel, struct channel_look *ret) {
    struct imap *imap = imap_of(channel);
    struct imap_session *session = &imap->session;
    struct channel_look look = {0};
    session->look = &look;
    password_watch(imap);
    look_run(imap, &look);
    session->look = NULL;
    bool rests = imap_session_rests(session);
    const char *trouble = session->link_trouble ? session->link_trouble : session->mail_trouble;
    look.left = session->skip_left;
    look.waiting = rests ? 0 : session->item_count - session->item_next + 1;
    if (!look.store_err)
        snprintf(look.trouble, sizeof look.trouble, "%s", trouble ? trouble : "");
    channel->wait_ms = rests ? imap_session_wait_ms(session) : 50;
    *ret = look;
}

static int imap_fd(const struct channel *channel) {
    const struct imap *imap = (const struct imap *)(const void *)channel;
    return imap->session.connection ? imap_connection_fd(imap->session.connection) : -1;
}

/* Asks what is in quarantine; the moves are made by the looks. */
static int imap_tidy(struct channel *channel) {
    struct imap_session *session = &imap_of(channel)->session;
    if (session->tidying || !*session->mailbox->problem_folder)
        return 0;
    return mailbox_troubled_find(&session->troubled, session->store, session->mailbox);
}

static void imap_drop(struct channel *channel) {
    struct imap *imap = imap_of(channel);
    imap_session_end(&imap->session);
    free(imap->channel.name);
    free(imap);
    curl_global_cleanup();
}

static bool folder_valid(const char *name, bool may_be_empty) {
    char *argument = imap_folder_argument(name);
    bool valid = argument && (*name || may_be_empty);
    free(argument);
    return valid;
}

static bool text_is_line(const char *text) {
    return *text && !strpbrk(text, "\r\n");
}

static bool settings_valid(const struct mailbox *m) {
    return text_is_line(m->user) && folder_valid(m->folder, false) && folder_valid(m->filed_folder, true) &&
           folder_valid(m->problem_folder, true) && strcasecmp(m->folder, m->filed_folder) &&
           strcasecmp(m->folder, m->problem_folder) && imap_connection_check(m) == 0;
}

int imap_channel(struct store *store, const struct mailbox *mailbox, size_t most_bytes,
                 struct channel **ret) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ERR_SYSTEM;
    if (!settings_valid(mailbox)) {
        curl_global_cleanup();
        return ERR_SETTING;
    }
    struct imap *imap = mem_new(sizeof *imap);
    imap->channel = (struct channel){.name = mem_text(mailbox->name),
                                     .kind = "imap",
                                     .wait_ms = 0,
                                     .fd = imap_fd,
                                     .look = imap_look,
                                     .tidy = imap_tidy,
                                     .drop = imap_drop};
    imap->password_file = mailbox->password_file;
    imap_session_begin(&imap->session, store, mailbox, most_bytes);
    *ret = &imap->channel;
    return 0;
}
