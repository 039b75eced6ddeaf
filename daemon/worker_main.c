/* casefile-worker: takes jobs that need hostile bytes opened, hands the bytes to a confined helper, and sends back what comes.
 *
 * Security: it parses nothing of what it passes on; it has no key, no database. It knows the broker's address (and, for tcp, a CURVE key)
 * and that of the malware scanner, and starts two programs: the helper and the office helper. */
#include "base/clock.h"
#include "base/err.h"
#include "base/helper.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/wire.h"
#include "config/settings.h"
#include "daemon/helper_program.h"
#include "daemon/program.h"
#include "daemon/worker_keys.h"
#include "ingest/malware.h"
#include "ingest/open_order.h"
#include "ingest/open_record.h"
#include "queue/session.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WORKER_KINDS "prove,cover,convert,read,open"
#define WORKER_KINDS_UNSCANNED "prove,cover,convert,read" /* malware.must_scan, and the scanner is away: parts wait */
#define SCANNER_LOOK_MS 5000
#define SCANNER_WAIT_MS 120000

/* Kinds of jobs: the helper's request types, and the program. Office files go to a helper of their own, a fresh one each. */
static const struct work {
    const char *kind;
    uint32_t request;
    const char *program;
    int once;
} works[] = {{"open", HELPER_OPEN, HELPER_PROGRAM, 0},
             {"read", HELPER_READ, HELPER_PROGRAM, 0},
             {"cover", HELPER_COVER, HELPER_PROGRAM, 0},
             {"prove", HELPER_PROVE, HELPER_PROGRAM, 0},
             {"convert", HELPER_CONVERT, OFFICE_PROGRAM, 1}};

struct worker {
    const struct settings *settings;
    struct session session;
    struct helper *helper;
    const char *helper_program; /* of works[] */
    char *folder;               /* of the programs */
    int helper_jobs;
    int busy, once;
    int64_t started_ms, sign_ms;
    uint32_t page; /* that the helper is at, or 0 */
    int64_t page_ms, scanner_ms;
    int unscanned; /* the scanner was told of as away */
    char doing[64];
    struct buf held; /* the last result record: it goes with DONE, or, when another comes, as RESULT */
    int holding;
};

static int worker_helper(struct worker *w, const char *program) {
    if (w->helper && helper_is_unasked(w->helper))
        helper_drop(&w->helper);
    if (w->helper && strcmp(w->helper_program, program) == 0 && w->helper_jobs < w->settings->helper_jobs)
        return 0;
    helper_drop(&w->helper);
    w->helper_jobs = 0;
    w->helper_program = program;
    struct helper_order order = {w->settings, w->folder, program, w->settings->languages};
    return helper_program_start(&order, &w->helper);
}

static void worker_idle(struct worker *w) {
    w->busy = 0;
    w->holding = 0;
    w->page = 0;
    buf_wipe(&w->held);
    snprintf(w->doing, sizeof w->doing, "idle");
    if (w->once && w->helper)
        helper_finish(&w->helper, 500); /* it tidies up behind itself */
    w->once = 0;
}

/* Whatever the helper was doing, its next job shall not see it. page: where it ended or hung, or 0. */
static void worker_fail(struct worker *w, int err, int drop_helper, uint32_t page) {
    if (drop_helper)
        helper_drop(&w->helper);
    session_fail(&w->session, err_text(err), session_error_is_final(err), page);
    worker_idle(w);
}

/* The queue does not listen, or there is nobody to scan: nothing of this attempt counts, and it waits again. */
static void worker_let_go(struct worker *w, int drop_helper) {
    if (drop_helper)
        helper_drop(&w->helper);
    session_ready(&w->session);
    worker_idle(w);
}

/* ---- malware */

static void scanner_beat(void *state) {
    struct worker *w = state;
    session_beat(&w->session, "scanning for malware");
}

static struct malware_scanner worker_scanner(struct worker *w) {
    return (struct malware_scanner){w->settings->malware_socket, SCANNER_WAIT_MS, scanner_beat, w};
}

static void worker_tell_scanner(struct worker *w, int away) {
    if (away && !w->unscanned)
        log_warn("ClamAV's daemon cannot be reached: parts are %s", strcmp(w->settings->malware_must, "yes") == 0
                                                                        ? "not opened until it is there"
                                                                        : "taken in as 'not scanned'");
    if (!away && w->unscanned)
        log_info("ClamAV's daemon is there again");
    w->unscanned = away;
}

/* What the scanner says goes to the broker as the first piece of the result. */
static int worker_scan(struct worker *w, struct view order_bytes) {
    struct open_order order;
    int err = open_order_decode(order_bytes, &order);
    if (err)
        return err;
    struct malware_scanner scanner = worker_scanner(w);
    int found = malware_scan(&scanner, order.bytes);
    open_order_drop(&order);
    worker_tell_scanner(w, found == ERR_NOT_FOUND);
    if (found == 1)
        return ERR_MALWARE;
    if (found < 0 && strcmp(w->settings->malware_must, "yes") == 0) {
        if (found != ERR_NOT_FOUND)
            return found; /* what the scanner hangs up on, time and again, is a person's: it must not stop the others */
        w->session.kinds = WORKER_KINDS_UNSCANNED; /* until it answers */
        w->scanner_ms = clock_steady();
        return ERR_BUSY;
    }
    struct open_record record = {.type = OPEN_SCANNED, .kind = found ? "not scanned" : "clean"};
    struct buf out = {0};
    open_record_encode(&record, &out);
    err = session_result(&w->session, buf_view(&out));
    buf_drop(&out);
    return err;
}

/* Where nothing may be opened unscanned, a worker takes no parts while the scanner is away: they wait, and no attempt is used up. */
static void worker_look_for_scanner(struct worker *w) {
    if (w->busy || strcmp(w->settings->malware_must, "yes") || clock_steady() - w->scanner_ms < SCANNER_LOOK_MS)
        return;
    struct malware_scanner scanner = worker_scanner(w);
    int away = malware_ping(&scanner) != 0;
    const char *kinds = away ? WORKER_KINDS_UNSCANNED : WORKER_KINDS;
    w->scanner_ms = clock_steady();
    worker_tell_scanner(w, away);
    if (strcmp(kinds, w->session.kinds) == 0)
        return;
    w->session.kinds = kinds;
    session_ready(&w->session);
}

/* ---- jobs */

static int worker_begin(struct worker *w, const struct work *work, const struct message *job) {
    int err = work->request == HELPER_OPEN ? worker_scan(w, job->bytes) : 0;
    if (!err)
        err = worker_helper(w, work->program);
    if (err)
        return err;
    w->once = work->once;
    w->helper_jobs++;
    w->started_ms = w->sign_ms = clock_steady();
    helper_send(w->helper, work->request, job->bytes);
    return 0;
}

static void worker_start(struct worker *w, const struct message *job) {
    int err = ERR_PROTOCOL;
    w->busy = 1;
    w->started_ms = w->sign_ms = clock_steady();
    snprintf(w->doing, sizeof w->doing, "%s %llu", job->kind, (unsigned long long)job->subject);
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
        if (strcmp(works[i].kind, job->kind) == 0)
            err = worker_begin(w, &works[i], job);
    if (err == ERR_BUSY)
        worker_let_go(w, 0);
    else if (err)
        worker_fail(w, err, err != ERR_MALWARE, 0);
}

/* A piece that could not be sent must not be missing from a job that is said to be done. */
static void worker_result(struct worker *w, struct view bytes) {
    if (w->holding && session_result(&w->session, buf_view(&w->held))) {
        log_warn("job %llu: the queue does not listen; it waits again", (unsigned long long)w->session.job);
        worker_let_go(w, 1);
        return;
    }
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
        /* What was found out before the trouble is kept. */
        if (w->holding && session_result(&w->session, buf_view(&w->held)))
            worker_let_go(w, 1);
        else
            worker_fail(w, err, err == ERR_CRASHED || err == ERR_PROTOCOL, err == ERR_CRASHED || err == ERR_MEMORY ? w->page : 0);
        return;
    }
    if (session_done(&w->session, w->holding ? buf_view(&w->held) : (struct view){0}))
        worker_let_go(w, 0);
    else
        worker_idle(w);
}

/* "page 17": what it says of itself, and which page to leave out should it never come. */
static void worker_sign(struct worker *w, struct view bytes) {
    unsigned page = 0;
    snprintf(w->doing, sizeof w->doing, "%.*s", (int)(bytes.len < 60 ? bytes.len : 60), bytes.data ? (const char *)bytes.data : "");
    for (char *at = w->doing; *at; at++) /* it comes from a process that has read hostile bytes */
        if (*at < 0x20 || *at > 0x7E)
            *at = '?';
    w->page = sscanf(w->doing, "page %u", &page) == 1 ? page : 0;
    w->page_ms = clock_steady();
}

static void worker_pump(struct worker *w) {
    if (!w->busy && helper_is_unasked(w->helper)) {
        log_warn("a helper said something that nobody had asked for; it is replaced");
        helper_drop(&w->helper);
        return;
    }
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
            worker_sign(w, bytes);
        else {
            err = ERR_PROTOCOL;
            break;
        }
    }
    if (err && w->busy) {
        log_warn("the helper of job %llu ended: %s", (unsigned long long)w->session.job, err_text(err));
        worker_fail(w, err, 1, err == ERR_CRASHED ? w->page : 0);
    } else if (err) {
        helper_drop(&w->helper);
    }
}

/* Three limits: of silence, of a page, of a document. */
static void worker_check_time(struct worker *w) {
    int64_t now = clock_steady();
    if (!w->busy)
        return;
    int silent = now - w->sign_ms > w->settings->silence_seconds * 1000ll;
    int page = w->page && now - w->page_ms > w->settings->page_seconds * 1000ll;
    int document = now - w->started_ms > w->settings->document_seconds * 1000ll;
    if (!silent && !page && !document)
        return;
    log_warn("the helper of job %llu %s", (unsigned long long)w->session.job,
             document ? "took too long for the whole" : page ? "took too long for a page" : "gave no sign of life");
    worker_fail(w, ERR_TIME, 1, document ? 0 : w->page);
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
        worker_look_for_scanner(w);
        session_beat(&w->session, w->doing);
        worker_listen(w); /* ZeroMQ's descriptor tells edges: look again after every send */
    }
}

/* So that the screens stay quick: behind others on the processors and on the disk. The helpers inherit it. Who is further behind already
 * (started under nice) stays there. ioprio_set has no function in the C library: see ioprio_set(2). */
static void worker_stand_back(const struct settings *settings) {
    int class = strcmp(settings->worker_io, "idle") == 0 ? 3 : strcmp(settings->worker_io, "low") == 0 ? 2 : 0;
    if (getpriority(PRIO_PROCESS, 0) < settings->worker_nice && setpriority(PRIO_PROCESS, 0, settings->worker_nice))
        log_warn("the nice value could not be set");
    if (class && syscall(SYS_ioprio_set, 1 /* this process */, 0, class << 13 | (class == 2 ? 7 : 0)))
        log_warn("the I/O class could not be set");
}

int main(int argc, char **argv) {
    struct settings *settings = settings_for_program(&argc, argv);
    const char *name = program_option(argc, argv, "--name", "worker-1");
    const char *connect = program_option(argc, argv, "--connect", NULL);
    const char *key_file = program_option(argc, argv, "--keys", NULL);
    struct link_keys keys;
    struct worker w = {.settings = settings, .doing = "idle"};
    program_start("casefile-worker", settings);
    worker_stand_back(settings);
    char *address = connect ? mem_text(connect) : mem_print("ipc://%s/run/broker", settings->store_folder);
    w.folder = spawn_own_folder();
    int err = key_file ? worker_keys_read(key_file, &keys) : 0;
    if (err)
        log_error("the key file cannot be used: %s", err_text(err));
    if (!err)
        err = session_open(address, key_file ? &keys : NULL, name, WORKER_KINDS, &w.session);
    if (!err) {
        worker_helper(&w, works[0].program); /* warm before the first job */
        worker_run(&w);
        session_close(&w.session);
    }
    helper_drop(&w.helper);
    worker_idle(&w);
    free(w.folder);
    free(address);
    settings_drop(&settings);
    return err ? 69 : 0;
}
