/* A scan folder with its profile in a store of its own, for tests. */
#ifndef TESTS_SCAN_FIXTURE_H
#define TESTS_SCAN_FIXTURE_H

#include "ingest/scan_folder.h"
#include "tests/unit/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>

struct scans {
    struct place place;
    char *path;
    struct scan_profile profile;
    struct channel *channel;
    struct channel_look look; /* the last one */
};

static UNUSED void scans_open(struct scans *s) {
    assert_int_equal(scan_folder_channel(s->place.store, &s->profile, 1000, &s->channel), 0);
}

/* As after a restart. */
static UNUSED void scans_again(struct scans *s) {
    s->channel->drop(s->channel);
    scans_open(s);
}

static UNUSED int scans_new(void **state) {
    struct scans *s = mem_new(sizeof *s);
    snprintf(s->place.folder, sizeof s->place.folder, "/tmp/casefile-test-XXXXXX");
    if (!mkdtemp(s->place.folder) || store_open(s->place.folder, &s->place.store))
        return -1;
    s->path = mem_print("%s/scans/of the office", s->place.folder);
    s->profile = (struct scan_profile){.name = (char *)(uintptr_t) "front", .folder = s->path, .scanner = (char *)(uintptr_t) "fi-7160",
                                       .kind = (char *)(uintptr_t) "visit_record", .priority = (char *)(uintptr_t) "urgent",
                                       .after = (char *)(uintptr_t) "move", .settle_seconds = 0, .stale_seconds = 1000};
    scans_open(s);
    *state = s;
    return 0;
}

static UNUSED int scans_drop(void **state) {
    struct scans *s = *state;
    s->channel->drop(s->channel);
    store_close(&s->place.store);
    folder_remove(s->place.folder);
    free(s->path);
    free(s);
    return 0;
}

static UNUSED char *below(const struct scans *s, const char *name) {
    return mem_print("%s/%s", s->path, name);
}

static UNUSED void put(const struct scans *s, const char *name, const char *text) {
    char *path = below(s, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static UNUSED void make_folder(const struct scans *s, const char *name) {
    char *path = below(s, name);
    assert_int_equal(mkdir(path, 0755), 0);
    free(path);
}

static UNUSED void put_time(const struct scans *s, const char *name, time_t when) {
    char *path = below(s, name);
    const struct timespec times[2] = {{when, 0}, {when, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
    free(path);
}

static UNUSED int is_there(const struct scans *s, const char *name) {
    struct stat st;
    char *path = below(s, name);
    int there = lstat(path, &st) == 0;
    free(path);
    return there;
}

static UNUSED void take_away(const struct scans *s, const char *name) {
    char *path = below(s, name);
    assert_int_equal(remove(path), 0);
    free(path);
}

static UNUSED void move(const struct scans *s, const char *from, const char *to) {
    char *a = below(s, from), *b = below(s, to);
    assert_int_equal(rename(a, b), 0);
    free(a);
    free(b);
}

/* What a text file says; you free it. */
static UNUSED char *says(const struct scans *s, const char *name) {
    char text[4096] = "";
    char *path = below(s, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    text[n] = 0;
    fclose(file);
    free(path);
    return mem_text(text);
}

#define assert_says(s, name, wanted)                                                                                   \
    do {                                                                                                               \
        char *says_ = says(s, name);                                                                                   \
        if (!strstr(says_, wanted))                                                                                    \
            print_message("%s", says_);                                                                                \
        assert_non_null(strstr(says_, wanted));                                                                        \
        free(says_);                                                                                                   \
    } while (0)

static UNUSED int look(struct scans *s) {
    s->channel->look(s->channel, &s->look);
    return s->look.taken;
}

/* Looks until everything has settled; with settle_seconds 0 the second look takes in. */
static UNUSED int take_all(struct scans *s) {
    int taken = 0;
    for (int i = 0; i < 200; i++, usleep(10000)) {
        taken += look(s);
        if (i && !s->look.waiting)
            break;
    }
    assert_int_equal(s->look.waiting, 0);
    return taken;
}

static UNUSED int64_t receipts(struct scans *s) {
    return number(s->place.store, "SELECT count(*) FROM receipt");
}

#endif
