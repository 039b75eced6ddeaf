#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "ingest/scan_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* One folder of the walk. */
struct scan_step {
    int fd;
    const char *path; /* below the scan folder; "" for itself */
    int depth;
    enum scan_name worst; /* what the names of the folders down to here say */
};

static void step_watch(const struct scan_folder *folder, int fd) {
    char path[64];
    if (folder->watch < 0)
        return;
    /* By its descriptor, so that no link is followed; before it is listed, so that nothing falls between. */
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    inotify_add_watch(folder->watch, path, IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_ATTRIB | IN_ONLYDIR);
}

static int is_kept_out(const struct scan_folder *folder, const struct stat *st) {
    struct stat other;
    for (size_t i = 0; i < folder->keep_out_count; i++)
        if (stat(folder->keep_out[i], &other) == 0 && other.st_dev == st->st_dev && other.st_ino == st->st_ino)
            return 1;
    return 0;
}

static void left_alone(struct scan_look *look, size_t *counter) {
    (*counter)++;
    look->ret->left++;
}

static void special_look(struct scan_look *look, struct scan_item *item) {
    mode_t mode = item->stat.st_mode;
    scan_item_fail(look, item, S_ISLNK(mode)    ? SCAN_WHY_LINK
                               : S_ISFIFO(mode) ? SCAN_WHY_PIPE
                               : S_ISSOCK(mode) ? SCAN_WHY_SOCKET
                                                : SCAN_WHY_DEVICE);
}

static void settled_look(struct scan_look *look, struct scan_item *item) {
    if (!look->stopped && clock_steady() >= look->end_ms)
        look->stopped = 1;
    if (look->stopped)
        look->ret->waiting++;
    else if (!S_ISREG(item->stat.st_mode))
        special_look(look, item);
    else
        scan_file_take(look, item);
}

static void item_look(struct scan_look *look, struct scan_item *item, enum scan_name kind, int locked) {
    const struct scan_profile *profile = look->folder->profile;
    item->seen = scan_seen_note(&look->folder->seen, item->path, &item->stat);
    int stale = scan_seen_stale(item->seen, profile->settle_seconds, profile->stale_seconds);
    if (kind == SCAN_NAME_UNFINISHED) {
        if (stale)
            left_alone(look, &look->unfinished);
    } else if (locked) {
        if (stale)
            left_alone(look, &look->locked);
    } else if (kind == SCAN_NAME_HIDDEN ? stale : scan_seen_settled(item->seen, profile->settle_seconds)) {
        settled_look(look, item);
    } else if (kind == SCAN_NAME_PLAIN) {
        look->ret->waiting++;
    }
}

static void step_walk(struct scan_look *look, const struct scan_step *step);

static void folder_look(struct scan_look *look, const struct scan_step *step, struct scan_item *item) {
    enum scan_name kind = scan_name_folder_kind(item->name);
    struct scan_step below = {-1, item->path, step->depth + 1, kind > step->worst ? kind : step->worst};
    if (kind == SCAN_NAME_NOISE || is_kept_out(look->folder, &item->stat))
        return;
    if (below.depth > SCAN_DEPTH_MOST) {
        left_alone(look, &look->too_deep);
        return;
    }
    below.fd = openat(step->fd, item->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (below.fd >= 0)
        step_walk(look, &below);
    else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP) /* else it is another thing by now */
        left_alone(look, errno == EACCES || errno == EPERM ? &look->forbidden : &look->unreadable);
}

static void entry_look(struct scan_look *look, const struct scan_step *step, const struct scan_names *names, const char *name) {
    struct scan_item item = {.folder_fd = step->fd, .name = name};
    enum scan_name kind = scan_name_kind(name);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        (step->depth == 0 && (strcmp(name, "done") == 0 || strcmp(name, "failed") == 0)))
        return;
    if (fstatat(step->fd, name, &item.stat, AT_SYMLINK_NOFOLLOW))
        return; /* it has gone again; what may not be seen at all shows when the folder is listed */
    char *path = *step->path ? mem_print("%s/%s", step->path, name) : mem_text(name);
    item.path = path;
    if (S_ISDIR(item.stat.st_mode))
        folder_look(look, step, &item);
    else if (kind != SCAN_NAME_NOISE)
        item_look(look, &item, kind > step->worst ? kind : step->worst, scan_name_locked(names, name));
    free(path);
}

/* Closes the step's descriptor. */
static void step_walk(struct scan_look *look, const struct scan_step *step) {
    struct scan_names names;
    step_watch(look->folder, step->fd);
    if (scan_names_load(step->fd, &names)) {
        left_alone(look, errno == EACCES || errno == EPERM ? &look->forbidden : &look->unreadable);
        close(step->fd);
        return;
    }
    for (int i = 0; i < names.count; i++)
        entry_look(look, step, &names, names.list[i]->d_name);
    scan_names_drop(&names);
    close(step->fd);
}

void scan_walk(struct scan_look *look) {
    struct scan_step top = {fcntl(look->at.top, F_DUPFD_CLOEXEC, 0), "", 0, SCAN_NAME_PLAIN};
    if (top.fd >= 0)
        step_walk(look, &top);
    else
        look->ret->err = err_from_errno(errno);
    scan_seen_end_look(&look->folder->seen);
}
