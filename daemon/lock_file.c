#include "daemon/lock_file.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define QPDF "/usr/bin/qpdf"
#define PASSWORD_MOST 127 /* bytes: of PDF 2.0 */

static int wait_for(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ERR_SYSTEM;
}

/* One argument in a line, as "@-" reads them. The owner's password is random: nobody needs it. */
static void arguments(const char *path, const char *locked, const char *password, struct buf *out) {
    unsigned char random[24];
    char owner[2 * sizeof random + 1];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(owner, sizeof owner, random, sizeof random);
    buf_print(out, "--encrypt\n%s\n%s\n256\n--\n--linearize\n%s\n%s\n", password, owner, path, locked);
    sodium_memzero(owner, sizeof owner);
}

static int qpdf_run(struct view lines) {
    char *const argv[] = {(char[]){"qpdf"}, (char[]){"@-"}, NULL};
    int ends[2];
    pid_t pid;
    if (pipe2(ends, O_CLOEXEC))
        return err_from_errno(errno);
    struct spawn_order order = {.program = QPDF, .argv = argv, .in = ends[0], .out = -1, .fd3 = -1, .die_with_parent = 1};
    int err = spawn(&order, &pid);
    close(ends[0]);
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    int written = err ? 0 : file_write_all(ends[1], lines.data, lines.len);
    close(ends[1]);
    int ended = err ? 0 : wait_for(pid);
    signal(SIGPIPE, before);
    return err ? err : written ? written : ended;
}

int lock_file(const char *path, const char *password) {
    if (!*password || strlen(password) > PASSWORD_MOST || strpbrk(password, "\r\n"))
        return ERR_INPUT;
    if (access(QPDF, X_OK))
        return ERR_NOT_FOUND;
    struct buf lines = {0};
    char *locked = mem_print("%s.locked", path);
    arguments(path, locked, password, &lines);
    int err = qpdf_run(buf_view(&lines));
    buf_wipe(&lines);
    if (!err && rename(locked, path))
        err = err_from_errno(errno);
    if (err)
        unlink(locked);
    free(locked);
    return err;
}
