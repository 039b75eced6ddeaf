/* power_cut.c: what a disk would still have after a power cut. Loaded with LD_PRELOAD into every program that writes the store.
 *
 * Nothing is durable but what fsync or fdatasync was asked for: of a file its content, of a folder its entries, both as they are when the
 * call begins, and only once it has returned. (Other ways to make things durable, O_SYNC and the like, count as nothing, so that a program
 * that relied on one would be seen to lose.) Each such call leaves a copy "N" in the shadow folder and then a line in its "log":
 *     N key mode f|d        key: inode.birth, since inodes are used again
 * The copy of a folder has a line "key mode name" for each entry. No call reaches the disk; a delay takes its place.
 *
 * POWER_CUT_SHADOW  the folder; its file "count" holds two 64-bit numbers: how many calls have begun, and at how many the power goes.
 * POWER_CUT_BELOW   the folder that is watched, without a slash at its end.
 * POWER_CUT_BLIND   calls on paths with this in them are forgotten: the test must then find a loss. */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DELAY_NS 1500000
#define COPIES 512

struct count {
    _Atomic uint64_t begun, most;
};

static const char *shadow, *below, *blind;
static struct count *count;
static pid_t count_pid;

/* The copy that this process made last of an inode: a newer one takes its place. */
static struct {
    char key[64];
    uint64_t number;
} copies[COPIES];

/* Not when the program starts: most of them never come here, and some are confined by then. */
static int ready(void) {
    char path[PATH_MAX];
    if (count && count_pid == getpid())
        return 1;
    shadow = getenv("POWER_CUT_SHADOW");
    below = getenv("POWER_CUT_BELOW");
    blind = getenv("POWER_CUT_BLIND");
    if (!shadow || !below)
        return 0;
    snprintf(path, sizeof path, "%s/count", shadow);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    count = at == MAP_FAILED ? NULL : at;
    count_pid = getpid();
    return count != NULL;
}

static int is_watched(int fd, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0)
        return 0;
    path[n] = 0;
    size_t len = strlen(below);
    return strncmp(path, below, len) == 0 && (path[len] == 0 || path[len] == '/');
}

/* The power has gone: no call returns any more. */
static void stop_after(uint64_t number) {
    while (number > atomic_load(&count->most))
        pause();
}

static _Noreturn void failed(const char *what) {
    fprintf(stderr, "power_cut: %s: %m\n", what);
    _exit(99);
}

static int key_of(int at, const char *name, int flags, struct statx *ret, char key[64]) {
    if (statx(at, name, flags | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, ret))
        return -1;
    snprintf(key, 64, "%llu.%lld.%u", (unsigned long long)ret->stx_ino, (long long)ret->stx_btime.tv_sec, ret->stx_btime.tv_nsec);
    return 0;
}

/* By the caller's own descriptor where it can be read: closing another one of a file drops the process's locks on it. */
static void copy_file(int fd, int to) {
    static char bytes[1 << 16];
    char path[64];
    int from = fd;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        from = open(path, O_RDONLY | O_CLOEXEC);
    }
    ssize_t n = 0;
    for (off_t at = 0; from >= 0 && (n = pread(from, bytes, sizeof bytes, at)) > 0; at += n)
        if (write(to, bytes, (size_t)n) != n)
            failed("writing a copy");
    if (from < 0 || n < 0)
        failed("reading for a copy");
    if (from != fd)
        close(from);
}

static void copy_folder(int fd, int to) {
    char path[64], key[64];
    struct statx st;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    if (!dir)
        failed("reading a folder");
    for (struct dirent *e; (e = readdir(dir));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") && key_of(again, e->d_name, 0, &st, key) == 0)
            dprintf(to, "%s %o %s\n", key, st.stx_mode, e->d_name);
    closedir(dir);
}

static void copy(int fd, uint64_t number, int folder) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%llu", shadow, (unsigned long long)number);
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        failed("making a copy");
    folder ? copy_folder(fd, to) : copy_file(fd, to);
    close(to);
}

static void log_line(const char *line) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/log", shadow);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line))
        failed("writing the log");
    close(fd);
}

static void forget_older(uint64_t inode, const char *key, uint64_t number) {
    char path[PATH_MAX];
    size_t at = inode % COPIES;
    if (strcmp(copies[at].key, key) == 0) {
        snprintf(path, sizeof path, "%s/%llu", shadow, (unsigned long long)copies[at].number);
        unlink(path);
    }
    snprintf(copies[at].key, sizeof copies[at].key, "%s", key);
    copies[at].number = number;
}

static int sync_noted(int fd, const char *path) {
    struct statx st;
    char key[64], line[128];
    uint64_t number = atomic_fetch_add(&count->begun, 1) + 1;
    stop_after(number);
    int folder = key_of(fd, "", AT_EMPTY_PATH, &st, key) == 0 && S_ISDIR(st.stx_mode);
    int seen = !blind || !*blind || !strstr(path, blind);
    if (seen)
        copy(fd, number, folder);
    nanosleep(&(struct timespec){.tv_nsec = DELAY_NS}, NULL);
    stop_after(number);
    if (!seen)
        return 0;
    snprintf(line, sizeof line, "%llu %s %o %c\n", (unsigned long long)number, key, st.stx_mode, folder ? 'd' : 'f');
    log_line(line);
    forget_older(st.stx_ino, key, number);
    return 0;
}

static int sync_call(int fd, const char *name) {
    char path[PATH_MAX];
    int (*real)(int) = (int (*)(int))(uintptr_t)dlsym(RTLD_NEXT, name);
    return ready() && is_watched(fd, path) ? sync_noted(fd, path) : real(fd);
}

int fsync(int fd) {
    return sync_call(fd, "fsync");
}

int fdatasync(int fd) {
    return sync_call(fd, "fdatasync");
}
