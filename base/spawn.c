#include "base/spawn.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

/* Between fork and exec only async-signal-safe calls. */
static void spawn_place(int fd, int as) {
    if (fd == as) {
        fcntl(fd, F_SETFD, 0);
        return;
    }
    if (fd < 0)
        fd = open("/dev/null", as == 0 ? O_RDONLY : O_WRONLY);
    dup2(fd, as);
}

static _Noreturn void spawn_child(const struct spawn_order *order, char **environment, pid_t parent) {
    sigset_t none;
    if (order->die_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(127);
    }
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* Lift all three out of the way of 0..3 first. */
    int in = order->in >= 0 ? fcntl(order->in, F_DUPFD_CLOEXEC, 10) : -1;
    int out = order->out >= 0 ? fcntl(order->out, F_DUPFD_CLOEXEC, 10) : -1;
    int fd3 = order->fd3 >= 0 ? fcntl(order->fd3, F_DUPFD_CLOEXEC, 10) : -1;
    spawn_place(in, 0);
    spawn_place(out, 1);
    if (fd3 >= 0)
        dup2(fd3, 3);
    close_range(fd3 >= 0 ? 4 : 3, ~0u, 0);
    execve(order->program, order->argv, environment);
    _exit(127);
}

static int spawn_is_extra(const char *line, const char *const *extra) {
    size_t len = strcspn(line, "=") + 1;
    for (; extra && *extra; extra++)
        if (strncmp(line, *extra, len) == 0)
            return 1;
    return 0;
}

/* What is given takes the place of what is there: of two lines with the same name getenv reads the first. */
static char **spawn_environment(const char *const *extra) {
    size_t n = 0, m = 0, used = 0;
    while (environ[n])
        n++;
    while (extra && extra[m])
        m++;
    char **all = mem_new((n + m + 1) * sizeof *all);
    for (size_t i = 0; i < n; i++)
        if (!spawn_is_extra(environ[i], extra))
            all[used++] = environ[i];
    for (size_t i = 0; i < m; i++)
        all[used++] = (char *)(uintptr_t)extra[i];
    return all;
}

int spawn(const struct spawn_order *order, pid_t *ret_pid) {
    if (access(order->program, X_OK))
        return err_from_errno(errno);
    char **environment = spawn_environment(order->extra);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        spawn_child(order, environment, parent);
    int saved = errno;
    free(environment);
    if (pid < 0)
        return err_from_errno(saved);
    *ret_pid = pid;
    return 0;
}

char *spawn_own_folder(void) {
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return mem_text(".");
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
    return mem_text(path);
}
