#include "daemon/read_file.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "daemon/helper_request.h"
#include "daemon/read_slot.h"
#include "ingest/open_order.h"
#include "ingest/open_record.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELD_MOST 2         /* pages of a file whose turn has not come */
#define OPEN_TRIES 2        /* of a page, and of a file before its first page */

struct read_file {
    struct read_file_order order;
    struct buf kept;         /* what cannot be read from the path again: standard input, a converted file's pages */
    bool is_rendition;
    char *ending;            /* of an office file that has to be converted, or NULL */
    struct read_task task;   /* opening or converting */
    bool opening, converting;
    struct read_slot *first, *last; /* pages in flight, in order */
    uint32_t in_flight;
    uint32_t got;            /* the last page that came */
    uint32_t all;            /* pages that the file says it has */
    uint32_t given, parts;
    uint32_t stuck_page, stuck_times; /* where opening ended unexpectedly */
    uint32_t *left_out;      /* pages on which it did so twice */
    size_t left_out_count;
    char *kind;
    int err;
};

static bool wish_has(const struct read_wish *wish, uint32_t page) {
    for (size_t i = 0; i < wish->range_count; i++)
        if (page >= wish->ranges[i].from && page <= wish->ranges[i].to)
            return true;
    return wish->range_count == 0;
}

static uint32_t wish_last(const struct read_wish *wish) {
    return wish->range_count ? wish->ranges[wish->range_count - 1].to : UINT32_MAX;
}

/* ---- opening */

/* Pages that nobody wants between those that are wanted, as long as an order has room for them; and those that cannot be opened. */
static void order_skip(const struct read_file *file, struct open_order *order) {
    const struct read_wish *wish = file->order.wish;
    order->skip = mem_grow(NULL, OPEN_SKIP_MOST, sizeof *order->skip);
    uint32_t last = wish->range_count ? wish->ranges[wish->range_count - 1].from : 0;
    for (size_t i = 0; i < file->left_out_count; i++)
        last = file->left_out[i] > last ? file->left_out[i] : last;
    for (uint32_t page = order->first, i = 0; page <= last && order->skip_count < OPEN_SKIP_MOST; page++) {
        while (i < file->left_out_count && file->left_out[i] < page)
            i++;
        if (!wish_has(wish, page) || (i < file->left_out_count && file->left_out[i] == page))
            order->skip[order->skip_count++] = page;
    }
}

static int file_load(struct read_file *file, struct buf *out) {
    size_t most = (size_t)file->order.wish->settings->file_megabytes << 20;
    const char *path = file->order.path;
    if (file->kept.len) {
        buf_add(out, file->kept.data, file->kept.len);
        return 0;
    }
    if (strcmp(path, "-"))
        return file_read(path, most, out);
    int err = file_read_fd(STDIN_FILENO, most, &file->kept);
    if (!err)
        buf_add(out, file->kept.data, file->kept.len);
    return err;
}

static void file_ask(struct read_file *file, bool convert) {
    const struct read_wish *wish = file->order.wish;
    struct buf bytes = {0};
    int err = file_load(file, &bytes);
    if (err) {
        file->err = err;
        buf_wipe(&bytes);
        return;
    }
    char nothing[1] = "", rendition[] = "rendition";
    struct open_order order = {.name = convert ? file->ending : nothing, .attached = file->is_rendition ? rendition : nothing,
                               .depth = file->is_rendition, .password = (char *)(uintptr_t)wish->password,
                               .as_picture = wish->as_picture && !convert, .bytes = buf_view(&bytes)};
    order.first = file->got + 1;
    if (order.first == 1 && wish->range_count)
        order.first = wish->ranges[0].from;
    order_skip(file, &order);
    open_order_encode(&order, &file->task.order);
    free(order.skip);
    buf_wipe(&bytes);
    file->task.request = convert ? HELPER_CONVERT : HELPER_OPEN;
    file->task.program = convert ? OFFICE_PROGRAM : HELPER_PROGRAM;
    file->converting = convert;
    file->opening = true;
    read_pool_add(file->order.pool, &file->task);
}

/* Opening ended unexpectedly: after the page that it was at, or before it came to any. */
static void file_stuck(struct read_file *file, int err) {
    uint32_t page = file->task.page > file->got ? file->task.page : 0;
    file->stuck_times = page == file->stuck_page ? file->stuck_times + 1 : 1;
    file->stuck_page = page;
    if (file->stuck_times >= OPEN_TRIES) {
        if (!page || file->left_out_count == OPEN_SKIP_MOST) {
            file->err = err;
            return;
        }
        file->left_out = mem_grow(file->left_out, file->left_out_count + 1, sizeof *file->left_out);
        file->left_out[file->left_out_count++] = page;
        file->stuck_times = 0;
    }
    file_ask(file, file->converting);
}

static void open_ended(struct read_task *task, int err) {
    struct read_file *file = task->state;
    file->opening = false;
    if (err == ERR_CRASHED || err == ERR_TIME || err == ERR_MEMORY)
        file_stuck(file, err);
    else if (err)
        file->err = err;
    else if (file->converting && !file->is_rendition)
        file->err = ERR_NO_PAGES;
    else if (file->converting)
        file_ask(file, false);
    else if (file->ending && !file->is_rendition)
        file_ask(file, true);
}

/* The rest of the file is not wanted. */
static void file_stop_opening(struct read_file *file) {
    if (file->opening)
        read_pool_cancel(file->order.pool, &file->task);
    buf_wipe(&file->task.order);
    file->opening = false;
}

static void file_add_page(struct read_file *file, struct open_record *record) {
    uint32_t number = record->page.number;
    file->got = number;
    if (wish_has(file->order.wish, number)) {
        struct read_slot *slot = read_slot_new(file->order.pool, file->order.wish, record);
        if (file->last)
            file->last->next = slot;
        else
            file->first = slot;
        file->last = slot;
        file->in_flight++;
    }
    if (number >= wish_last(file->order.wish))
        file_stop_opening(file);
}

/* Of an office file: its pages. Of anything else: what lies in it is no page of it. */
static void file_add_part(struct read_file *file, const struct open_record *record) {
    if (!file->converting) {
        file->parts++;
        return;
    }
    buf_wipe(&file->kept);
    buf_add(&file->kept, record->bytes.data, record->bytes.len);
    file->is_rendition = true;
}

static bool kind_has_no_pages(const char *kind) {
    static const char *const kinds[] = {"mail", "mbox", "pst", "msg", "tnef", "archive", "sound", "film", NULL};
    for (int i = 0; kinds[i]; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

static void file_know_kind(struct read_file *file, const struct open_record *record) {
    if (file->is_rendition)
        return;
    free(file->kind);
    file->kind = mem_text(record->kind);
    if (kind_has_no_pages(file->kind)) {
        file_stop_opening(file);
        file->err = ERR_UNKNOWN_KIND;
    }
}

static void open_gave(struct read_task *task, struct view bytes) {
    struct read_file *file = task->state;
    struct open_record record;
    if (open_record_decode(bytes, &record)) { /* a page may have been lost with it */
        file_stop_opening(file);
        file_stuck(file, ERR_PROTOCOL);
        return;
    }
    switch (record.type) {
    case OPEN_KIND:
        file_know_kind(file, &record);
        break;
    case OPEN_COUNT:
        file->all = record.count;
        break;
    case OPEN_PAGE:
        if (record.page.number > file->got)
            file_add_page(file, &record);
        break;
    case OPEN_PART:
        file_add_part(file, &record);
        break;
    case OPEN_CONVERT:
        if (!file->ending)
            file->ending = mem_text(record.kind);
        break;
    default:
        break;
    }
    open_record_drop(&record);
    uint32_t most = 2 * (uint32_t)file->order.wish->jobs + 2;
    task->paused = file->in_flight >= most;
}

struct read_file *read_file_new(const struct read_file_order *order) {
    struct read_file *file = mem_new(sizeof *file);
    file->order = *order;
    file->kind = mem_text("");
    file->task.lane = READ_LANE_OPEN;
    file->task.result = open_gave;
    file->task.end = open_ended;
    file->task.state = file;
    file_ask(file, false);
    return file;
}

void read_file_drop(struct read_file **file) {
    struct read_file *f = *file;
    if (!f)
        return;
    file_stop_opening(f);
    for (struct read_slot *slot = f->first, *next; slot; slot = next) {
        next = slot->next;
        read_slot_drop(&slot);
    }
    buf_wipe(&f->kept);
    free(f->ending);
    free(f->kind);
    free(f->left_out);
    mem_free(file);
}

/* ---- giving on */

static void file_give(struct read_file *file) {
    struct read_slot *slot = file->first;
    struct read_page page;
    struct read_told told;
    read_slot_page(slot, &page, &told);
    file->first = slot->next;
    if (!file->first)
        file->last = NULL;
    file->in_flight--;
    int err = file->order.page(file->order.state, &page, &told);
    file->given++;
    read_slot_drop(&slot);
    if (err) {
        file_stop_opening(file);
        file->err = err;
    }
}

void read_file_turn(struct read_file *file, bool held) {
    while (!held && file->first && read_slot_is_done(file->first))
        file_give(file);
    uint32_t most = held ? HELD_MOST : 2 * (uint32_t)file->order.wish->jobs + 2;
    file->task.paused = file->in_flight >= most;
}

bool read_file_is_done(const struct read_file *file, int *ret_err) {
    if (file->opening || file->first)
        return false;
    *ret_err = file->err ? file->err : file->given ? 0 : ERR_NO_PAGES;
    return true;
}

uint32_t read_file_wanted(const struct read_file *file) {
    uint32_t wanted = 0;
    const struct read_wish *wish = file->order.wish;
    for (size_t i = 0; i < wish->range_count; i++) {
        uint32_t to = wish->ranges[i].to < file->all ? wish->ranges[i].to : file->all;
        wanted += to >= wish->ranges[i].from ? to - wish->ranges[i].from + 1 : 0;
    }
    return wish->range_count ? wanted : file->all;
}

uint32_t read_file_given(const struct read_file *file) {
    return file->given;
}

const char *read_file_kind(const struct read_file *file) {
    return file->kind;
}

uint32_t read_file_parts(const struct read_file *file) {
    return file->parts;
}
