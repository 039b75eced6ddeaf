/* casefile-helper: opens, reads, covers and proves hostile bytes.
 *
 * Security: it is handed bytes on standard input and answers on standard output; it has no key, no database, no network. After its
 * libraries are loaded it gives up the file system (but for reading fonts and language data), sockets, exec and tracing. For each job it
 * forks a process that gives up forking as well, has limits of memory and time, and ends with the job: nothing of one child's document
 * survives into the next. */
#include "base/confine.h"
#include "base/err.h"
#include "base/helper.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pix.h"
#include "base/wire.h"
#include "daemon/helper_work.h"
#include "ingest/mail.h"
#include "ingest/sniff.h"
#include "ocr/recognise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const readable[] = {"/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/etc/ld.so.cache", "/dev/null",
                                       "/dev/urandom", NULL};

struct helper_setting {
    const char *languages, *other;
    unsigned long memory_bytes, cpu_seconds;
    int quiet_fd; /* /dev/null */
};

int helper_give(const struct buf *result) {
    return helper_write_record(STDOUT_FILENO, HELPER_RESULT, buf_view(result));
}

void helper_sign(const char *format, unsigned number) {
    char text[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, format, number);
#pragma GCC diagnostic pop
    helper_write_record(STDOUT_FILENO, HELPER_SIGN, view_text(text));
}

static int job_dispatch(struct ocr *ocr, uint32_t type, struct view bytes) {
    switch (type) {
    case HELPER_OPEN:
        return helper_open_part(bytes);
    case HELPER_READ:
        return helper_read_page(ocr, bytes);
    case HELPER_COVER:
        return helper_cover_page(ocr, bytes);
    case HELPER_PROVE:
        return helper_prove_pack(ocr, bytes);
    case HELPER_JUDGE:
        return helper_judge_pdfs(ocr, bytes);
    case HELPER_PICTURE:
        return helper_make_image(bytes);
    default:
        return ERR_PROTOCOL;
    }
}

static void give_end(int job_err) {
    struct buf end = {0};
    wire_put_u32(&end, (uint32_t)job_err);
    helper_write_record(STDOUT_FILENO, HELPER_END, buf_view(&end));
    buf_drop(&end);
}

static _Noreturn void job_process(const struct helper_setting *setting, struct ocr *ocr, uint32_t type, struct view bytes) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGXFSZ, SIG_IGN); /* standard error may be a file, and no file may grow */
#ifndef CASEFILE_SANITIZE
    dup2(setting->quiet_fd, STDERR_FILENO); /* what libraries say of a document is not for the log */
#endif
    int err = confine_limits(setting->memory_bytes, setting->cpu_seconds);
    if (!err)
        err = confine_calls(0);
    if (!err)
        err = job_dispatch(ocr, type, bytes);
    give_end(err);
    _exit(0);
}

static void job_process_end(pid_t pid) {
    int status = 0;
    kill(pid, SIGKILL); /* whatever it has still in mind */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        log_warn("the process of a job was ended by signal %d", WTERMSIG(status));
}

/* The process of a job writes to a pipe of its own: what it may write after its end is nobody's answer. */
static int job_in_process(const struct helper_setting *setting, struct ocr *ocr, uint32_t type, struct view bytes) {
    int answers[2], end = 0;
    if (pipe2(answers, O_CLOEXEC))
        return err_from_errno(errno);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(answers[1], STDOUT_FILENO);
        job_process(setting, ocr, type, bytes);
    }
    close(answers[1]);
    int err = pid < 0 ? err_from_errno(errno) : helper_pass_on(answers[0], STDOUT_FILENO, &end);
    close(answers[0]);
    if (pid > 0)
        job_process_end(pid);
    if (err && err != ERR_CRASHED)
        return err;
    give_end(err ? err : end);
    return 0;
}

static int helper_serve(const struct helper_setting *setting, struct ocr *ocr) {
    for (;;) {
        struct buf request = {0};
        uint32_t type;
        int err = helper_read_record(STDIN_FILENO, &type, &request);
        if (err == 0)
            err = job_in_process(setting, ocr, type, buf_view(&request));
        buf_wipe(&request);
        if (err)
            return err == ERR_NOT_FOUND ? 0 : err;
    }
}

static int helper_confine(void) {
    int err = confine_files(readable);
    if (err == ERR_NOT_FOUND) {
        log_warn("this kernel has no Landlock: the helper's file system is not closed");
        err = 0;
    }
    return err ? err : confine_calls(1);
}

int main(int argc, char **argv) {
    struct helper_setting setting = {.languages = "eng", .other = "auto"};
    struct ocr *ocr = NULL;
    log_open("casefile-helper", LOG_LEVEL_INFO);
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--languages") == 0)
            setting.languages = argv[i + 1];
        else if (strcmp(argv[i], "--other-languages") == 0)
            setting.other = argv[i + 1];
        else if (strcmp(argv[i], "--megabytes") == 0)
            setting.memory_bytes = strtoul(argv[i + 1], NULL, 10) << 20;
        else if (strcmp(argv[i], "--seconds") == 0)
            setting.cpu_seconds = strtoul(argv[i + 1], NULL, 10);
    }
    setpgid(0, 0);
    setting.quiet_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    pix_silence();
    sniff_load();
    mail_library_start();
    int err = ocr_new(setting.languages, setting.other, &ocr);
    if (err) {
        log_error("the recognition cannot start with the languages '%s': %s", setting.languages, err_text(err));
        return 70;
    }
    err = helper_confine();
    if (err) {
        log_error("the helper cannot be confined: %s", err_text(err));
        return 71;
    }
    err = helper_serve(&setting, ocr);
    ocr_drop(&ocr);
    return err ? 74 : 0;
}
