/* scan_seen.h: the items of a scan folder as they were last seen. All time is measured by the steady clock since an item was first seen as
 * it is now, so that clocks that jump and times that lie do no harm. */
#ifndef INGEST_SCAN_SEEN_H
#define INGEST_SCAN_SEEN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct scan_seen {
    char *path;        /* below the scan folder */
    struct stat stat;
    int64_t since_ms;  /* steady; it has been so since then */
    int64_t failed_ms; /* steady; since when it cannot be read, or 0 */
    int looks;         /* how often it was seen so */
    int told;          /* that it is left alone has been said */
    int64_t receipt;   /* it was taken in, but could not be let go; or 0 */
};

struct scan_seen_list {
    struct scan_seen **before, **now; /* of the last look, sorted; of the present one */
    size_t before_count, now_count, now_room;
};

/* What is known of an item, with the state that it has now; borrowed until the next look's end. */
struct scan_seen *scan_seen_note(struct scan_seen_list *list, const char *path, const struct stat *stat);
void scan_seen_end_look(struct scan_seen_list *list); /* forgets what is not there any more */
void scan_seen_drop(struct scan_seen_list *list);

int scan_stat_same(const struct stat *a, const struct stat *b);
/* Unchanged for so long; at least two looks saw it so. */
int scan_seen_settled(const struct scan_seen *seen, int seconds);
/* Unchanged for long: by our own clock, or by the time that the file carries, when that is one to be believed. */
int scan_seen_stale(const struct scan_seen *seen, int settle_seconds, int stale_seconds);

#endif
