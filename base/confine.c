#include "base/confine.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Access rights of Landlock's first version, which every kernel with Landlock knows. */
#define FILES_ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define FILES_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* Later ones, which the header of Debian 12 does not name. */
#define FILES_REFER (1ull << 13)          /* version 2: renaming from one folder to another */
#define FILES_TRUNCATE (1ull << 14)       /* version 3 */
#define NET_BIND_CONNECT 3ull             /* version 4 */
#define SCOPE_ABSTRACT_SOCKET_SIGNAL 3ull /* version 6: only to processes that are confined alike */
#define FILES_WRITE                                                                                                     \
    (FILES_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |      \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | FILES_REFER | FILES_TRUNCATE)
#define FILES_OF_A_FILE (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | FILES_TRUNCATE)

struct ruleset { /* as version 6 of the interface has it */
    uint64_t files, net, scope;
};

static int ruleset_new(uint64_t *ret_files) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct ruleset rules = {.files = FILES_ALL, .net = version >= 4 ? NET_BIND_CONNECT : 0,
                            .scope = version >= 6 ? SCOPE_ABSTRACT_SOCKET_SIGNAL : 0};
    if (version < 1)
        return -1;
    if (version >= 2)
        rules.files |= FILES_REFER;
    if (version >= 3)
        rules.files |= FILES_TRUNCATE;
    *ret_files = rules.files;
    size_t known = version >= 6 ? sizeof rules : version >= 4 ? offsetof(struct ruleset, scope) : sizeof rules.files;
    return (int)syscall(SYS_landlock_create_ruleset, &rules, known, 0);
}

static uint64_t place_files(unsigned rights) {
    uint64_t files = 0;
    if (rights & CONFINE_READ)
        files |= FILES_READ;
    if (rights & CONFINE_WRITE)
        files |= FILES_WRITE;
    if (rights & CONFINE_RUN)
        files |= FILES_READ | LANDLOCK_ACCESS_FS_EXECUTE;
    if (rights & CONFINE_REMOVE)
        files |= LANDLOCK_ACCESS_FS_REMOVE_DIR;
    return files;
}

/* A rule on a file that names a right which only folders have is refused as a whole. */
static int ruleset_allow(int ruleset, const struct confine_place *place, uint64_t known) {
    struct landlock_path_beneath_attr below = {.allowed_access = place_files(place->rights) & known};
    struct stat facts;
    below.parent_fd = open(place->path, O_PATH | O_CLOEXEC);
    if (below.parent_fd < 0)
        return 0;
    if (fstat(below.parent_fd, &facts) == 0 && !S_ISDIR(facts.st_mode))
        below.allowed_access &= FILES_OF_A_FILE;
    int err = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &below, 0) ? err_from_errno(errno) : 0;
    close(below.parent_fd);
    return err;
}

int confine_places(const struct confine_place *places) {
    uint64_t known = 0;
    int err = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return err_from_errno(errno);
    int ruleset = ruleset_new(&known);
    if (ruleset < 0)
        return ERR_NOT_FOUND;
    for (; places->path && !err; places++)
        err = ruleset_allow(ruleset, places, known);
    if (!err)
        err = syscall(SYS_landlock_restrict_self, ruleset, 0) ? err_from_errno(errno) : 0;
    close(ruleset);
    return err;
}

int confine_files(const char *const *read_only_paths) {
    size_t count = 0;
    while (read_only_paths[count])
        count++;
    struct confine_place *places = mem_new((count + 1) * sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct confine_place){read_only_paths[i], CONFINE_READ};
    int err = confine_places(places);
    mem_free(&places);
    return err;
}

static const char *const calls_allowed[] = {
    "read", "write", "readv", "writev", "pread64", "close", "lseek", "fstat", "stat", "lstat", "newfstatat", "statx",
    "open", "openat", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "fcntl",
    "fstatfs", "statfs", "dup", "fadvise64", "mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "futex", "exit",
    "exit_group", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "getrandom", "clock_gettime",
    "clock_getres", "gettimeofday", "time", "nanosleep", "clock_nanosleep", "getpid", "gettid", "getppid", "getuid",
    "geteuid", "getgid", "getegid", "uname", "sysinfo", "sched_getaffinity", "sched_yield", "poll", "ppoll", "select",
    "set_robust_list", "set_tid_address", "rseq", "membarrier", "arch_prctl", "prctl", "getrusage", "times",
    "restart_syscall", "getrlimit", "umask"};
static const char *const calls_kill[] = {"execve", "execveat", "socket", "connect", "bind", "ptrace", "process_vm_readv",
                                         "process_vm_writev", "io_uring_setup", "bpf", "mount", "keyctl"};
static const char *const calls_fork[] = {"clone", "clone3", "fork", "vfork", "wait4", "waitid", "kill", "setpgid", "setrlimit",
                                         "pipe2", "dup2", "dup3"};

static int calls_add(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count) {
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        int call = seccomp_syscall_resolve_name(names[i]);
        if (call != __NR_SCMP_ERROR)
            rc = seccomp_rule_add(filter, action, call, 0);
    }
    return rc;
}

/* Threads yes (Pango asks fontconfig in one), processes no. clone3 keeps its flags where a filter cannot look: the C library then
 * falls back to clone. */
static int calls_add_threads(scmp_filter_ctx filter) {
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    return rc ? rc : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* Signals and limits for itself only: other processes of the same account are none of its business. */
static int calls_add_self(scmp_filter_ctx filter, int may_fork) {
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    if (rc)
        return rc;
    if (may_fork) /* whom it forks has another number, and a filter of its own */
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 0);
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

int confine_calls(int may_fork) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return ERR_SYSTEM;
    int rc = calls_add(filter, SCMP_ACT_ALLOW, calls_allowed, COUNT(calls_allowed));
    if (!rc)
        rc = calls_add_self(filter, may_fork);
    if (!rc)
        rc = calls_add(filter, SCMP_ACT_KILL_PROCESS, calls_kill, COUNT(calls_kill));
    if (!rc && may_fork) {
        /* The filter of the forked process must still be loadable. */
        static const char *const more[] = {"seccomp"};
        rc = calls_add(filter, SCMP_ACT_ALLOW, calls_fork, COUNT(calls_fork));
        if (!rc)
            rc = calls_add(filter, SCMP_ACT_ALLOW, more, COUNT(more));
    }
    else if (!rc)
        rc = calls_add_threads(filter);
    if (!rc)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc ? ERR_SYSTEM : 0;
}

/* What the office program needs beyond reading. Its size and its list were found by watching it (strace) over documents of every kind. */
static const char *const calls_office[] = {
    "execve", "pwrite64", "pwritev", "preadv", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2",
    "ftruncate", "truncate", "fsync", "fdatasync", "fallocate", "chmod", "fchmod", "fchmodat", "utimensat", "utime", "utimes", "flock",
    "pipe", "pipe2", "eventfd2", "dup2", "dup3", "chdir", "mlock", "munlock", "mincore", "sched_getparam", "sched_getscheduler",
    "getpgrp", "getpgid", "setitimer", "timer_create", "timer_settime", "timer_delete", "inotify_init1", "getresuid", "getresgid",
    "setrlimit", "close_range", "rt_sigsuspend", "rt_sigtimedwait", "sched_setscheduler", "getgroups", "sendfile", "copy_file_range"};
/* What nobody needs who means well; all the rest only fails. */
static const char *const calls_office_kill[] = {"execveat", "ptrace", "process_vm_readv", "process_vm_writev", "io_uring_setup", "bpf",
                                                "mount", "keyctl", "unshare", "setns"};
static const char *const calls_watch[] = {"clone", "fork", "vfork", "wait4", "waitid", "kill", "setpgid", "pidfd_open", "seccomp",
                                          "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"};

/* LibreOffice will not start unless it can listen for a second start of itself, at a socket whose place cannot be chosen. So it gets a socket
 * that can reach nothing: binding and listening only seem to succeed, connecting and sending fail. Sockets of other families fail. */
static int calls_add_deaf_socket(scmp_filter_ctx filter) {
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
    if (!rc)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(bind), 0);
    if (!rc)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(listen), 0);
    return rc;
}

int confine_office_calls(int may_fork) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return ERR_SYSTEM;
    int rc = calls_add(filter, SCMP_ACT_ALLOW, calls_allowed, COUNT(calls_allowed));
    if (!rc)
        rc = calls_add(filter, SCMP_ACT_ALLOW, calls_office, COUNT(calls_office));
    if (!rc)
        rc = calls_add(filter, SCMP_ACT_KILL_PROCESS, calls_office_kill, COUNT(calls_office_kill));
    if (!rc)
        rc = calls_add_self(filter, may_fork);
    if (!rc)
        rc = calls_add_deaf_socket(filter);
    if (!rc && may_fork)
        rc = calls_add(filter, SCMP_ACT_ALLOW, calls_watch, COUNT(calls_watch));
    if (!rc && may_fork)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    else if (!rc)
        rc = calls_add_threads(filter);
    if (!rc)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc ? ERR_SYSTEM : 0;
}

static int limit_set(__rlimit_resource_t what, rlim_t value) {
    struct rlimit limit = {value, value};
    return setrlimit(what, &limit) ? err_from_errno(errno) : 0;
}

int confine_most(const struct confine_most *most) {
    int err = limit_set(RLIMIT_CORE, 0);
    if (!err)
        err = limit_set(RLIMIT_FSIZE, most->file_bytes);
    if (!err)
        err = limit_set(RLIMIT_NOFILE, most->descriptors);
#ifndef CASEFILE_SANITIZE /* the sanitizers reserve terabytes of addresses */
    if (!err && most->memory_bytes)
        err = limit_set(RLIMIT_AS, most->memory_bytes);
#endif
    if (!err && most->cpu_seconds)
        err = limit_set(RLIMIT_CPU, most->cpu_seconds);
    return err;
}

int confine_limits(unsigned long memory_bytes, unsigned long cpu_seconds) {
    struct confine_most most = {.memory_bytes = memory_bytes, .cpu_seconds = cpu_seconds, .file_bytes = 0, .descriptors = 64};
    return confine_most(&most);
}
