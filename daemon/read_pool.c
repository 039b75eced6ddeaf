#include "daemon/read_pool.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/helper.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/wire.h"
#include "daemon/helper_program.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFICE_PATIENCE_MS 500    /* it tidies up behind itself */
#define JOBS_FOR_EACH_OPENER 8    /* opening a page takes a tenth of what reading it takes */
#define STILLBORN_MOST 2          /* helpers that end before they have said a word */

struct lane {
    enum read_lane_kind kind;
    struct helper *helper;
    const char *program;
    bool held;  /* answers of a task that was paused may be here, already read from the pipe */
    bool heard; /* it has answered something since it was started */
    int jobs;
    struct read_task *task;
    int64_t started_ms, sign_ms, page_ms;
};

struct read_pool {
    const struct settings *settings;
    const char *languages;
    char *folder; /* of the programs */
    struct lane *lanes;
    size_t count;
    struct read_task *first[READ_LANE_KINDS], *last[READ_LANE_KINDS];
    int stillborn;
};

struct read_pool *read_pool_new(const struct read_pool_order *order) {
    struct read_pool *pool = mem_new(sizeof *pool);
    size_t openers = 1 + (size_t)order->jobs / JOBS_FOR_EACH_OPENER;
    pool->settings = order->settings;
    pool->languages = order->languages;
    pool->folder = spawn_own_folder();
    pool->count = openers + (size_t)order->jobs;
    pool->lanes = mem_new(pool->count * sizeof *pool->lanes);
    for (size_t i = openers; i < pool->count; i++)
        pool->lanes[i].kind = READ_LANE_PAGE;
    return pool;
}

static void lane_drop_helper(struct lane *lane) {
    if (lane->helper && strcmp(lane->program, OFFICE_PROGRAM) == 0)
        helper_finish(&lane->helper, OFFICE_PATIENCE_MS);
    helper_drop(&lane->helper);
}

void read_pool_drop(struct read_pool **pool) {
    struct read_pool *p = *pool;
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++)
        lane_drop_helper(&p->lanes[i]);
    free(p->lanes);
    free(p->folder);
    mem_free(pool);
}

void read_pool_add(struct read_pool *pool, struct read_task *task) {
    task->next = NULL;
    task->page = 0;
    if (pool->last[task->lane])
        pool->last[task->lane]->next = task;
    else
        pool->first[task->lane] = task;
    pool->last[task->lane] = task;
}

static struct read_task *pool_take(struct read_pool *pool, enum read_lane_kind kind) {
    struct read_task *task = pool->first[kind];
    if (task) {
        pool->first[kind] = task->next;
        if (!task->next)
            pool->last[kind] = NULL;
        task->next = NULL;
    }
    return task;
}

void read_pool_cancel(struct read_pool *pool, struct read_task *task) {
    for (size_t i = 0; i < pool->count; i++)
        if (pool->lanes[i].task == task) {
            lane_drop_helper(&pool->lanes[i]);
            pool->lanes[i].task = NULL;
            return;
        }
    struct read_task *before = NULL, *at = pool->first[task->lane];
    for (; at && at != task; at = at->next)
        before = at;
    if (!at)
        return;
    if (before)
        before->next = task->next;
    else
        pool->first[task->lane] = task->next;
    if (pool->last[task->lane] == task)
        pool->last[task->lane] = before;
}

bool read_pool_is_idle(const struct read_pool *pool) {
    for (size_t i = 0; i < pool->count; i++)
        if (pool->lanes[i].task)
            return false;
    return !pool->first[READ_LANE_OPEN] && !pool->first[READ_LANE_PAGE];
}

size_t read_pool_waiting(const struct read_pool *pool, enum read_lane_kind lane) {
    size_t n = 0;
    for (const struct read_task *task = pool->first[lane]; task; task = task->next)
        n++;
    return n;
}

/* ---- helpers */

/* A helper that died between two tasks, or that says what nobody asked for, gets no further one. */
static bool lane_can_go_on(struct lane *lane, const struct read_pool *pool, const char *program) {
    return lane->helper && strcmp(lane->program, program) == 0 && strcmp(program, OFFICE_PROGRAM) != 0 &&
           lane->jobs < pool->settings->helper_jobs && helper_pump(lane->helper) == 0 && !helper_is_unasked(lane->helper);
}

static int lane_helper(struct read_pool *pool, struct lane *lane, const char *program) {
    if (lane_can_go_on(lane, pool, program))
        return 0;
    lane_drop_helper(lane);
    struct helper_order order = {pool->settings, pool->folder, program, pool->languages};
    int err = helper_program_start(&order, &lane->helper);
    lane->program = program;
    lane->jobs = 0;
    lane->heard = false;
    return err;
}

/* The task is the caller's again before it hears of the end: it may add it anew. */
static void lane_end(struct read_pool *pool, struct lane *lane, int err, bool drop) {
    struct read_task *task = lane->task;
    lane->task = NULL;
    pool->stillborn = lane->heard ? 0 : pool->stillborn + (err == ERR_CRASHED);
    if (drop)
        lane_drop_helper(lane);
    buf_wipe(&task->order);
    task->end(task, err);
}

static void lane_begin(struct read_pool *pool, struct lane *lane, struct read_task *task) {
    lane->task = task;
    int err = lane_helper(pool, lane, task->program);
    if (err) {
        lane_end(pool, lane, ERR_CRASHED, true);
        return;
    }
    lane->jobs++;
    lane->started_ms = lane->sign_ms = lane->page_ms = clock_steady();
    helper_send(lane->helper, task->request, buf_view(&task->order));
    buf_wipe(&task->order);
}

static void pool_give_tasks(struct read_pool *pool) {
    for (size_t i = 0; i < pool->count; i++) {
        struct lane *lane = &pool->lanes[i];
        struct read_task *task = lane->task || pool->stillborn >= STILLBORN_MOST ? NULL : pool_take(pool, lane->kind);
        if (task)
            lane_begin(pool, lane, task);
    }
}

/* ---- answers */

/* "page 17": which page to leave out should it never come. */
static void lane_sign(struct lane *lane, struct view bytes) {
    char text[32];
    unsigned page = 0;
    size_t len = bytes.len < sizeof text - 1 ? bytes.len : sizeof text - 1;
    memcpy(text, bytes.data ? (const char *)bytes.data : "", len);
    text[len] = 0;
    if (sscanf(text, "page %u", &page) == 1)
        lane->task->page = page;
    lane->page_ms = clock_steady();
}

static int end_read(struct view bytes, int *ret_end) {
    struct wire_reader in = wire_reader(bytes);
    *ret_end = (int)wire_u32(&in);
    int err = wire_end(&in);
    return err ? err : *ret_end > 0 || *ret_end <= ERR_FIRST || *ret_end >= ERR_LAST ? (*ret_end ? ERR_PROTOCOL : 0) : 0;
}

/* One record; whether there may be another. */
static bool lane_take(struct read_pool *pool, struct lane *lane) {
    uint32_t type;
    struct view bytes;
    int end, n = helper_next(lane->helper, &type, &bytes);
    if (n == 0)
        return false;
    lane->heard = lane->heard || n > 0;
    lane->sign_ms = clock_steady();
    if (n < 0) {
        lane_end(pool, lane, n, true);
    } else if (type == HELPER_RESULT) {
        lane->task->result(lane->task, bytes);
    } else if (type == HELPER_SIGN) {
        lane_sign(lane, bytes);
    } else if (type == HELPER_END && end_read(bytes, &end) == 0) {
        lane_end(pool, lane, end, end == ERR_CRASHED || end == ERR_PROTOCOL);
    } else {
        lane_end(pool, lane, ERR_PROTOCOL, true);
    }
    return lane->task && lane->helper;
}

static void lane_pump(struct read_pool *pool, struct lane *lane) {
    int err = helper_pump(lane->helper);
    while (lane->task && !lane->task->paused && lane_take(pool, lane))
        ;
    if (err && lane->task && lane->helper)
        lane_end(pool, lane, err, true);
}

/* A helper whose answers are left in the pipe waits for us: that time is not its own. */
static void lane_check_time(struct read_pool *pool, struct lane *lane) {
    int64_t now = clock_steady();
    const struct settings *s = pool->settings;
    if (lane->task->paused) {
        lane->sign_ms = lane->page_ms = now;
        return;
    }
    bool opens = lane->kind == READ_LANE_OPEN && strcmp(lane->program, OFFICE_PROGRAM) != 0;
    bool silent = opens && now - lane->sign_ms > s->silence_seconds * 1000ll;
    if (silent || now - lane->page_ms > s->page_seconds * 1000ll)
        lane_end(pool, lane, ERR_TIME, true);
}

static void pool_wait(const struct read_pool *pool, int wait_ms) {
    struct pollfd *fds = mem_new(2 * pool->count * sizeof *fds);
    for (size_t i = 0; i < pool->count; i++) {
        const struct lane *lane = &pool->lanes[i];
        bool works = lane->task && lane->helper;
        if (works && lane->held && !lane->task->paused)
            wait_ms = 0;
        fds[2 * i] = (struct pollfd){.fd = works && !lane->task->paused ? helper_out_fd(lane->helper) : -1, .events = POLLIN};
        fds[2 * i + 1] = (struct pollfd){.fd = works ? helper_in_fd(lane->helper) : -1, .events = POLLOUT};
    }
    poll(fds, 2 * pool->count, wait_ms);
    free(fds);
}

int read_pool_turn(struct read_pool *pool, int wait_ms) {
    pool_give_tasks(pool);
    pool_wait(pool, wait_ms);
    for (size_t i = 0; i < pool->count; i++) {
        struct lane *lane = &pool->lanes[i];
        if (lane->task && lane->helper && !lane->task->paused)
            lane_pump(pool, lane);
        lane->held = lane->task && lane->task->paused;
        if (lane->task && lane->helper)
            lane_check_time(pool, lane);
    }
    return pool->stillborn >= STILLBORN_MOST ? ERR_STATE : 0;
}
