/* office_folder.h: the private folder of one converter: in memory where that can be had, locked while its process lives, wiped always. */
#ifndef INGEST_OFFICE_FOLDER_H
#define INGEST_OFFICE_FOLDER_H

#include "base/buf.h"

struct office_folder {
    char *base; /* what it lies in: /dev/shm, else $TMPDIR, else /tmp */
    char *path;
    int lock;   /* held as long as its process lives, and given up by the system however that ends */
};

/* base: NULL for the usual places. Mode 0700. */
int office_folder_make(const char *base, struct office_folder *ret);
/* A file in it, and the folders on the way. */
int office_folder_write(const struct office_folder *folder, const char *name, struct view bytes);
/* Overwrites and removes all that is in it; the folder stays. */
void office_folder_empty(const struct office_folder *folder);
/* Bytes in all its files. */
uint64_t office_folder_bytes(const struct office_folder *folder);
/* Wipes and removes it; folder may be one that was never made. */
void office_folder_drop(struct office_folder *folder);
/* Folders that were left behind by processes that are no more (killed, power lost): wiped and removed. Returns how many. */
int office_folder_sweep(const char *base);

#endif
