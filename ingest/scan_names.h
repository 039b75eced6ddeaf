/* scan_names.h: what the name of an item in a scan folder says, and the names that it is given in done/ and failed/. Names are bytes: they
 * need not be UTF-8. */
#ifndef INGEST_SCAN_NAMES_H
#define INGEST_SCAN_NAMES_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_NAME_BYTES 200 /* of a name in done/ and failed/, without the receipt's number */

/* In the order of how little they are wanted: what lies in a folder is no better than the folder. */
enum scan_name {
    SCAN_NAME_PLAIN,
    SCAN_NAME_HIDDEN,     /* begins with a dot: perhaps a file that is being copied, perhaps not */
    SCAN_NAME_UNFINISHED, /* says that it is not finished, or that it is a lock */
    SCAN_NAME_NOISE,      /* a program's own: left without a word */
};
enum scan_name scan_name_kind(const char *name);
/* A folder's: also the wastebaskets and snapshots of file servers are noise. */
enum scan_name scan_name_folder_kind(const char *name);

/* The names of one folder, sorted by their bytes. */
struct scan_names {
    struct dirent **list;
    int count;
    int locks; /* 1 when a lock file may be among them */
};
int scan_names_load(int folder_fd, struct scan_names *ret); /* you drop it */
void scan_names_drop(struct scan_names *names);
/* 1 while X.lock, .X.lock, .~lock.X# or ~$X lies beside X. */
int scan_name_locked(const struct scan_names *names, const char *name);

/* "R000123-box 3 scan 7.pdf" and "box 3 scan 7.pdf" of "box 3/scan 7.pdf"; you free them. */
char *scan_name_in_done(int64_t receipt, const char *path);
char *scan_name_in_failed(const char *path);
/* "scan (2).pdf", for a name that is there already; you free it. */
char *scan_name_other(const char *name, int n);
/* The receipt that a name in done/ or failed/ begins with: "R000123-..." or "R000123.txt"; 0: none. */
int64_t scan_name_receipt(const char *name);

#endif
