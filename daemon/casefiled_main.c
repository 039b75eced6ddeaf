/* casefiled: the supervisor. Starts the other programs from a table of roles, starts them again with a growing pause when they end, and
 * stops them in order.
 *
 * Security: it holds no key, opens no database and no document, and links neither ZeroMQ nor any library that reads documents. */
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "daemon/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_WAIT_MS 10000
#define STOP_WAIT_MS 8000
#define BACK_OFF_FIRST_MS 200
#define BACK_OFF_MOST_MS 30000
#define YOUNG_MS 5000 /* one that ends earlier than this is started again later and later */

/* The roles, in the order in which they are started; they are stopped in the opposite one. Each program's own first comment says what it
 * may use; packaging/programs.mk says what it links. */
static const struct role {
    const char *program;
    const char *name; /* with a number behind it where there are many */
    int many;
} roles[] = {
    {"casefile-broker", "broker", 0}, {"casefile-file", "file", 0},           {"casefile-pack", "pack", 0},
    {"casefile-worker", "worker", 1}, {"casefile-intake", "intake", 0},
};

struct process {
    const struct role *role;
    char name[32];
    pid_t pid; /* 0: not running */
    int64_t started_ms, start_at_ms;
    int back_off_ms;
};

struct supervisor {
    const struct settings *settings;
    char *programs;
    char *socket;
    struct process *list;
    size_t count;
};

static int settings_pipe(const struct settings *settings) {
    int ends[2];
    struct buf bytes = {0};
    if (pipe2(ends, O_CLOEXEC))
        return -1;
    settings_encode(settings, &bytes);
    file_write_all(ends[1], bytes.data, bytes.len); /* a pipe holds 64 kB; the settings are far smaller */
    close(ends[1]);
    buf_drop(&bytes);
    return ends[0];
}

static void process_start(struct supervisor *s, struct process *p) {
    char *path = mem_print("%s/%s", s->programs, p->role->program);
    char *argv[] = {path, "--settings-fd", "3", "--name", p->name, NULL};
    int settings = settings_pipe(s->settings);
    struct spawn_order order = {.program = path, .argv = argv, .in = -1, .out = STDERR_FILENO, .fd3 = settings, .die_with_parent = 1};
    int err = settings < 0 ? ERR_SYSTEM : spawn(&order, &p->pid);
    if (settings >= 0)
        close(settings);
    p->started_ms = clock_steady();
    if (err) {
        p->pid = 0;
        p->start_at_ms = p->started_ms + BACK_OFF_MOST_MS;
        log_error("%s could not be started: %s", p->name, err_text(err));
    } else {
        log_debug("%s started, process %d", p->name, (int)p->pid);
    }
    free(path);
}

static void process_ended(struct process *p, int status) {
    int64_t now = clock_steady();
    int young = now - p->started_ms < YOUNG_MS;
    p->back_off_ms = !young ? BACK_OFF_FIRST_MS : p->back_off_ms * 2 > BACK_OFF_MOST_MS ? BACK_OFF_MOST_MS : p->back_off_ms * 2;
    p->pid = 0;
    p->start_at_ms = now + p->back_off_ms;
    if (WIFSIGNALED(status))
        log_warn("%s was ended by signal %d; it is started again in %d ms", p->name, WTERMSIG(status), p->back_off_ms);
    else
        log_warn("%s ended with status %d; it is started again in %d ms", p->name, WEXITSTATUS(status), p->back_off_ms);
}

static void supervisor_reap(struct supervisor *s) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (size_t i = 0; i < s->count; i++)
            if (s->list[i].pid == pid)
                process_ended(&s->list[i], status);
}

static void supervisor_fill(struct supervisor *s) {
    int workers = s->settings->workers >= 0 ? s->settings->workers : (int)sysconf(_SC_NPROCESSORS_ONLN);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        for (int k = 1; k <= (roles[i].many ? workers : 1); k++) {
            s->list = mem_grow(s->list, s->count + 1, sizeof *s->list);
            struct process *p = &s->list[s->count++];
            *p = (struct process){.role = &roles[i], .back_off_ms = BACK_OFF_FIRST_MS};
            if (roles[i].many)
                snprintf(p->name, sizeof p->name, "%s-%d", roles[i].name, k);
            else
                snprintf(p->name, sizeof p->name, "%s", roles[i].name);
        }
}

/* The broker makes the store and its socket; the others need both. */
static int supervisor_start(struct supervisor *s) {
    unlink(s->socket);
    process_start(s, &s->list[0]);
    for (int64_t until = clock_steady() + START_WAIT_MS; access(s->socket, F_OK) && clock_steady() < until && !program_stop;) {
        poll(NULL, 0, 20);
        int status;
        if (waitpid(s->list[0].pid, &status, WNOHANG) == s->list[0].pid) {
            log_error("the broker did not start: see its message above");
            s->list[0].pid = 0;
            return ERR_STATE;
        }
    }
    for (size_t i = 1; i < s->count && !program_stop; i++)
        process_start(s, &s->list[i]);
    return 0;
}

static void supervisor_run(struct supervisor *s) {
    while (!program_stop) {
        poll(NULL, 0, 100);
        supervisor_reap(s);
        for (size_t i = 0; i < s->count; i++)
            if (!s->list[i].pid && !program_stop && clock_steady() >= s->list[i].start_at_ms)
                process_start(s, &s->list[i]);
    }
}

static void process_stop(struct process *p) {
    if (!p->pid)
        return;
    kill(p->pid, SIGTERM);
    for (int64_t until = clock_steady() + STOP_WAIT_MS; p->pid;) {
        int status;
        if (waitpid(p->pid, &status, WNOHANG) == p->pid) {
            p->pid = 0;
        } else if (clock_steady() > until) {
            log_warn("%s does not stop and is killed", p->name);
            kill(p->pid, SIGKILL);
            until = INT64_MAX;
        } else {
            poll(NULL, 0, 10);
        }
    }
}

static void supervisor_stop(struct supervisor *s) {
    for (size_t i = s->count; i-- > 0;)
        process_stop(&s->list[i]);
}

/* One daemon for a store. The lock goes with the process, however it ends. */
static int store_lock(const char *folder) {
    char *run = mem_print("%s/run", folder), *path = mem_print("%s/run/casefiled.lock", folder);
    char pid[16];
    int err = file_make_folder(run);
    int fd = err ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB)) {
        log_error("%s", fd < 0 ? "the store folder cannot be made" : "another casefiled is running on this store");
        err = ERR_EXISTS;
    } else {
        int n = snprintf(pid, sizeof pid, "%d\n", (int)getpid());
        if (ftruncate(fd, 0) || write(fd, pid, (size_t)n) != n)
            err = ERR_SYSTEM;
    }
    free(run);
    free(path);
    return err; /* fd stays open on purpose */
}

int main(int argc, char **argv) {
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        puts("usage: casefiled [--config FILE]\n\nRuns casefile in the foreground: broker, intake, workers, filing, packs. Stop it with Ctrl-C or\n"
             "SIGTERM. See casefiled(8), casefile.conf(5), casefile(1).");
        return 0;
    }
    struct settings *settings = settings_for_program(&argc, argv);
    if (argc > 1) {
        fprintf(stderr, "casefiled: there is no option '%s'; casefiled --help\n", argv[1]);
        settings_drop(&settings);
        return 64;
    }
    struct supervisor s = {.settings = settings};
    program_start("casefiled", settings);
    int err = store_lock(settings->store_folder);
    if (err)
        return 75;
    s.programs = settings->program_folder[0] ? mem_text(settings->program_folder) : spawn_own_folder();
    s.socket = mem_print("%s/run/broker", settings->store_folder);
    supervisor_fill(&s);
    err = supervisor_start(&s);
    if (!err) {
        log_info("running on %s with %zu programs", settings->store_folder, s.count);
        for (size_t i = 0; i < settings->profiles_count; i++)
            log_info("scan folder %s: %s", settings->profiles[i].name, settings->profiles[i].folder);
        if (!settings->profiles_count)
            log_info("scan folder: %s", settings->scan_folder[0] ? settings->scan_folder : "inbox in the store");
        for (size_t i = 0; i < settings->mailboxes_count; i++)
            log_info("mailbox %s: %s", settings->mailboxes[i].name, settings->mailboxes[i].path[0] ? settings->mailboxes[i].path : settings->mailboxes[i].url);
        supervisor_run(&s);
    }
    supervisor_stop(&s);
    log_info("stopped");
    free(s.list);
    free(s.programs);
    free(s.socket);
    settings_drop(&settings);
    return err ? 70 : 0;
}
