/* casefile-worker: takes jobs that need hostile bytes opened, hands the bytes to a confined helper, and sends back what comes.
 *
 * Security: it parses nothing of what it passes on; it has no key, no database. It knows the broker's address (and, for tcp, a CURVE key),
 * and starts one program: the helper. */
#include "base/clock.h"
#include "base/err.h"
#include "base/helper.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/wire.h"
#include "config/settings.h"
#include "daemon/program.h"
#include "daemon/worker_keys.h"
#include "queue/session.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKER_KINDS "prove,cover,read,open"

/* Kinds of jobs by the helper's request types. */
static const struct {
    const char *kind;
    uint32_t request;
} kinds[] = {{"open", 32}, {"read", 33}, {"cover", 34}, {"prove", 35}};

struct worker {
    const struct settings *settings;
    struct session session;
    struct helper *helper;
    char *helper_path;
    int helper_jobs;
    int busy;
    int64_t started_ms, sign_ms;
    char doing[64];
    struct buf held; /* the last result record: it goes with DONE, or, when another comes, as RESULT */
    int holding;
};

static int worker_helper(struct worker *w) {
    char megabytes[16], seconds[16];
    if (w->helper && w->helper_jobs < w->settings->helper_jobs)
        return 0;
    helper_drop(&w->helper);
    w->helper_jobs = 0;
    snprintf(megabytes, sizeof megabytes, "%d", w->settings->helper_megabytes);
    snprintf(seconds, sizeof seconds, "%d", w->settings->document_seconds);
    char *argv[] = {w->helper_path, "--languages", w->settings->languages, "--megabytes", megabytes, "--seconds", seconds, NULL};
    return helper_start(w->helper_path, argv, &w->helper);
}

static void worker_idle(struct worker *w) {
    w->busy = 0;
    w->holding = 0;
    buf_wipe(&w->held);
    snprintf(w->doing, sizeof w->doing, "idle");
}

/* Whatever the helper was doing, its next job shall not see it. */
static void worker_fail(struct worker *w, int err, int drop_helper) {
    if (drop_helper)
        helper_drop(&w->helper);
    session_fail(&w->session, err_text(err), session_error_is_final(err));
    worker_idle(w);
}

static void worker_start(struct worker *w, const struct message *job) {
    uint32_t request = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].kind, job->kind) == 0)
            request = kinds[i].request;
    int err = request ? worker_helper(w) : ERR_PROTOCOL;
    w->busy = 1;
    w->started_ms = w->sign_ms = clock_steady();
    snprintf(w->doing, sizeof w->doing, "%s %llu", job->kind, (unsigned long long)job->subject);
    if (err) {
        worker_fail(w, err, 1);
        return;
    }
    w->helper_jobs++;
    helper_send(w->helper, request, job->bytes);
}

static void worker_result(struct worker *w, struct view bytes) {
    if (w->holding)
        session_result(&w->session, buf_view(&w->held));
    buf_wipe(&w->held);
    buf_add(&w->held, bytes.data, bytes.len);
    w->holding = 1;
}

static void worker_end(struct worker *w, struct view bytes) {
    struct wire_reader in = wire_reader(bytes);
    int err = (int)wire_u32(&in);
    if (wire_end(&in))
        err = ERR_PROTOCOL;
    if (err) {
        if (w->holding) /* what was found out before the trouble is kept */
            session_result(&w->session, buf_view(&w->held));
        worker_fail(w, err, err == ERR_CRASHED || err == ERR_PROTOCOL);
        return;
    }
    session_done(&w->session, w->holding ? buf_view(&w->held) : (struct view){0});
    worker_idle(w);
}

static void worker_pump(struct worker *w) {
    int err = helper_pump(w->helper);
    while (w->busy && w->helper) {
        uint32_t type;
        struct view bytes;
        int n = helper_next(w->helper, &type, &bytes);
        if (n < 0)
            err = n;
        if (n <= 0)
            break;
        w->sign_ms = clock_steady();
        if (type == HELPER_RESULT)
            worker_result(w, bytes);
        else if (type == HELPER_END)
            worker_end(w, bytes);
        else if (type == HELPER_SIGN)
            snprintf(w->doing, sizeof w->doing, "%.*s", (int)(bytes.len < 60 ? bytes.len : 60), bytes.data ? (const char *)bytes.data : "");
    }
    if (err && w->busy) {
        log_warn("the helper of job %llu ended: %s", (unsigned long long)w->session.job, err_text(err));
        worker_fail(w, err, 1);
    } else if (err) {
        helper_drop(&w->helper);
    }
}

static void worker_check_time(struct worker *w) {
    int64_t now = clock_steady();
    if (!w->busy)
        return;
    if (now - w->sign_ms > w->settings->silence_seconds * 1000ll || now - w->started_ms > w->settings->document_seconds * 1000ll) {
        log_warn("the helper of job %llu took too long", (unsigned long long)w->session.job);
        worker_fail(w, ERR_TIME, 1);
    }
}

static void worker_listen(struct worker *w) {
    for (;;) {
        struct message job = {0};
        int n = session_receive(&w->session, &job);
        if (n == 0)
            return;
        if (n == 1) {
            worker_start(w, &job);
            message_drop(&job);
        } else { /* the attempt has ended elsewhere */
            if (w->busy)
                helper_drop(&w->helper);
            worker_idle(w);
        }
    }
}

static void worker_run(struct worker *w) {
    while (!program_stop) {
        struct pollfd fds[3] = {{.fd = link_fd(w->session.link), .events = POLLIN},
                                {.fd = w->helper ? helper_out_fd(w->helper) : -1, .events = POLLIN},
                                {.fd = w->helper ? helper_in_fd(w->helper) : -1, .events = POLLOUT}};
        poll(fds, 3, 200);
        worker_listen(w);
        if (w->helper)
            worker_pump(w);
        worker_check_time(w);
        session_beat(&w->session, w->doing);
        worker_listen(w); /* ZeroMQ's descriptor tells edges: look again after every send */
    }
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    const char *name = program_option(argc, argv, "--name", "worker-1");
    const char *connect = program_option(argc, argv, "--connect", NULL);
    const char *key_file = program_option(argc, argv, "--keys", NULL);
    struct link_keys keys;
    struct worker w = {.settings = settings, .doing = "idle"};
    program_start("casefile-worker", settings);
    char *own = spawn_own_folder();
    char *address = connect ? mem_text(connect) : mem_print("ipc://%s/run/broker", settings->store_folder);
    w.helper_path = mem_print("%s/casefile-helper", own);
    int err = key_file ? worker_keys_read(key_file, &keys) : 0;
    if (err)
        log_error("the key file cannot be used: %s", err_text(err));
    if (!err)
        err = session_open(address, key_file ? &keys : NULL, name, WORKER_KINDS, &w.session);
    if (!err) {
        worker_helper(&w); /* warm before the first job */
        worker_run(&w);
        session_close(&w.session);
    }
    helper_drop(&w.helper);
    worker_idle(&w);
    free(w.helper_path);
    free(address);
    free(own);
    settings_drop(&settings);
    return err ? 69 : 0;
}
