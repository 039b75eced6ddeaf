#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "config/settings.h"
#include "ingest/receive.h"
#include "ingest/scan_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void item_later(struct scan_look *look) {
    look->ret->waiting++;
}

static void item_left(struct scan_look *look, struct scan_item *item, size_t *counter) {
    (*counter)++;
    look->ret->left++;
    item->seen->told = 1;
}

/* A read lease is refused while anybody on this machine has the file open for writing. It is given back at once; a signal that should come
 * for it in between is one that is ignored. Where there are no leases, nobody is known to write. */
static int is_written(int fd) {
    if (fcntl(fd, F_SETSIG, SIGURG) || fcntl(fd, F_SETLEASE, F_RDLCK))
        return errno == EAGAIN;
    fcntl(fd, F_SETLEASE, F_UNLCK);
    return 0;
}

/* errnum: why it cannot be opened or read. What may pass is tried again, for as long as a stale file is waited for. */
static void item_unreadable(struct scan_look *look, struct scan_item *item, int errnum) {
    int64_t now = clock_steady();
    switch (errnum) {
    case ENOENT:
    case ELOOP: /* it has become a link: it will be seen as one */
        return;
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
    case EINTR:
        item_later(look);
        return;
    case EACCES:
    case EPERM:
        item_left(look, item, &look->forbidden);
        return;
    default:
        item->seen->failed_ms = item->seen->failed_ms ? item->seen->failed_ms : now;
        if (now - item->seen->failed_ms >= (int64_t)look->folder->profile->stale_seconds * 1000)
            scan_item_fail(look, item, SCAN_WHY_UNREADABLE);
        else
            item_left(look, item, &look->unreadable);
    }
}

/* 1 when out holds the whole file as item says that it is. */
static int file_read_whole(struct scan_look *look, struct scan_item *item, int fd, struct buf *out) {
    const struct scan_profile *profile = look->folder->profile;
    struct stat now;
    if (fstat(fd, &now) || !scan_stat_same(&now, &item->stat) ||
        (is_written(fd) && !scan_seen_settled(item->seen, profile->stale_seconds))) {
        item_later(look);
        return 0;
    }
    errno = 0;
    int err = file_read_fd(fd, look->folder->most_bytes, out);
    if (err == ERR_SYSTEM)
        item_unreadable(look, item, errno);
    else if (err || fstat(fd, &now) || !scan_stat_same(&now, &item->stat) || out->len != (size_t)now.st_size)
        item_later(look); /* it is still being written */
    else
        return 1;
    return 0;
}

/* What tells this very file from any other, also after a restart. The content is in it, because names, times and inodes come again. */
static char *file_source(const struct scan_folder *folder, const struct scan_item *item, struct view bytes) {
    uint8_t hash[STORE_HASH_BYTES];
    char hex[2 * STORE_HASH_BYTES + 1];
    const struct stat *st = &item->stat;
    store_content_hash(folder->store, bytes, hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return mem_print("%s/%s %llu %llu %lld.%ld %s", folder->profile->folder, item->path, (unsigned long long)st->st_dev,
                     (unsigned long long)st->st_ino, (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, hex);
}

static int file_receive(const struct scan_folder *folder, const struct scan_item *item, struct view bytes, struct receipt *ret) {
    const struct scan_profile *profile = folder->profile;
    char *shown = text_printable(view_text(item->path));
    char *source = file_source(folder, item, bytes);
    struct receive_order order = {
        .channel = folder->channel.kind,
        .name = shown,
        .who = "machine",
        .source = source,
        .bytes = bytes,
        .profile = profile->name,
        .scanner = profile->scanner && profile->scanner[0] ? profile->scanner : profile->name,
        .kind = profile->kind && profile->kind[0] ? profile->kind : NULL,
        .dpi = profile->dpi,
        .priority = settings_priority(profile->priority),
    };
    int err = receive(folder->store, &order, ret);
    free(source);
    free(shown);
    return err;
}

/* 1 when it is the file that was read, and not one that somebody has put in its place since: that is another item, and stays. */
static int is_item(const struct scan_item *item, int folder_fd, const char *name) {
    struct stat now;
    return fstatat(folder_fd, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_dev == item->stat.st_dev &&
           now.st_ino == item->stat.st_ino && now.st_size == item->stat.st_size &&
           now.st_mtim.tv_sec == item->stat.st_mtim.tv_sec && now.st_mtim.tv_nsec == item->stat.st_mtim.tv_nsec;
}

static int item_remove(const struct scan_item *item) {
    return unlinkat(item->folder_fd, item->name, 0) && errno != ENOENT ? err_from_errno(errno) : 0;
}

static int item_move(const struct scan_item *item, const struct scan_move *move) {
    char *name = NULL;
    int err = scan_move(move, &name);
    if (err && errno == EXDEV) {
        err = scan_copy(move, &name);
        if (!err)
            err = is_item(item, item->folder_fd, item->name) ? item_remove(item) : ERR_BUSY;
    } else if (!err && !is_item(item, move->to_fd, name)) { /* it was changed in the very moment of moving: back with it */
        scan_rename(move->to_fd, name, item->folder_fd, item->name);
        err = ERR_BUSY;
    }
    free(name);
    return err;
}

/* ERR_BUSY: another one lies in its place. */
static int file_let_go(struct scan_look *look, const struct scan_item *item, int64_t receipt) {
    if (!is_item(item, item->folder_fd, item->name))
        return ERR_BUSY;
    if (strcmp(look->folder->profile->after, "remove") == 0)
        return item_remove(item);
    if (look->at.done < 0)
        return ERR_SYSTEM;
    char *wanted = scan_name_in_done(receipt, item->path);
    struct scan_move move = {item->folder_fd, look->at.done, item->name, wanted, 0};
    int err = item_move(item, &move);
    free(wanted);
    return err;
}

/* Not to be received again while it cannot be let go: its receipt is kept with it, and after a restart it is known by its source. */
static void file_end(struct scan_look *look, struct scan_item *item, int64_t receipt) {
    int err = file_let_go(look, item, receipt);
    look->folder->fetch_due |= !err && item->seen->receipt; /* by now it may be in quarantine */
    item->seen->receipt = err && err != ERR_BUSY ? receipt : 0;
    if (err == ERR_BUSY)
        item_later(look);
    else if (err)
        item_left(look, item, &look->stuck_done);
}

static void file_store(struct scan_look *look, struct scan_item *item, struct view bytes) {
    struct receipt receipt;
    int err = file_receive(look->folder, item, bytes, &receipt);
    if (err) {
        look->stopped = 1;
        look->ret->err = err;
        look->ret->store_err = 1;
        item_later(look);
        return;
    }
    if (!receipt.again)
        log_info("receipt R%06lld: %s", (long long)receipt.number, receipt.same_as ? "the same bytes were received before" : "stored");
    look->ret->taken += !receipt.again;
    /* Killed between here and the move, the file is found again, and known by its source. */
    item->seen->receipt = receipt.again ? receipt.number : 0;
    file_end(look, item, receipt.number);
    if (receipt.again && !item->seen->receipt)
        log_info("receipt R%06lld: let go after a restart", (long long)receipt.number);
}

void scan_file_take(struct scan_look *look, struct scan_item *item) {
    struct buf bytes = {0};
    if (item->seen->receipt) {
        file_end(look, item, item->seen->receipt);
        return;
    }
    if ((uintmax_t)item->stat.st_size > look->folder->most_bytes) {
        scan_item_fail(look, item, SCAN_WHY_TOO_LARGE);
        return;
    }
    int fd = openat(item->folder_fd, item->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        item_unreadable(look, item, errno);
        return;
    }
    int whole = file_read_whole(look, item, fd, &bytes);
    close(fd);
    if (whole)
        file_store(look, item, buf_view(&bytes));
    buf_wipe(&bytes);
}
