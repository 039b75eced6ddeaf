/* bench/queue: what the queue can do, with the real broker in a process of its own, on a real disk, and workers that do nothing.
 *
 *   queue [FOLDER [WAITING [WORKERS]]]     a store is made in FOLDER (/var/tmp) and removed again
 *
 * Jobs a second: each is lent, its order sent, its result stored, audited and committed durably (synchronous=FULL). Enqueue to start: from
 * the moment when another process has committed a job row to the moment when a worker has the order in its hand. */
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "queue/broker.h"
#include "queue/session.h"

#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MOST 64
#define LATENCY_JOBS 200
#define SPEED_JOBS 20000
#define MEMORY_JOBS 100000

static volatile int stop;
static volatile int workers_stop;
static int64_t started_us; /* when a worker last took a job */

static void on_term(int signal_number) {
    (void)signal_number;
    stop = 1;
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static void must(int err, const char *doing) {
    if (!err)
        return;
    fprintf(stderr, "%s: %s\n", doing, err_text(err));
    exit(1);
}

/* ---- the broker's process */

static int bench_order(struct store *store, int64_t subject, struct buf *out) {
    (void)store;
    buf_print(out, "%200lld", (long long)subject);
    return 0;
}

static int bench_done(struct store *store, const struct job *job, struct view bytes) {
    return db_run(store->db, "INSERT INTO bench_result(subject, bytes) VALUES(?, ?)", "ib", job->subject, bytes);
}

static const struct job_kind kinds[] = {{.name = "work", .subject = "thing", .order = bench_order, .done = bench_done},
                                        {.name = "heap", .subject = "thing", .order = bench_order, .done = bench_done},
                                        {.name = "other", .subject = "thing", .order = bench_order, .done = bench_done}};

static int broker_main(const char *folder, const char *socket) {
    struct store *store = NULL;
    struct hub *hub = NULL;
    signal(SIGTERM, on_term);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    log_open("broker", LOG_LEVEL_WARN);
    must(store_open(folder, &store), "store");
    must(hub_new(&hub), "hub");
    must(hub_bind_ipc(hub, socket), "bind");
    struct broker_order order = {.store = store, .hub = hub, .kinds = kinds, .kind_count = 3, .lease_ms = 15000, .attempts_most = 3,
                                 .free_megabytes_least = 50, .stop = &stop};
    int err = broker_run(&order);
    hub_drop(&hub);
    store_close(&store);
    return err != 0;
}

/* ---- workers */

struct bench_worker {
    pthread_t thread;
    char name[16];
    const char *address, *kinds;
};

static void *worker_thread(void *state) {
    struct bench_worker *w = state;
    struct session session;
    must(session_open(w->address, NULL, w->name, w->kinds, &session), "session");
    while (!workers_stop) {
        struct message job = {0};
        if (session_receive(&session, &job) == 1) {
            __atomic_store_n(&started_us, now_us(), __ATOMIC_SEQ_CST);
            session_done(&session, view_text("a result of no great length, as a page's state would be"));
            message_drop(&job);
        } else {
            struct pollfd p = {.fd = link_fd(session.link), .events = POLLIN};
            poll(&p, 1, 20);
            session_beat(&session, "idle");
        }
    }
    session_close(&session);
    return NULL;
}

struct bench {
    char folder[256], socket[300], address[320];
    struct store *store;
    pid_t broker;
    struct bench_worker workers[WORKERS_MOST];
    int count, waiting;
    int64_t subject; /* the last one that was used */
};

static void workers_start(struct bench *b, int count, const char *worker_kinds) {
    workers_stop = 0;
    b->count = count;
    for (int i = 0; i < count; i++) {
        struct bench_worker *w = &b->workers[i];
        w->address = b->address;
        w->kinds = worker_kinds;
        snprintf(w->name, sizeof w->name, "w%d", i);
        pthread_create(&w->thread, NULL, worker_thread, w);
    }
}

static void workers_end(struct bench *b) {
    workers_stop = 1;
    for (int i = 0; i < b->count; i++)
        pthread_join(b->workers[i].thread, NULL);
}

/* ---- measuring */

static int64_t results(struct bench *b) {
    int64_t n = 0;
    must(db_int(b->store->db, &n, "SELECT ifnull(max(id), 0) FROM bench_result", ""), "count");
    return n;
}

static void jobs_add(struct bench *b, const char *kind, int64_t count, int priority) {
    must(db_begin(b->store->db), "begin");
    must(db_run(b->store->db,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                " INSERT INTO job(kind, subject, state, priority, made_at) SELECT ?, ? + i, 'waiting', ?, 0 FROM n", "itii", count, kind,
                b->subject, (int64_t)priority), "jobs");
    must(db_commit(b->store->db), "commit");
    b->subject += count;
}

/* Jobs a second, from so many that wait. */
static double speed(struct bench *b, int workers, const char *kind, int64_t jobs, int add) {
    int64_t before = results(b);
    if (add)
        jobs_add(b, kind, jobs, JOB_USUAL);
    int64_t start = now_us();
    workers_start(b, workers, kind);
    while (results(b) - before < jobs)
        usleep(2000);
    double seconds = (double)(now_us() - start) / 1e6;
    int64_t done = results(b) - before;
    workers_end(b);
    return (double)done / seconds;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void latency(struct bench *b, const char *name) {
    int64_t took[LATENCY_JOBS];
    workers_start(b, 2, "other");
    usleep(300000);
    for (int i = 0; i < LATENCY_JOBS; i++) {
        int64_t before = __atomic_load_n(&started_us, __ATOMIC_SEQ_CST);
        must(job_add(b->store, "other", ++b->subject, JOB_USUAL), "add");
        int64_t start = now_us();
        while (__atomic_load_n(&started_us, __ATOMIC_SEQ_CST) == before)
            usleep(100);
        took[i] = started_us - start;
        usleep(20000 + (useconds_t)(i * 7919 % 11000)); /* not in step with the broker's own clock */
    }
    workers_end(b);
    qsort(took, LATENCY_JOBS, sizeof took[0], compare);
    printf("%-58s %8.1f ms   (95 of 100: %.1f ms)\n", name, (double)took[LATENCY_JOBS / 2] / 1000, (double)took[LATENCY_JOBS * 95 / 100] / 1000);
    fflush(stdout);
}

static void speed_row(struct bench *b, const char *name, int workers, const char *kind, int64_t jobs, int add) {
    printf("%-58s %8.0f jobs/s\n", name, speed(b, workers, kind, jobs, add));
    fflush(stdout);
}

static long memory_kb(pid_t pid) {
    char path[64], line[256];
    long kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmRSS: %ld", &kb);
    if (file)
        fclose(file);
    return kb;
}

static void memory_row(struct bench *b, const char *name, long before_kb) {
    printf("%-58s %8.1f MB  (%.1f MB before the heap)\n", name, (double)memory_kb(b->broker) / 1024, (double)before_kb / 1024);
}

static double broker_cpu_ms(pid_t pid) {
    char path[64], line[1024] = "";
    unsigned long user = 0, sys = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file && fgets(line, sizeof line, file) && strrchr(line, ')'))
        sscanf(strrchr(line, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys);
    if (file)
        fclose(file);
    return 1000.0 * (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void bench_start(struct bench *b, const char *where) {
    snprintf(b->folder, sizeof b->folder, "%s/casefile-bench-XXXXXX", where);
    if (!mkdtemp(b->folder))
        must(ERR_SYSTEM, b->folder);
    snprintf(b->socket, sizeof b->socket, "%s/run/broker", b->folder);
    snprintf(b->address, sizeof b->address, "ipc://%s", b->socket);
    struct store *store = NULL;
    must(store_open(b->folder, &store), "store");
    must(db_script(store->db, "CREATE TABLE bench_result(id INTEGER PRIMARY KEY, subject INTEGER, bytes BLOB)"), "table");
    store_close(&store); /* no connection crosses the fork */
    b->broker = fork();
    if (b->broker == 0)
        _exit(broker_main(b->folder, b->socket));
    must(store_open(b->folder, &b->store), "store");
    usleep(500000);
}

static void bench_end(struct bench *b) {
    kill(b->broker, SIGTERM);
    waitpid(b->broker, NULL, 0);
    store_close(&b->store);
    nftw(b->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void measure(struct bench *b, int workers) {
    char name[80];
    double cpu = broker_cpu_ms(b->broker);
    sleep(3);
    printf("%-58s %8.2f %% of a processor\n", "broker with nothing to do", (broker_cpu_ms(b->broker) - cpu) / 30);
    speed_row(b, "one worker", 1, "work", SPEED_JOBS / 4, 1);
    snprintf(name, sizeof name, "%d workers", workers);
    speed_row(b, name, workers, "work", SPEED_JOBS, 1);
    latency(b, "enqueue to start, idle, median");
    long before = memory_kb(b->broker);
    jobs_add(b, "heap", b->waiting, JOB_BACKLOG);
    snprintf(name, sizeof name, "%d workers while %d of another kind wait", workers, b->waiting);
    speed_row(b, name, workers, "work", SPEED_JOBS, 1);
    snprintf(name, sizeof name, "enqueue to start while %d of another kind wait", b->waiting);
    latency(b, name);
    snprintf(name, sizeof name, "%d workers on the %d themselves", workers, b->waiting);
    speed_row(b, name, workers, "heap", SPEED_JOBS, 0);
    memory_row(b, "memory of the broker, store and jobs cached", before);
    for (int i = 1; i <= 2; i++) {
        snprintf(name, sizeof name, "%d workers, %d more of them", workers, MEMORY_JOBS);
        speed_row(b, name, workers, "heap", MEMORY_JOBS, 0);
        memory_row(b, "memory of the broker after them", before);
    }
}

int main(int argc, char **argv) {
    struct bench b = {.waiting = argc > 2 ? atoi(argv[2]) : 1000000};
    int workers = argc > 3 ? atoi(argv[3]) : 16;
    if (b.waiting < 3 * MEMORY_JOBS || workers < 1 || workers > WORKERS_MOST)
        must(ERR_INPUT, "queue [FOLDER [WAITING [WORKERS]]]: 300000 or more wait, 1 to 64 workers");
    bench_start(&b, argc > 1 ? argv[1] : "/var/tmp");
    printf("%-58s %8.1f MB\n", "memory of the broker at its start", (double)memory_kb(b.broker) / 1024);
    measure(&b, workers);
    bench_end(&b);
    return 0;
}
