#include "ingest/scan_folder.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "ingest/receive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is taken in, as it was when it was read. */
struct found {
    const char *name; /* borrowed */
    struct stat stat;
};

/* A file as it was last seen. */
struct seen {
    char *name;
    off_t bytes;
    struct timespec changed;
    int64_t since_ms;
    int told; /* its trouble was logged */
    int there; /* in the present look */
};

struct scan_folder {
    struct scan_order order;
    char *done;
    int watch;
    struct seen *files;
    size_t count;
};

int scan_folder_new(const struct scan_order *order, struct scan_folder **ret) {
    struct scan_folder *folder = mem_new(sizeof *folder);
    folder->order = *order;
    folder->done = mem_print("%s/done", order->path);
    folder->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    int err = file_make_folder(order->path);
    if (!err)
        err = file_make_folder(folder->done);
    if (!err && folder->watch >= 0)
        inotify_add_watch(folder->watch, order->path, IN_CLOSE_WRITE | IN_MOVED_TO);
    if (err)
        scan_folder_drop(&folder);
    else
        *ret = folder;
    return err;
}

void scan_folder_drop(struct scan_folder **folder) {
    struct scan_folder *f = *folder;
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++)
        free(f->files[i].name);
    free(f->files);
    free(f->done);
    if (f->watch >= 0)
        close(f->watch);
    mem_free(folder);
}

int scan_folder_fd(const struct scan_folder *folder) {
    return folder->watch;
}

static int name_is_for_us(const char *name) {
    static const char *const endings[] = {"~", ".part", ".tmp", ".lock", ".filepart", ".crdownload"};
    size_t len = strlen(name);
    if (name[0] == '.')
        return 0;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t n = strlen(endings[i]);
        if (len >= n && strcmp(name + len - n, endings[i]) == 0)
            return 0;
    }
    return 1;
}

static struct seen *folder_seen(struct scan_folder *f, const char *name) {
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->files[i].name, name) == 0)
            return &f->files[i];
    f->files = mem_grow(f->files, f->count + 1, sizeof *f->files);
    struct seen *seen = &f->files[f->count++];
    *seen = (struct seen){.name = mem_text(name), .bytes = -1};
    return seen;
}

struct look {
    size_t unsettled;
    int stuck;
};

/* 1 when nothing has changed for long enough. A file that lies there since long before is settled at once. */
static int seen_settled(struct seen *seen, const struct stat *st, int settle_ms) {
    int64_t now = clock_steady();
    int64_t age_ms = clock_now() - ((int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000);
    if (seen->bytes != st->st_size || seen->changed.tv_sec != st->st_mtim.tv_sec || seen->changed.tv_nsec != st->st_mtim.tv_nsec) {
        int first = seen->bytes == -1;
        seen->bytes = st->st_size;
        seen->changed = st->st_mtim;
        seen->since_ms = now;
        return first && age_ms > 10ll * settle_ms + 2000;
    }
    return now - seen->since_ms >= settle_ms;
}

static int stat_same(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A name for done/ that no other file has: the receipt's number in front. A file that somebody has put in its place since
 * it was read stays: it is another item. */
static int file_let_go(const struct scan_folder *f, int folder_fd, const struct found *found, const struct receipt *receipt) {
    char number[RECEIPT_TEXT];
    struct stat now;
    const char *name = found->name;
    if (fstatat(folder_fd, name, &now, AT_SYMLINK_NOFOLLOW) || !stat_same(&now, &found->stat))
        return ERR_BUSY;
    if (f->order.remove_after)
        return unlinkat(folder_fd, name, 0) ? err_from_errno(errno) : 0;
    receipt_text(receipt->number, number);
    char *to = mem_print("%s/%s-%.200s", f->done, number, name);
    int err = renameat(folder_fd, name, AT_FDCWD, to) ? err_from_errno(errno) : 0;
    free(to);
    return err;
}

static int file_read_settled(const struct scan_folder *f, int folder_fd, struct found *found, struct buf *out) {
    struct stat after;
    int fd = openat(folder_fd, found->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_from_errno(errno);
    int err = fstat(fd, &found->stat) || !S_ISREG(found->stat.st_mode) ? ERR_INPUT : file_read_fd(fd, f->order.most_bytes, out);
    if (!err && (fstat(fd, &after) || !stat_same(&after, &found->stat)))
        err = ERR_BUSY; /* it is still being written */
    close(fd);
    return err;
}

static int file_receive(const struct scan_folder *f, const struct found *found, struct view bytes, struct receipt *ret) {
    const struct stat *st = &found->stat;
    char *shown = text_printable(view_text(found->name));
    char *source = mem_print("%s/%s %llu %llu %lld.%ld", f->order.path, found->name, (unsigned long long)st->st_dev,
                             (unsigned long long)st->st_ino, (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
    struct receive_order order = {"scan folder", shown, "machine", source, bytes};
    int err = receive(f->order.store, &order, ret);
    free(source);
    free(shown);
    return err;
}

/* *ret_store: the error is the store's, so that the other files would fare no better. */
static int file_take(struct scan_folder *f, int folder_fd, const char *name, int *ret_store) {
    struct found found = {.name = name};
    struct buf bytes = {0};
    struct receipt receipt;
    int err = file_read_settled(f, folder_fd, &found, &bytes);
    *ret_store = 0;
    if (!err) {
        err = file_receive(f, &found, buf_view(&bytes), &receipt);
        *ret_store = err != 0;
    }
    buf_wipe(&bytes);
    if (err)
        return err;
    /* Killed between here and the move, the file is found again, and known by its source. */
    err = file_let_go(f, folder_fd, &found, &receipt);
    if (!err || !receipt.again)
        log_info("receipt R%06lld: %s", (long long)receipt.number, receipt.again ? "let go after a restart" : receipt.same_as ? "the same bytes were received before" : "stored");
    return err;
}

/* 1: taken in. *stuck: the first error of a file that cannot be read or let go; the others are looked at all the same. */
static int entry_look(struct scan_folder *f, int folder_fd, const char *name, struct look *look) {
    struct stat st;
    int store_err;
    if (!name_is_for_us(name) || fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
        return 0;
    struct seen *seen = folder_seen(f, name);
    seen->there = 1;
    if (!seen_settled(seen, &st, f->order.settle_ms)) {
        look->unsettled++;
        return 0;
    }
    int err = file_take(f, folder_fd, name, &store_err);
    if (err == 0)
        return 1;
    if (err == ERR_NOT_FOUND && !store_err) /* it has gone again */
        return 0;
    if (store_err)
        return err;
    if (err == ERR_BUSY) {
        seen->bytes = -2;
        look->unsettled++;
        return 0;
    }
    if (!seen->told)
        log_error("a file in the scan folder stays there, it could not be taken in: %s", err_text(err));
    seen->told = 1;
    if (err == ERR_TOO_LARGE || err == ERR_INPUT)
        return 0;
    look->stuck = look->stuck ? look->stuck : err;
    return 0;
}

static void folder_forget(struct scan_folder *f) {
    for (size_t i = f->count; i-- > 0;) {
        if (!f->files[i].there) {
            free(f->files[i].name);
            f->files[i] = f->files[--f->count];
        }
    }
}

static int name_order(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

int scan_folder_look(struct scan_folder *folder, size_t *ret_unsettled) {
    char events[4096];
    struct dirent **names;
    struct look look = {0};
    int taken = 0, err = 0;
    *ret_unsettled = 0;
    while (folder->watch >= 0 && read(folder->watch, events, sizeof events) > 0)
        ;
    int fd = open(folder->order.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    int n = scandirat(fd, ".", &names, NULL, name_order);
    if (n < 0) {
        err = err_from_errno(errno);
        close(fd);
        return err;
    }
    for (size_t i = 0; i < folder->count; i++)
        folder->files[i].there = 0;
    for (int i = 0; i < n; i++) {
        int got = err ? 0 : entry_look(folder, fd, names[i]->d_name, &look);
        if (got < 0)
            err = got;
        else
            taken += got;
        free(names[i]);
    }
    free(names);
    folder_forget(folder);
    close(fd);
    *ret_unsettled = look.unsettled;
    err = err ? err : look.stuck;
    return err ? err : taken;
}
