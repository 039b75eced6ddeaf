#include "base/confine.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Access rights of Landlock's first version, which every kernel with Landlock knows. */
#define FILES_ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define FILES_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define NET_BIND_CONNECT 3ull /* version 4; the header of Debian 12 does not name them */

struct ruleset { /* as version 4 of the interface has it */
    uint64_t files, net;
};

static int ruleset_new(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct ruleset rules = {.files = FILES_ALL, .net = version >= 4 ? NET_BIND_CONNECT : 0};
    if (version < 1)
        return -1;
    if (version >= 2)
        rules.files |= 1ull << 13; /* REFER */
    if (version >= 3)
        rules.files |= 1ull << 14; /* TRUNCATE */
    return (int)syscall(SYS_landlock_create_ruleset, &rules, version >= 4 ? sizeof rules : sizeof rules.files, 0);
}

static void ruleset_allow(int ruleset, const char *path) {
    struct landlock_path_beneath_attr below = {.allowed_access = FILES_READ};
    below.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (below.parent_fd < 0)
        return;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    close(below.parent_fd);
}

int confine_files(const char *const *read_only_paths) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return err_from_errno(errno);
    int ruleset = ruleset_new();
    if (ruleset < 0)
        return ERR_NOT_FOUND;
    for (const char *const *p = read_only_paths; *p; p++)
        ruleset_allow(ruleset, *p);
    int err = syscall(SYS_landlock_restrict_self, ruleset, 0) ? err_from_errno(errno) : 0;
    close(ruleset);
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
static const char *const calls_fork[] = {"clone", "clone3", "fork", "vfork", "wait4", "waitid", "kill", "setpgid", "setrlimit"};

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

static int limit_set(__rlimit_resource_t what, rlim_t value) {
    struct rlimit limit = {value, value};
    return setrlimit(what, &limit) ? err_from_errno(errno) : 0;
}

int confine_limits(unsigned long memory_bytes, unsigned long cpu_seconds) {
    int err = limit_set(RLIMIT_CORE, 0);
    if (!err)
        err = limit_set(RLIMIT_FSIZE, 0);
    if (!err)
        err = limit_set(RLIMIT_NOFILE, 64);
#ifdef CASEFILE_SANITIZE /* the sanitizers reserve terabytes of addresses */
    (void)memory_bytes;
#else
    if (!err && memory_bytes)
        err = limit_set(RLIMIT_AS, memory_bytes);
#endif
    if (!err && cpu_seconds)
        err = limit_set(RLIMIT_CPU, cpu_seconds);
    return err;
}
