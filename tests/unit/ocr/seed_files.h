/* seed_files.h: the seeds of a fuzz harness as the cases of a unit test: what is expected of each stands in its name. */
#ifndef TESTS_SEED_FILES_H
#define TESTS_SEED_FILES_H

#include "base/buf.h"
#include "base/file.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>

static inline bool begins(const char *name, const char *with) {
    return strncmp(name, with, strlen(with)) == 0;
}

static inline bool seed_read(const char *path, struct buf *out) {
    return file_read(path, 64u << 20, out) == 0;
}

struct seeds {
    int count, bad;
};

/* Of the files whose names begin with one of the words (NULL after the last): how many there are, and how many the check finds wrong. */
static inline struct seeds seeds_check(const char *path, const char *const *words, bool (*fits)(const char *name)) {
    struct seeds seeds = {0, 0};
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *e; (e = readdir(folder));)
        for (const char *const *word = words; *word; word++)
            if (begins(e->d_name, *word)) {
                seeds.bad += !fits(e->d_name);
                seeds.count++;
                break;
            }
    closedir(folder);
    return seeds;
}

#endif
