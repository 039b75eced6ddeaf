#include "ingest/office_folder.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "casefile-office-"
#define WALK_FDS 16
#define TRIES 20

static const char *folder_base(const char *base) {
    const char *own = getenv("TMPDIR");
    if (base)
        return base;
    if (access("/dev/shm", W_OK | X_OK) == 0)
        return "/dev/shm";
    return own && own[0] == '/' && access(own, W_OK | X_OK) == 0 ? own : "/tmp";
}

/* The lock tells the living from the dead; a sweeper may have been quicker than we were with our own lock. */
static int folder_lock(const char *path) {
    struct stat held, named;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &held) == 0 && lstat(path, &named) == 0 && held.st_ino == named.st_ino &&
        held.st_dev == named.st_dev && held.st_uid == geteuid())
        return fd;
    close(fd);
    return -1;
}

int office_folder_make(const char *base, struct office_folder *ret) {
    base = folder_base(base);
    for (int i = 0; i < TRIES; i++) {
        uint64_t chance;
        if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
            return ERR_SYSTEM;
        char *path = mem_print("%s/" PREFIX "%d-%016llx", base, (int)getpid(), (unsigned long long)chance);
        int err = mkdir(path, 0700) ? err_from_errno(errno) : 0;
        int lock = err ? -1 : folder_lock(path);
        if (lock >= 0) {
            *ret = (struct office_folder){mem_text(base), path, lock};
            return 0;
        }
        free(path);
        if (err && err != ERR_EXISTS)
            return err;
    }
    return ERR_BUSY;
}

static int folders_above(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int failed = mkdir(path, 0700) && errno != EEXIST;
        *slash = '/';
        if (failed)
            return err_from_errno(errno);
    }
    return 0;
}

int office_folder_write(const struct office_folder *folder, const char *name, struct view bytes) {
    char *path = mem_print("%s/%s", folder->path, name);
    int err = folders_above(path);
    int fd = err ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (!err && fd < 0)
        err = err_from_errno(errno);
    if (!err)
        err = file_write_all(fd, bytes.data, bytes.len);
    if (fd >= 0)
        close(fd);
    free(path);
    return err;
}

/* A name more elsewhere means that the bytes are not only ours. */
static void file_overwrite(const char *path, const struct stat *facts) {
    static const char zeros[65536];
    int fd = facts->st_nlink == 1 ? open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    for (off_t left = facts->st_size; fd >= 0 && left > 0;) {
        ssize_t n = write(fd, zeros, left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros);
        if (n <= 0)
            break;
        left -= n;
    }
    if (fd >= 0)
        close(fd);
}

static int wipe_one(const char *path, const struct stat *facts, int type, struct FTW *place) {
    if (place->level == 0)
        return 0;
    if (type == FTW_F && S_ISREG(facts->st_mode))
        file_overwrite(path, facts);
    if (type == FTW_DP || type == FTW_DNR)
        rmdir(path);
    else
        unlink(path);
    return 0;
}

/* A folder that cannot be looked into cannot be emptied. */
static int open_one(const char *path, const struct stat *facts, int type, struct FTW *place) {
    (void)place;
    if (type == FTW_DNR && (facts->st_mode & 0700) != 0700)
        chmod(path, 0700);
    return 0;
}

static void folder_wipe(const char *path) {
    nftw(path, open_one, WALK_FDS, FTW_PHYS);
    nftw(path, wipe_one, WALK_FDS, FTW_PHYS | FTW_DEPTH);
}

void office_folder_empty(const struct office_folder *folder) {
    folder_wipe(folder->path);
}

static uint64_t bytes_sum; /* nftw passes no state */

static int bytes_add(const char *path, const struct stat *facts, int type, struct FTW *place) {
    (void)path;
    (void)place;
    if (type == FTW_F)
        bytes_sum += (uint64_t)facts->st_blocks * 512;
    return 0;
}

uint64_t office_folder_bytes(const struct office_folder *folder) {
    bytes_sum = 0;
    nftw(folder->path, bytes_add, WALK_FDS, FTW_PHYS);
    return bytes_sum;
}

void office_folder_drop(struct office_folder *folder) {
    if (!folder->path)
        return;
    for (int i = 0; i < TRIES; i++) { /* folders in folders that nobody may look into open one by one */
        folder_wipe(folder->path);
        if (rmdir(folder->path) == 0)
            break;
    }
    close(folder->lock);
    free(folder->path);
    free(folder->base);
    *folder = (struct office_folder){.lock = -1};
}

static int sweep_one(const char *base, const char *name) {
    struct office_folder stale = {.base = mem_text(base), .path = mem_print("%s/%s", base, name)};
    stale.lock = folder_lock(stale.path);
    if (stale.lock >= 0) {
        office_folder_drop(&stale);
        return 1;
    }
    free(stale.base);
    free(stale.path);
    return 0;
}

int office_folder_sweep(const char *base) {
    int swept = 0;
    base = folder_base(base);
    DIR *dir = opendir(base);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) == 0)
            swept += sweep_one(base, entry->d_name);
    if (dir)
        closedir(dir);
    return swept;
}
