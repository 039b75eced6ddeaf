/* scan_folder.h: a folder that is watched for files. */
#ifndef INGEST_SCAN_FOLDER_H
#define INGEST_SCAN_FOLDER_H

#include "store/store.h"

#include <stddef.h>

struct scan_folder; /* the watch, with what was seen of files that are not settled yet */

struct scan_order {
    struct store *store;
    const char *path;
    int settle_ms;    /* size and time must not have changed for so long */
    int remove_after; /* else moved to done/ */
    size_t most_bytes;
};

/* Makes the folder and its done/ when they are not there; what order points to must outlive it. */
int scan_folder_new(const struct scan_order *order, struct scan_folder **ret);
void scan_folder_drop(struct scan_folder **folder);
int scan_folder_fd(const struct scan_folder *folder); /* inotify, to poll for reading; -1 when there is none */
/* Looks through the folder once; takes in what is settled. Returns how many were taken in, or an error (nothing is lost: the file stays).
 * ret_unsettled: files that will have to be looked at again soon. Names that begin with '.' or end with '~', '.part', '.tmp', '.lock' are left
 * alone; so are links, pipes and devices. A file too large stays, with a line in the log that gives its receipt-less place only. */
int scan_folder_look(struct scan_folder *folder, size_t *ret_unsettled);

#endif
