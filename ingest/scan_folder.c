#include "ingest/scan_folder.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define WAIT_MS 10000 /* where nobody says otherwise */

static int scan_folder_fd(const struct channel *channel) {
    return ((const struct scan_folder *)channel)->watch;
}

/* done/ and failed/ are for the people who scan: as the folder itself is. */
static int place_open(int top, const char *name) {
    struct stat st;
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(top, name, flags);
    if (fd >= 0 || errno != ENOENT || fstat(top, &st) || mkdirat(top, name, 0700))
        return fd;
    fd = openat(top, name, flags);
    if (fd >= 0 && (fchown(fd, (uid_t)-1, st.st_gid) || fchmod(fd, st.st_mode & 07777)))
        log_debug("a sub-folder of a scan folder could not be given the folder's group and mode");
    return fd;
}

static int is_foreign(const struct scan_folder *folder, int top) {
    struct stat own, other;
    if (fstat(top, &own))
        return 1;
    for (size_t i = 0; i < folder->keep_out_count; i++)
        if (stat(folder->keep_out[i], &other) == 0 && other.st_dev == own.st_dev && other.st_ino == own.st_ino)
            return 1;
    return 0;
}

int scan_places_open(const struct scan_folder *folder, struct scan_places *ret) {
    int top = open(folder->profile->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        return err_from_errno(errno);
    if (is_foreign(folder, top)) {
        close(top);
        return ERR_SETTING;
    }
    *ret = (struct scan_places){top, place_open(top, "done"), place_open(top, "failed")};
    return 0;
}

void scan_places_close(struct scan_places *places) {
    close(places->top);
    if (places->done >= 0)
        close(places->done);
    if (places->failed >= 0)
        close(places->failed);
}

/* A folder that was there and has gone is not made anew: a share may be away, and files would be put where nobody looks. */
static int folder_open(struct scan_folder *folder, struct scan_places *ret) {
    int err = ERR_SETTING;
    *ret = (struct scan_places){-1, -1, -1};
    if (folder->profile->folder[0] == '\0')
        return err;
    if (!folder->opened)
        err = file_make_folder(folder->profile->folder);
    if (!err || folder->opened)
        err = scan_places_open(folder, ret);
    folder->opened |= !err;
    return err;
}

static void say(char *out, size_t count, const char *one, const char *many) {
    size_t len = strlen(out), most = sizeof((struct channel_look *)0)->trouble;
    if (!count)
        return;
    if (count == 1)
        snprintf(out + len, most - len, "%s1 %s", len ? "; " : "", one);
    else
        snprintf(out + len, most - len, "%s%zu %s", len ? "; " : "", count, many);
}

static void look_say(struct scan_look *look) {
    char *out = look->ret->trouble;
    if (look->ret->err) {
        snprintf(out, sizeof look->ret->trouble, "taking in has stopped: %s; it goes on by itself when this clears",
                 err_text(look->ret->err));
        return;
    }
    say(out, look->stuck_done, "item was taken in but cannot be moved to done/ or removed",
        "items were taken in but cannot be moved to done/ or removed");
    say(out, look->stuck_failed, "item cannot be moved to failed/", "items cannot be moved to failed/");
    say(out, look->forbidden, "item may not be read: permission denied", "items may not be read: permission denied");
    say(out, look->unreadable, "item cannot be read now", "items cannot be read now");
    say(out, look->unfinished, "item is named as not finished, but changes no more",
        "items are named as not finished, but change no more");
    say(out, look->locked, "item has a lock file beside it", "items have lock files beside them");
    say(out, look->too_deep, "folder is nested too deep", "folders are nested too deep");
}

static const char *open_trouble(const struct scan_folder *folder, int err) {
    return folder->profile->folder[0] == '\0' ? "no folder is set for it"
           : err == ERR_SETTING               ? "its folder is also that of another channel, or the store's"
           : err == ERR_NOT_FOUND             ? "its folder is not there"
                                              : "its folder cannot be opened";
}

static void scan_folder_look(struct channel *channel, struct channel_look *ret) {
    struct scan_folder *folder = (struct scan_folder *)channel;
    struct scan_look look = {.folder = folder, .ret = ret, .end_ms = clock_steady() + SCAN_LOOK_MS};
    char events[4096];
    *ret = (struct channel_look){0};
    while (folder->watch >= 0 && read(folder->watch, events, sizeof events) > 0)
        ;
    ret->err = folder_open(folder, &look.at);
    if (ret->err) {
        snprintf(ret->trouble, sizeof ret->trouble, "%s", open_trouble(folder, ret->err));
        return;
    }
    scan_walk(&look);
    scan_places_close(&look.at);
    look_say(&look);
}

static void scan_folder_drop(struct channel *channel) {
    struct scan_folder *folder = (struct scan_folder *)channel;
    scan_tidy_drop(folder);
    scan_seen_drop(&folder->seen);
    for (size_t i = 0; i < folder->keep_out_count; i++)
        free(folder->keep_out[i]);
    free(folder->keep_out);
    if (folder->watch >= 0)
        close(folder->watch);
    free(folder->channel.name);
    free(folder);
}

void scan_folder_keep_out(struct channel *channel, const char *path) {
    struct scan_folder *folder = (struct scan_folder *)channel;
    folder->keep_out = mem_grow(folder->keep_out, folder->keep_out_count + 1, sizeof(char *));
    folder->keep_out[folder->keep_out_count++] = mem_text(path);
}

/* A folder that cannot be had now is no failure: every look says so until it can. */
int scan_folder_channel(struct store *store, const struct scan_profile *profile, size_t most_bytes, struct channel **ret) {
    struct scan_folder *folder = mem_new(sizeof *folder);
    struct scan_places places;
    folder->channel = (struct channel){mem_text(profile->name), "scan folder", WAIT_MS, scan_folder_fd,
                                       scan_folder_look, scan_tidy, scan_folder_drop};
    folder->store = store;
    folder->profile = profile;
    folder->most_bytes = most_bytes;
    folder->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    scan_folder_keep_out(&folder->channel, store->folder);
    if (folder_open(folder, &places) == 0)
        scan_places_close(&places);
    *ret = &folder->channel;
    return 0;
}
