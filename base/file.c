#include "base/file.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_write_all(int fd, const void *data, size_t len) {
    const char *at = data;
    while (len) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

int file_read_fd(int fd, size_t most_bytes, struct buf *out) {
    size_t start = out->len;
    for (;;) {
        uint8_t *at = buf_room(out, 65536);
        ssize_t n = read(fd, at, 65536);
        out->len -= 65536 - (n > 0 ? (size_t)n : 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        if (n == 0)
            return 0;
        if (out->len - start > most_bytes)
            return ERR_TOO_LARGE;
    }
}

int file_read(const char *path, size_t most_bytes, struct buf *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return err_from_errno(errno);
    struct stat st;
    int err = ERR_INPUT;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        err = (size_t)st.st_size > most_bytes ? ERR_TOO_LARGE : file_read_fd(fd, most_bytes, out);
    close(fd);
    return err;
}

int file_sync_folder(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    int err = fsync(fd) ? err_from_errno(errno) : 0;
    close(fd);
    return err;
}

static int file_sync_parent(const char *path) {
    char *copy = mem_text(path);
    int err = file_sync_folder(dirname(copy));
    free(copy);
    return err;
}

static int file_write_synced(int fd, struct view bytes) {
    int err = file_write_all(fd, bytes.data, bytes.len);
    if (!err && fsync(fd))
        err = err_from_errno(errno);
    if (close(fd) && !err)
        err = err_from_errno(errno);
    return err;
}

int file_write_durable(const char *path, struct view bytes, mode_t mode) {
    char *temporary = mem_print("%s.new-%d", path, (int)getpid());
    int err;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) {
        err = err_from_errno(errno);
    } else {
        err = file_write_synced(fd, bytes);
        if (!err && rename(temporary, path))
            err = err_from_errno(errno);
        if (!err)
            err = file_sync_parent(path);
        else
            unlink(temporary);
    }
    free(temporary);
    return err;
}

int file_make_folder(const char *path) {
    struct stat st;
    if (stat(path, &st) == 0)
        return S_ISDIR(st.st_mode) ? 0 : ERR_EXISTS;
    char *copy = mem_text(path);
    const char *parent = dirname(copy);
    int err = strcmp(parent, path) ? file_make_folder(parent) : ERR_NOT_FOUND;
    free(copy);
    if (!err && mkdir(path, 0700) && errno != EEXIST)
        err = err_from_errno(errno);
    return err ? err : file_sync_parent(path);
}
