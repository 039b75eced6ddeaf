/* casefile-office: turns office files into PDF with LibreOffice, which it starts confined and watches.
 *
 * Security: it is handed bytes on standard input and answers on standard output; it has no key, no database, no network. It writes the bytes
 * to a private folder, in memory where it can, that is wiped and removed when it ends; what a killed one left behind is wiped by the next.
 * Before it looks at any bytes it can read nothing but programs and fonts, write nowhere but in its folder, and open no socket (Landlock,
 * seccomp). LibreOffice gets less still: no other process, limits of memory, time and file size, a profile that runs no macro and follows no
 * link; it dies with its parent. */
#include "base/clock.h"
#include "base/confine.h"
#include "base/err.h"
#include "base/file.h"
#include "base/helper.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/wire.h"
#include "daemon/helper_request.h"
#include "ingest/office.h"
#include "ingest/office_folder.h"
#include "ingest/open_order.h"
#include "ingest/open_record.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PDF_MOST (256u << 20)
#define FILE_MOST (1ul << 30)
#define FOLDER_MOST (2ull << 30) /* bytes, in all its files */
#define SIGN_MS 1000
#define STATUS_AGAIN 81 /* LibreOffice has set up its new profile and wants to be started once more */
#define AGAIN_MOST 3
#define VERSION_MOST 65536
#define PROGRAM "/usr/lib/libreoffice/program/soffice.bin"

/* The loader is what the kernel runs when it runs the program. */
#define LOADER_X86_64 "/lib64/ld-linux-x86-64.so.2"
#define LOADER_AARCH64 "/lib/ld-linux-aarch64.so.1"

struct office {
    const char *program;
    unsigned long seconds, memory_bytes;
    struct office_folder folder;
    struct office_way way;
    const char *ending;
    int quiet_fd; /* /dev/null */
};

static volatile sig_atomic_t stop;

static void on_stop(int signal_number) {
    (void)signal_number;
    stop = 1;
}

/* ---- confinement ---------------------------------------------------------------------------------------------------- */

static int office_confine_files(const struct office *office, int may_remove) {
    const struct confine_place places[] = {
        {"/usr", CONFINE_READ}, {"/lib", CONFINE_READ}, {"/lib64", CONFINE_READ},
        {"/etc/fonts", CONFINE_READ}, {"/etc/libreoffice", CONFINE_READ}, {"/etc/ld.so.cache", CONFINE_READ},
        {"/etc/localtime", CONFINE_READ}, {"/var/spool/libreoffice", CONFINE_READ}, {"/var/cache/fontconfig", CONFINE_READ}, {"/sys/devices/system/cpu", CONFINE_READ},
        {"/dev/urandom", CONFINE_READ}, {"/dev/null", CONFINE_READ | CONFINE_WRITE},
        {office->program, CONFINE_RUN}, {LOADER_X86_64, CONFINE_RUN}, {LOADER_AARCH64, CONFINE_RUN},
        {office->folder.path, CONFINE_WRITE},
        {may_remove ? office->folder.base : office->folder.path, may_remove ? CONFINE_REMOVE : CONFINE_WRITE},
        {NULL, 0}};
    int err = confine_places(places);
    if (err == ERR_NOT_FOUND && may_remove)
        log_warn("this kernel has no Landlock: the file system is not closed to the office program");
    return err == ERR_NOT_FOUND ? 0 : err;
}

static int office_confine(const struct office *office) {
    int err = office_confine_files(office, 1);
    return err ? err : confine_office_calls(1);
}

/* ---- the program ------------------------------------------------------------------------------------------------------ */

static char *office_path(const struct office *office, const char *before, const char *name) {
    return mem_print("%s%s/%s", before, office->folder.path, name);
}

static _Noreturn void converter_exec(const struct office *office) {
    char *home = office_path(office, "HOME=", "home"), *temporary = office_path(office, "TMPDIR=", "tmp");
    char *config = office_path(office, "XDG_CONFIG_HOME=", "home"), *cache = office_path(office, "XDG_CACHE_HOME=", "home");
    char *import = mem_print("--infilter=%s", office->way.import), *profile = office_path(office, "-env:UserInstallation=file://", "profile");
    char *to = office_path(office, "", "out");
    char *file = mem_print("%s/1.%s", office->folder.path, office->ending);
    /* The whole path comes first: it finds its own files by it. */
    char *const argv[] = {(char *)(uintptr_t)office->program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
                          "--nofirststartwizard", "--nologo", profile, import, "--convert-to", (char *)(uintptr_t)office->way.export,
                          "--outdir", to, file, NULL};
    char *const environment[] = {home, temporary, config, cache, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
                                 "SAL_USE_VCLPLUGIN=svp", "SAL_DISABLE_OPENCL=1", "SAL_DISABLE_PRINTERLIST=1",
                                 "SAL_DISABLE_SYNCHRONOUS_PRINTER_DETECTION=1", "GSETTINGS_BACKEND=memory", "MALLOC_ARENA_MAX=2", NULL};
    execve(office->program, argv, environment);
    _exit(127);
}

static _Noreturn void converter_process(const struct office *office, pid_t parent) {
    /* It has several threads: the clock on the wall ends it first. */
    struct confine_most most = {office->memory_bytes, office->seconds * 4, FILE_MOST, 256};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    setpgid(0, 0);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    dup2(office->quiet_fd, STDIN_FILENO);
    dup2(office->quiet_fd, STDOUT_FILENO); /* what it says of a document is not for the log */
    dup2(office->quiet_fd, STDERR_FILENO);
    if (chdir(office->folder.path) || confine_most(&most) || office_confine_files(office, 0) || confine_office_calls(0))
        _exit(126);
    converter_exec(office);
}

static int status_error(int status) {
    if (WIFEXITED(status)) /* without an output it has not understood the file, whatever else it says */
        return WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127 ? ERR_SYSTEM : 0;
    log_warn("the office program was ended by signal %d", WTERMSIG(status));
    return WTERMSIG(status) == SIGXCPU ? ERR_TIME : WTERMSIG(status) == SIGXFSZ ? ERR_TOO_LARGE : ERR_CRASHED;
}

/* A sign of life each second, until it has ended or must. */
static int converter_watch(const struct office *office, int process_fd, int64_t until_ms) {
    struct pollfd fd = {.fd = process_fd, .events = POLLIN};
    for (;;) {
        int n = poll(&fd, 1, SIGN_MS);
        if (n > 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return err_from_errno(errno);
        if (stop || helper_write_record(STDOUT_FILENO, HELPER_SIGN, view_text("converting")))
            return ERR_REFUSED;
        if (clock_steady() > until_ms)
            return ERR_TIME;
        if (office_folder_bytes(&office->folder) > FOLDER_MOST)
            return ERR_TOO_LARGE;
    }
}

/* ret_status: as of waitpid, when it ended by itself. */
static int converter_run(const struct office *office, int64_t until_ms, int *ret_status) {
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        converter_process(office, parent);
    if (pid < 0)
        return err_from_errno(errno);
    int process_fd = pidfd_open(pid, 0);
    int err = process_fd < 0 ? err_from_errno(errno) : converter_watch(office, process_fd, until_ms);
    if (err) {
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
    }
    if (process_fd >= 0)
        close(process_fd);
    while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
        ;
    return err;
}

static int convert(const struct office *office) {
    int64_t until_ms = clock_steady() + (int64_t)office->seconds * 1000;
    for (int i = 0; i < AGAIN_MOST; i++) {
        int status = 0;
        int err = converter_run(office, until_ms, &status);
        if (err)
            return err;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != STATUS_AGAIN)
            return status_error(status);
    }
    return ERR_CRASHED;
}

/* ---- one order -------------------------------------------------------------------------------------------------------- */

/* With the number of its build in a new profile the program does not want to be started twice. */
static int build_note(const struct office *office) {
    struct buf version = {0};
    char *path = mem_print("%.*s/versionrc", (int)(strrchr(office->program, '/') - office->program), office->program);
    int err = file_read(path, VERSION_MOST, &version);
    const char *line = err ? NULL : strstr(buf_text(&version), "\nbuildid=");
    if (line)
        err = office_folder_write(&office->folder, "profile/user/extensions/buildid", view_of(line + 9, strcspn(line + 9, "\r\n")));
    free(path);
    buf_drop(&version);
    return line ? err : 0;
}

static int folder_fill(const struct office *office, struct view bytes) {
    char *name = mem_print("1.%s", office->ending);
    int err = office_folder_write(&office->folder, name, bytes);
    if (!err)
        err = office_folder_write(&office->folder, "profile/user/registrymodifications.xcu", view_text(office_profile));
    if (!err)
        err = office_folder_write(&office->folder, "profile/user/config/javasettings_Linux_X86_64.xml", view_text(office_java));
    if (!err)
        err = build_note(office);
    for (const char *const *sub = (const char *const[]){"home/", "tmp/", "out/", NULL}; *sub && !err; sub++) {
        char *path = office_path(office, "", *sub);
        if (mkdir(path, 0700))
            err = err_from_errno(errno);
        free(path);
    }
    free(name);
    return err;
}

static int pdf_read(const struct office *office, struct buf *out) {
    struct stat facts;
    char *path = office_path(office, "", "out/1.pdf");
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int err = fd < 0 ? err_from_errno(errno) : fstat(fd, &facts) || !S_ISREG(facts.st_mode) ? ERR_DAMAGED : 0;
    if (!err)
        err = file_read_fd(fd, PDF_MOST, out);
    if (fd >= 0)
        close(fd);
    free(path);
    if (!err && (out->len < 5 || memcmp(out->data, "%PDF-", 5)))
        err = ERR_DAMAGED;
    return err == ERR_NOT_FOUND ? ERR_DAMAGED : err;
}

static int give(const struct open_record *record) {
    struct buf out = {0};
    open_record_encode(record, &out);
    int err = helper_write_record(STDOUT_FILENO, HELPER_RESULT, buf_view(&out));
    buf_wipe(&out);
    return err;
}

static int give_results(const struct office *office, char *unseen) {
    struct buf pdf = {0};
    int err = pdf_read(office, &pdf);
    struct open_record part = {.type = OPEN_PART, .ordinal = 1, .name = "converted.pdf", .kind = "application/pdf",
                               .attached = "rendition", .bytes = buf_view(&pdf)};
    struct open_record note = {.type = OPEN_NOTE, .description = unseen};
    if (!err && unseen[0])
        err = give(&note);
    if (!err)
        err = give(&part);
    buf_wipe(&pdf);
    return err;
}

static int order_run(struct office *office, struct buf *request) {
    struct open_order order = {0};
    int err = open_order_decode(buf_view(request), &order);
    if (err)
        return err;
    office->ending = order.name;
    err = office_way_of(order.name, order.bytes, &office->way);
    char *unseen = office_unseen(order.name, order.bytes);
    if (!err)
        err = folder_fill(office, order.bytes);
    buf_wipe(request); /* its memory is wanted now */
    if (!err)
        err = convert(office);
    if (!err)
        err = give_results(office, unseen);
    office_folder_empty(&office->folder);
    open_order_drop(&order);
    free(unseen);
    return err;
}

static int give_end(int job_err) {
    struct buf end = {0};
    wire_put_u32(&end, (uint32_t)job_err);
    int err = helper_write_record(STDOUT_FILENO, HELPER_END, buf_view(&end));
    buf_drop(&end);
    return err;
}

static int office_serve(struct office *office) {
    while (!stop) {
        struct buf request = {0};
        uint32_t type;
        int err = helper_read_record(STDIN_FILENO, &type, &request);
        if (!err)
            err = give_end(type == HELPER_CONVERT ? order_run(office, &request) : ERR_PROTOCOL);
        buf_wipe(&request);
        if (err)
            return err == ERR_NOT_FOUND ? 0 : err;
    }
    return 0;
}

static void signals_set(void) {
    struct sigaction action = {.sa_handler = on_stop}; /* no restart: a blocked read ends */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static unsigned long option(int argc, char **argv, const char *name, unsigned long fallback) {
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            return strtoul(argv[i + 1], NULL, 10);
    return fallback;
}

int main(int argc, char **argv) {
    struct office office = {.program = PROGRAM, .seconds = option(argc, argv, "--seconds", 300),
                            .memory_bytes = option(argc, argv, "--megabytes", 4096) << 20};
    log_open("casefile-office", LOG_LEVEL_INFO);
    setpgid(0, 0);
    signals_set();
    umask(077);
    office.quiet_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    int swept = office_folder_sweep(NULL);
    if (swept)
        log_info("%d folders that killed converters had left were wiped", swept);
    int err = office_folder_make(NULL, &office.folder);
    if (!err)
        err = office_confine(&office);
    if (err)
        log_error("the converter cannot be confined: %s", err_text(err));
    else
        err = office_serve(&office);
    office_folder_drop(&office.folder);
    _exit(err ? 74 : 0); /* what runs at exit would want calls that are given up */
}
