/* file.h: files that are durable before anybody is told of them. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"

#include <sys/types.h>

/* Reads a whole regular file of at most most_bytes into out (added at its end). ERR_TOO_LARGE when it is larger. */
int file_read(const char *path, size_t most_bytes, struct buf *out);
int file_read_fd(int fd, size_t most_bytes, struct buf *out);

/* Writes bytes to path: temporary name in the same folder, fsync, rename, fsync of the folder. */
int file_write_durable(const char *path, struct view bytes, mode_t mode);

/* Makes a folder and its parents, mode 0700, and syncs each parent that got a new entry. */
int file_make_folder(const char *path);

int file_sync_folder(const char *path);
int file_write_all(int fd, const void *data, size_t len); /* to a pipe or file, through short writes */

#endif
