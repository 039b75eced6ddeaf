/* What a helper gives up, each tried in a process of its own: it must fail there, and what it needs must go on working. */
#include "base/confine.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs a part in a fork: its exit status, or 1000 + the signal that ended it. */
static int in_a_fork(int (*part)(void)) {
    pid_t pid = fork();
    if (pid == 0)
        _exit(part());
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

#define HAS_NO_LANDLOCK 77

static int files_part(void) {
    static const char *const readable[] = {"/usr", "/nonexistent", NULL};
    int before = open("/etc/hostname", O_RDONLY);
    int err = confine_files(readable);
    if (err == ERR_NOT_FOUND)
        return HAS_NO_LANDLOCK;
    if (err || before < 0)
        return 1;
    if (open("/etc/hostname", O_RDONLY) >= 0 || errno != EACCES)
        return 2;
    if (open("/proc/self/environ", O_RDONLY) >= 0)
        return 3;
    if (open("/tmp/casefile-confine", O_WRONLY | O_CREAT, 0600) >= 0)
        return 4;
    int fd = open("/usr/bin/env", O_RDONLY);
    if (fd < 0)
        return 5;
    if (open("/usr/bin/casefile-confine", O_WRONLY | O_CREAT, 0600) >= 0)
        return 6;
    char byte;
    return read(before, &byte, 1) == 1 ? 0 : 7; /* what was open before goes on */
}

static void no_file_but_those_that_are_named(void **state) {
    (void)state;
    int status = in_a_fork(files_part);
    if (status == HAS_NO_LANDLOCK)
        skip();
    assert_int_equal(status, 0);
}

static int socket_part(void) {
    return confine_calls(0) ? 90 : socket(AF_INET, SOCK_STREAM, 0) < 0 ? 1 : 2;
}

static int exec_part(void) {
    char *argv[] = {(char[]){"true"}, NULL};
    if (confine_calls(1))
        return 90;
    execv("/usr/bin/true", argv);
    return 1;
}

static int trace_part(void) {
    if (confine_calls(0))
        return 90;
    return (int)syscall(SYS_ptrace, 16, getppid(), 0, 0) < 0 ? 1 : 2;
}

static void network_exec_and_tracing_kill(void **state) {
    (void)state;
    assert_int_equal(in_a_fork(socket_part), 1000 + SIGSYS);
    assert_int_equal(in_a_fork(exec_part), 1000 + SIGSYS);
    assert_int_equal(in_a_fork(trace_part), 1000 + SIGSYS);
}

static int others_part(void) {
    pid_t parent = getppid();
    struct rlimit none = {0, 0};
    if (confine_calls(0))
        return 90;
    if (syscall(SYS_kill, parent, 0) == 0 || errno != EPERM)
        return 1;
    if (syscall(SYS_tgkill, parent, parent, 0) == 0 || errno != EPERM)
        return 2;
    if (syscall(SYS_prlimit64, parent, RLIMIT_CORE, NULL, &none) == 0 || errno != EPERM)
        return 3;
    if (syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0)) /* abort() needs it */
        return 4;
    return getrlimit(RLIMIT_CORE, &none) ? 5 : 0;
}

static void other_processes_are_none_of_its_business(void **state) {
    (void)state;
    assert_int_equal(in_a_fork(others_part), 0);
}

static int no_fork_part(void) {
    if (confine_calls(0))
        return 90;
    return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) < 0 && errno == EPERM ? 0 : 1;
}

/* The warm helper may fork; what it forks gives that up too. */
static int may_fork_part(void) {
    int status;
    if (confine_calls(1))
        return 90;
    pid_t pid = fork();
    if (pid == 0)
        _exit(no_fork_part());
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static void forking_only_where_it_is_allowed(void **state) {
    (void)state;
    assert_int_equal(in_a_fork(no_fork_part), 0);
    assert_int_equal(in_a_fork(may_fork_part), 0);
}

static int work_part(void) {
    if (confine_calls(0))
        return 90;
    int ends[2] = {-1, -1};
    char *memory = malloc(30 << 20);
    if (!memory)
        return 1;
    memset(memory, 1, 30 << 20);
    free(memory);
    int fd = open("/usr/bin/env", O_RDONLY);
    if (fd < 0 || lseek(fd, 4, SEEK_SET) != 4)
        return 2;
    close(fd);
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 && errno == EPERM ? 0 : 3;
}

static void what_it_needs_goes_on(void **state) {
    (void)state;
    assert_int_equal(in_a_fork(work_part), 0);
}

static int limits_part(void) {
    struct rlimit limit;
    int fd = open("/dev/null", O_RDONLY);
    int file = memfd_create("casefile", 0);
    if (confine_limits(1ul << 30, 5))
        return 1;
    if (getrlimit(RLIMIT_CORE, &limit) || limit.rlim_max != 0)
        return 2;
    if (getrlimit(RLIMIT_CPU, &limit) || limit.rlim_max != 5)
        return 3;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_max != 64)
        return 4;
#ifndef CASEFILE_SANITIZE
    if (malloc(2ul << 30))
        return 5;
#endif
    signal(SIGXFSZ, SIG_IGN);
    if (write(file, "x", 1) >= 0 || errno != EFBIG)
        return 6;
    for (int i = 0; i < 100; i++)
        if (dup(fd) < 0)
            return errno == EMFILE ? 0 : 7;
    return 8;
}

static int cpu_part(void) {
    if (confine_limits(0, 1))
        return 90;
    for (volatile unsigned long i = 0;; i++)
        ;
}

static void limits_hold(void **state) {
    (void)state;
    assert_int_equal(in_a_fork(limits_part), 0);
    int ended = in_a_fork(cpu_part);
    assert_true(ended == 1000 + SIGXCPU || ended == 1000 + SIGKILL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_file_but_those_that_are_named), cmocka_unit_test(network_exec_and_tracing_kill),
                                       cmocka_unit_test(other_processes_are_none_of_its_business), cmocka_unit_test(forking_only_where_it_is_allowed),
                                       cmocka_unit_test(what_it_needs_goes_on), cmocka_unit_test(limits_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
