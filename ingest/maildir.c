/* maildir.c: a Maildir as a channel.
 *
 * A mail is complete when it is in new/ (tmp/ is never looked at); mails in cur/ without our receipt are
 * taken too: somebody's mail program may have been faster. First the durable receipt, then the move: killed
 * in between, the mail is found again and known by its source (its unique name, time and size). */
#include "ingest/maildir.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "ingest/channel.h"
#include "ingest/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS 2000      /* a look lasts about as long at most */
#define HELD_MS 15000     /* a mail that could not be read or moved is tried again after so long */

/* A mail that could not be read or moved. */
struct held {
    char *name;
    const char *trouble; /* for status */
    int64_t until_ms;    /* clock_steady() */
};

struct maildir {
    struct channel channel; /* first */
    struct store *store;
    const struct mailbox *mailbox;
    size_t most_bytes;
    int watch, watch_new, watch_cur; /* inotify and its marks, or -1 */
    struct held *held;
    size_t held_count;
    uint8_t *known; /* a bit for each receipt whose mail in cur/ was seen to be ours */
    size_t known_bytes;
    struct timespec cur_seen; /* cur/ had this time when nothing was left to do in it */
    struct mailbox_troubled troubled;
};

/* A mail in the look. */
struct found {
    int folder_fd;
    const char *folder, *file; /* "new" or "cur"; the file's name */
    struct maildir_name name;
    struct stat stat;
    char *source;
};

static struct maildir *maildir_of(struct channel *channel) {
    return (struct maildir *)(void *)channel;
}

static char *maildir_path(const struct maildir *m, const char *below) {
    return mem_print("%s/%s", m->mailbox->path, below);
}

/* ---- mails that are tried again later
 * -------------------------------------------------------------------------- */

static void held_forget(struct maildir *m) {
    for (size_t i = m->held_count; i-- > 0;) {
        if (m->held[i].until_ms <= clock_steady()) {
            free(m->held[i].name);
            m->held[i] = m->held[--m->held_count];
        }
    }
}

/* The trouble of a mail that is left alone for now, or NULL. */
static const char *held_trouble(const struct maildir *m, const char *name) {
    for (size_t i = 0; i < m->held_count; i++)
        if (strcmp(m->held[i].name, name) == 0)
            return m->held[i].trouble;
    return NULL;
}

static void held_add(struct maildir *m, const char *name, const char *trouble) {
    m->held = mem_grow(m->held, m->held_count + 1, sizeof *m->held);
    m->held[m->held_count++] = (struct held){mem_text(name), trouble, clock_steady() + HELD_MS};
}

/* ---- mails in cur/ that are ours
 * ------------------------------------------------------------------------------- */

static bool known_has(const struct maildir *m, int64_t number) {
    return (uint64_t)number / 8 < m->known_bytes && (m->known[number / 8] & (1 << number % 8));
}

static void known_add(struct maildir *m, int64_t number) {
    size_t want = (size_t)number / 8 + 1;
    if (want > m->known_bytes) {
        size_t bytes = want + want / 2 + 64;
        m->known = mem_grow(m->known, bytes, 1);
        memset(m->known + m->known_bytes, 0, bytes - m->known_bytes);
        m->known_bytes = bytes;
    }
    m->known[number / 8] |= (uint8_t)(1 << number % 8);
}

/* A number in a name is believed when this store has given it to this very mail: the store may be another
 * one, or an older copy. */
static bool found_is_done(struct maildir *m, const struct found *found) {
    int64_t number = 0;
    if (!found->name.receipt)
        return false;
    if (known_has(m, found->name.receipt))
        return true;
    if (mailbox_known(m->store, found->source, &number) || number != found->name.receipt)
        return false;
    known_add(m, number);
    return true;
}

/* ---- moving
 * ---------------------------------------------------------------------------------------------------- */

/* Makes ".Filed" with cur/, new/ and tmp/, as readable to others as the Maildir itself. */
static int subfolder_make(const struct maildir *m, const char *name) {
    static const char *const below[] = {"", "/tmp", "/new", "/cur"};
    struct stat st;
    int err = stat(m->mailbox->path, &st) ? err_from_errno(errno) : 0;
    for (size_t i = 0; i < sizeof below / sizeof below[0] && !err; i++) {
        char *path = mem_print("%s/.%s%s", m->mailbox->path, name, below[i]);
        if (mkdir(path, 0700) == 0)
            err = chown(path, st.st_uid, st.st_gid) && errno != EPERM ? err_from_errno(errno)
                  : chmod(path, st.st_mode & 0777)                    ? err_from_errno(errno)
                                                                      : 0;
        else if (errno != EEXIST)
            err = err_from_errno(errno);
        free(path);
    }
    char *mark = mem_print("%s/.%s/maildirfolder", m->mailbox->path, name);
    int fd = err ? -1 : open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, st.st_mode & 0666);
    if (fd >= 0)
        close(fd);
    free(mark);
    return err;
}

/* Never over another file: two names that are the same get a number. */
static int file_move(int folder_fd, const char *file, const char *to) {
    for (int i = 0; i < 100; i++) {
        const char *flags = strrchr(to, ':');
        char *path = i ? mem_print("%.*s,%d%s", (int)(flags - to), to, i, flags) : mem_text(to);
        int failed = renameat2(folder_fd, file, AT_FDCWD, path, RENAME_NOREPLACE) ? errno : 0;
        if (failed == EINVAL && faccessat(AT_FDCWD, path, F_OK,
                                          AT_SYMLINK_NOFOLLOW)) /* a file system that knows no such option */
            failed = renameat(folder_fd, file, AT_FDCWD, path) ? errno : 0;
        free(path);
        if (failed != EEXIST && failed != EINVAL)
            return failed ? err_from_errno(failed) : 0;
    }
    return ERR_EXISTS;
}

/* subfolder "": the Maildir's own cur/. */
static int found_move(const struct maildir *m, const struct found *found, const char *subfolder) {
    char *name = maildir_name_write(&found->name);
    char *to = mem_print("%s/%s%s%scur/%s", m->mailbox->path, *subfolder ? "." : "", subfolder,
                         *subfolder ? "/" : "", name);
    int err = *subfolder ? subfolder_make(m, subfolder) : 0;
    if (!err)
        err = file_move(found->folder_fd, found->file, to);
    free(to);
    free(name);
    return err;
}

/* The mail has its receipt: out of the way with it. In quarantine already (it was received before a restart):
 * to Problem. */
static int found_let_go(struct maildir *m, struct found *found, int64_t number) {
    const char *filed = m->mailbox->filed_folder, *problem = m->mailbox->problem_folder;
    bool troubled = *problem && mailbox_receipt_troubled(m->store, number);
    found->name.receipt = number;
    if (!troubled)
        maildir_name_flag(&found->name, 'S');
    int err = found_move(m, found, troubled ? problem : filed);
    if (!err && !troubled && !*filed)
        known_add(m, number);
    return err;
}

/* ---- one mail
 * -------------------------------------------------------------------------------------------------- */

static bool stat_same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int found_read(const struct maildir *m, struct found *found, struct buf *out) {
    struct stat before, after;
    int fd = openat(found->folder_fd, found->file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return err_from_errno(errno);
    int err = fstat(fd, &before) ? err_from_errno(errno) : !stat_same(&before, &found->stat) ? ERR_BUSY : 0;
    if (!err)
        err = file_read_fd(fd, m->most_bytes, out);
    if (!err && (fstat(fd, &after) || !stat_same(&after, &before)))
        err = ERR_BUSY; /* somebody writes to it, though nobody should */
    close(fd);
    return err;
}

/* *ret_store: the error is the store's. */
static int found_receive(struct maildir *m, struct found *found, struct receipt *ret, int *ret_store) {
    struct buf bytes = {0};
    int err = found_read(m, found, &bytes);
    struct mailbox_mail mail = {"mail.eml", found->source, buf_view(&bytes)};
    if (!err) {
        err = mailbox_receive(m->store, m->mailbox, &mail, ret);
        *ret_store = err != 0;
    }
    buf_wipe(&bytes);
    return err;
}

static void found_log(const struct receipt *receipt) {
    log_info("receipt R%06lld: %s", (long long)receipt->number,
             receipt->again     ? "let go after a restart"
             : receipt->same_as ? "the same bytes were received before"
                                : "stored");
}

/* 1: taken in; 0: nothing to do, or it has gone; negative: it stays, *ret_trouble says why. */
static int found_take(struct maildir *m, struct found *found, struct channel_look *look,
                      const char **ret_trouble) {
    struct receipt receipt = {0};
    *ret_trouble = "a mail cannot be read";
    bool fits = S_ISREG(found->stat.st_mode) && (uint64_t)found->stat.st_size <= m->most_bytes;
    int err = fits ? found_receive(m, found, &receipt, &look->store_err) : 0;
    if (err == ERR_NOT_FOUND && !look->store_err)
        return 0;
    if (err)
        return err;
    if (fits)
        err = found_let_go(m, found, receipt.number);
    else
        err = *m->mailbox->problem_folder ? found_move(m, found, m->mailbox->problem_folder) : ERR_TOO_LARGE;
    *ret_trouble = err == ERR_TOO_LARGE ? "a mail is too large, or is no file, and stays where it is"
                                        : "mails cannot be moved out of the mailbox";
    if (!fits && !err)
        log_warn("a mail that is too large, or is no file, was moved to the folder for problems");
    if (fits && (!err || !receipt.again))
        found_log(&receipt);
    return fits && (!err || !receipt.again) ? 1 : err;
}

static void found_drop(struct found *found) {
    maildir_name_drop(&found->name);
    free(found->source);
}

static void look_leave(struct channel_look *look, const char *trouble) {
    look->left++;
    snprintf(look->trouble, sizeof look->trouble, "%s", trouble);
}

static void found_look(struct maildir *m, struct found *found, struct channel_look *look) {
    bool in_cur = strcmp(found->folder, "cur") == 0;
    if (in_cur &&
        (maildir_name_has(&found->name, 'T') || (!*m->mailbox->filed_folder && found_is_done(m, found))))
        return;
    const char *trouble;
    int got = found_take(m, found, look, &trouble);
    if (got > 0)
        look->taken += got;
    if (got >= 0)
        return;
    if (look->store_err) {
        mailbox_store_refused(look, got);
        return;
    }
    held_add(m, found->file, trouble);
    look_leave(look, trouble);
    log_debug("a mail stays where it is: %s", err_text(got));
}

static void entry_look(struct maildir *m, struct found *found, struct channel_look *look) {
    const char *trouble = held_trouble(m, found->file);
    if (trouble) {
        look_leave(look, trouble);
        return;
    }
    if (fstatat(found->folder_fd, found->file, &found->stat, AT_SYMLINK_NOFOLLOW))
        return;
    found->name = maildir_name_read(found->file);
    found->source = mem_print("maildir %s %s %lld.%09ld %lld", m->mailbox->path, found->name.unique,
                              (long long)found->stat.st_mtim.tv_sec, found->stat.st_mtim.tv_nsec,
                              (long long)found->stat.st_size);
    found_look(m, found, look);
    found_drop(found);
}

/* ---- the look
 * -------------------------------------------------------------------------------------------------- */

static int name_wanted(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static int name_order(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Stops at an error of the store and at the end of its time; what is left then counts as waiting. */
static int folder_look(struct maildir *m, const char *folder, int64_t end_ms, struct channel_look *look) {
    struct dirent **names = NULL;
    char *path = maildir_path(m, folder);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int n = fd < 0 ? -1 : scandirat(fd, ".", &names, name_wanted, name_order);
    int err = n < 0 ? err_from_errno(errno) : 0;
    for (int i = 0; i < n; i++) {
        struct found found = {.folder_fd = fd, .folder = folder, .file = names[i]->d_name};
        if (look->err || clock_steady() > end_ms)
            look->waiting++;
        else
            entry_look(m, &found, look);
        free(names[i]);
    }
    free(names);
    free(path);
    if (fd >= 0)
        close(fd);
    return err;
}

static void cur_look(struct maildir *m, int64_t end_ms, struct channel_look *look) {
    struct stat st;
    char *path = maildir_path(m, "cur");
    size_t open_before = look->waiting + look->left;
    bool there = stat(path, &st) == 0;
    free(path);
    if (!there || (m->cur_seen.tv_sec == st.st_mtim.tv_sec && m->cur_seen.tv_nsec == st.st_mtim.tv_nsec))
        return;
    folder_look(m, "cur", end_ms, look);
    /* A folder's time moves in ticks: only one that has been quiet for a while is believed the next time. */
    bool quiet = clock_now() / 1000 - st.st_mtim.tv_sec > 2;
    if (!look->err && open_before == look->waiting + look->left && quiet)
        m->cur_seen = st.st_mtim;
}

static void watch_start(struct maildir *m) {
    char *path_new = maildir_path(m, "new"), *path_cur = maildir_path(m, "cur");
    if (m->watch >= 0 && m->watch_new < 0)
        m->watch_new = inotify_add_watch(m->watch, path_new, IN_MOVED_TO | IN_CLOSE_WRITE | IN_CREATE);
    if (m->watch >= 0 && m->watch_cur < 0)
        m->watch_cur = inotify_add_watch(m->watch, path_cur, IN_MOVED_TO);
    free(path_new);
    free(path_cur);
}

static void maildir_look(struct channel *channel, struct channel_look *ret) {
    struct maildir *m = maildir_of(channel);
    struct channel_look look = {0};
    char events[4096];
    int64_t end_ms = clock_steady() + LOOK_MS;
    while (m->watch >= 0 && read(m->watch, events, sizeof events) > 0)
        ;
    watch_start(m);
    held_forget(m);
    int err = folder_look(m, "new", end_ms, &look);
    if (err) {
        m->watch_new = m->watch_cur = -1; /* it may come back as another folder */
        look.err = err;
        snprintf(look.trouble, sizeof look.trouble, "%s",
                 err == ERR_NOT_FOUND ? "the mail folder is not there" : "the mail folder cannot be read");
    } else if (!look.err) {
        cur_look(m, end_ms, &look);
    }
    *ret = look;
}

static int maildir_fd(const struct channel *channel) {
    return ((const struct maildir *)(const void *)channel)->watch;
}

/* ---- what became of them
 * --------------------------------------------------------------------------------------- */

static int number_order(const void *key, const void *one) {
    int64_t a = *(const int64_t *)key, b = ((const struct mailbox_quarantined *)one)->number;
    return a < b ? -1 : a > b;
}

static bool is_troubled(const struct mailbox_troubled *troubled, int64_t number) {
    return troubled->todo_count && bsearch(&number, troubled->todo, troubled->todo_count, sizeof *troubled->todo, number_order);
}

static int troubled_move(struct maildir *m, int fd, const char *file) {
    struct found found = {.folder_fd = fd, .file = file, .name = maildir_name_read(file)};
    int err = 0;
    if (found.name.receipt && is_troubled(&m->troubled, found.name.receipt))
        err = found_move(m, &found, m->mailbox->problem_folder);
    found_drop(&found);
    return err;
}

/* Looks once through Filed for all that have come into quarantine since the last time. */
static int maildir_tidy(struct channel *channel) {
    struct maildir *m = maildir_of(channel);
    const char *filed = m->mailbox->filed_folder;
    struct dirent **names = NULL;
    int err = *m->mailbox->problem_folder ? mailbox_troubled_find(&m->troubled, m->store, m->mailbox) : 0;
    if (err || !m->troubled.todo_count)
        return err;
    char *path = *filed ? mem_print("%s/.%s/cur", m->mailbox->path, filed) : maildir_path(m, "cur");
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int n = fd < 0 ? -1 : scandirat(fd, ".", &names, name_wanted, NULL);
    err = n < 0 && errno != ENOENT ? err_from_errno(errno) : 0;
    for (int i = 0; i < n; i++) {
        int one = troubled_move(m, fd, names[i]->d_name);
        err = err ? err : one;
        free(names[i]);
    }
    free(names);
    free(path);
    if (fd >= 0)
        close(fd);
    for (size_t i = 0; i < m->troubled.todo_count && !err; i++)
        mailbox_troubled_done(&m->troubled, m->troubled.todo[i].number);
    return err;
}

static void maildir_drop(struct channel *channel) {
    struct maildir *m = maildir_of(channel);
    for (size_t i = 0; i < m->held_count; i++)
        free(m->held[i].name);
    free(m->held);
    free(m->known);
    mailbox_troubled_drop(&m->troubled);
    if (m->watch >= 0)
        close(m->watch);
    free(m->channel.name);
    free(m);
}

/* A sub-folder's name becomes part of a path. */
static bool subfolder_valid(const char *name) {
    return !strchr(name, '/') && name[0] != '.' && strlen(name) < 100;
}

int maildir_channel(struct store *store, const struct mailbox *mailbox, size_t most_bytes,
                    struct channel **ret) {
    if (!*mailbox->path || !subfolder_valid(mailbox->filed_folder) ||
        !subfolder_valid(mailbox->problem_folder))
        return ERR_SETTING;
    struct maildir *m = mem_new(sizeof *m);
    m->channel = (struct channel){.name = mem_text(mailbox->name),
                                  .kind = "maildir",
                                  .wait_ms = mailbox->poll_seconds * 1000,
                                  .fd = maildir_fd,
                                  .look = maildir_look,
                                  .tidy = maildir_tidy,
                                  .drop = maildir_drop};
    m->store = store;
    m->mailbox = mailbox;
    m->most_bytes = most_bytes;
    m->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    m->watch_new = m->watch_cur = -1;
    *ret = &m->channel;
    return 0;
}
