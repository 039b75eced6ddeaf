#include "daemon/output_file.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

struct output_file {
    int fd;
    char *path;      /* NULL: standard output */
    char *folder;
    char *temporary; /* its name until it is finished; NULL: it has none */
    bool replace;
};

static char *folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return !slash ? mem_text(".") : slash == path ? mem_text("/") : mem_text_part(path, (size_t)(slash - path));
}

static char *name_temporary(const char *folder) {
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        number = (uint32_t)getpid();
    return mem_print("%s/.casefile-%08x.part", folder, number);
}

static int file_open(struct output_file *file) {
    file->fd = open(file->folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (file->fd >= 0)
        return 0;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
        return err_from_errno(errno);
    file->temporary = name_temporary(file->folder);
    file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file->fd >= 0)
        return 0;
    int err = err_from_errno(errno);
    mem_free(&file->temporary);
    return err;
}

int output_file_make(const char *path, bool replace, struct output_file **ret) {
    struct stat st;
    bool standard = strcmp(path, "-") == 0;
    if (!standard && lstat(path, &st) == 0 && (!replace || !S_ISREG(st.st_mode)))
        return ERR_EXISTS;
    struct output_file *file = mem_new(sizeof *file);
    *file = (struct output_file){.fd = STDOUT_FILENO, .replace = replace};
    if (!standard) {
        file->path = mem_text(path);
        file->folder = folder_of(path);
    }
    int err = standard ? 0 : file_open(file);
    if (err)
        output_file_drop(&file);
    else
        *ret = file;
    return err;
}

int output_file_write(struct output_file *file, struct view bytes) {
    return file_write_all(file->fd, bytes.data, bytes.len);
}

/* Gives a nameless file its name: the one it shall have, unless that may be taken. */
static int file_link(struct output_file *file, const char *name) {
    char own[64];
    snprintf(own, sizeof own, "/proc/self/fd/%d", file->fd);
    return linkat(AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) ? err_from_errno(errno) : 0;
}

/* Where the file system cannot rename without replacing, the file is looked for first. */
static int file_rename(struct output_file *file) {
    int failed = renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path, file->replace ? 0 : RENAME_NOREPLACE);
    if (failed && !file->replace && (errno == EINVAL || errno == ENOSYS))
        failed = access(file->path, F_OK) == 0 ? (errno = EEXIST, -1) : rename(file->temporary, file->path);
    if (failed)
        return err_from_errno(errno);
    mem_free(&file->temporary);
    return 0;
}

static int file_name(struct output_file *file) {
    if (!file->temporary && !file->replace)
        return file_link(file, file->path);
    if (!file->temporary) {
        char *name = name_temporary(file->folder);
        int err = file_link(file, name);
        if (err) {
            free(name);
            return err;
        }
        file->temporary = name;
    }
    return file_rename(file);
}

int output_file_finish(struct output_file **file) {
    struct output_file *f = *file;
    int err = 0;
    if (f->path) {
        err = fsync(f->fd) ? err_from_errno(errno) : 0;
        if (!err)
            err = file_name(f);
        if (!err)
            err = file_sync_folder(f->folder);
    }
    output_file_drop(file);
    return err;
}

void output_file_drop(struct output_file **file) {
    struct output_file *f = *file;
    if (!f)
        return;
    if (f->path && f->fd >= 0)
        close(f->fd);
    if (f->temporary)
        unlink(f->temporary);
    free(f->temporary);
    free(f->path);
    free(f->folder);
    mem_free(file);
}
