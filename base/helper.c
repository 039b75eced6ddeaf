#include "base/helper.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PUMP_PIECES_MOST 64 /* of 64 kB */
#define FINISH_STEP_MS 5

struct helper {
    pid_t pid;
    int in, out; /* pipes: to its standard input, from its standard output */
    struct buf queued;
    size_t sent;
    struct buf got;
    size_t taken;
    int gone;
};

int helper_start(const char *program, char *const *argv, struct helper **ret) {
    static const char *const extra[] = {"OMP_THREAD_LIMIT=1", "LC_ALL=C.UTF-8", NULL};
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC))
        return err_from_errno(errno);
    if (pipe2(from, O_CLOEXEC)) {
        close(to[0]);
        close(to[1]);
        return err_from_errno(errno);
    }
    struct helper *helper = mem_new(sizeof *helper);
    struct spawn_order order = {.program = program, .argv = argv, .in = to[0], .out = from[1], .fd3 = -1, .extra = extra,
                                .die_with_parent = 1};
    helper->in = to[1];
    helper->out = from[0];
    int err = spawn(&order, &helper->pid);
    close(to[0]);
    close(from[1]);
    if (err) {
        helper_drop(&helper);
        return err;
    }
    fcntl(helper->in, F_SETFL, O_NONBLOCK);
    fcntl(helper->out, F_SETFL, O_NONBLOCK);
    *ret = helper;
    return 0;
}

void helper_drop(struct helper **helper) {
    struct helper *h = *helper;
    if (!h)
        return;
    if (h->in >= 0)
        close(h->in);
    close(h->out);
    if (h->pid > 0) {
        /* Its fork for the present job stands in its process group. */
        kill(-h->pid, SIGKILL);
        kill(h->pid, SIGKILL);
        while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    buf_wipe(&h->queued);
    buf_wipe(&h->got);
    mem_free(helper);
}

pid_t helper_pid(const struct helper *helper) {
    return helper->pid;
}

static void record_head(struct buf *out, uint32_t type, size_t len) {
    wire_put_u32(out, type);
    wire_put_u32(out, (uint32_t)len);
}

void helper_send(struct helper *helper, uint32_t type, struct view bytes) {
    record_head(&helper->queued, type, bytes.len);
    buf_add(&helper->queued, bytes.data, bytes.len);
}

int helper_out_fd(const struct helper *helper) {
    return helper->out;
}

int helper_in_fd(const struct helper *helper) {
    return helper->sent < helper->queued.len ? helper->in : -1;
}

static int helper_pump_in(struct helper *h) {
    while (h->sent < h->queued.len) {
        ssize_t n = write(h->in, h->queued.data + h->sent, h->queued.len - h->sent);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : ERR_CRASHED;
        h->sent += (size_t)n;
    }
    if (h->queued.cap > (1u << 20))
        buf_wipe(&h->queued);
    buf_reset(&h->queued);
    h->sent = 0;
    return 0;
}

static void helper_forget_taken(struct helper *h) {
    if (!h->taken)
        return;
    memmove(h->got.data, h->got.data + h->taken, h->got.len - h->taken);
    h->got.len -= h->taken;
    h->taken = 0;
    if (!h->got.len && h->got.cap > (1u << 20))
        buf_wipe(&h->got);
}

/* The longest record and its head: who has so much of it has a whole record, or none. */
static int helper_is_full(const struct helper *h) {
    return h->got.len - h->taken > HELPER_RECORD_MOST + 8u;
}

/* Bounded: a helper that never stops talking must not keep its worker from looking at the clock, nor fill its memory: what is not
 * taken stays in the pipe. */
static int helper_pump_out(struct helper *h) {
    for (int pieces = 0; pieces < PUMP_PIECES_MOST && !helper_is_full(h); pieces++) {
        uint8_t *room = buf_room(&h->got, 65536);
        ssize_t n = read(h->out, room, 65536);
        h->got.len -= 65536 - (n > 0 ? (size_t)n : 0);
        if (n == 0)
            h->gone = 1;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || n < 65536)
            return n < 0 && errno != EAGAIN ? ERR_CRASHED : 0;
    }
    return 0;
}

int helper_pump(struct helper *helper) {
    helper_forget_taken(helper);
    int err = helper_pump_in(helper);
    int err2 = helper_pump_out(helper);
    return err2 ? err2 : helper->gone && !helper->got.len ? ERR_CRASHED : err;
}

int helper_next(struct helper *helper, uint32_t *ret_type, struct view *ret_bytes) {
    struct view left = view_of(helper->got.data + helper->taken, helper->got.len - helper->taken);
    if (left.len < 8)
        return helper->gone ? ERR_CRASHED : 0;
    struct wire_reader in = wire_reader(left);
    uint32_t type = wire_u32(&in), len = wire_u32(&in);
    if (len > HELPER_RECORD_MOST)
        return ERR_PROTOCOL;
    if (in.left.len < len)
        return helper->gone ? ERR_CRASHED : 0;
    *ret_type = type;
    *ret_bytes = view_of(in.left.data, len);
    helper->taken += 8 + len;
    return 1;
}

int helper_is_unasked(struct helper *helper) {
    helper_pump(helper);
    return helper->got.len > helper->taken;
}

void helper_finish(struct helper **helper, int patience_ms) {
    struct helper *h = *helper;
    if (!h)
        return;
    close(h->in);
    h->in = -1;
    for (int ms = 0; ms < patience_ms; ms += FINISH_STEP_MS) {
        if (waitpid(h->pid, NULL, WNOHANG) == h->pid) {
            h->pid = 0;
            break;
        }
        poll(NULL, 0, FINISH_STEP_MS);
    }
    helper_drop(helper);
}

static int read_exactly(int fd, uint8_t *at, size_t len) {
    while (len) {
        ssize_t n = read(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? err_from_errno(errno) : ERR_NOT_FOUND;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

int helper_read_record(int fd, uint32_t *ret_type, struct buf *out) {
    uint8_t head[8];
    int err = read_exactly(fd, head, 8);
    if (err)
        return err;
    struct wire_reader in = wire_reader(view_of(head, 8));
    uint32_t type = wire_u32(&in), len = wire_u32(&in);
    if (len > HELPER_RECORD_MOST)
        return ERR_PROTOCOL;
    err = read_exactly(fd, buf_room(out, len), len);
    if (!err)
        *ret_type = type;
    return err == ERR_NOT_FOUND ? ERR_PROTOCOL : err;
}

static int pass_bytes(int from, int to, size_t len) {
    uint8_t piece[16384];
    int err = 0;
    while (len && !err) {
        size_t part = len < sizeof piece ? len : sizeof piece;
        err = read_exactly(from, piece, part);
        if (!err)
            err = file_write_all(to, piece, part);
        len -= part;
    }
    return err ? ERR_PROTOCOL : 0;
}

int helper_pass_on(int from, int to, int *ret_end) {
    for (;;) {
        uint8_t head[8], end[4];
        int err = read_exactly(from, head, 8);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_CRASHED : err;
        struct wire_reader in = wire_reader(view_of(head, 8));
        uint32_t type = wire_u32(&in), len = wire_u32(&in);
        if (type == HELPER_END) {
            if (len != sizeof end || read_exactly(from, end, sizeof end))
                return ERR_CRASHED;
            in = wire_reader(view_of(end, sizeof end));
            *ret_end = (int)wire_u32(&in);
            return 0;
        }
        if (len > HELPER_RECORD_MOST)
            return ERR_CRASHED;
        err = file_write_all(to, head, 8);
        if (!err)
            err = pass_bytes(from, to, len);
        if (err)
            return err;
    }
}

int helper_write_record(int fd, uint32_t type, struct view bytes) {
    struct buf head = {0};
    record_head(&head, type, bytes.len);
    int err = file_write_all(fd, head.data, head.len);
    buf_drop(&head);
    return err ? err : file_write_all(fd, bytes.data, bytes.len);
}
