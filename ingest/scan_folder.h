/* scan_folder.h: the inside of scan_folder_channel() (ingest/channel.h), shared by its files only:
 *
 *   scan_folder.c  the channel: watch, look, what is said of it
 *   scan_walk.c    through the folder and its sub-folders, and what is to become of each item
 *   scan_file.c    a file: read, received, let go to done/
 *   scan_failed.c  what can never be taken in, and every notice in failed/
 *   scan_tidy.c    done/ and failed/ as they follow from what became of the receipts
 *   scan_seen.c, scan_names.c, scan_move.c
 *
 * No path is ever followed through a link: everything below the folder is opened from its folder's descriptor. */
#ifndef INGEST_SCAN_FOLDER_H
#define INGEST_SCAN_FOLDER_H

#include "ingest/channel.h"
#include "ingest/scan_names.h"
#include "ingest/scan_seen.h"

#define SCAN_DEPTH_MOST 64
#define SCAN_LOOK_MS 2000 /* after that the other channels have their turn */

struct scan_failed; /* scan_tidy.c: a receipt that lies in failed/ */

struct scan_folder {
    struct channel channel; /* first */
    struct store *store;
    const struct scan_profile *profile;
    size_t most_bytes;
    int watch;  /* inotify, or -1 */
    int opened; /* the folder was there once: it is not made again when it has gone */
    char **keep_out; /* folders that are somebody else's */
    size_t keep_out_count;
    struct scan_seen_list seen;
    struct scan_failed *failed;
    size_t failed_count;
    int failed_loaded;
    int fetch_due; /* a file may lie in done/ that belongs into failed/ */
};

/* The folder below the scan folder's channel is left out when it is met: another channel's, the store. */
void scan_folder_keep_out(struct channel *channel, const char *path);

/* The folder itself, done/ and failed/, for the length of a look. */
struct scan_places {
    int top, done, failed; /* descriptors; done and failed -1 when they cannot be had */
};
int scan_places_open(const struct scan_folder *folder, struct scan_places *ret);
void scan_places_close(struct scan_places *places);

struct scan_look {
    struct scan_folder *folder;
    struct scan_places at;
    struct channel_look *ret;
    int64_t end_ms; /* steady */
    int stopped;    /* nothing more is taken in: the store is in trouble, or the time is over */
    /* What is left alone, for the words of status. */
    size_t unfinished, locked, forbidden, unreadable, stuck_done, stuck_failed, too_deep;
};

struct scan_item {
    int folder_fd;
    const char *name; /* in its folder */
    const char *path; /* below the scan folder */
    struct stat stat;
    struct scan_seen *seen;
};

void scan_walk(struct scan_look *look);
/* A settled file: taken in, or why not in look. */
void scan_file_take(struct scan_look *look, struct scan_item *item);

/* scan_failed.c: into failed/, with a notice beside it. */
enum scan_why { SCAN_WHY_LINK, SCAN_WHY_PIPE, SCAN_WHY_DEVICE, SCAN_WHY_SOCKET, SCAN_WHY_TOO_LARGE, SCAN_WHY_UNREADABLE };
void scan_item_fail(struct scan_look *look, struct scan_item *item, enum scan_why why);
int scan_notice_write(const struct scan_places *at, const char *name, const char *text);
/* 1 when the file of that name in failed/ is a notice that casefile wrote. */
int scan_notice_is(const struct scan_places *at, const char *name);
#define SCAN_NOTICE_HEAD "casefile: "

int scan_tidy(struct channel *channel);
void scan_tidy_drop(struct scan_folder *folder);

/* scan_move.c. Moves an item into a folder under the name, or the first "name (2)" that is free; never over another. Returns 0 and the name
 * that it got (you free it), or an error. reserve_notice: "name.txt" must be free too. errno is set on failure. */
struct scan_move {
    int from_fd, to_fd;
    const char *from, *to;
    int reserve_notice;
};
int scan_move(const struct scan_move *move, char **ret_name);
/* For a file in a sub-folder that is on another disk: a copy; the file itself stays. */
int scan_copy(const struct scan_move *move, char **ret_name);
/* As rename, but ERR_EXISTS when there is one already. */
int scan_rename(int from_fd, const char *from, int to_fd, const char *to);

#endif
