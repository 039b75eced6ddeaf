/* The failing twin of the disk: a file layer below SQLite (a VFS) that hands everything on to the real one, but refuses to write when it is
 * told to, and counts what was made durable in the log. */
#ifndef TESTS_FAILING_DISK_H
#define TESTS_FAILING_DISK_H

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

static struct {
    volatile int refuse;  /* what a write returns: SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_READONLY; 0: it writes */
    volatile int errnum;  /* the system's error beside it */
    volatile int refused; /* writes that were */
    volatile int syncs;   /* of the write-ahead log: one for each commit, and one for each check-point */
} disk;

struct disk_file {
    sqlite3_file base;
    int log; /* it is the write-ahead log */
    sqlite3_file *real;
};

static sqlite3_vfs *disk_below;
#define REAL(f) (((struct disk_file *)(f))->real)
#define CALL(f, m, ...) (REAL(f)->pMethods->m(REAL(f), ##__VA_ARGS__))

static int disk_refuses(void) {
    if (disk.refuse) {
        disk.refused++;
        errno = disk.errnum;
    }
    return disk.refuse;
}
static int disk_close(sqlite3_file *f) { return CALL(f, xClose); }
static int disk_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) { return CALL(f, xRead, p, n, at); }
static int disk_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) { return disk_refuses() ? disk.refuse : CALL(f, xWrite, p, n, at); }
static int disk_truncate(sqlite3_file *f, sqlite3_int64 n) { return CALL(f, xTruncate, n); }
static int disk_sync(sqlite3_file *f, int flags) {
    disk.syncs += ((struct disk_file *)f)->log;
    return CALL(f, xSync, flags);
}
static int disk_size(sqlite3_file *f, sqlite3_int64 *n) { return CALL(f, xFileSize, n); }
static int disk_lock(sqlite3_file *f, int how) { return CALL(f, xLock, how); }
static int disk_unlock(sqlite3_file *f, int how) { return CALL(f, xUnlock, how); }
static int disk_reserved(sqlite3_file *f, int *out) { return CALL(f, xCheckReservedLock, out); }
static int disk_control(sqlite3_file *f, int op, void *arg) { return CALL(f, xFileControl, op, arg); }
static int disk_sector(sqlite3_file *f) { return CALL(f, xSectorSize); }
static int disk_traits(sqlite3_file *f) { return CALL(f, xDeviceCharacteristics); }
static int disk_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) { return CALL(f, xShmMap, page, size, extend, out); }
static int disk_shm_lock(sqlite3_file *f, int at, int n, int flags) { return CALL(f, xShmLock, at, n, flags); }
static void disk_shm_barrier(sqlite3_file *f) { CALL(f, xShmBarrier); }
static int disk_shm_unmap(sqlite3_file *f, int drop) { return CALL(f, xShmUnmap, drop); }

static const sqlite3_io_methods disk_methods = {
    .iVersion = 2, .xClose = disk_close, .xRead = disk_read, .xWrite = disk_write, .xTruncate = disk_truncate, .xSync = disk_sync,
    .xFileSize = disk_size, .xLock = disk_lock, .xUnlock = disk_unlock, .xCheckReservedLock = disk_reserved, .xFileControl = disk_control,
    .xSectorSize = disk_sector, .xDeviceCharacteristics = disk_traits, .xShmMap = disk_shm_map, .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier, .xShmUnmap = disk_shm_unmap};

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags) {
    struct disk_file *f = (struct disk_file *)file;
    (void)vfs;
    f->real = (sqlite3_file *)(f + 1);
    f->log = (flags & SQLITE_OPEN_WAL) != 0;
    int rc = disk_below->xOpen(disk_below, name, f->real, flags, ret_flags);
    f->base.pMethods = f->real->pMethods ? &disk_methods : NULL;
    return rc;
}

/* From here on every database of this process lies on it. */
static void disk_make_failing(void) {
    static sqlite3_vfs vfs;
    disk_below = sqlite3_vfs_find(NULL);
    vfs = *disk_below;
    vfs.zName = "failing";
    vfs.szOsFile = (int)sizeof(struct disk_file) + disk_below->szOsFile;
    vfs.xOpen = disk_open;
    sqlite3_vfs_register(&vfs, 1);
}

static UNUSED void disk_mend(void) {
    memset((void *)&disk, 0, sizeof disk);
}

#endif
