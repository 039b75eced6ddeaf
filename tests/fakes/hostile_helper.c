/* hostile_helper.c: stands in the helper's place, confined as the helper is, and then does what a document that has taken the helper over
 * might do. What to try stands in the bytes of the job: "HOSTILE <what> <with what>;". Any other job goes to the real helper, which it
 * starts beside itself (casefile-real-helper).
 *
 * It tells what came of it by how the job ends: ERR_SEAL when it got what it should not, ERR_DAMAGED when it was refused. */
#include "base/confine.h"
#include "base/err.h"
#include "base/helper.h"
#include "base/mem.h"
#include "base/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define GOT_IT ERR_SEAL
#define REFUSED ERR_DAMAGED
#define STUFF (1 << 20)

/* As daemon/helper_main.c has it. */
static const char *const readable[] = {"/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/etc/ld.so.cache", "/dev/null",
                                       "/dev/urandom", NULL};

static unsigned long memory_bytes, cpu_seconds;
static struct helper *real;

static void end_with(int err) {
    struct buf end = {0};
    wire_put_u32(&end, (uint32_t)err);
    helper_write_record(STDOUT_FILENO, HELPER_END, buf_view(&end));
    buf_drop(&end);
}

/* ---- what it tries: each returns what it ends with, if it returns --------------------------------------------------- */

static int try_read(const char *path) {
    return open(path, O_RDONLY) >= 0 ? GOT_IT : REFUSED;
}

static int try_write(const char *path) {
    return open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) >= 0 || mkdir(path, 0700) == 0 || unlink(path) == 0 ? GOT_IT : REFUSED;
}

static int try_tcp(const char *port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? GOT_IT : REFUSED;
}

static int try_unix(const char *path) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? GOT_IT : REFUSED;
}

static int try_fork(const char *unused) {
    (void)unused;
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            pause();
    return pid > 0 ? GOT_IT : REFUSED;
}

static int try_exec(const char *path) {
    char *const argv[] = {(char *)(uintptr_t)path, NULL};
    execv(path, argv);
    return REFUSED;
}

/* Its parent is the helper, and that one's parent the worker. */
static int try_kill(const char *unused) {
    (void)unused;
    return kill(getppid(), SIGKILL) == 0 || kill(-1, SIGTERM) == 0 ? GOT_IT : REFUSED;
}

static int try_ptrace(const char *unused) {
    (void)unused;
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? GOT_IT : REFUSED;
}

/* More than eight gigabytes means that there is no limit. */
static int try_memory(const char *unused) {
    (void)unused;
    for (int i = 0; i < 8192; i++) {
        char *piece = mmap(NULL, STUFF, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (piece == MAP_FAILED)
            return REFUSED;
        piece[0] = 1;
    }
    return GOT_IT;
}

static int try_spin(const char *unused) {
    (void)unused;
    for (volatile unsigned i = 1; i; i += 2) /* never 0 */
        ;
    return REFUSED;
}

static int try_sleep(const char *unused) {
    (void)unused;
    while (poll(NULL, 0, 60000) == 0)
        ;
    return REFUSED;
}

/* Says that it is alive, for ever. */
static int try_signs(const char *unused) {
    (void)unused;
    while (helper_write_record(STDOUT_FILENO, HELPER_SIGN, view_text("opening page 1")) == 0)
        poll(NULL, 0, 100);
    return REFUSED;
}

/* As many signs as the pipe takes. */
static int try_flood(const char *unused) {
    (void)unused;
    while (helper_write_record(STDOUT_FILENO, HELPER_SIGN, view_text("opening page 1")) == 0)
        ;
    return REFUSED;
}

static void put_raw(uint32_t type, uint32_t length) {
    uint8_t head[8];
    memcpy(head, &type, 4);
    memcpy(head + 4, &length, 4);
    if (write(STDOUT_FILENO, head, 8) != 8)
        _exit(1);
}

static int put_zeros(void) {
    static const char zeros[65536];
    while (write(STDOUT_FILENO, zeros, sizeof zeros) > 0)
        ;
    return REFUSED;
}

/* One record larger than any may be. */
static int try_huge(const char *unused) {
    (void)unused;
    put_raw(HELPER_RESULT, HELPER_RECORD_MOST + 1);
    return put_zeros();
}

/* Zeros are records too: of type 0, with no bytes; without end. */
static int try_zeros(const char *unused) {
    (void)unused;
    return put_zeros();
}

static int try_garbage(const char *unused) {
    (void)unused;
    uint32_t x = 12345;
    for (;;) {
        x = x * 1664525u + 1013904223u;
        if (write(STDOUT_FILENO, &x, 4) != 4)
            return REFUSED;
    }
}

/* The head of a record, and no more of it. */
static int try_half(const char *unused) {
    (void)unused;
    put_raw(HELPER_RESULT, 1000);
    _exit(0);
}

static int try_exit(const char *unused) {
    (void)unused;
    _exit(0);
}

static int try_crash(const char *unused) {
    (void)unused;
    raise(SIGSEGV);
    *(volatile int *)8 = 1;
    return REFUSED;
}

/* A result that is none, and all is well. */
static int try_broken(const char *unused) {
    (void)unused;
    helper_write_record(STDOUT_FILENO, HELPER_RESULT, view_text("this is no record at all"));
    return 0;
}

/* No result, and all is well. */
static int try_nothing(const char *unused) {
    (void)unused;
    return 0;
}

/* Ends its job, and has answers ready for the job that comes next. */
static int try_next_job(const char *unused) {
    (void)unused;
    end_with(REFUSED);
    for (int i = 0; i < 20; i++) {
        helper_write_record(STDOUT_FILENO, HELPER_RESULT, view_text("for another job"));
        end_with(GOT_IT);
        poll(NULL, 0, 100);
    }
    _exit(0);
}

/* Ends its job and never stops talking. */
static int try_after(const char *unused) {
    (void)unused;
    end_with(REFUSED);
    return put_zeros();
}

static const struct {
    const char *name;
    int (*run)(const char *with);
} tries[] = {{"read", try_read},       {"write", try_write}, {"tcp", try_tcp},         {"unix", try_unix},       {"fork", try_fork},
             {"exec", try_exec},       {"kill", try_kill},   {"ptrace", try_ptrace},   {"memory", try_memory},   {"spin", try_spin},
             {"sleep", try_sleep},     {"signs", try_signs}, {"flood", try_flood},     {"huge", try_huge},       {"zeros", try_zeros},
             {"garbage", try_garbage}, {"half", try_half},   {"exit", try_exit},       {"crash", try_crash},     {"broken", try_broken},
             {"nothing", try_nothing}, {"next", try_next_job}, {"after", try_after}};

/* ---- in the helper's place -------------------------------------------------------------------------------------------- */

static _Noreturn void job_process(const char *what) {
    char name[16] = "", with[256] = "";
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sscanf(what, "HOSTILE %15[a-z] %255[^;]", name, with);
    if (confine_limits(memory_bytes, cpu_seconds) || confine_calls(0))
        _exit(1);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        if (strcmp(tries[i].name, name) == 0) {
            end_with(tries[i].run(with));
            _exit(0);
        }
    end_with(ERR_STATE);
    _exit(0);
}

/* As daemon/helper_main.c does it. */
static int job_hostile(const char *what) {
    int answers[2], end = 0;
    if (pipe2(answers, O_CLOEXEC))
        return ERR_SYSTEM;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(answers[1], STDOUT_FILENO);
        job_process(what);
    }
    close(answers[1]);
    int err = helper_pass_on(answers[0], STDOUT_FILENO, &end);
    close(answers[0]);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (err && err != ERR_CRASHED)
        return err;
    end_with(err ? err : end);
    return 0;
}

static int job_honest(uint32_t type, struct view request) {
    helper_send(real, type, request);
    for (;;) {
        struct view bytes;
        struct pollfd fds[2] = {{.fd = helper_out_fd(real), .events = POLLIN}, {.fd = helper_in_fd(real), .events = POLLOUT}};
        poll(fds, 2, 1000);
        int err = helper_pump(real);
        while (!err) {
            int n = helper_next(real, &type, &bytes);
            if (n < 0)
                err = n;
            if (n <= 0)
                break;
            err = helper_write_record(STDOUT_FILENO, type, bytes);
            if (type == HELPER_END)
                return err;
        }
        if (err)
            return err;
    }
}

static int serve(void) {
    for (;;) {
        struct buf request = {0};
        uint32_t type;
        int err = helper_read_record(STDIN_FILENO, &type, &request);
        if (err)
            return err;
        buf_add_byte(&request, 0);
        request.len--;
        const char *what = memmem(request.data, request.len, "HOSTILE ", 8);
        if (what)
            err = job_hostile(what);
        else
            err = job_honest(type, buf_view(&request));
        buf_drop(&request);
        if (err)
            return err;
    }
}

int main(int argc, char **argv) {
    char *slash = strrchr(argv[0], '/');
    char *path = mem_print("%.*s/casefile-real-helper", slash ? (int)(slash - argv[0]) : 1, slash ? argv[0] : ".");
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--megabytes") == 0)
            memory_bytes = strtoul(argv[i + 1], NULL, 10) << 20;
        else if (strcmp(argv[i], "--seconds") == 0)
            cpu_seconds = strtoul(argv[i + 1], NULL, 10);
    }
    setpgid(0, 0);
    if (helper_start(path, argv, &real))
        return 70;
    int err = confine_files(readable);
    if ((err && err != ERR_NOT_FOUND) || confine_calls(1))
        return 71;
    return serve() ? 74 : 0;
}
