#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/scan_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OTHER_NAMES_MOST 10000

static int is_there(int folder_fd, const char *name) {
    struct stat st;
    return fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int scan_rename(int from_fd, const char *from, int to_fd, const char *to) {
    if (renameat2(from_fd, from, to_fd, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return err_from_errno(errno);
    /* A share that cannot do it in one step; nobody but this program puts such names there. */
    if (is_there(to_fd, to)) {
        errno = EEXIST;
        return ERR_EXISTS;
    }
    return renameat(from_fd, from, to_fd, to) ? err_from_errno(errno) : 0;
}

static int notice_is_there(const struct scan_move *move, const char *name) {
    char *notice = mem_print("%s.txt", name);
    int there = move->reserve_notice && is_there(move->to_fd, notice);
    free(notice);
    return there;
}

int scan_move(const struct scan_move *move, char **ret_name) {
    for (int n = 1; n <= OTHER_NAMES_MOST; n++) {
        char *name = n == 1 ? mem_text(move->to) : scan_name_other(move->to, n);
        int err = notice_is_there(move, name) ? ERR_EXISTS : scan_rename(move->from_fd, move->from, move->to_fd, name);
        if (!err) {
            *ret_name = name;
            return 0;
        }
        int saved = errno;
        free(name);
        errno = saved;
        if (err != ERR_EXISTS)
            return err;
    }
    return ERR_EXISTS;
}

static int copy_bytes(int from, int to) {
    char bytes[65536];
    for (;;) {
        ssize_t n = read(from, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        int err = n < 0 ? err_from_errno(errno) : n == 0 ? 0 : file_write_all(to, bytes, (size_t)n);
        if (err || n == 0)
            return err ? err : fsync(to) ? err_from_errno(errno) : 0;
    }
}

/* Under a passing name that is nobody's, so that a copy that was cut off does not look like a file. */
static int copy_make(const struct scan_move *move, const char *passing) {
    struct stat st;
    int from = openat(move->from_fd, move->from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int to = openat(move->to_fd, passing, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int err = from < 0 || to < 0 ? err_from_errno(errno) : copy_bytes(from, to);
    if (!err && (fstat(from, &st) || fchmod(to, st.st_mode & 0777)))
        err = err_from_errno(errno);
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return err;
}

int scan_copy(const struct scan_move *move, char **ret_name) {
    static const char passing[] = ".casefile-copy";
    struct scan_move rest = *move;
    unlinkat(move->to_fd, passing, 0); /* of a copy that was cut off */
    int err = copy_make(move, passing);
    rest.from_fd = move->to_fd;
    rest.from = passing;
    if (!err)
        err = scan_move(&rest, ret_name);
    if (!err && fsync(move->to_fd)) /* the source is removed next: the copy's name must be durable */
        return err_from_errno(errno);
    if (err)
        unlinkat(move->to_fd, passing, 0);
    return err;
}
