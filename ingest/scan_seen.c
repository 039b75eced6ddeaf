#include "ingest/scan_seen.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Copying programs give unfinished files times such as 1970 or 1980: they say nothing. */
#define TIME_BELIEVED 631152000 /* 1990-01-01, in seconds */

static int seen_order(const void *a, const void *b) {
    const struct scan_seen *const *x = a, *const *y = b;
    return strcmp((*x)->path, (*y)->path);
}

/* The state-change time too: it cannot be set back, and a write moves it even where a share keeps the other one still. */
int scan_stat_same(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static struct scan_seen *seen_before(const struct scan_seen_list *list, const char *path) {
    struct scan_seen wanted = {.path = (char *)(uintptr_t)path}, *key = &wanted;
    struct scan_seen **found = list->before_count
                                   ? bsearch(&key, list->before, list->before_count, sizeof(struct scan_seen *), seen_order)
                                   : NULL;
    return found ? *found : NULL;
}

struct scan_seen *scan_seen_note(struct scan_seen_list *list, const char *path, const struct stat *stat) {
    struct scan_seen *seen = seen_before(list, path);
    if (!seen) {
        seen = mem_new(sizeof *seen);
        seen->path = mem_text(path);
    }
    if (!seen->looks || !scan_stat_same(&seen->stat, stat)) {
        *seen = (struct scan_seen){.path = seen->path, .stat = *stat, .since_ms = clock_steady()};
    }
    seen->looks++;
    if (list->now_count == list->now_room) {
        list->now_room = list->now_room ? 2 * list->now_room : 64;
        list->now = mem_grow(list->now, list->now_room, sizeof(struct scan_seen *));
    }
    return list->now[list->now_count++] = seen;
}

static void seen_list_free(struct scan_seen **list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(list[i]->path);
        free(list[i]);
    }
    free(list);
}

void scan_seen_end_look(struct scan_seen_list *list) {
    size_t gone = 0, at = 0;
    if (list->now_count)
        qsort(list->now, list->now_count, sizeof(struct scan_seen *), seen_order);
    for (size_t i = 0; i < list->before_count; i++) {
        while (at < list->now_count && seen_order(&list->now[at], &list->before[i]) < 0)
            at++;
        if (at == list->now_count || list->now[at] != list->before[i])
            list->before[gone++] = list->before[i];
    }
    seen_list_free(list->before, gone);
    *list = (struct scan_seen_list){.before = list->now, .before_count = list->now_count};
}

void scan_seen_drop(struct scan_seen_list *list) {
    scan_seen_end_look(list);
    scan_seen_end_look(list);
    free(list->before);
    *list = (struct scan_seen_list){0};
}

int scan_seen_settled(const struct scan_seen *seen, int seconds) {
    return seen->looks > 1 && clock_steady() - seen->since_ms >= (int64_t)seconds * 1000;
}

int scan_seen_stale(const struct scan_seen *seen, int settle_seconds, int stale_seconds) {
    int64_t age = clock_now() / 1000 - seen->stat.st_mtim.tv_sec;
    if (!scan_seen_settled(seen, settle_seconds))
        return 0;
    return scan_seen_settled(seen, stale_seconds) || (seen->stat.st_mtim.tv_sec >= TIME_BELIEVED && age >= stale_seconds);
}
