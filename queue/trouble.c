/* trouble.c: a store that can take nothing just now. Nobody is to blame: no attempt is used up, nothing ends; it is tried every second. */
#include "queue/broker_state.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define TRY_MS 1000
#define TRY_LOCKED_MS 100
#define TRY_BYTES (4 << 20)

void trouble_begin(struct broker *b, int err) {
    if (!b->trouble.err) {
        b->trouble.tried_ms = clock_steady();
        log_error("the queue has stopped: %s; it goes on by itself when this clears", err_text(err));
    }
    b->trouble.err = err;
}

int trouble_is(struct broker *b, int err) {
    int whole = db_trouble(b->store->db);
    if (!whole && (err == ERR_NO_SPACE || err == ERR_BUSY)) /* a file of the vault found no room */
        whole = err;
    if (whole)
        trouble_begin(b, whole);
    return whole != 0;
}

int trouble_remembers(const struct broker *b, int64_t job, uint32_t attempt) {
    for (size_t i = 0; i < b->trouble.wait_count; i++)
        if (b->trouble.waits[i].id == job && b->trouble.waits[i].attempt == attempt)
            return 1;
    return 0;
}

void trouble_remember(struct broker *b, const struct job *job) {
    struct trouble *tr = &b->trouble;
    if (trouble_remembers(b, job->id, job->attempt))
        return;
    tr->waits = mem_grow(tr->waits, tr->wait_count + 1, sizeof *tr->waits);
    tr->waits[tr->wait_count++] = *job;
}

/* A file of some size can be had: a full disk often takes a row, and then no page picture. */
static int disk_try(const struct store *store) {
    char *path = store_path(store, "vault/.room");
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int err = fd < 0 ? err_from_errno(errno) : err_from_errno(posix_fallocate(fd, 0, TRY_BYTES));
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    free(path);
    return err;
}

/* Takes pages of the database and gives them back, so that one that may not grow shows it. */
static int database_try(struct broker *b) {
    int err = db_begin(b->store->db);
    if (err)
        return err;
    err = db_run(b->store->db, "INSERT OR REPLACE INTO meta(name, value) VALUES('room', zeroblob(65536))", "");
    if (!err)
        err = db_run(b->store->db, "DELETE FROM meta WHERE name = 'room'", "");
    for (size_t i = 0; i < b->trouble.wait_count && !err; i++) {
        err = job_unlend(b->store, &b->trouble.waits[i], "its result could not be stored");
        err = err == ERR_STALE ? 0 : err;
    }
    return db_end(b->store->db, err);
}

void trouble_try(struct broker *b) {
    struct trouble *tr = &b->trouble;
    if ((!tr->err && !tr->wait_count) || clock_steady() - tr->tried_ms < TRY_MS)
        return;
    tr->tried_ms = clock_steady();
    int err = disk_try(b->store);
    if (!err) {
        db_wait(b->store->db, TRY_LOCKED_MS);
        err = database_try(b);
        db_wait(b->store->db, b->order->locked_ms_most ? b->order->locked_ms_most : DB_WAIT_MS);
    }
    if (err)
        return;
    log_warn("the queue goes on");
    tr->err = 0;
    tr->wait_count = 0;
    b->look = b->sweep = 1;
}

/* A little more than the least, so that it does not stop and go at the brink. */
void trouble_look_at_disk(struct broker *b) {
    struct statvfs disk;
    long long least = b->order->free_megabytes_least;
    if ((!least && !b->trouble.narrow) || statvfs(b->store->folder, &disk))
        return;
    long long room = (long long)(disk.f_bavail * (unsigned long long)disk.f_frsize >> 20);
    if (!b->trouble.narrow && room < least) {
        b->trouble.narrow = 1;
        log_error("the queue has stopped: less than %lld MB are free on the store's disk; it goes on by itself when this clears", least);
    } else if (b->trouble.narrow && room >= least + least / 16) {
        b->trouble.narrow = 0;
        b->look = 1;
        log_warn("there is room on the store's disk again: the queue goes on");
    }
}
